"""A fictional unit with everything on its portal, from one YAML file."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from congtruong.core import clock
from congtruong.editorial.models import Document, DocumentType, Page, Post
from congtruong.editorial.services import publish_page, publish_post, save_post
from congtruong.media.models import Asset
from congtruong.media.services import add_asset
from congtruong.portal.services import set_quick_links
from congtruong.publication.enums import Channel
from congtruong.units.enums import Crest, Level
from congtruong.units.models import Unit, Ward
from congtruong.units.scoping import unit_scope
from congtruong.units.services import add_host, save_unit

BY = "dữ liệu mẫu"
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
    if Page.objects.filter(unit=unit, slug=row["slug"]).exists():
        return
    parent = Page.objects.get(unit=unit, slug=row["parent"]) if row.get("parent") else None
    page = Page(
        unit=unit,
        slug=row["slug"],
        title=row["title"],
        summary=row.get("summary") or "",
        body=row["body"],
        parent=parent,
        order=row.get("order") or 0,
    )
    publish_page(page=page, at=clock.now(), by=BY)


def _post(unit: Unit, row: dict[str, Any]) -> None:
    channel = Channel(row["channel"])
    if Post.objects.filter(unit=unit, channel=channel, slug=row["slug"]).exists():
        return
    published = _moment(row["published"])
    post = Post(
        unit=unit,
        channel=channel,
        slug=row["slug"],
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
    )
    photo = row.get("photo")
    if photo:
        post.cover = _asset(unit, "photos", photo["file"], alt=photo["alt"])
        post.cover_caption = photo.get("caption") or ""
    save_post(post=post, files=_files(unit, row), by=BY)
    publish_post(post=post, at=published, by=BY)


def _document(unit: Unit, row: dict[str, Any]) -> None:
    if Post.objects.filter(unit=unit, channel=Channel.DOCUMENT, slug=row["slug"]).exists():
        return
    post = Post(
        unit=unit,
        channel=Channel.DOCUMENT,
        slug=row["slug"],
        title=row["title"],
        body=row["body"],
        school_year=row["school_year"],
    )
    issued_on = _day(row["issued_on"])
    if issued_on is None:
        raise ValueError(f"{row['slug']}: issued_on is missing")
    document = Document(
        type=DocumentType.objects.get(name=row["type"], group__in=("hanh_chinh", "quy_pham_phap_luat")),
        number=row.get("number"),
        symbol=row["symbol"],
        second_reference=row.get("second_reference") or "",
        issuer=row["issuer"],
        parent_issuer=row.get("parent_issuer") or "",
        place=row.get("place") or "",
        issued_on=issued_on,
        effective_on=_day(row.get("effective_on")),
        expires_on=_day(row.get("expires_on")),
        signer=row.get("signer") or "",
        signer_title=row.get("signer_title") or "",
        signing_authority=row.get("signing_authority") or "",
        urgency=row.get("urgency") or "Thường",
        field=row.get("field") or "",
        recipients=row.get("recipients") or [],
        pages=row.get("pages"),
        is_signed_digitally=bool(row.get("is_signed_digitally")),
    )
    save_post(post=post, document=document, files=_files(unit, row), by=BY)
    publish_post(post=post, at=_moment(row["published"]), by=BY)


def _files(unit: Unit, row: dict[str, Any]) -> list[tuple[Asset, str]]:
    return [(_asset(unit, "files", name), name) for name in row.get("files") or []]


def _asset(unit: Unit, folder: str, name: str, *, alt: str = "") -> Asset:
    return add_asset(unit=unit, body=(DATA / folder / name).read_bytes(), name=name, alt=alt, by=BY)


def _day(value: object) -> date | None:
    if value in (None, ""):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _moment(value: object) -> datetime:
    """`YYYY-MM-DD HH:MM` in Việt Nam as an instant."""
    return datetime.fromisoformat(str(value)).replace(tzinfo=clock.VIETNAM)
