"""The HTML and the words of one item, from what a feed put there to what a portal page may show."""

import html
import re
from dataclasses import dataclass
from typing import Any

from congtruong.core.sanitize import MOST_CHARACTERS, clean_html, plain_text
from congtruong.core.text import shorten, squeeze
from congtruong.feeds.pipeline.links import absolute

MOST_SUMMARY = 1_000

_MARKUP = re.compile(
    r"</?(?:p|div|br|a|b|i|em|u|strong|span|font|img|table|tr|td|ul|ol|li|h[1-6])\b[^>]{0,2000}>", re.IGNORECASE
)
_CLOSED_TAG = re.compile(r"</(?:p|div|a|b|i|em|u|strong|span|font|h[1-6])\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_WHOLE_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]{0,2000}>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
# Labelled fields of list servers stand in a div each; without it they would run into one line.
_LEAF_DIV = re.compile(r"<div\b[^>]{0,2000}>((?:(?!</?div\b).)*)</div\s*>", re.IGNORECASE | re.DOTALL)
_IMAGE = re.compile(r"<img\b([^>]{0,2000})>", re.IGNORECASE)
_IMAGE_SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_COUNTING_PIXEL = re.compile(r"\b(?:width|height)\s*=\s*[\"']?[01]\b", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|ul|ol|dl|table|blockquote|figure|pre|hr|h[2-4])\b")
_HREF = re.compile(r' href="([^"]*)"')
_PAGE_WITHIN = 2_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a feed and whether it is HTML, by its type or by its looks."""

    value: str
    is_html: bool

    @classmethod
    def of(cls, detail: Any) -> "Text":
        """From feedparser's `*_detail`, or from nothing."""
        value = str((detail or {}).get("value") or "")
        declared = str((detail or {}).get("type") or "")
        return cls(value, "html" in declared or bool(_MARKUP.search(value)))


def title_text(text: Text) -> tuple[str, bool]:
    """The title as plain words, and whether it had been escaped twice."""
    title = plain_text(text.value) if text.is_html else squeeze(text.value)
    once = title
    if _ENTITY.search(title):
        title = squeeze(html.unescape(title))
    # The inner layer may have held markup that was escaped with the rest.
    if _CLOSED_TAG.search(title):
        title = plain_text(title)
    return title, title != once


def summary_text(text: Text) -> str:
    return shorten(plain_text(_page_body(text.value)[0]) if text.is_html else text.value, MOST_SUMMARY)


def safe_html(text: Text, *, base: str) -> tuple[str, list[str]]:
    """Sanitised HTML with absolute links, and keys of `model.REPAIRS`."""
    if not text.is_html:
        return _in_paragraph(html.escape(squeeze(text.value), quote=False)), []
    source, is_page = _page_body(text.value)
    if len(source) <= MOST_CHARACTERS:
        source = _LEAF_DIV.sub(r"<p>\1</p>", source)
    cleaned = clean_html(source)
    repairs = ["html_document"] if is_page else []
    if cleaned.flattened:
        repairs.append("content_flattened")
    return _HREF.sub(lambda match: _absolute_href(match, base), _in_paragraph(cleaned.html)), repairs


def _in_paragraph(source: str) -> str:
    """Bare words and inline tags become a paragraph."""
    return f"<p>{source}</p>" if source and not _BLOCK.search(source) else source


def first_image(text: Text, *, base: str) -> str:
    """Absolute address of the first picture that is no counting pixel; empty when there is none."""
    for tag in _IMAGE.finditer(text.value) if text.is_html else ():
        source = _IMAGE_SOURCE.search(tag.group(1))
        if source and not _COUNTING_PIXEL.search(tag.group(1)):
            address = absolute(html.unescape(next(filter(None, source.groups()), "")), base)
            if address:
                return address
    return ""


def _page_body(source: str) -> tuple[str, bool]:
    """The part inside `<body>` when `source` is a whole HTML document."""
    if not _WHOLE_PAGE.search(source, 0, _PAGE_WITHIN):
        return source, False
    start = _BODY.search(source) or _HEAD_END.search(source)
    source = source[start.end() :] if start else source
    end = _BODY_END.search(source)
    return (source[: end.start()] if end else source), True


def _absolute_href(match: re.Match[str], base: str) -> str:
    """Links in nh3's output, where attributes are always in double quotes."""
    address = html.unescape(match.group(1))
    if address.lower().startswith(("mailto:", "tel:")):
        return match.group()
    address = absolute(address, base)
    return f' href="{html.escape(address)}"' if address else ""
