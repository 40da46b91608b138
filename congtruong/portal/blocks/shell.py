"""What stands around every page of a portal: crest, authority, menu, contact, canonical address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.templatetags.static import static

from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.portal.queries import LinkRow, MenuRow, frame_rows
from congtruong.portal.rules.targets import is_elsewhere
from congtruong.units.enums import Kind
from congtruong.units.models import Unit
from congtruong.units.queries import authority_today

_NEUTRAL_CREST = "hieu-ct"
_IN_FOOT = 8


@dataclass(frozen=True, slots=True)
class NavItem:
    """A word of the menu; one without a path only opens the words below it."""

    label: str
    path: str
    children: tuple["NavItem", ...] = ()

    @property
    def is_elsewhere(self) -> bool:
        return is_elsewhere(self.path)

    @property
    def paths(self) -> tuple[str, ...]:
        """Addresses on this portal that the word or those below it lead to."""
        return tuple(item.path for item in (self, *self.children) if item.path and not item.is_elsewhere)


_SCHOOL_NAV = (
    NavItem("Giới thiệu", "/gioi-thieu/"),
    NavItem("Tin tức", "/tin-tuc/"),
    NavItem("Thông báo", "/thong-bao/"),
    NavItem("Văn bản", "/van-ban/"),
    NavItem("Thư mời", "/thu-moi/"),
    NavItem("Liên hệ", "/lien-he/"),
)
_AUTHORITY_NAV = (
    *_SCHOOL_NAV[:5],
    NavItem("Các đơn vị", "/don-vi/"),
    NavItem("Tin từ các đơn vị", "/tin-don-vi/"),
    _SCHOOL_NAV[5],
)


@dataclass(frozen=True, slots=True)
class Shell:
    unit: Unit
    host: str
    authority: Unit | None
    nav: tuple[NavItem, ...]
    links: list[LinkRow]
    current: str
    crest: str
    crest_type: str
    canonical: str
    now: datetime

    @property
    def authority_name(self) -> str:
        return self.authority.name if self.authority else ""

    @property
    def nav_paths(self) -> list[str]:
        """Every address of this portal that stands in the menu, once."""
        return list(dict.fromkeys(path for item in self.nav for path in item.paths))

    @property
    def foot_links(self) -> list[LinkRow]:
        return self.links[:_IN_FOOT]


def default_nav(unit: Unit) -> tuple[NavItem, ...]:
    """The menu of a unit that did not arrange its own."""
    return _AUTHORITY_NAV if unit.is_authority else _SCHOOL_NAV


def own_nav(rows: list[MenuRow]) -> tuple[NavItem, ...]:
    """Two levels; what leads nowhere now and holds nothing is left out, with everything below a hidden item."""
    tops = [row for row in rows if row.parent_id is None]
    below: dict[int | None, list[MenuRow]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    made = [
        NavItem(top.label, top.path, tuple(NavItem(row.label, row.path) for row in below.get(top.id, []) if row.path))
        for top in tops
    ]
    return tuple(item for item in made if item.path or item.children)


def shell(unit: Unit, host: str, path: str, *, canonical: str = "", section: str = "") -> Shell:
    """The frame of a page of `unit` at `path`, the menu word of `section` (else of the path) marked; two queries."""
    now = clock.now()
    rows = frame_rows(unit)
    shipped = static(f"img/{unit.crest or _NEUTRAL_CREST}.svg")
    return Shell(
        unit=unit,
        host=host,
        authority=authority_today(unit, clock.day_of(now)),
        nav=own_nav(rows.menu) or default_nav(unit),
        links=rows.links,
        current=section or "/" + path.strip("/").split("/")[0] + "/",
        crest=rows.crest_path or shipped,
        crest_type="image/webp" if rows.crest_path else "image/svg+xml",
        canonical=canonical or absolute(host, path),
        now=now,
    )


def structured_unit(shell: Shell) -> dict[str, Any]:
    """schema.org data of the unit, from the same record as the footer."""
    unit = shell.unit
    kinds = {Kind.PRESCHOOL: "Preschool", Kind.PRIMARY: "ElementarySchool", Kind.LOWER_SECONDARY: "MiddleSchool"}
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization" if unit.is_authority else kinds.get(Kind(unit.kind), "School"),
        "name": unit.name,
        "url": absolute(shell.host),
    }
    if unit.full_address:
        made["address"] = unit.full_address
    if unit.phone:
        made["telephone"] = unit.phone
    if unit.email:
        made["email"] = unit.email
    if shell.authority is not None:
        made["parentOrganization"] = {"@type": "GovernmentOrganization", "name": shell.authority.name}
    return made
