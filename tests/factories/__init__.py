"""One row per model, made through the services; richer states are keyword arguments."""

import io
from datetime import date, datetime
from itertools import count
from typing import Any

from PIL import Image

from congtruong.core import clock
from congtruong.core.text import slug
from congtruong.editorial.models import DocumentType, Post
from congtruong.editorial.services import APPROVER, Content, RegisterContent, approve_post, create_draft
from congtruong.media.models import Asset
from congtruong.media.services import add_asset
from congtruong.publication.enums import Channel
from congtruong.units.enums import Kind, Level, OversightKind
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from congtruong.units.services import add_host, place_unit, save_unit

BY = "kiểm thử"
_numbers = count(1)
LONG_AGO = date(2020, 1, 1)


def make_unit(name: str = "", *, kind: Kind = Kind.LOWER_SECONDARY, host: str = "", **fields: Any) -> Unit:
    number = next(_numbers)
    levels = {Kind.PRESCHOOL: Level.PRESCHOOL, Kind.PRIMARY: Level.PRIMARY, Kind.LOWER_SECONDARY: Level.LOWER_SECONDARY}
    unit = Unit(
        kind=kind,
        name=name or f"Trường THCS Số {number} (mẫu)",
        levels=fields.pop("levels", int(levels.get(kind, 0))),
        phone=fields.pop("phone", f"(028) 3000 {number:04d}"),
        **fields,
    )
    save_unit(unit=unit, by=BY)
    add_host(unit=unit, name=host or f"donvi{number}.hcm.edu.vn", is_canonical=True, by=BY)
    return unit


def make_authority(name: str = "", *, kind: Kind = Kind.DEPARTMENT, host: str = "", **fields: Any) -> Unit:
    return make_unit(name or f"Sở số {next(_numbers)} (mẫu)", kind=kind, host=host, ownership="", **fields)


def place(
    unit: Unit,
    authority: Unit,
    *,
    kind: OversightKind = OversightKind.MANAGING,
    from_on: date = LONG_AGO,
    to_on: date | None = None,
) -> None:
    place_unit(unit=unit, authority=authority, kind=kind, from_on=from_on, to_on=to_on, reason="thử", by=BY)


def make_post(
    unit: Unit,
    title: str = "",
    *,
    channel: Channel = Channel.NEWS,
    at: datetime | None = None,
    publish: bool = True,
    **fields: Any,
) -> Post:
    """A post, published unless told otherwise; `cover` is an asset, `files` are (asset, label)."""
    title = title or f"Bài viết số {next(_numbers)}"
    moment = at or clock.now()
    cover: Asset | None = fields.pop("cover", None)
    parent: Post | None = fields.pop("parent", None)
    files = tuple((asset.pk, label) for asset, label in fields.pop("files", None) or ())
    address, writer = fields.pop("slug", slug(title)), fields.pop("writer", None)
    content = Content(
        title=title,
        body=fields.pop("body", f"<p>Nội dung của {title}.</p>"),
        school_year=fields.pop("school_year", clock.school_year(clock.day_of(moment))),
        cover_id=cover.pk if cover else None,
        parent_id=parent.pk if parent else None,
        files=files,
        **fields,
    )
    with unit_scope(unit.pk):
        post = create_draft(unit=unit, channel=channel, writer=writer, by=BY, content=content, address=address)
        return approve_post(post=post, acts=APPROVER, by=BY, at=moment, guard_reason="Thử") if publish else post


def make_document(unit: Unit, title: str = "", *, symbol: str = "", publish: bool = True, **fields: Any) -> Post:
    title = title or f"Văn bản số {next(_numbers)}"
    address = fields.pop("slug", slug(title))
    register = RegisterContent(
        type_id=DocumentType.objects.get(name=fields.pop("type", "Công văn")).pk,
        symbol=symbol or f"{next(_numbers)}/KH-THCS",
        issuer=fields.pop("issuer", unit.name),
        issued_on=fields.pop("issued_on", date(2026, 9, 7)),
        **fields,
    )
    return make_post(
        unit,
        title,
        channel=Channel.DOCUMENT,
        slug=address,
        body="<p>Căn cứ…</p>",
        school_year=2026,
        register=register,
        publish=publish,
    )


def make_page(unit: Unit, title: str = "Lịch sử hình thành", **fields: Any) -> Post:
    return make_post(unit, title, channel=Channel.PAGE, body=fields.pop("body", "<p>Bài</p>"), **fields)


def picture(width: int = 40, height: int = 25, colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def make_image(unit: Unit, name: str = "anh.png", **fields: Any) -> Asset:
    with unit_scope(unit.pk):
        return add_asset(unit=unit, body=picture(colour=fields.pop("colour", "red")), name=name, by=BY, **fields)


def make_file(unit: Unit, name: str = "van-ban.pdf", body: bytes = b"%PDF-1.4 thu") -> Asset:
    with unit_scope(unit.pk):
        return add_asset(unit=unit, body=body, name=name, by=BY)
