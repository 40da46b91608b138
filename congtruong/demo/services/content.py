"""A fictional unit with everything on its portal, from one YAML file."""

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook

from congtruong.core import clock
from congtruong.editorial.models import Category, DocumentType, Post
from congtruong.editorial.pipeline.timetable import read_timetables
from congtruong.editorial.services import (
    APPROVER,
    Content,
    RegisterContent,
    add_category,
    approve_post,
    create_draft,
)
from congtruong.media.models import Asset
from congtruong.media.services import add_asset
from congtruong.portal.services import set_quick_links
from congtruong.publication.enums import Channel
from congtruong.units.enums import Crest, Level
from congtruong.units.models import Unit, Ward
from congtruong.units.scoping import unit_scope
from congtruong.units.services import add_host, save_unit

BY = "dữ liệu mẫu"
_INVENTED = "Mọi người và số liệu trong bài đều là nhân vật và số liệu bịa ra cho bản trình diễn."
DATA = Path(__file__).resolve().parent.parent / "data"
_LEVELS = {
    "MN": Level.PRESCHOOL,
    "TH": Level.PRIMARY,
    "THCS": Level.LOWER_SECONDARY,
    "THPT": Level.UPPER_SECONDARY,
    "GDTX": Level.CONTINUING,
}
_CRESTS = {
    "hoa-phuong": Crest.FLOWER,
    "canh-dieu": Crest.KITE,
    "sao-mai": Crest.STAR,
    "bang-lang": Crest.WARD,
    "so-mau": Crest.DEPARTMENT,
}
_UNIT_TEXTS = (
    *("short_name", "tagline", "tax_code", "address", "phone", "hotline", "email", "office_hours"),
    *("responsible_name", "responsible_title", "directions"),
)


def load_unit(path: Path) -> Unit:
    """The unit of one content file with hosts, pages, posts and documents; existing ones stay as they are."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    unit = _unit(content["unit"], path.stem)
    for number, host in enumerate(content.get("hosts", [])):
        add_host(unit=unit, name=host, is_canonical=number == 0, by=BY)
    with unit_scope(unit.pk):
        for row in content.get("pages") or []:
            _page(unit, row)
        for row in content.get("posts") or []:
            _post(unit, row)
        for row in content.get("documents") or []:
            _document(unit, row)
        if content.get("week"):
            _week(unit, content["week"])
        if content.get("timetable"):
            _timetable(unit, content["timetable"])
    set_quick_links(
        unit=unit, links=[(row["label"], row["icon"], row["to"]) for row in content.get("quick_links") or []]
    )
    return unit


def _unit(row: dict[str, Any], name: str) -> Unit:
    existing = Unit.objects.filter(name=row["name"]).first()
    if existing is not None:
        return existing
    ward = None
    if row.get("ward"):
        ward, _ = Ward.objects.get_or_create(
            name=row["ward"], district="", province=row.get("province") or "Thành phố Mẫu"
        )
    unit = Unit(
        kind=row["kind"],
        levels=int(sum(_LEVELS[code] for code in row.get("levels") or [])),
        ownership=row.get("ownership") or "",
        name=row["name"],
        ward=ward,
        theme=row.get("theme") or "bien",
        crest=_CRESTS.get(name, ""),
        founded_on=_day(row.get("founded_on")),
        closed_on=_day(row.get("closed_on")),
        **{field: row.get(field) or "" for field in _UNIT_TEXTS},
    )
    return save_unit(unit=unit, by=BY)


def _page(unit: Unit, row: dict[str, Any]) -> None:
    parent = Post.objects.get(unit=unit, channel=Channel.PAGE, slug=row["parent"]) if row.get("parent") else None
    content = Content(
        title=row["title"],
        summary=row.get("summary") or "",
        body=row["body"],
        parent_id=parent.pk if parent else None,
        order=row.get("order") or 0,
    )
    _publish(unit, Channel.PAGE, row["slug"], content, at=clock.now())


def _post(unit: Unit, row: dict[str, Any]) -> None:
    published = _moment(row["published"])
    photo = row.get("photo") or {}
    content = Content(
        title=row["title"],
        summary=row.get("summary") or "",
        body=row["body"],
        author=row.get("author") or "",
        source_name=row.get("source_name") or "",
        source_url=row.get("source_url") or "",
        school_year=clock.school_year(clock.day_of(published)),
        is_pinned=bool(row.get("pinned")),
        starts_at=_moment(row["starts_at"]) if row.get("starts_at") else None,
        place=row.get("place") or "",
        cover_id=demo_asset(unit, "photos", photo["file"], alt=photo["alt"]).pk if photo else None,
        cover_caption=photo.get("caption") or "",
        category_id=_category(unit, Channel(row["channel"]), row["category"]).pk if row.get("category") else None,
        facts={"images": [_photo(unit, each) for each in row["photos"]]} if row.get("photos") else {},
        files=_files(unit, row),
    )
    _publish(unit, Channel(row["channel"]), row["slug"], content, at=published)


def _category(unit: Unit, channel: Channel, name: str) -> Category:
    existing = Category.objects.filter(unit=unit, channel=channel, name=name).first()
    return existing or add_category(unit=unit, channel=channel, name=name, by=BY)


def _photo(unit: Unit, row: dict[str, str]) -> dict[str, Any]:
    return {"asset": demo_asset(unit, "photos", row["file"], alt=row["alt"]).pk, "caption": row["caption"]}


def _week(unit: Unit, row: dict[str, Any]) -> None:
    """The calendar of the week in which the demo is loaded."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    content = Content(
        title=f"Lịch công tác từ {monday:%d/%m/%Y} đến {sunday:%d/%m/%Y}",
        facts={"monday": monday.isoformat(), "rows": row["rows"]},
    )
    _publish(unit, Channel.WEEK, f"tu-{monday:%d-%m-%Y}", content, at=clock.now())


