"""The HTML and the words of one item, from what a feed put there to what a portal page may show."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from congtruong.core.sanitize import MOST_CHARACTERS, clean_feed, plain_text, words_of_html
from congtruong.core.text import nfc, shorten, squeeze
from congtruong.feeds.pipeline.links import absolute, is_relative

MOST_SUMMARY = 1_000
MOST_PICTURES = 30

_MARKUP = re.compile(
    r"</?(?:p|div|br|a|b|i|em|u|strong|span|font|img|table|tr|td|ul|ol|li|h[1-6])\b[^<>]{0,2000}>", re.IGNORECASE
)
_ACTIVE = re.compile(r"<(?:script|style|iframe|object|embed|svg|math|form|input|video|audio)\b", re.IGNORECASE)
_CLOSED_TAG = re.compile(r"</(?:p|div|a|b|i|em|u|strong|span|font|h[1-6])\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# `?id=2&copy=3` says what it says, whatever browsers make of references without their end.
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_WHOLE_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^<>]{0,2000}>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
# Labelled fields of list servers stand in a div each; without it they would run into one line.
_LEAF_DIV = re.compile(r"<div\b[^<>]{0,2000}>([^<]*(?:<(?!/?div\b)[^<]*)*)</div\s*>", re.IGNORECASE)
# A browser would take these for comments and swallow what follows.
_NO_COMMENT = re.compile(r"<!(?!--|\[CDATA\[|doctype[^>]{0,500}>)", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|ul|ol|dl|table|blockquote|figure|pre|hr|h[2-4])\b")
_IMAGE = re.compile(r"<img\b([^<>]{0,2000})>", re.IGNORECASE)
_IMAGE_SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_COUNTING_PIXEL = re.compile(r"\b(?:width|height)\s*=\s*[\"']?[01]\b", re.IGNORECASE)
_PICTURE = re.compile(r'<img src="([^"]*)"')
_CLEAN_TAG = re.compile(r"<[^>]*>")
_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|s|em|strong|sub|sup|code)\b[^>]*>")
_MARK = re.compile("[\u0300-\u036f]")
_MARKED = re.compile("[^\u0300-\u036f][\u0300-\u036f]{1,20}")
_PAGE_WITHIN = 2_000
# Words enough for a summary, whatever markup stands between them.
_SUMMARY_WITHIN = 50_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a feed, whether it is HTML, and the address its relative links start from.

    `is_guessed` says that the feed leaves it to the reader whether it is HTML.
    """

    value: str
    is_html: bool
    base: str = ""
    is_guessed: bool = False

    @classmethod
    def of(cls, detail: Mapping[str, Any] | None, *, typed: bool = False, url: str = "") -> "Text":
        """From feedparser's `*_detail`, or from nothing, in the document at `url`.

        A text is HTML by its type or, unless `typed`, by its looks.
        """
        if not detail:
            return NOTHING
        value = composed(str(detail.get("value") or ""))
        is_html = "html" in str(detail.get("type") or "")
        if not is_html and not typed and "<" in value:
            is_html = bool(_MARKUP.search(value) or _ACTIVE.search(value))
        base = str(detail.get("base") or "")
        return cls(value, is_html, (absolute(base, url) or url) if base else url, is_guessed=not typed)

    def by_looks(self) -> "Text":
        """The same, as HTML when it looks so: what carries tags was meant to be shown without them."""
        if self.is_html or "<" not in self.value or not _MARKUP.search(self.value):
            return self
        return Text(self.value, True, self.base, self.is_guessed)


NOTHING = Text("", False)


def composed(text: str) -> str:
    """`text` with letters and their marks joined, wherever character references had kept them apart."""
    return _MARKED.sub(lambda found: nfc(found[0]), text) if _MARK.search(text) else text


def title_text(text: Text) -> tuple[str, bool]:
    """The title as plain words, and whether it had been escaped twice."""
    title = plain_text(_BARE_AMPERSAND.sub("&amp;", text.value)) if text.is_html else squeeze(text.value)
    once = title
    if _ENTITY.search(title):
        title = squeeze(html.unescape(_BARE_AMPERSAND.sub("&amp;", title)))
    # The inner layer may have held markup that was escaped with the rest.
    if _CLOSED_TAG.search(title):
        title = plain_text(title)
    return title, title != once


def summary_text(text: Text) -> str:
    if not text.is_html:
        return shorten(text.value, MOST_SUMMARY)
    source, _ = _page_body(text.value[:MOST_CHARACTERS])
    return shorten(words_of_html(_BARE_AMPERSAND.sub("&amp;", source)), MOST_SUMMARY)


def summary_of_clean(clean: str) -> str:
    """The same from HTML that was sanitised: far cheaper."""
    words = _CLEAN_TAG.sub(" ", _INLINE_TAG.sub("", clean[:_SUMMARY_WITHIN]))
    return shorten(html.unescape(words), MOST_SUMMARY)


def safe_html(text: Text) -> tuple[str, list[str]]:
    """HTML sanitised, with absolute addresses, and keys of `model.REPAIRS`."""
    source, is_page = _page_body(_BARE_AMPERSAND.sub("&amp;", text.value))
    if len(source) <= MOST_CHARACTERS and "</div" in source:
        source = _LEAF_DIV.sub(r"<p>\1</p>", source)
    if "<!" in source:
        source = _NO_COMMENT.sub("&lt;!", source)
    cleaned = clean_feed(source, resolve=lambda address: _resolved(address, text.base), most_pictures=MOST_PICTURES)
    repairs = ["html_document"] if is_page else []
    if cleaned.flattened:
        repairs.append("content_flattened")
    return cleaned.html, repairs


def _resolved(address: str, base: str) -> str:
    """Absolute, or as written when nobody knows where the document came from."""
    made = absolute(address, base)
    return made or (address.strip() if not base and is_relative(address) else "")


def shown_html(text: Text) -> tuple[str, list[str]]:
    """What a page may show of a text: sanitised HTML in blocks, and keys of `model.REPAIRS`."""
    if not text.is_html:
        return _in_paragraph(html.escape(squeeze(text.value), quote=False)), []
    clean, repairs = safe_html(text)
    return _in_paragraph(clean), repairs


def pictures_of(clean: str) -> tuple[str, ...]:
    """Addresses of the pictures in sanitised HTML, in order, each once."""
    if "<img" not in clean:
        return ()
    return tuple(dict.fromkeys(html.unescape(one) for one in _PICTURE.findall(clean)))


def first_image(text: Text) -> str:
    """Absolute address of the first picture that is no counting pixel; empty when there is none."""
    for tag in _IMAGE.finditer(text.value) if text.is_html else ():
        source = _IMAGE_SOURCE.search(tag.group(1))
        if source and not _COUNTING_PIXEL.search(tag.group(1)):
            address = absolute(html.unescape(next(filter(None, source.groups()), "")), text.base)
            if address:
                return address
    return ""


def _in_paragraph(source: str) -> str:
    """Bare words and inline tags become a paragraph."""
    return f"<p>{source}</p>" if source and not _BLOCK.search(source) else source


def _page_body(source: str) -> tuple[str, bool]:
    """The part inside `<body>` when `source` is a whole HTML document."""
    if not _WHOLE_PAGE.search(source, 0, _PAGE_WITHIN):
        return source, False
    start = _BODY.search(source) or _HEAD_END.search(source)
    source = source[start.end() :] if start else source
    end = _BODY_END.search(source)
    return (source[: end.start()] if end else source), True
