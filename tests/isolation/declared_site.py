"""What holds of the pages by which a unit arranges its portal, its people and its data, and of those of operators."""

from typing import Any

from congtruong.core import clock
from congtruong.portal.queries import offered_year
from congtruong.units.enums import Kind, Role, Theme
from congtruong.units.models import Unit
from congtruong.units.rules.duties import Act
from tests.factories import picture
from tests.isolation.asking import upload
from tests.isolation.pages import Page, Who

_AT = "/quan-tri/"
_READ: dict[str, int] = {"GET": 200}
_STEP: dict[str, int] = {"POST": 302}
_BOTH: dict[str, int] = {"GET": 200, "POST": 302}
# Where the head of the board may do what the technician may not, though both transfer data.
_READERS = ("technician", "operator", "supervisor", "contracts")
_HEAD_ONLY: dict[tuple[str, str], int] = {("technician", "POST"): 404}


def _page(path: str, who: Act | Who, answers: dict[str, int], body: dict[str, Any] | None = None, **more: Any) -> Page:
    return Page(path=_AT + path, who=who, answers=answers, body=body or {}, **more)


def _more(*paths: str) -> tuple[str, ...]:
    return tuple(_AT + path for path in paths)


def _unplaced() -> str:
    return str(Unit.objects.get(name="Trường MARK-c-NAME").pk)


def _ward() -> str:
    return str(Unit.objects.get(kind=Kind.WARD_COMMITTEE).pk)


_QUICK = {
    "viec-TOTAL_FORMS": "1",
    "viec-INITIAL_FORMS": "0",
    "viec-0-label": "Việc mới",
    "viec-0-path": "/thong-bao/",
    "viec-0-icon": "file",
}
_CONTACT = {
    "address": "12 Đường Mới",
    "phone": "(028) 3123 4567",
    "email": "lienhe@truong.example",
    "office_hours": "Thứ Hai đến thứ Sáu",
    "responsible_name": "Cô Mới",
    "responsible_title": "Hiệu trưởng",
}

