"""Text to a reading, and to the document that is stored. One parse serves both."""

import re
from datetime import datetime

from congtruong.feeds.pipeline.decode import Decoded, prolog_end
from congtruong.feeds.pipeline.entries import document_of
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.json_nodes import read_json
from congtruong.feeds.pipeline.model import Document
from congtruong.feeds.pipeline.nodes import Reading
from congtruong.feeds.pipeline.xml_nodes import read_xml

MOST_ENTRIES = 300

_HTML_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)


def read(decoded: Decoded, *, url: str) -> Reading:
    """Everything a decoded feed fetched from `url` says. Raises ParseError empty, html_page, not_feed or crashed."""
    text = decoded.text.strip()
    if not text:
        raise ParseError("empty")
    if _HTML_PAGE.match(text, prolog_end(text)):
        raise ParseError("html_page")
    reader = read_json if text.startswith("{") else read_xml
    return reader(decoded, text, url=url, most=MOST_ENTRIES)


def parse(decoded: Decoded, *, url: str, now: datetime) -> Document:
    """Read a decoded feed fetched from `url`. Raises ParseError empty, html_page, not_feed or crashed.

    A feed without entries is a Document without entries: whether that is an error depends on what stood there before.
    """
    return document_of(read(decoded, url=url), url=url, now=now)
