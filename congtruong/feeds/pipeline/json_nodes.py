"""JSON Feed 1.0 and 1.1 to nodes (jsonfeed.org), read as leniently as the XML dialects are."""

import json
import re
from collections.abc import Mapping
from typing import Any

from congtruong.core.text import nfc
from congtruong.feeds.pipeline.content import NOTHING, Text
from congtruong.feeds.pipeline.decode import Decoded
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.links import absolute
from congtruong.feeds.pipeline.nodes import Link, Node, Reading, from_old_fonts, safe_link

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(1(?:\.\d)?)/?")
_FORMATS = {"1": "json1", "1.0": "json1"}
_MOST_LINKS = 100
_MOST_NUMBER = 10**15
_HALF = re.compile("[\ud800-\udfff]")


def read_json(decoded: Decoded, text: str, *, url: str, most: int) -> Reading:
    """Read `text`, fetched from `url`, up to `most` items. Raises ParseError not_feed."""
    try:
        # Line breaks inside strings are wrong and common.
        raw = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise ParseError("not_feed") from error
    version = _VERSION.fullmatch(_word(raw, "version")) if isinstance(raw, dict) else None
    if version is None:
        raise ParseError("not_feed")
    items = [one for one in _list(raw, "items") if isinstance(one, Mapping)]
    language = _word(raw, "language")
    return Reading(
        encoding=decoded.encoding,
        format=_FORMATS.get(version[1], "json11"),
        feed=from_old_fonts(_feed(raw, url)),
        entries=tuple(from_old_fonts(_item(one, url, language)) for one in items[:most]),
        repairs=(*decoded.repairs, *(["too_many"] if len(items) > most else [])),
    )


def _feed(raw: Mapping[str, Any], url: str) -> Node:
    home = _address(raw, "home_page_url", url)
    links = [Link(home)] if home else []
    topic = _address(raw, "feed_url", url)
    if topic:
        links.append(Link(topic, "self", "application/feed+json"))
    hubs = (one for one in _list(raw, "hubs")[:_MOST_LINKS] if isinstance(one, Mapping))
    links += [Link(address, "hub") for one in hubs if (address := _address(one, "url", url))]
    return Node(
        title=_text(raw, "title", url, is_html=False),
        summary=_text(raw, "description", url, is_html=False),
        link=home,
        id=topic,
        language=_word(raw, "language"),
        image=_address(raw, "icon", url) or _address(raw, "favicon", url),
        links=tuple(links),
        author=_author(raw),
        author_name=_author(raw),
    )


def _item(raw: Mapping[str, Any], url: str, language: str) -> Node:
    link, other = _address(raw, "url", url), _address(raw, "external_url", url)
    content = _text(raw, "content_html", url, is_html=True)
    if not content.value.strip():
        content = _text(raw, "content_text", url, is_html=False)
    links = [Link(address, rel) for address, rel in ((link, "alternate"), (other, "related")) if address]
    files = (one for one in _list(raw, "attachments")[:_MOST_LINKS] if isinstance(one, Mapping))
    for one in files:
        address = _address(one, "url", url)
        if address:
            links.append(Link(address, "enclosure", _word(one, "mime_type"), _word(one, "size_in_bytes")))
    tags = tuple(_whole(one) for one in _list(raw, "tags")[:_MOST_LINKS] if isinstance(one, str) and one.strip())
    return Node(
        title=_text(raw, "title", url, is_html=False),
        summary=_text(raw, "summary", url, is_html=False),
        contents=(content,) if content.value else (),
        link=link or other,
        id=_word(raw, "id"),
        published=_word(raw, "date_published"),
        updated=_word(raw, "date_modified"),
        language=_word(raw, "language") or language,
        image=_address(raw, "image", url) or _address(raw, "banner_image", url),
        tags=tags,
        labels=tags,
        links=tuple(links),
        author=_author(raw),
        author_name=_author(raw),
    )


def _author(raw: Mapping[str, Any]) -> str:
    """1.1 has a list of authors, 1.0 one."""
    authors = [*_list(raw, "authors")[:_MOST_LINKS], raw.get("author")]
    names = [_word(one, "name") for one in authors if isinstance(one, Mapping)]
    return ", ".join(dict.fromkeys(filter(None, names)))


def _list(raw: Mapping[str, Any], key: str) -> list[Any]:
    value = raw.get(key)
    return value if isinstance(value, list) else []


def _word(raw: Mapping[str, Any], key: str) -> str:
    """A short text; numbers are taken for the text they would be (ids often are)."""
    value = raw.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if abs(value) < _MOST_NUMBER and value == int(value) else ""
    return _whole(value).strip() if isinstance(value, str) else ""


def _whole(value: str) -> str:
    """NFC without halves of characters, which escapes can write and nothing can store."""
    return nfc(_HALF.sub("", value) if _HALF.search(value) else value)


def _text(raw: Mapping[str, Any], key: str, url: str, *, is_html: bool) -> Text:
    value = raw.get(key)
    return Text(_whole(value), is_html, url) if isinstance(value, str) and value else NOTHING


def _address(raw: Mapping[str, Any], key: str, url: str) -> str:
    written = safe_link(_word(raw, key))
    return absolute(written, url) or written if written else ""
