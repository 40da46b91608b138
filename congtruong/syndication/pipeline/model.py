"""A feed as plain data, before it is written in one of its forms."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class File:
    """An attached file; `size` in bytes, 0 when it is not known."""

    url: str
    type: str
    size: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. Texts are plain, `content` is sanitised HTML with absolute addresses; empty to leave it out."""

    id: str
    url: str
    title: str
    summary: str
    content: str
    author: str
    source: str
    category: str
    published_at: datetime
    updated_at: datetime
    image: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands around the items; `self_url` is the address of this very form, `hub_url` where it is announced."""

    id: str
    title: str
    description: str
    home_url: str
    self_url: str
    hub_url: str
    author: str
    icon_url: str
    updated_at: datetime
    items: tuple[Item, ...] = ()
