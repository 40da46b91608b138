"""Atom 1.0 (RFC 4287)."""

from congtruong.syndication.pipeline.model import Feed, File, Item
from congtruong.syndication.pipeline.xml import DECLARATION, element, empty


def write_atom(feed: Feed) -> bytes:
    parts = [
        DECLARATION,
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi">\n',
        element("id", feed.id),
        element("title", feed.title),
        element("subtitle", feed.description),
        element("updated", feed.updated_at.isoformat()),
        empty("link", href=feed.home_url, rel="alternate", type="text/html"),
        empty("link", href=feed.self_url, rel="self", type="application/atom+xml"),
        empty("link", href=feed.hub_url, rel="hub"),
        _author(feed.author),
        element("icon", feed.icon_url),
        *(_entry(item) for item in feed.items),
        "</feed>\n",
    ]
    return "".join(parts).encode()


def _entry(item: Item) -> str:
    parts = [
        "<entry>\n",
        element("id", item.id),
        element("title", item.title),
        element("updated", item.updated_at.isoformat()),
        element("published", item.published_at.isoformat()),
        empty("link", href=item.url, rel="alternate", type="text/html"),
        *(_enclosure(file) for file in item.files),
        _author(item.author or item.source),
        empty("category", term=item.category),
        element("summary", item.summary),
    ]
    if item.content:
        parts.append(element("content", item.content, type="html"))
    parts.append("</entry>\n")
    return "".join(parts)


def _author(name: str) -> str:
    return f"<author>{element('name', name).strip()}</author>\n"


def _enclosure(file: File) -> str:
    length = str(file.size) if file.size else ""
    return empty("link", href=file.url, rel="enclosure", type=file.type, length=length, title=file.name)
