"""What stands around every page of a portal: crest, authority, menu, contact, canonical address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.units.enums import Kind
from congtruong.units.models import Unit
from congtruong.units.queries import authority_today

_NEUTRAL_CREST = "hieu-ct"


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    path: str


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
    current: str
    crest: str
    canonical: str
    now: datetime

    @property
    def authority_name(self) -> str:
        return self.authority.name if self.authority else ""


def shell(unit: Unit, host: str, path: str, *, canonical: str = "", section: str = "") -> Shell:
    """The frame of a page of `unit` at `path`, with the menu word of `section` (else of the path) marked; one query."""
    now = clock.now()
    kind = Kind(unit.kind)
    nav = _AUTHORITY_NAV if kind.is_authority else _SCHOOL_NAV
    return Shell(
        unit=unit,
        host=host,
        authority=authority_today(unit, clock.day_of(now)),
        nav=nav,
        current=section or "/" + path.strip("/").split("/")[0] + "/",
        crest=f"img/{unit.crest or _NEUTRAL_CREST}.svg",
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
