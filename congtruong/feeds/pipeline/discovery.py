"""Feeds that a web page names in its head, for people who give the address of the page. Pure; bounded."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from congtruong.core.text import nfc, shorten, squeeze
from congtruong.feeds.pipeline.links import absolute

_FORMATS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"})
# A page names its feeds in its head: more is not looked at.
_MOST_BYTES = 512 * 1024
MOST_FEEDS = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A feed as the page names it; `title` may be empty."""

    url: str
    title: str


def feeds_named(body: bytes, *, url: str) -> list[Named]:
    """Addresses of the feeds that the page at `url` names, in its order; nothing when it is no page or names none."""
    body = body[:_MOST_BYTES]
    try:
        parser = HTMLParser(encoding=_encoding(body), no_network=True, huge_tree=False, remove_comments=True)
        page = document_fromstring(body, parser=parser)
    except (etree.LxmlError, LookupError, ValueError):
        return []
    found: dict[str, Named] = {}
    for one in _links(page, _base(page, url)):
        found.setdefault(one.url, one)
    return list(found.values())[:MOST_FEEDS]


def _encoding(body: bytes) -> str | None:
    """UTF-8 when it can be that, whatever the page says; else as the page says."""
    try:
        # Cut off within a character it still is.
        getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _base(page: etree._Element, url: str) -> str:
    element = page.find(".//base[@href]")
    return absolute(element.get("href", ""), url) or url if element is not None else url


def _links(page: etree._Element, base: str) -> Iterator[Named]:
    for link in page.iter("link"):
        kinds = (link.get("rel") or "").lower().split()
        type_ = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in kinds or type_ not in _FORMATS:
            continue
        href = absolute((link.get("href") or "").strip(), base)
        # WordPress names its programming interface so as well.
        if href and len(href) <= 1000 and "/wp-json/" not in href:
            yield Named(href, shorten(squeeze(nfc(link.get("title") or "")), 200))
