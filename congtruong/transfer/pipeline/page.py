"""One saved web page: its title, day, author, and the part that is the article."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, document_fromstring, tostring

from congtruong.core.text import fold, squeeze
from congtruong.feeds.pipeline.dates import read_date
from congtruong.feeds.pipeline.decode import decode

MOST_BYTES = 8 * 2**20
# Below this many characters a page is a list or a form, not an article.
LEAST_WORDS = 120
_MOST_LINKED = 0.6
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
# Not `form`: old ASP.NET puts the whole page into one.
_NEVER = ("script", "style", "noscript", "template", "nav", "button", "select", "input", "textarea")
_BODIES = (
    "articlebody|entry-content|post-content|article-content|news-content|detail-content|content-detail|contentdetail"
    "|chitiettin|chi-tiet-tin|noi-dung-tin|noidungtin|noidung|noi-dung|bodytext|news-bodyhtml|post-body|item-page"
)
_BODY_NAME = re.compile(rf"(?:^|[\s_-]|ctl\d+_|div|lbl|pnl|div_)(?:{_BODIES})(?:$|[\s\d_-])")
_TITLE_NAME = re.compile(r"tieu-?de|title|headline")
_MACHINE_NAME = re.compile(
    r"comment|binh-?luan|share|social|related|lien-?quan|tin-?khac|breadcrumb|sidebar|menu|footer|header|quang-?cao|banner"
    r"|pagination|phan-?trang|print|rating|danh-?gia|luot-?xem"
)
_LABEL = re.compile(
    r"^\W*(?:ngay dang|ngay viet|ngay gui|ngay cap nhat|cap nhat(?: luc)?|dang(?: ngay| luc)|dang boi .{0,60}?ngay)\W*"
)
_DATE_INSIDE = re.compile(
    r"(?:(?:thu|chu) \w+,? ?(?:ngay )?)?"
    r"(?:\d{1,2}[:h]\d{2}(?::\d{2})?(?: ?[ap]m| sa| ch)?,? ?-? ?(?:ngay )?)?"
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2} thang (?:\d{1,2}|\w+),? (?:nam )?\d{4})"
    r"(?:,? ?-? ?(?:luc )?\d{1,2}[:h]\d{2}(?::\d{2})?(?: ?[ap]m\b| sa\b| ch\b)?)?"
)
_AUTHOR_LABEL = re.compile(
    r"^\W*(?:tác giả|người đăng|người viết|đăng bởi|bài viết|tin, ảnh|nguồn tin)\s*:\s*(.{2,80})$", re.IGNORECASE
)
_SHORT = 120


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    body: str
    published_at: datetime | None = None
    author: str = ""
    section: str = ""
    address: str = ""


def read_page(body: bytes, *, now: datetime, shared_title: str = "") -> Page | None:
    """The article of a page, or None for lists, forms and frames. `shared_title` is what titles of the site end in."""
    root = _tree(body)
    if root is None:
        return None
    title = _title(root, shared_title)
    if not title:
        return None
    published_at = _published(root, now=now)
    author, section, address = _author(root), _meta(root, "article:section"), _canonical(root)
    for element in list(root.iter(*_NEVER)):
        element.drop_tree()
    article = _article(root)
    if article is None:
        return None
    _without_heading(article, title)
    words = squeeze(article.text_content())
    has_picture = next(article.iter("img"), None) is not None
    if len(words) < LEAST_WORDS and not (has_picture and words):
        return None
    if _linked_share(article, len(words)) > _MOST_LINKED:
        return None
    article.tag = "div"
    inner = tostring(article, encoding="unicode", with_tail=False)
    return Page(title, inner, published_at, author, section, address)


def title_of(body: bytes) -> str:
    """What stands in `<title>`, to find out what a site appends to each."""
    found = re.search(r"<title[^>]*>(.*?)</title>", decode_page(body[: 64 * 2**10]), re.IGNORECASE | re.DOTALL)
    return squeeze(re.sub(r"<[^>]*>", "", found[1])) if found else ""


def decode_page(body: bytes) -> str:
    """Text of a page; old ones come in windows-1258 or TCVN3 and declare what they like."""
    declared = _META_CHARSET.search(body[:4096])
    return decode(body, f"text/html; charset={declared[1].decode('ascii')}" if declared else "").text


def _tree(body: bytes) -> HtmlElement | None:
    text = decode_page(body[:MOST_BYTES])
    if "<" not in text:
        return None
    try:
        return document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _meta(root: HtmlElement, *names: str) -> str:
    for name in names:
        for one in root.iter("meta"):
            if (one.get("property") or one.get("name") or one.get("itemprop") or "").lower() == name:
                value = squeeze(one.get("content") or "")
                if value:
                    return value
    return ""


def _canonical(root: HtmlElement) -> str:
    for one in root.iter("link"):
        if (one.get("rel") or "").lower() == "canonical" and one.get("href"):
            return str(one.get("href")).strip()
    return _meta(root, "og:url")


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}".lower()


def _title(root: HtmlElement, shared: str) -> str:
    """The heading of the article; else what other programs are told; else the title of the window."""
    headings = [squeeze(one.text_content()) for one in root.iter("h1")]
    whole = squeeze(root.findtext(".//title") or "")
    if shared and whole != shared and whole.endswith(shared):
        whole = whole[: -len(shared)].rstrip(" -–|»:")
    # A site's own name in h1 stands in the title of the window at its end, not at its beginning.
    heading = next((one for one in headings if one and fold(whole).startswith(fold(one)[:40])), "")
    named = ""
    if not heading:
        candidates = (one for one in root.iter("h2", "h3", "span", "div", "td", "a") if _TITLE_NAME.search(_names(one)))
        texts = (squeeze(one.text_content()) for one in candidates)
        named = next((text for text in texts if 8 <= len(text) <= 300 and fold(text) in fold(whole)), "")
    return heading or _meta(root, "og:title") or named or (headings[0] if len(headings) == 1 else "") or whole


def _published(root: HtmlElement, *, now: datetime) -> datetime | None:
    written = _meta(root, "article:published_time", "datepublished", "dc.date", "pubdate", "date")
    candidates = [written, *(one.get("datetime") or "" for one in root.iter("time")), *_from_json(root)]
    for one in candidates:
        found = read_date(one, now=now) if one else None
        if found:
            return found
    return _visible_date(root, now=now)


def _from_json(root: HtmlElement) -> Iterator[str]:
    for script in root.iter("script"):
        if script.get("type") == "application/ld+json":
            try:
                value: Any = json.loads(script.text or "")
            except ValueError:
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and isinstance(one.get("datePublished"), str):
                    yield one["datePublished"]


def _visible_date(root: HtmlElement, *, now: datetime) -> datetime | None:
    """A date with a label, else the first after the heading that stands alone or nearly so."""
    loose: datetime | None = None
    seen_heading = False
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "title", "option"}:
            continue
        seen_heading = seen_heading or element.tag == "h1" or _TITLE_NAME.search(_names(element)) is not None
        if len(element) > 8:
            continue
        text = squeeze(element.text_content())
        if not 8 <= len(text) <= _SHORT:
            continue
        folded = fold(text)
        if folded.startswith(("hom nay", "bay gio")) or "ban quyen" in folded or "copyright" in folded:
            continue
        label = _LABEL.search(folded)
        inside = _DATE_INSIDE.search(folded, label.end() if label else 0)
        found = read_date(inside.group(), now=now) if inside else None
        if found and label:
            return found
        is_alone = inside is not None and len(folded) - len(inside.group()) <= 40
        if found and loose is None and seen_heading and is_alone:
            loose = found
    return loose


def _author(root: HtmlElement) -> str:
    named = _meta(root, "author", "article:author")
    if named and not named.startswith("http"):
        return named[:200]
    for element in root.iter("p", "span", "div", "td", "em", "strong", "b", "i"):
        found = _AUTHOR_LABEL.match(squeeze(element.text_content())) if len(element) <= 3 else None
        if found:
            return found[1].strip(" .)")[:200]
    return ""


def _article(root: HtmlElement) -> HtmlElement | None:
    """By name, else the deepest element that still holds most of the words."""
    body = root.find("body")
    if body is None:
        return None
    _without_machinery(body)
    named = [
        one for one in body.iter("div", "td", "section", "article", "span", "main") if _BODY_NAME.search(_names(one))
    ]
    marked = [*body.iter("article"), *body.iter("main")]
    for choices in (named, marked):
        best = max(choices, key=_weight, default=None)
        if best is not None and _weight(best) > 0:
            return best
    return _heaviest(body)


def _weight(element: HtmlElement) -> int:
    """Characters that are no link, and pictures a little."""
    linked = sum(len(squeeze(one.text_content())) for one in element.iter("a"))
    pictures = sum(1 for _ in element.iter("img"))
    return len(squeeze(element.text_content())) - linked + 40 * pictures


def _heaviest(body: HtmlElement) -> HtmlElement:
    current = body
    while True:
        whole = _weight(current)
        blocks = [one for one in current if isinstance(one.tag, str) and one.tag not in {"p", "ul", "ol", "span", "a"}]
        heavy = [one for one in blocks if 10 * _weight(one) >= 6 * whole]
        if len(heavy) != 1 or whole <= 0:
            return current
        current = heavy[0]


def _without_machinery(body: HtmlElement) -> None:
    """Take out sharing, comments, menus, lists of other news; whatever its name, never most of the page."""
    whole = _weight(body)
    for element in list(body.iter("div", "section", "ul", "p", "span", "header", "footer", "aside", "table")):
        is_named = _MACHINE_NAME.search(_names(element)) is not None or element.tag in {"header", "footer", "aside"}
        if is_named and element.getparent() is not None and 5 * _weight(element) < 4 * max(whole, 1):
            element.drop_tree()


def _without_heading(article: HtmlElement, title: str) -> None:
    """Take out the title and the line with the date, which the portal shows by itself."""
    for element in list(article.iter()):
        if not isinstance(element.tag, str) or element is article or element.getparent() is None or len(element) > 8:
            continue
        text = squeeze(element.text_content())
        folded = fold(text)
        if len(text) > _SHORT and not folded.startswith(fold(title)):
            break
        inside = _DATE_INSIDE.search(folded)
        is_date = len(text) <= _SHORT and (
            _LABEL.match(folded) is not None or (inside is not None and len(folded) - len(inside.group()) <= 4)
        )
        if text and (folded == fold(title) or is_date):
            element.drop_tree()


def _linked_share(article: HtmlElement, characters: int) -> float:
    linked = sum(len(squeeze(one.text_content())) for one in article.iter("a"))
    return linked / characters if characters else 0.0