SITE: list[tuple[str, Page]] = [
    ("console:menu", _page("menu/", Act.STRUCTURE, _READ)),
    ("console:menu-start", _page("menu/bat-dau/", Act.STRUCTURE, _STEP)),
    ("console:menu-reset", _page("menu/mac-dinh/", Act.STRUCTURE, _BOTH)),
    (
        "console:menu-add",
        _page(
            "menu/them/",
            Act.STRUCTURE,
            _BOTH,
            {"label": "Mục mới", "where": "t:{page}", "parent": "{menu_top}"},
        ),
    ),
    (
        "console:menu-item",
        _page(
            "menu/{menu_item}/",
            Act.STRUCTURE,
            _BOTH,
            {"label": "Tên mới", "where": "t:{page}", "parent": "{menu_top}"},
        ),
    ),
    ("console:menu-up", _page("menu/{menu_item}/len/", Act.STRUCTURE, _STEP)),
    ("console:menu-down", _page("menu/{menu_item1}/xuong/", Act.STRUCTURE, _STEP)),
    ("console:menu-remove", _page("menu/{menu_item}/bo/", Act.STRUCTURE, _STEP)),
    ("console:links", _page("lien-ket/", Act.STRUCTURE, _READ)),
    (
        "console:link-add",
        _page("lien-ket/them/", Act.STRUCTURE, _BOTH, {"label": "Bộ", "url": "https://moet.example/"}),
    ),
    (
        "console:link",
        _page("lien-ket/{site_link}/", Act.STRUCTURE, _BOTH, {"label": "Sở", "url": "https://so.example/"}),
    ),
    ("console:link-up", _page("lien-ket/{site_link}/len/", Act.STRUCTURE, _STEP)),
    ("console:link-down", _page("lien-ket/{site_link}/xuong/", Act.STRUCTURE, _STEP)),
    ("console:link-remove", _page("lien-ket/{site_link}/bo/", Act.STRUCTURE, _STEP)),
    ("console:pages", _page("trang/", Act.STRUCTURE, _READ)),
    ("console:page-up", _page("trang/{hidden_page}/len/", Act.STRUCTURE, _STEP)),
    ("console:page-down", _page("trang/{page}/xuong/", Act.STRUCTURE, _STEP)),
    ("console:page-place", _page("trang/{hidden_page}/cho/", Act.STRUCTURE, _BOTH, {"parent": "{page}"})),
    ("console:home", _page("trang-chu/", Act.STRUCTURE, _READ)),
    ("console:quick", _page("trang-chu/viec/", Act.STRUCTURE, _BOTH, _QUICK)),
    (
        "console:banner",
        _page(
            "trang-chu/anh-bia/",
            Act.STRUCTURE,
            _BOTH,
            {"asset": "{shown}", "alt": "Sân trường"},
            more=_more("trang-chu/anh-bia/?q=mark"),
        ),
    ),
    # An image that visitors do not see yet is published by those who write only.
    (
        "console:banner",
        _page(
            "trang-chu/anh-bia/",
            Act.STRUCTURE,
            _BOTH,
            {"asset": "{image}", "alt": "Sân trường"},
            but={("technician", "POST"): 422},
        ),
    ),
    ("console:banner-remove", _page("trang-chu/anh-bia/bo/", Act.STRUCTURE, _STEP)),
    (
        "console:site-image",
        _page(
            "trang-chu/anh/{image_key}/40.webp",
            Who.MEMBER,
            {"GET": 200, "HEAD": 200},
            # Not public: nothing for those who do not write.
            but={(role, method): 404 for role in _READERS for method in ("GET", "HEAD")},
        ),
    ),
    ("console:home-up", _page("trang-chu/thong-bao/len/", Act.STRUCTURE, _STEP)),
    ("console:home-down", _page("trang-chu/thong-bao/xuong/", Act.STRUCTURE, _STEP)),
    ("console:home-switch", _page("trang-chu/thong-bao/tat-mo/", Act.STRUCTURE, _STEP)),
    ("console:contact", _page("lien-he/", Act.CONTACT, _BOTH, _CONTACT)),
    ("console:contact-checked", _page("lien-he/da-kiem-tra/", Act.CONTACT, _STEP)),
    (
        "console:settings",
        _page("cai-dat/", Act.SETTINGS, _BOTH, {"tagline": "Mới", "theme": Theme.values[0], "crest": ""}),
    ),
    (
        "console:crest",
        _page("cai-dat/huy-hieu/", Act.SETTINGS, _STEP, {"file": lambda: upload("hh.png", picture(300, 300, "green"))}),
    ),
    ("console:crest-remove", _page("cai-dat/huy-hieu/bo/", Act.SETTINGS, _STEP)),
    ("console:hosts", _page("ten-mien/", Act.SETTINGS, _READ)),
    (
        "console:host-add",
        _page(
            "ten-mien/them/",
            Act.SETTINGS,
            _STEP,
            {"name": "tenmoi.hcm.edu.vn"},
            but={("head", "POST"): 404, ("technician", "POST"): 404},
        ),
    ),
    (
        "console:host-remove",
        _page(
            "ten-mien/{host}/bo/",
            Act.SETTINGS,
            _STEP,
            but={("head", "POST"): 404, ("technician", "POST"): 404},
        ),
    ),
    ("console:year", _page("nam-hoc/", Act.YEAR, _READ)),
    (
        "console:year-start",
        _page("nam-hoc/bat-dau/", Act.YEAR, _STEP, {"nam": lambda: str(offered_year(clock.today()))}),
    ),
    ("console:visits", _page("luot-xem/", Act.VISITS, _READ, more=_more("luot-xem/?ky=nam"))),
    (
        "console:trail",
        _page(
            "nhat-ky/",
            Act.AUDIT,
            _READ,
            more=_more("nhat-ky/?truoc={audit}", "nhat-ky/?nguoi=mark"),
            sees=("operator",),
        ),
    ),
    (
        "console:trail-export",
        _page("nhat-ky/tai-ve/", Act.AUDIT, _READ, more=_more("nhat-ky/tai-ve/?nguoi=mark"), sees=("operator",)),
    ),
]

