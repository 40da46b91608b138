"""From a reading to a neutral record: all that the document says, for people who try a source and for comparisons.

Nothing is shortened. HTML is sanitised as on the portals, addresses are absolute, times are UTC; what the document does
not say is None.
"""

from datetime import datetime
from typing import Any

from congtruong.feeds.pipeline.content import Text, safe_html, title_text
from congtruong.feeds.pipeline.dates import read_date
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.links import absolute
from congtruong.feeds.pipeline.nodes import Node, Reading
from congtruong.feeds.pipeline.parse import read

# Names of the register of IANA where Python has its own.
_ENCODINGS = {
    "ascii": "us-ascii",
    "cp1252": "windows-1252",
    "cp1258": "windows-1258",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "utf-32-le": "utf-32le",
    "utf-32-be": "utf-32be",
}


def read_record(body: bytes, *, content_type: str, url: str, now: datetime) -> dict[str, Any]:
    """Read `body`, fetched from `url` with the header `content_type`. Raises ParseError, as `read` does."""
    return record_of(read(decode(body, content_type), url=url), url=url, now=now)


def record_of(reading: Reading, *, url: str, now: datetime) -> dict[str, Any]:
    repairs = [*reading.repairs, *reading.feed.repairs]
    # Identifiers of Atom are addresses by definition; those of RSS are any words.
    base = url if reading.format.startswith("atom") else ""
    feed = _node(reading.feed, base=base, now=now, repairs=repairs)
    entries = [_node(node, base=base, now=now, repairs=repairs) for node in reading.entries]
    return {
        "encoding": encoding_name(reading.encoding),
        "format": reading.format,
        "feed": feed,
        "entries": entries,
        "repairs": list(dict.fromkeys(repairs)),
    }


def encoding_name(codec: str) -> str:
    """The name a document would use for an encoding that Python calls `codec`."""
    if codec in _ENCODINGS:
        return _ENCODINGS[codec]
    return f"windows-{codec[2:]}" if codec.startswith("cp125") else codec.replace("iso8859-", "iso-8859-")


def _node(node: Node, *, base: str, now: datetime, repairs: list[str]) -> dict[str, Any]:
    repairs += node.repairs
    texts: dict[str, Any] = {}
    for name, text in (("title", _title(node, repairs)), ("summary", node.summary), ("content", _content(node))):
        value, made = _shown(text)
        repairs += made
        # A text of which nothing may be kept is empty, not unsaid.
        said = bool(text.value.strip())
        kind = "html" if text.is_html else "text"
        texts |= {name: value if said else None, f"{name}_kind": kind if said else None}
    return {
        **texts,
        "link": node.link or None,
        "id": (("/" in node.id and base and absolute(node.id, base)) or node.id) or None,
        "published": _instant(node.published, now, repairs),
        "updated": _instant(node.updated, now, repairs),
        "language": node.language or None,
        "author": node.author or None,
        "author_name": node.author_name or None,
        "image": node.image or None,
        "ttl": node.ttl or None,
        "comments": node.comments or None,
        "tags": list(node.tags),
        "enclosures": [
            {"url": one.href, "type": one.type or None, "length": one.length or None}
            for one in node.links
            if one.rel == "enclosure"
        ],
        "hrefs": [one.href for one in node.links],
    }


def _title(node: Node, repairs: list[str]) -> Text:
    """As written, but for layers of escapes that no reader was meant to see."""
    if not node.title.is_html or not node.title.is_guessed:
        return node.title
    title, unescaped = title_text(node.title)
    if not unescaped:
        return node.title
    repairs.append("title_unescaped")
    return Text(title, False)


def _content(node: Node) -> Text:
    return node.contents[0] if node.contents else Text("", False)


def _shown(text: Text) -> tuple[str, list[str]]:
    return safe_html(text) if text.is_html else (text.value, [])


def _instant(written: str, now: datetime, repairs: list[str]) -> str | None:
    if not written:
        return None
    instant = read_date(written, now=now)
    if instant is None:
        repairs.append("date_unreadable")
        return None
    return instant.isoformat()
