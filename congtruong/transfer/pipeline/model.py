"""What readers make of a former site, whatever program wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

POST, PAGE = "bai", "trang"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPost:
    """One article or page of the former site.

    `key` tells it apart from the others of the same source, whenever it is read. `body` is HTML as it was written, its
    pictures and files named as in `images` and `attachments`: a web address, or a path inside the uploaded folder.
    `parent` is the key of another page. `notes` are keys of `phrases.NOTES`.
    """

    key: str
    title: str
    body: str
    summary: str = ""
    published_at: datetime | None = None
    author: str = ""
    categories: tuple[str, ...] = ()
    old_urls: tuple[str, ...] = ()
    cover: str = ""
    images: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    kind: str = POST
    is_draft: bool = False
    parent: str = ""
    order: int = 0
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "title": self.title,
            "body": self.body,
            "summary": self.summary,
            "published_at": self.published_at.isoformat() if self.published_at else None,
            "author": self.author,
            "categories": list(self.categories),
            "old_urls": list(self.old_urls),
            "cover": self.cover,
            "images": list(self.images),
            "attachments": list(self.attachments),
            "kind": self.kind,
            "is_draft": self.is_draft,
            "parent": self.parent,
            "order": self.order,
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "OldPost":
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()
        }
        published = raw["published_at"]
        return cls(**values | {"published_at": datetime.fromisoformat(published) if published else None})


@dataclass(slots=True)
class Tally:
    """What a reader left out on the way, by kind; filled while its records are taken."""

    left_out: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str) -> None:
        self.left_out[kind] = self.left_out.get(kind, 0) + 1
