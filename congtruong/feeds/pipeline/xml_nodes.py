"""RSS, RDF and Atom to nodes. feedparser knows the dialects; bytes, dates and HTML are ours (docs: feeds, F1 to F4)."""

import io
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import feedparser

from congtruong.core.text import nfc
from congtruong.feeds.pipeline.content import NOTHING, Text, composed
from congtruong.feeds.pipeline.decode import Decoded
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.links import absolute
from congtruong.feeds.pipeline.nodes import Link, Node, Reading, from_old_fonts, safe_link

_MOST_LINKS = 100
_ENTRY = re.compile(r"<(?:item|entry)[\s>]")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_HTML_TYPES = {"", "text/html", "application/xhtml+xml"}


def read_xml(decoded: Decoded, text: str, *, url: str, most: int) -> Reading:
    """Read `text`, fetched from `url`, up to `most` entries. Raises ParseError not_feed or crashed."""
    found = _parsed(_beginning(text, most), url)
    if not found["version"] and not found["entries"]:
        raise ParseError("not_feed")
    repairs = list(decoded.repairs)
    if found["bozo"]:
        repairs.append("malformed")
        _mend_links(found["feed"])
    if len(found["entries"]) > most:
        repairs.append("too_many")
    # Atom says whether a text is HTML; the others leave it to the reader.
    typed = str(found["version"]).startswith("atom")
    return Reading(
        encoding=decoded.encoding,
        # The two dialects of RSS 0.91 differ by their document type only.
        format="rss091n" if found["version"] == "rss091u" and "netscape" in decoded.doctype else found["version"],
        feed=from_old_fonts(_node(found["feed"], url=url, typed=typed, description="subtitle")),
        entries=tuple(
            from_old_fonts(_node(raw, url=url, typed=typed, description="summary")) for raw in found["entries"][:most]
        ),
        repairs=tuple(repairs),
    )


def _beginning(text: str, most: int) -> str:
    """`text` without what stands behind one entry more than `most`: reading it all could take minutes."""
    starts = [found.start() for found in islice(_ENTRY.finditer(text), most + 2)]
    root = _ROOT.search(text)
    if len(starts) < most + 2 or root is None:
        return text
    kept = text[: starts[-1]]
    channel = "</channel>" if "<channel" in kept and "</channel>" not in kept else ""
    return f"{kept}{channel}</{root[1]}>"


def _parsed(text: str, url: str) -> Any:
    try:
        # A string would be taken for an address or a file name first; a stream never is.
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8")),
            response_headers=_headers(text, url),
            sanitize_html=False,
            # Its resolver reads every text a second time; ours works on what is sanitised.
            resolve_relative_uris=False,
        )
    except (LookupError, AttributeError, TypeError, ValueError, RecursionError) as error:
        # Elements that close what was never opened take its lenient parser by surprise.
        raise ParseError("crashed") from error


def _headers(text: str, url: str) -> dict[str, str]:
    """Without the address where nothing starts from it: feedparser would join it with itself at every element."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    return headers | {"content-location": url} if "xml:base" in text else headers


def _node(raw: Mapping[str, Any], *, url: str, typed: bool, description: str) -> Node:
    # The `get` of feedparser's dictionary hands out other keys where one is missing; its items are what was written.
    said = dict(raw.items())
    contents = tuple(Text.of(one, typed=typed, url=url) for one in _several(said, "content"))
    links = _links(_several(said, "links"), url)
    tags = [tag for tag in _several(said, "tags") if tag.get("term")]
    detail = said.get("author_detail")
    return Node(
        title=Text.of(_detail(said, "title"), typed=typed, url=url),
        summary=_summary(said, description, contents, typed=typed, url=url),
        contents=contents,
        link=_link(said, links, url),
        id=nfc(_word(said, "id")),
        published=_word(said, "published") or _word(said, "created"),
        updated=_word(said, "updated"),
        language=_language(said, description),
        author=_word(said, "author"),
        author_name=_word(detail, "name") if isinstance(detail, Mapping) else "",
        image=_address(_image(said), url),
        ttl=_word(said, "ttl"),
        comments=_address(_word(said, "comments"), url),
        tags=tuple(nfc(str(tag["term"])) for tag in tags),
        labels=tuple(nfc(str(tag.get("label") or tag["term"])) for tag in tags),
        links=links,
    )


def _mend_links(head: dict[str, Any]) -> None:
    """feedparser's lenient parser takes the end off escaped ampersands in the links of a feed."""
    for one in (head, *_several(head, "links")):
        for name in ("link", "href"):
            if isinstance(one.get(name), str):
                one[name] = one[name].replace("&amp", "&")


