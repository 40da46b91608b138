"""The demo province: authorities, the units of Bình Tân, the fictional units, the feeds of the demo's Sở."""

import hashlib
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from congtruong.core import clock
from congtruong.demo.data.accounts import ACCOUNTS, DEMO_APPROVER, PASSWORD
from congtruong.demo.services.content import BY, DATA, load_unit
from congtruong.demo.services.desk_work import load_desk_work
from congtruong.feeds.models import Feed, Source
from congtruong.publication.enums import Channel
from congtruong.units.enums import Kind, OversightKind
from congtruong.units.models import CityLabel, HostName, Oversight, Unit, User, Ward
from congtruong.units.rules.roster import read_roster
from congtruong.units.scoping import unit_scope
from congtruong.units.services import add_host, grant_role, place_unit, save_unit
from congtruong.units.services.loading import DIRECTIVE, DIRECTIVE_ON, TWO_TIERS, TWO_TIERS_FROM, load_roster
from congtruong.units.services.reference import load_reference

DEMO_UNIT = "Trường THCS Hoa Phượng (mẫu)"
FICTIONAL = ("hoa-phuong", "canh-dieu", "sao-mai")
_LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
_OFFICE_SINCE = date(2003, 12, 2)
_NEW_WARD_HOSTS = {
    "An Lạc": "giaoduc.anlac.hochiminhcity.gov.vn",
    "Bình Hưng Hòa": "giaoduc.binhhunghoa.hochiminhcity.gov.vn",
    "Bình Tân": "giaoduc.binhtan.hochiminhcity.gov.vn",
    "Bình Trị Đông": "giaoduc.binhtridong.hochiminhcity.gov.vn",
    "Tân Tạo": "giaoduc.tantao.hochiminhcity.gov.vn",
}
_FEEDS = (
    ("/rss/tin-tuc/", Channel.NEWS),
    ("/rss/thong-bao/", Channel.NOTICE),
    ("/rss.aspx?kt=vb", Channel.DOCUMENT),
    ("/rss.aspx?kt=tm", Channel.INVITATION),
)


def fingerprint() -> str:
    """Changes when the demo's data or where its feeds stand changes."""
    digest = hashlib.sha256(repr((sorted(settings.FETCH_ALLOW), _FEEDS, ACCOUNTS)).encode())
    for path in sorted(DATA.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(DATA).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


@transaction.atomic
def load_province(*, upstream: str) -> None:
    """Load everything. `upstream` is the address of the demo's Sở, without a path."""
    load_reference(by=BY)
    # The invented province has its own label, as real ones have: its schools are rightly named.
    CityLabel.objects.get_or_create(label="tinhmau", from_on=None, defaults={"area": "Tỉnh Mẫu", "source": BY})
    department = load_unit(_content("so-mau"))
    office = load_unit(_content("phong-binh-tan"))
    _place(office, department, OversightKind.PROFESSIONAL, _OFFICE_SINCE, _LAST_DAY_OF_DISTRICTS, DIRECTIVE)
    for name, host in _NEW_WARD_HOSTS.items():
        _ward_authority(name, host, department)
    invented_ward = load_unit(_content("bang-lang"))
    _place(invented_ward, department, OversightKind.PROFESSIONAL, TWO_TIERS_FROM, None, TWO_TIERS)

    rows, _ = read_roster((DATA / "demo_schools.csv").read_text(encoding="utf-8"))
    load_roster(rows=rows, by=BY, as_of=DIRECTIVE_ON, district_authority=office, department=department)
    for name in FICTIONAL:
        unit = load_unit(_content(name))
        for kind in OversightKind:
            _place(unit, office, kind, DIRECTIVE_ON, _LAST_DAY_OF_DISTRICTS, DIRECTIVE)
        _place(unit, department, OversightKind.PROFESSIONAL, TWO_TIERS_FROM, None, TWO_TIERS)
        _place(unit, invented_ward, OversightKind.MANAGING, TWO_TIERS_FROM, None, TWO_TIERS)
    _feeds(department, upstream)
    _accounts()
    load_desk_work(Unit.objects.get(name=DEMO_UNIT), User.objects.get(username=DEMO_APPROVER))


def _content(name: str) -> Path:
    return DATA / "content" / f"{name}.yaml"


def _ward_authority(name: str, host: str, department: Unit) -> Unit:
    ward = Ward.objects.get(name=name, district="")
    unit = Unit.objects.filter(kind=Kind.WARD_COMMITTEE, ward=ward).first()
    if unit is None:
        unit = save_unit(
            unit=Unit(
                kind=Kind.WARD_COMMITTEE,
                name=f"Ủy ban nhân dân phường {name}",
                short_name=f"UBND phường {name}",
                ownership="",
                ward=ward,
                theme="tim",
            ),
            by=BY,
        )
    if not HostName.objects.filter(name=host).exists():
        add_host(unit=unit, name=host, is_canonical=True, by=BY)
    _place(unit, department, OversightKind.PROFESSIONAL, TWO_TIERS_FROM, None, TWO_TIERS)
    return unit


def _place(unit: Unit, authority: Unit, kind: OversightKind, from_on: date, to_on: date | None, reason: str) -> None:
    if Oversight.objects.filter(unit=unit, authority=authority, kind=kind, from_on=from_on).exists():
        return
    place_unit(unit=unit, authority=authority, kind=kind, from_on=from_on, to_on=to_on, reason=reason, by=BY)


def _feeds(department: Unit, upstream: str) -> None:
    with unit_scope(department.pk):
        source, _ = Source.objects.get_or_create(
            unit=department, homepage=upstream + "/", defaults={"name": department.name}
        )
        for path, channel in _FEEDS:
            Feed.objects.get_or_create(
                unit=department,
                url=upstream + path,
                defaults={
                    "source": source,
                    "channel": channel,
                    "interval_seconds": 5,
                    "next_check_at": clock.now(),
                },
            )


def _accounts() -> None:
    for account in ACCOUNTS:
        user = User.objects.filter(username=account.username).first()
        if user is None:
            user = User.objects.create_user(
                account.username,
                password=PASSWORD,
                full_name=account.full_name,
                honorific=account.honorific,
                is_staff=account.role is None,
            )
        if account.role is not None:
            grant_role(unit=Unit.objects.get(name=account.unit), user=user, role=account.role, by=BY)
