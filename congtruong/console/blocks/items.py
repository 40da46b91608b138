"""Items of sources as lists and their page show them to staff."""

from collections.abc import Mapping
from dataclasses import dataclass

from congtruong.console.blocks.posts import Look
from congtruong.core.templatetags.vi import file_name
from congtruong.feeds.enums import PictureState
from congtruong.feeds.models import Item, ItemRevision
from congtruong.feeds.queries.items import NamedPicture, channels_of, shown_as
from congtruong.feeds.rules.attachments import BROKEN
from congtruong.feeds.rules.pictures import MOST_TRIES
from congtruong.publication.models import Entry

FACTS = {"title": "Tiêu đề", "summary": "Tóm tắt", "link": "Địa chỉ gốc", "files": "Tệp tại nguồn"}


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a list."""

    item: Item
    look: Look
    channels: str
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A picture the item names, and what became of it."""

    name: str
    url: str
    look: Look
    note: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that stays at the source, and whether it can be opened there."""

    name: str
    url: str
    type: str
    size: int
    look: Look
    note: str
    checked_at: str


def look(item: Item) -> Look:
    if item.withdrawn_at is not None:
        return Look("bad", "x", "Đã gỡ")
    if item.copy_of_id is not None:
        return Look("info", "stack", "Bản sao")
    return Look("ok", "check", "Đang hiện")


def rows(items: list[Item]) -> list[Row]:
    """Three queries for any number of items."""
    channels, entries = channels_of([item.pk for item in items]), shown_as(items)
    return [
        Row(item, look(item), ", ".join(c.label for c in channels.get(item.pk, ())), entries.get(item.pk))
        for item in items
    ]


def picture_lines(named: list[NamedPicture]) -> list[PictureLine]:
    return [PictureLine(file_name(one.url), one.url, *_about(one)) for one in named]


def _about(one: NamedPicture) -> tuple[Look, str]:
    row = one.picture
    if row is not None and row.state == PictureState.REFUSED:
        return Look("warn", "alert", "Không nhận"), row.reason
    if row is not None and row.state == PictureState.KEPT:
        if row.asset is not None and row.asset.is_blocked:
            return Look("warn", "alert", "Ngừng hiện"), "Ảnh đã được ngừng đăng trong Thư viện."
        return Look("ok", "check", "Đã lưu"), ""
    if row is None or not row.tries:
        return Look("info", "clock", "Đang chờ tải"), ""
    note = f"{row.reason} Hệ thống tự thử lại, đã thử {row.tries} trên {MOST_TRIES} lần.".strip()
    return Look("info", "clock", "Sẽ thử lại"), note


def file_lines(item: Item) -> list[FileLine]:
    made = []
    for file in item.enclosures:
        state = file.get("state")
        if state is None:
            seen = Look("info", "clock", "Chưa kiểm tra")
        elif state == BROKEN:
            seen = Look("warn", "alert", "Không mở được")
        else:
            seen = Look("ok", "check", "Mở được")
        made.append(
            FileLine(
                file_name(file["url"]),
                file["url"],
                file.get("type", ""),
                int(file.get("length") or 0),
                seen,
                file.get("note", ""),
                file.get("checked_at", ""),
            )
        )
    return made


def facts(version: Item | ItemRevision) -> Mapping[str, str | list[str]]:
    """A version in words, for comparing two."""
    return {
        "title": version.title,
        "summary": version.summary,
        "link": version.link,
        "files": [file["url"] for file in version.enclosures],
    }