def _several(raw: Mapping[str, Any], key: str) -> list[Any]:
    """A list of feedparser; elements out of place leave anything under its names."""
    value = dict.get(raw, key) if isinstance(raw, dict) else None
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _word(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value.strip() if isinstance(value, str) else ""


def _detail(said: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """What feedparser knows of a text. The detail may be that of an element further inside, the text never is."""
    detail, value = said.get(f"{name}_detail"), said.get(name)
    if not isinstance(detail, Mapping):
        return None
    if not isinstance(value, str) or not value or detail.get("value") == value:
        return detail
    return {**detail, "value": value}


def _address(written: str, url: str) -> str:
    """Absolute where that can be said; addresses of other kinds stay as they are, unless they run something."""
    safe = safe_link(written)
    return absolute(safe, url) or safe if safe else ""


def _summary(said: Mapping[str, Any], description: str, contents: tuple[Text, ...], *, typed: bool, url: str) -> Text:
    detail = _detail(said, description)
    if detail:
        return Text.of(detail, typed=typed, url=url)
    # feedparser lets the content stand in for a missing summary.
    value = said.get(description)
    if not isinstance(value, str) or not value or not contents:
        return NOTHING
    return Text(composed(value), contents[0].is_html, contents[0].base)


def _links(raw: Sequence[Mapping[str, Any]], url: str) -> tuple[Link, ...]:
    made = []
    for one in raw[:_MOST_LINKS]:
        href = _address(_word(one, "href"), url)
        if href:
            made.append(Link(href, _word(one, "rel") or "alternate", _word(one, "type"), _word(one, "length")))
    return tuple(made)


def _link(said: Mapping[str, Any], links: tuple[Link, ...], url: str) -> str:
    """The link feedparser chose; where an empty element wiped it out, the first that leads to a page."""
    chosen = _address(_word(said, "link"), url)
    if chosen:
        return chosen
    alternates = [one for one in links if one.rel == "alternate"]
    page = next((one.href for one in alternates if one.type in _HTML_TYPES), "")
    if page or "link" not in said:
        return page
    # An identifier that is a permanent link serves when the link element is empty.
    return _address(_word(said, "id"), url) if said.get("guidislink") else ""


def _language(said: Mapping[str, Any], description: str) -> str:
    """Its own; that of an entry may stand at its texts only."""
    if description == "subtitle" or _word(said, "language"):
        return _word(said, "language")
    details = (*_several(said, "content"), said.get(f"{description}_detail"), said.get("title_detail"))
    return next((_word(one, "language") for one in details if isinstance(one, Mapping) and one.get("language")), "")


def _image(said: Mapping[str, Any]) -> str:
    image = said.get("image")
    if isinstance(image, Mapping) and image.get("href"):
        return str(image["href"])
    for name in ("logo", "icon"):
        if _word(said, name):
            return _word(said, name)
    for one in (*_several(said, "media_thumbnail"), *_several(said, "media_content")):
        kind = str(one.get("medium") or one.get("type") or "")
        if one.get("url") and (kind.startswith("image") or "type" not in one):
            return str(one["url"])
    return ""
