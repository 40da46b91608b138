"""The frame of a unit's staff pages: menu by what the person may do, and what waits."""

from dataclasses import dataclass

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from congtruong.console.queries import waiting_and_crest
from congtruong.core.addresses import absolute
from congtruong.units.enums import Role
from congtruong.units.models import Unit
from congtruong.units.rules.duties import Act


@dataclass(frozen=True, slots=True)
class _Word:
    page: str
    label: str
    icon: str
    url_name: str
    act: Act | None = None
    group: str = ""
    short: str = ""
    # Only units of authority have others below them.
    of_authority: bool = False


_SITE, _ORDER = "Cổng thông tin", "Quản trị"
_WORDS = (
    _Word("today", "Hôm nay", "sun", "console:today"),
    _Word("posts", "Bài viết", "news", "console:posts", Act.WRITE),
    _Word("approvals", "Chờ duyệt", "check", "console:approvals", Act.APPROVE),
    _Word("inbox", "Từ cấp trên", "inbox", "console:inbox", Act.RECEIVE),
    _Word("outbox", "Đã gửi đơn vị", "send", "console:outbox", Act.FOLLOW, of_authority=True),
    _Word("media", "Thư viện", "image", "console:media", Act.WRITE),
    _Word("visits", "Lượt xem", "chart", "console:visits", Act.VISITS, _SITE),
    _Word("home", "Trang chủ", "grid", "console:home", Act.STRUCTURE, _SITE),
    _Word("menu", "Menu", "menu", "console:menu", Act.STRUCTURE, _SITE),
    _Word("pages", "Trang giới thiệu", "stack", "console:pages", Act.STRUCTURE, _SITE),
    _Word("categories", "Mục tin", "list", "console:categories", Act.STRUCTURE, _SITE),
    _Word("sources", "Nguồn tin", "rss", "console:sources", Act.SOURCES, _SITE),
    _Word("items", "Tin từ nguồn", "stack", "console:items", Act.SOURCES, _SITE),
    _Word("links", "Liên kết", "link", "console:links", Act.STRUCTURE, _SITE),
    _Word("contact", "Thông tin liên hệ", "phone", "console:contact", Act.CONTACT, _SITE),
    _Word("settings", "Tên gọi, giao diện", "eye", "console:settings", Act.SETTINGS, _SITE),
    _Word("hosts", "Tên miền", "pin", "console:hosts", Act.SETTINGS, _SITE),
    _Word("year", "Năm học", "grad", "console:year", Act.YEAR, _ORDER),
    _Word("members", "Người dùng", "users", "console:members", Act.MEMBERS, _ORDER),
    _Word("trail", "Nhật ký", "list", "console:trail", Act.AUDIT, _ORDER),
    _Word("transfer", "Chuyển dữ liệu", "swap", "console:transfer", Act.TRANSFER, _ORDER),
)
_ON_PHONE = ("today", "posts", "approvals", "media")


@dataclass(frozen=True, slots=True)
class Item:
    page: str
    label: str
    short: str
    icon: str
    url: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """Menu of the side bar in groups, of the phone's bottom bar, and the page that is open."""

    groups: list[tuple[str, list[Item]]]
    tabs: list[Item]
    page: str
    role_names: str
    crest: str
    portal_url: str
    units_url: str

    @property
    def on_tabs(self) -> bool:
        return self.page in {tab.page for tab in self.tabs}


def frame(unit: Unit, host: str, acts: frozenset[Act], roles: frozenset[Role], page: str) -> Frame:
    """Menu words this person may follow, under the crest that the portal shows; one query."""
    waiting, own_crest = waiting_and_crest(unit)
    groups: dict[str, list[Item]] = {}
    for word in _WORDS:
        if (word.act is None or word.act in acts) and (unit.is_authority or not word.of_authority):
            count = waiting if word.page == "approvals" else 0
            item = Item(word.page, word.label, word.short or word.label, word.icon, reverse(word.url_name), count)
            groups.setdefault(word.group, []).append(item)
    items = [item for group in groups.values() for item in group]
    return Frame(
        groups=list(groups.items()),
        tabs=[item for item in items if item.page in _ON_PHONE],
        page=page,
        role_names=", ".join(role.label for role in Role if role in roles),
        crest=_crest_address(own_crest) or static(f"img/{unit.crest or 'hieu-ct'}.svg"),
        portal_url=absolute(host),
        units_url=absolute(settings.CENTRAL_HOST, settings.CONSOLE_PREFIX),
    )


def _crest_address(path: str) -> str:
    """Where this console shows what visitors get from `path`; empty while the unit has no crest of its own."""
    return reverse("console:site-image", args=path.rsplit("/", 2)[1:]) if path else ""