def _timetable(unit: Unit, row: dict[str, Any]) -> None:
    """Classes that have the same lessons in another order, in an Excel file as schools keep it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for shift, name in enumerate(row["classes"]):
        sheet = book.create_sheet(name)
        sheet.append([f"Thời khóa biểu lớp {name}"])
        sheet.append(["Tiết", *(f"Thứ {number}" for number in range(2, 8))])
        for period, lessons in enumerate(row["lessons"]):
            turned = lessons if period == 0 else [*lessons[shift % 6 :], *lessons[: shift % 6]]
            sheet.append([period + 1, *turned])
    buffer = io.BytesIO()
    book.save(buffer)
    if Post.objects.filter(unit=unit, channel=Channel.TIMETABLE, slug=row["slug"]).exists():
        return
    asset = add_asset(unit=unit, body=buffer.getvalue(), name=f"{row['slug']}.xlsx", by=BY)
    tables = [table.as_json() for table in read_timetables(buffer.getvalue())]
    facts = {"valid_from": str(row["valid_from"]), "tables": tables, "source": asset.key}
    content = Content(
        title=row["title"],
        school_year=clock.school_year(_moment(row["published"]).date()),
        files=((asset.pk, "Thời khóa biểu các lớp"),),
        facts=facts,
    )
    _publish(unit, Channel.TIMETABLE, row["slug"], content, at=_moment(row["published"]))


def _document(unit: Unit, row: dict[str, Any]) -> None:
    document_type = DocumentType.objects.get(name=row["type"], group__in=("hanh_chinh", "quy_pham_phap_luat"))
    register = RegisterContent(
        type_id=document_type.pk,
        number=row.get("number"),
        symbol=row["symbol"],
        second_reference=row.get("second_reference") or "",
        issuer=row["issuer"],
        parent_issuer=row.get("parent_issuer") or "",
        place=row.get("place") or "",
        issued_on=_day(row["issued_on"]),
        effective_on=_day(row.get("effective_on")),
        expires_on=_day(row.get("expires_on")),
        signer=row.get("signer") or "",
        signer_title=row.get("signer_title") or "",
        signing_authority=row.get("signing_authority") or "",
        urgency=row.get("urgency") or "Thường",
        field=row.get("field") or "",
        recipients=tuple(row.get("recipients") or ()),
        pages=row.get("pages"),
        is_signed_digitally=bool(row.get("is_signed_digitally")),
    )
    content = Content(
        title=row["title"],
        body=row["body"],
        school_year=row["school_year"],
        files=_files(unit, row),
        register=register,
    )
    _publish(unit, Channel.DOCUMENT, row["slug"], content, at=_moment(row["published"]))


def _publish(unit: Unit, channel: Channel, address: str, content: Content, *, at: datetime) -> None:
    if Post.objects.filter(unit=unit, channel=channel, slug=address).exists():
        return
    post = create_draft(unit=unit, channel=channel, writer=None, by=BY, content=content, address=address)
    approve_post(post=post, acts=APPROVER, by=BY, at=at, guard_reason=_INVENTED)


def _files(unit: Unit, row: dict[str, Any]) -> tuple[tuple[int, str], ...]:
    return tuple((demo_asset(unit, "files", name).pk, name) for name in row.get("files") or [])


def demo_asset(unit: Unit, folder: str, name: str, *, alt: str = "") -> Asset:
    return add_asset(unit=unit, body=(DATA / folder / name).read_bytes(), name=name, alt=alt, by=BY)


def _day(value: object) -> date | None:
    if value in (None, ""):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _moment(value: object) -> datetime:
    """`YYYY-MM-DD HH:MM` in Việt Nam as an instant."""
    return datetime.fromisoformat(str(value)).replace(tzinfo=clock.VIETNAM)
