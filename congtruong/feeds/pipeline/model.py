"""A feed as plain data, the same inside and outside the child process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# What was put right on the way from bytes to entries; keys stand in `repairs`, sentences on the preview page.
REPAIRS: Mapping[str, str] = {
    "utf8_replaced": "Một vài ký tự bị hỏng đã được thay bằng dấu �.",
    "truncated": "Nội dung bị cắt ở cuối.",
    "charset_wrong": "Bảng mã khai báo không đúng với nội dung.",
    "charset_guessed": "Không khai báo bảng mã; hệ thống đã đoán.",
    "tcvn3": "Đã chuyển mã từ TCVN3 (ABC) sang Unicode.",
    "vni": "Đã chuyển mã từ VNI sang Unicode.",
    "windows_1258": "Đã chuyển mã từ windows-1258 sang Unicode.",
    "blanks_removed": "Đã bỏ dòng trống trước khai báo XML.",
    "controls_removed": "Đã bỏ ký tự điều khiển không hợp lệ.",
    "ampersands": "Đã sửa dấu & viết sai quy tắc XML.",
    "malformed": "XML không đúng quy tắc; có thể thiếu tin.",
    "too_many": "Kênh có quá nhiều tin; chỉ đọc 300 tin đầu.",
    "title_unescaped": "Đã sửa tiêu đề bị mã hóa hai lần.",
    "html_document": "Nội dung là cả một trang web; chỉ lấy phần thân.",
    "content_flattened": "Nội dung quá lớn hoặc lồng quá sâu; chỉ giữ phần chữ.",
    "published_from_updated": "Không có ngày đăng; đã dùng ngày cập nhật.",
    "date_unreadable": "Không đọc được ngày đăng.",
    "link_missing": "Tin không có liên kết.",
}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An attached file; `length` in bytes, 0 when unknown."""

    url: str
    type: str
    length: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed. `title` and `summary` are plain text, `content` is sanitised HTML, instants are UTC.

    `guid` is trimmed, as given; `link` is absolute or empty. `pictures` are the addresses of the pictures in `content`,
    in order; `image` is the one that stands for the item. `language` and `comments` (an address) are as the feed says.
    """

    title: str
    summary: str = ""
    content: str = ""
    link: str = ""
    guid: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str = ""
    repairs: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    language: str = ""
    comments: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "summary": self.summary,
            "content": self.content,
            "link": self.link,
            "guid": self.guid,
            "published": self.published.isoformat() if self.published else None,
            "updated": self.updated.isoformat() if self.updated else None,
            "author": self.author,
            "categories": list(self.categories),
            "enclosures": [[one.url, one.type, one.length] for one in self.enclosures],
            "image": self.image,
            "repairs": list(self.repairs),
            "pictures": list(self.pictures),
            "language": self.language,
            "comments": self.comments,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Entry":
        return cls(
            title=raw["title"],
            summary=raw["summary"],
            content=raw["content"],
            link=raw["link"],
            guid=raw["guid"],
            published=datetime.fromisoformat(raw["published"]) if raw["published"] else None,
            updated=datetime.fromisoformat(raw["updated"]) if raw["updated"] else None,
            author=raw["author"],
            categories=tuple(raw["categories"]),
            enclosures=tuple(Enclosure(*one) for one in raw["enclosures"]),
            image=raw["image"],
            repairs=tuple(raw["repairs"]),
            pictures=tuple(raw["pictures"]),
            language=raw["language"],
            comments=raw["comments"],
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A feed that was read. `ttl_minutes` is what the feed asks for (0: nothing).

    `hub` is a WebSub hub, if any, `topic` the address it knows the feed by. `format` is rss20, atom10, json11 …
    """

    title: str
    link: str = ""
    encoding: str = "utf-8"
    ttl_minutes: int = 0
    hub: str = ""
    entries: tuple[Entry, ...] = ()
    repairs: tuple[str, ...] = ()
    format: str = ""
    topic: str = ""
    language: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "link": self.link,
            "encoding": self.encoding,
            "ttl_minutes": self.ttl_minutes,
            "hub": self.hub,
            "entries": [entry.to_json() for entry in self.entries],
            "repairs": list(self.repairs),
            "format": self.format,
            "topic": self.topic,
            "language": self.language,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Document":
        return cls(
            title=raw["title"],
            link=raw["link"],
            encoding=raw["encoding"],
            ttl_minutes=raw["ttl_minutes"],
            hub=raw["hub"],
            entries=tuple(Entry.from_json(one) for one in raw["entries"]),
            repairs=tuple(raw["repairs"]),
            format=raw["format"],
            topic=raw["topic"],
            language=raw["language"],
        )
