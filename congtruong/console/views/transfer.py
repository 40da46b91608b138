"""Bringing the posts of a former site in, and taking everything of the unit out."""

from typing import Any, cast

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core.errors import DomainError
from congtruong.portal.blocks.paging import Pages
from congtruong.transfer import phrases, services
from congtruong.transfer.checks.intake import MOST_BYTES, SiteIntake
from congtruong.transfer.enums import JobKind, JobState, Outcome
from congtruong.transfer.forms import SourceForm, StartForm
from congtruong.transfer.models import Job
from congtruong.transfer.queries import jobs_of, outcomes_of, results_of
from congtruong.units.enums import Role
from congtruong.units.rules.duties import Act

_PAGE_SIZE = 50
_TEMPLATES = {
    JobState.REVIEW: "console/transfer_review.html",
    JobState.DONE: "console/transfer_result.html",
}


@desk(Act.TRANSFER)
@require_GET
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    return _index(request, desk)


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponseBase:
    """Large files go to the disk while they arrive; that is set before anything reads the form, its token included."""
    request.upload_handlers = [SiteIntake(request), TemporaryFileUploadHandler(request)]
    return _upload(request)


@csrf_protect
@desk(Act.TRANSFER)
@require_POST
def _upload(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        # A file that was too large has not arrived, its name neither.
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
        too_large = phrases.TOO_LARGE.format(megabytes=MOST_BYTES // 2**20)
        return _index(request, desk, problem=too_large if sent > MOST_BYTES else str(form.errors["file"][0]))
    file: UploadedFile = form.cleaned_data["file"]
    try:
        job = services.start_reading(
            unit=desk.unit, file=cast(Any, file), name=file.name or "tep", size=file.size or 0, by=desk.by
        )
    except DomainError as error:
        return _index(request, desk, problem=error.message)
    return _to(job)


@desk(Act.TRANSFER)
@require_GET
def job_page(request: HttpRequest, desk: Desk, job_id: int) -> HttpResponseBase:
    """Where a transfer stands: the review to decide on, the progress, or the result."""
    job = _job(desk, job_id)
    context: dict[str, Any] = {"job": job, "can_publish": desk.can(Act.APPROVE), "is_head": Role.HEAD in desk.roles}
    state = JobState(job.state)
    if job.kind == JobKind.SITE_IN and state == JobState.REVIEW:
        context |= _review(job, StartForm(headings=job.report["categories"]))
    if job.kind == JobKind.SITE_IN and (state == JobState.DONE or job.done):
        context |= _results(request, job)
    template = _TEMPLATES.get(state, "console/transfer_progress.html")
    if job.kind == JobKind.OUT:
        template = "console/transfer_export.html"
    return render_desk(request, desk, template, context, page="transfer")


@desk(Act.TRANSFER)
@require_POST
def start(request: HttpRequest, desk: Desk, job_id: int) -> HttpResponseBase:
    """Begin what was reviewed. Only who approves articles may let them be published at once."""
    job = _job(desk, job_id)
    form = StartForm(request.POST, headings=job.report.get("categories", []))
    if not form.is_valid():
        messages.warning(request, phrases.NOT_READY)
        return _to(job)
    publish = form.cleaned_data["publish"] and desk.can(Act.APPROVE)
    return _stepped(
        request, job, lambda: services.start_import(job=job, publish=publish, channels=form.channels(), by=desk.by)
    )


@desk(Act.TRANSFER)
@require_POST
def resume(request: HttpRequest, desk: Desk, job_id: int) -> HttpResponseBase:
    job = _job(desk, job_id)
    _require_head_for(job, desk)
    return _stepped(request, job, lambda: services.resume_job(job=job, by=desk.by))


@desk(Act.TRANSFER)
@require_POST
def cancel(request: HttpRequest, desk: Desk, job_id: int) -> HttpResponseBase:
    job = _job(desk, job_id)
    _require_head_for(job, desk)
    return _stepped(request, job, lambda: services.cancel_job(job=job, by=desk.by))


@desk(Act.TRANSFER)
@require_POST
def export(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Pack everything of the unit, drafts and history included: for its head only."""
    if Role.HEAD not in desk.roles:
        raise Http404
    try:
        return _to(services.start_export(unit=desk.unit, by=desk.by))
    except DomainError as error:
        messages.warning(request, error.message)
        return HttpResponseRedirect(reverse("console:transfer"))


@desk(Act.TRANSFER)
@require_GET
def download(request: HttpRequest, desk: Desk, job_id: int) -> HttpResponseBase:
    """The archive, for the head of the board only, as long as it is kept."""
    job = _job(desk, job_id)
    is_there = job.kind == JobKind.OUT and job.state == JobState.DONE and bool(job.file_path)
    if Role.HEAD not in desk.roles or not is_there or not default_storage.exists(job.file_path):
        raise Http404
    response = FileResponse(
        default_storage.open(job.file_path),
        filename=job.file_name,
        as_attachment=True,
        content_type="application/zip",
    )
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _index(request: HttpRequest, desk: Desk, *, problem: str = "") -> HttpResponseBase:
    context = {
        "jobs": jobs_of(desk.unit),
        "problem": problem,
        "most": MOST_BYTES // 2**20,
        "is_head": Role.HEAD in desk.roles,
    }
    return render_desk(request, desk, "console/transfer.html", context, page="transfer", status=422 if problem else 200)


def _job(desk: Desk, job_id: int) -> Job:
    job = Job.objects.select_related("unit").filter(unit=desk.unit, pk=job_id).first()
    if job is None:
        raise Http404
    return job


def _require_head_for(job: Job, desk: Desk) -> None:
    if job.kind == JobKind.OUT and Role.HEAD not in desk.roles:
        raise Http404


def _to(job: Job) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:transfer-job", args=[job.pk]))


def _stepped(request: HttpRequest, job: Job, step: Any) -> HttpResponseBase:
    try:
        step()
    except DomainError as error:
        messages.warning(request, error.message)
    return _to(job)


def _review(job: Job, form: StartForm) -> dict[str, Any]:
    report = job.report
    return {
        "form": form,
        "report": report,
        "format_name": phrases.FORMATS[report["format"]],
        "fields": [(form[f"heading-{number}"], one) for number, one in enumerate(report["categories"])],
        "problems": [(phrases.PROBLEMS[name], count) for name, count in report["problems"] if name in phrases.PROBLEMS],
        "left_out": [(phrases.LEFT_OUT[name], count) for name, count in report["left_out"].items()],
        "rows": [(row, _sentences(row["notes"])) for row in report["rows"]],
        "more_rows": max(0, job.total - len(report["rows"])),
        "new": job.total - report["totals"]["known"],
    }


def _results(request: HttpRequest, job: Job) -> dict[str, Any]:
    counts = outcomes_of(job)
    shown = request.GET.get("loc", "")
    rows = results_of(job, shown)
    asked = request.GET.get("trang", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    query = f"loc={shown}" if shown in Outcome.values else ""
    total = counts.get(shown, 0) if query else sum(counts.values())
    pages = Pages(number, total, request.path, query, _PAGE_SIZE)
    if not pages.exists:
        pages = Pages(1, total, request.path, query, _PAGE_SIZE)
    found = rows[pages.offset : pages.offset + _PAGE_SIZE]
    return {
        "results": [(row, Outcome(row.outcome), _sentences(row.notes)) for row in found],
        "outcomes": [(Outcome(name), counts[name], name == shown) for name in Outcome.values if counts.get(name)],
        "known": job.counts.get("known", 0),
        "pages": pages,
        "shown": query,
    }


def _sentences(notes: list[list[str]]) -> list[str]:
    return [phrases.NOTES[name].format(detail=detail) for name, detail in notes if name in phrases.NOTES]
