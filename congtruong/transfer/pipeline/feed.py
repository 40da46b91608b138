"""RSS and Atom that carry whole articles. Bytes, dates and titles are read as the feeds of the portal are."""

import html
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from lxml import etree

from congtruong.core.text import nfc, shorten, squeeze
from congtruong.feeds.pipeline.content import Text, summary_text, title_text
from congtruong.feeds.pipeline.dates import read_date
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.links import absolute
from congtruong.transfer.pipeline.markup import is_file, is_picture, plain_body
from congtruong.transfer.pipeline.model import OldPost, Tally
from congtruong.transfer.pipeline.safe_xml import elements

MOST_BYTES = 100 * 2**20
_MOST_TITLE = 500
_BODIES = ("encoded", "content", "body", "description", "summary")


def is_feed(head: bytes) -> bool:
    """Whether a file begins like RSS, Atom or RDF."""
    start = head[:4096].replace(b"\x00", b"").lower()
    return any(mark in start for mark in (b"<rss", b"<feed", b"<rdf:rdf"))


def read_feed(body: bytes, *, now: datetime, tally: Tally) -> Iterator[OldPost]:
    """Its items in the order of the feed. Raises SourceError when it is no XML or declares entities."""
    # The check of the prolog needs the bytes as they are: decoding drops a document type.
    list(elements(lambda: BytesIO(body), "congtruong-none"))
    text = decode(body).text.encode("utf-8")
    for item in elements(lambda: BytesIO(text), "item", "entry"):
        made = _post(item, now=now)
        if made is None:
            tally.add("no_text")
        else:
            yield made


def _post(item: etree._Element, *, now: datetime) -> OldPost | None:
    link = _link(item)
    title, _ = title_text(_written(item, "title"))
    source = next((found for name in _BODIES if (found := _written(item, name)).value.strip()), Text("", False))
    whole = source.value if source.is_html else f"<p>{html.escape(squeeze(source.value))}</p>"
    plain = plain_body(whole, title=title, resolve=lambda written: _resolved(written, link))
    if not title or not (plain.body or plain.images):
        return None
    enclosures = [address for one in item.iter("{*}enclosure", "{*}link") if (address := _enclosure(one, link))]
    pictures = [one for one in enclosures if is_picture(one)]
    guid = nfc(_written(item, "guid").value or _written(item, "id").value).strip()
    published = next(
        (
            _written(item, name).value
            for name in ("pubDate", "published", "date", "updated")
            if _written(item, name).value
        ),
        "",
    )
    published_at = read_date(published, now=now)
    description = _written(item, "description") if _written(item, "encoded").value else _written(item, "summary")
    return OldPost(
        key=f"feed:{guid or link or title}"[:500],
        title=shorten(title, _MOST_TITLE),
        body=plain.body,
        summary=summary_text(description) if description.value else "",
        published_at=published_at,
        author=_author(item),
        categories=_categories(item),
        old_urls=tuple(dict.fromkeys(one for one in (link, guid if _is_address(guid) else "") if one)),
        cover=next((one for one in pictures if one not in plain.images), ""),
        images=plain.images,
        attachments=tuple(dict.fromkeys([*plain.attachments, *(one for one in enclosures if is_file(one))])),
        notes=() if published_at else ("no_date",),
    )


def _written(item: etree._Element, name: str) -> Text:
    """A child's text. Atom may hold markup as elements (`type="xhtml"`)."""
    found = next((one for one in item.iterfind(f"{{*}}{name}") if "media" not in _space(one)), None)
    if found is None:
        return Text("", False)
    if found.get("type") == "xhtml" or len(found):
        inner = (found.text or "") + "".join(etree.tostring(one, encoding="unicode") for one in found)
        return Text(inner, True)
    return Text.of({"value": found.text or "", "type": {"html": "text/html"}.get(found.get("type", ""), "")})


def _space(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def _link(item: etree._Element) -> str:
    links = list(item.iterfind("{*}link"))
    chosen = next((one for one in links if one.get("rel", "alternate") == "alternate"), None)
    if chosen is None:
        return ""
    return absolute(chosen.get("href") or chosen.text or "", "")


def _enclosure(element: etree._Element, base: str) -> str:
    if element.tag.endswith("}link") and element.get("rel") != "enclosure":
        return ""
    return absolute(element.get("url") or element.get("href") or "", base)


def _author(item: etree._Element) -> str:
    for name in ("creator", "author"):
        found = item.find(f"{{*}}{name}")
        if found is not None:
            return shorten(found.findtext("{*}name") or found.text or "", 200)
    return ""


def _categories(item: etree._Element) -> tuple[str, ...]:
    names = [squeeze(one.text or one.get("label") or one.get("term") or "") for one in item.iterfind("{*}category")]
    return tuple(dict.fromkeys(filter(None, names)))


def _resolved(written: str, base: str) -> str:
    """Absolute where the item has an address; a path where it has none."""
    if base:
        return absolute(written, base)
    return written.strip() if written.startswith("/") else absolute(written, "")


def _is_address(guid: str) -> bool:
    return guid.startswith(("http://", "https://"))