MEMBERS: list[tuple[str, Page]] = [
    ("console:members", _page("thanh-vien/", Act.MEMBERS, _READ)),
    # The password is shown once, in the answer itself.
    (
        "console:member-add",
        _page(
            "thanh-vien/them/",
            Act.MEMBERS,
            {"GET": 200, "POST": 200},
            {"full_name": "Trần Thị Mới", "roles": [Role.CONTRIBUTOR.value], "once": "lan-dau"},
        ),
    ),
    (
        "console:member-invite",
        _page(
            "thanh-vien/moi/",
            Act.MEMBERS,
            {"GET": 200, "POST": 200},
            {"name": "Thầy Mới", "role": Role.EDITOR.value, "once": "lan-dau"},
        ),
    ),
    ("console:invitation-revoke", _page("thanh-vien/loi-moi/{invitation}/huy/", Act.MEMBERS, _STEP)),
    ("console:member", _page("thanh-vien/{member}/", Act.MEMBERS, _BOTH, {"roles": [Role.EDITOR.value]})),
    ("console:member-remove", _page("thanh-vien/{member}/bo/", Act.MEMBERS, _BOTH)),
    (
        "console:member-password",
        _page("thanh-vien/{member}/mat-khau/", Act.MEMBERS, {"GET": 200, "POST": 200}, {"once": "lan-dau"}),
    ),
    # Whoever holds the secret takes up the duty offered, that is what it is for; no other unit's answers here.
    ("console:invitation", _page("loi-moi/{secret}/", Who.PERSON, _BOTH, missing=410)),
]

TRANSFER: list[tuple[str, Page]] = [
    ("console:transfer", _page("chuyen-du-lieu/", Act.TRANSFER, _READ)),
    # One import at a time: that of the world waits to be looked at.
    (
        "console:transfer-upload",
        _page(
            "chuyen-du-lieu/tai-len/",
            Act.TRANSFER,
            {"POST": 422},
            {"file": lambda: upload("trang.xml", b"<rss/>")},
        ),
    ),
    ("console:transfer-export", _page("chuyen-du-lieu/xuat/", Act.TRANSFER, _STEP, but=_HEAD_ONLY)),
    ("console:transfer-job", _page("chuyen-du-lieu/{job}/", Act.TRANSFER, _READ)),
    ("console:transfer-job", _page("chuyen-du-lieu/{job_done}/", Act.TRANSFER, _READ)),
    ("console:transfer-job", _page("chuyen-du-lieu/{export}/", Act.TRANSFER, _READ)),
    ("console:transfer-start", _page("chuyen-du-lieu/{job}/bat-dau/", Act.TRANSFER, _STEP)),
    ("console:transfer-resume", _page("chuyen-du-lieu/{job_failed}/tiep-tuc/", Act.TRANSFER, _STEP)),
    ("console:transfer-cancel", _page("chuyen-du-lieu/{job}/huy/", Act.TRANSFER, _STEP)),
    (
        "console:transfer-download",
        _page("chuyen-du-lieu/{export}/tai-ve/", Act.TRANSFER, _READ, but={("technician", "GET"): 404}),
    ),
]

FRAME: list[tuple[str, Page]] = [
    # A page that says why it is empty, for those who have no duty here.
    ("console:today", _page("", Who.PERSON, _READ, stranger=403)),
    ("console:more", _page("them/", Who.MEMBER, _READ)),
]

# Below /quan-tri/ of the central host, beside the account pages.
CENTRAL_DESK: list[tuple[str, Page]] = [
    ("console:today", _page("", Who.PERSON, _READ)),
    ("console:unplaced", _page("chua-xac-dinh/", Who.OPERATOR, _READ, sees=("operator",))),
    (
        "console:place",
        _page(
            "chua-xac-dinh/ghi/",
            Who.OPERATOR,
            {"GET": 302, "POST": 302},
            {"unit": _unplaced, "authority": _ward},
            sees=("operator",),
        ),
    ),
]
