"""Text to Document. feedparser knows the dialects; bytes, dates and HTML are ours (docs: feeds, F1 to F4)."""

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import feedparser

from congtruong.core.text import nfc, shorten, squeeze
from congtruong.feeds.pipeline.content import Text, first_image, safe_html, summary_text, title_text
from congtruong.feeds.pipeline.dates import read_date
from congtruong.feeds.pipeline.decode import Decoded
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.links import absolute
from congtruong.feeds.pipeline.model import Document, Enclosure, Entry

MOST_ENTRIES = 300
MOST_TITLE = 500
MOST_LINK = 1_000
_MOST_NAMES = 20
_MOST_NAME = 200
_MOST_TTL_MINUTES = 7 * 24 * 60

_HTML_PAGE = re.compile(
    r"(?:<!--.*?-->\s*){0,20}<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE | re.DOTALL
)


def parse(decoded: Decoded, *, url: str, now: datetime) -> Document:
    """Read a decoded feed fetched from `url`. Raises ParseError empty, html_page or not_feed.

    A feed without entries is a Document without entries: whether that is an error depends on what stood there before.
    """
    text = decoded.text.strip()
    if not text:
        raise ParseError("empty")
    if _HTML_PAGE.match(text):
        raise ParseError("html_page")
    # A string would be taken for an address or a file name first; a stream never is.
    found = feedparser.parse(
        io.BytesIO(text.encode("utf-8")),
        response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=True,
    )
    if not found["version"] and not found["entries"]:
        raise ParseError("not_feed")
    repairs = list(decoded.repairs)
    if found["bozo"]:
        repairs.append("malformed")
    if len(found["entries"]) > MOST_ENTRIES:
        repairs.append("too_many")
    head = found["feed"]
    made = (_entry(raw, url=url, now=now) for raw in found["entries"][:MOST_ENTRIES])
    return Document(
        title=shorten(title_text(Text.of(head.get("title_detail")))[0], MOST_TITLE),
        link=_link(head, url),
        encoding=decoded.encoding,
        ttl_minutes=_ttl(head),
        hub=next((absolute(one["href"], url) for one in _links(head, "hub")), ""),
        entries=tuple(entry for entry in made if entry is not None),
        repairs=tuple(repairs),
    )


def _entry(raw: Mapping[str, Any], *, url: str, now: datetime) -> Entry | None:
    """One entry, or None when it holds neither title, text nor link."""
    link = _link(raw, url)
    base = link or url
    description = Text.of(raw.get("summary_detail"))
    contents = [Text.of(one) for one in raw.get("content", ())]
    body = max(contents, key=lambda one: (one.is_html, len(one.value)), default=description)
    title, unescaped = title_text(Text.of(raw.get("title_detail")))
    summary = summary_text(description if description.value else body)
    if not (title or summary or link):
        return None
    content, repairs = safe_html(body, base=base)
    published, updated, date_repairs = _dates(raw, now=now)
    enclosures = _enclosures(raw, base)
    if unescaped:
        repairs.append("title_unescaped")
    if not link:
        repairs.append("link_missing")
    return Entry(
        title=shorten(title or shorten(summary, 120) or "(Không có tiêu đề)", MOST_TITLE),
        summary=summary,
        content=content,
        link=link,
        guid=nfc(str(raw.get("id") or "")).strip(),
        published=published,
        updated=updated,
        author=shorten(str(raw.get("author") or ""), _MOST_NAME),
        categories=_categories(raw),
        enclosures=enclosures,
        image=first_image(body, base=base) or first_image(description, base=base) or _picture(enclosures),
        repairs=(*repairs, *date_repairs),
    )


def _dates(raw: Mapping[str, Any], *, now: datetime) -> tuple[datetime | None, datetime | None, list[str]]:
    """Published and updated, from the strings in the feed; feedparser's own readings are not used."""
    # `get` of feedparser's dictionary would hand out the published date, with a warning, where `updated` is missing.
    written = {name: str(dict.get(raw, name) or "") for name in ("published", "created", "updated")}  # type: ignore[call-overload]
    published = read_date(written["published"] or written["created"], now=now)
    updated = read_date(written["updated"], now=now)
    if published is not None:
        return published, updated, []
    if updated is not None:
        return updated, updated, ["published_from_updated"]
    return None, None, ["date_unreadable"] if any(written.values()) else []


def _link(raw: Mapping[str, Any], url: str) -> str:
    link = absolute(str(raw.get("link") or ""), url)
    return link if len(link) <= MOST_LINK else ""


def _links(raw: Mapping[str, Any], rel: str) -> list[Mapping[str, Any]]:
    return [one for one in raw.get("links", ()) if one.get("rel") == rel and one.get("href")]


def _categories(raw: Mapping[str, Any]) -> tuple[str, ...]:
    names = (squeeze(str(tag.get("label") or tag.get("term") or ""))[:_MOST_NAME] for tag in raw.get("tags", ()))
    return tuple(list(dict.fromkeys(filter(None, names)))[:_MOST_NAMES])


def _enclosures(raw: Mapping[str, Any], base: str) -> tuple[Enclosure, ...]:
    made = []
    for one in _links(raw, "enclosure")[:_MOST_NAMES]:
        length = str(one.get("length") or "")
        address = absolute(str(one["href"]), base)
        size = int(length[:15]) if length.isascii() and length.isdigit() else 0
        if address:
            made.append(Enclosure(address, squeeze(str(one.get("type") or ""))[:100], size))
    return tuple(dict.fromkeys(made))


def _picture(enclosures: tuple[Enclosure, ...]) -> str:
    return next((one.url for one in enclosures if one.type.startswith("image/")), "")


def _ttl(head: Mapping[str, Any]) -> int:
    ttl = str(head.get("ttl") or "").strip()
    return min(int(ttl[:6]), _MOST_TTL_MINUTES) if ttl.isascii() and ttl.isdigit() else 0
