"""The unit's articles: all of them, a new one, addresses for links."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from congtruong.console.blocks.posts import FIRST_CHANNELS, OTHER_CHANNELS, rows
from congtruong.console.forms.articles import ChannelForm, PostsForm
from congtruong.console.forms.posts import school_years
from congtruong.console.views.articles import to_editor
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.console.views.media import private_json
from congtruong.editorial.enums import State
from congtruong.editorial.queries import posts
from congtruong.editorial.services import create_draft
from congtruong.portal.blocks.paging import Pages
from congtruong.publication.enums import Channel
from congtruong.publication.queries import linkable
from congtruong.units.rules.duties import Act

_PAGE = "posts"
_ON_A_PAGE = 30


@desk(Act.WRITE)
@require_GET
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Every article of the unit, narrowed by what was asked for."""
    form = PostsForm(request.GET)
    asked = form.good()
    found = posts(
        desk.unit,
        q=asked["q"],
        channel=asked["muc"] or "",
        state=asked["tt"] or "",
        school_year=asked["nam"],
        writer=desk.person if asked["toi"] else None,
    )
    query = urlencode(
        [(name, "1" if value is True else value) for name, value in asked.items() if value and name != "trang"]
    )
    base = reverse("console:posts") + "?"
    pages = Pages(asked["trang"], found.count(), base, query, size=_ON_A_PAGE)
    if not pages.exists:
        pages = Pages(1, pages.total, base, query, size=_ON_A_PAGE)
    context = {
        "rows": rows(list(found[pages.offset : pages.offset + _ON_A_PAGE])),
        "pages": pages,
        "chosen": asked,
        "is_narrowed": bool(query),
        "channels": Channel.choices,
        "states": [*State.choices, ("dang-hien", "Đang hiện trên cổng")],
        "years": school_years(asked["nam"] or 0),
        "chips": _chips(asked["tt"] or "", bool(asked["toi"])),
    }
    return render_desk(request, desk, "console/posts.html", context, page=_PAGE)


@desk(Act.WRITE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Choose where the article will stand; its draft is begun at once."""
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        channel = Channel(form.cleaned_data["channel"])
        return to_editor(create_draft(unit=desk.unit, channel=channel, writer=desk.person, by=desk.by).pk)
    context = {"first": FIRST_CHANNELS, "others": OTHER_CHANNELS}
    status = 422 if request.method == "POST" else 200
    return render_desk(request, desk, "console/post_new.html", context, page=_PAGE, status=status)


@desk(Act.WRITE)
@require_GET
def links(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Published pages of the unit to link to, as data for the editor."""
    found = linkable(desk.unit, request.GET.get("q", "")[:200])
    return private_json(
        {"items": [{"title": e.title, "path": e.path, "channel": Channel(e.channel).label} for e in found]}
    )


def _chips(state: str, is_mine: bool) -> list[tuple[str, str, bool]]:
    """The lists people open most: label, address and whether it is the present one."""
    words = (
        ("Tất cả", ""),
        ("Của tôi", "toi=1"),
        ("Bản nháp", f"tt={State.DRAFT.value}"),
        ("Chờ duyệt", f"tt={State.SUBMITTED.value}"),
        ("Trả lại", f"tt={State.RETURNED.value}"),
        ("Hẹn giờ", f"tt={State.SCHEDULED.value}"),
        ("Đang hiện", "tt=dang-hien"),
    )
    present = "toi=1" if is_mine and not state else f"tt={state}" if state else ""
    base = reverse("console:posts")
    return [(label, f"{base}?{query}" if query else base, query == present) for label, query in words]
