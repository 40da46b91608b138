"""The trail of a unit: every act that changed rights or content, for its own people to read."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from congtruong.console.blocks.spreadsheet import CSV_MARK, csv_row
from congtruong.console.blocks.trail import KINDS, lines
from congtruong.console.forms.site import TrailForm
from congtruong.console.queries import trail_of, trail_page
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.units.rules.duties import Act

PAGE = 50
_CHUNK = 500


@desk(Act.AUDIT)
@require_GET
def trail(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    form, rows = _asked(request, desk)
    asked = request.GET.get("truoc", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    found = trail_page(desk.unit, rows, before, PAGE + 1)
    shown = found[:PAGE]
    kept = {name: value for name in form.fields if (value := request.GET.get(name, ""))}
    older = urlencode(kept | {"truoc": shown[-1].pk}) if len(found) > PAGE else ""
    context = {
        "form": form,
        "lines": lines(shown),
        "is_filtered": bool(kept),
        "is_first": before is None,
        "query": urlencode(kept),
        "older": older,
    }
    return render_desk(request, desk, "console/trail.html", context, page="trail")


@desk(Act.AUDIT)
@require_GET
def export(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """What the filter shows, all of it, as a file that spreadsheets open."""
    _, rows = _asked(request, desk)
    response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="nhat-ky-{clock.today():%Y%m%d}.csv"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _asked(request: HttpRequest, desk: Desk) -> tuple[TrailForm, QuerySet[AuditEntry]]:
    form = TrailForm(request.GET, kinds=[(key, name) for key, (name, _) in KINDS.items()])
    form.full_clean()
    wanted = form.cleaned_data
    prefixes = KINDS[wanted["viec"]][1] if wanted.get("viec") else ()
    rows = trail_of(
        desk.unit,
        who=wanted.get("nguoi") or "",
        prefixes=prefixes,
        since=wanted.get("tu"),
        until=wanted.get("den"),
    )
    return form, rows


def _csv(rows: QuerySet[AuditEntry]) -> Iterator[str]:
    yield CSV_MARK + csv_row(["Thời điểm", "Người thực hiện", "Việc", "Đối tượng", "Chi tiết"])
    chunk: list[AuditEntry] = []
    for entry in rows.iterator(chunk_size=_CHUNK):
        chunk.append(entry)
        if len(chunk) == _CHUNK:
            yield _rows(chunk)
            chunk = []
    yield _rows(chunk)


def _rows(entries: list[AuditEntry]) -> str:
    return "".join(
        csv_row(
            [
                f"{line.at.astimezone(clock.VIETNAM):%d/%m/%Y %H:%M:%S}",
                line.entry.actor,
                line.sentence,
                line.entry.subject,
                "; ".join(f"{label}: {value}" for label, value in line.details),
            ]
        )
        for line in lines(entries)
    )
