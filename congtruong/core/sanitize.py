"""HTML from people and feeds, reduced to what a portal page may hold.

nh3 decides; the guards in front of it bound size and nesting, because its cost grows with the square of the depth.
"""

import html
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import count

import nh3

from congtruong.core.text import is_tidy, nfc, squeeze

MOST_CHARACTERS = 300_000
MOST_DEPTH = 200

_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "strong", "b", "em", "i"),
    *("u", "s", "sub", "sup", "a", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure"),
    *("figcaption", "pre", "code"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
# What staff write holds files of their unit and videos as well.
_ARTICLE_TAGS = _TAGS | {"img", "oembed"}
_ARTICLE_ATTRIBUTES = _ATTRIBUTES | {"img": {"src", "alt"}, "oembed": {"url"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
# Only the beginning: looking for an end that never comes would cost the square of the length.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|<!\[", re.DOTALL)
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|\u00a0|<br>)*</p>")
_TABLE = re.compile(r"<table>")
_CELL = re.compile(r"<t[hd]\b")
_WIDE = 4
SWIPE_HINT = '<p class="swipe">Vuốt ngang để xem hết bảng.</p>'
# Feeds may carry a page's own title; a portal page has its own single h1.
_H1 = re.compile(r"<(/?)h1\b", re.IGNORECASE)
_FILE = re.compile(r"/tep/[A-Za-z0-9_-]{1,64}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,119}")
_VIDEO = re.compile(
    r"(?:https?:)?//(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#\s]*&)?v=|embed/|shorts/|live/)|youtu\.be/)"
    r"([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])"
)
# An image within the text itself: megabytes that would spend the guard on what is dropped anyway.
_DATA_IMAGE = re.compile(r"""\ssrc\s*=\s*(?:"data:[^">]*"|'data:[^'>]*')""", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^>]*>")
_OEMBED = re.compile(r"<oembed\b[^>]*>")
_VALUE = {name: re.compile(rf' {name}="([^"]*)"') for name in ("src", "alt", "url")}
# What a feed carries holds pictures of its source; those that load late name their file elsewhere.
_LATE_SOURCES = ("data-src", "data-original", "data-lazy-src")
_FEED_CLEANER = nh3.Cleaner(
    tags=_TAGS | {"img"},
    attributes=_ATTRIBUTES | {"img": {"src", "alt", "width", "height", *_LATE_SOURCES}},
    url_schemes=_SCHEMES,
    link_rel="noopener",
    strip_comments=True,
)
_LATE_SOURCE = re.compile(rf' (?:{"|".join(_LATE_SOURCES)})="([^"]+)"')
_COUNTING_PIXEL = re.compile(r' (?:width|height)="\s*[01](?:px)?\s*"')
# Inside a tag only: a text may show how links are written.
_HREF = re.compile(r'(<a(?: [a-z]+="[^"]*")*?) href="([^"]*)"')
_NO_TAGS = nh3.Cleaner(
    tags=set(), clean_content_tags={"script", "style", "title", "head", "template"}, strip_comments=True
)
_ALONE = re.compile(r"<p>\s*(<img [^>]*>|<oembed [^>]*></oembed>)\s*</p>")
_FIGURE = re.compile(r"<figure>(?=\s*(?:<a [^>]*>\s*)?<(img|oembed|table)\b)")
_FIGURE_CLASS = {"img": "image", "oembed": "media", "table": "table"}
_EMPTY_FIGURE = re.compile(r"<figure>\s*</figure>")
# A parser drops the line break at the start of a preformatted text.
_PRE = re.compile(r"<pre>\n")
# Dropped tags and references that were read can make new letters and empty paragraphs; two or three passes settle it.
_MOST_PASSES = 6


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Sanitised HTML; `flattened` when the guards kept only the text."""

    html: str
    flattened: bool = False


def clean_html(source: str) -> Cleaned:
    """Sanitise. Input beyond the guards keeps its words as plain paragraphs, never its markup."""
    return _settled(_composed(source), _pass)


def clean_article(source: str) -> str:
    """Sanitise what staff write: what `clean_html` keeps, images from `/tep/`, videos of YouTube, classes of figures.

    An image without a file of the portal and a video of another site are dropped.
    """
    return _settled(_composed(_DATA_IMAGE.sub("", source)), _article_pass).html


def clean_feed(source: str, *, resolve: Callable[[str], str], most_pictures: int) -> Cleaned:
    """Sanitise what a feed carries: what `clean_html` keeps, and its first pictures with `src` and `alt`.

    `resolve` makes an address absolute, or empty when it must not stand there. Pictures that only count readers go.
    """
    if "data:" in source:
        source = _DATA_IMAGE.sub("", source)
    cleaned = _settled(_composed(source), _feed_pass)
    left = count()

    def picture(found: re.Match[str]) -> str:
        made = _feed_picture(found[0], resolve)
        return made if made and next(left) < most_pictures else ""

    def link(found: re.Match[str]) -> str:
        written = html.unescape(found[2])
        address = written if written.lower().startswith(("mailto:", "tel:")) else resolve(written)
        return f'{found[1]} href="{html.escape(address)}"' if address else found[1]

    placed = _HREF.sub(link, cleaned.html)
    if "<img" in placed:
        placed = _EMPTY_PARAGRAPH.sub("", _EMPTY_FIGURE.sub("", _IMAGE.sub(picture, placed))).strip()
    return Cleaned(placed, cleaned.flattened)


def _feed_picture(image: str, resolve: Callable[[str], str]) -> str:
    if _COUNTING_PIXEL.search(image):
        return ""
    sources = [*_LATE_SOURCE.findall(image), *_VALUE["src"].findall(image)]
    address = next(filter(None, (resolve(html.unescape(one)) for one in sources)), "")
    alt = _VALUE["alt"].search(image)
    return f'<img src="{html.escape(address)}" alt="{alt[1] if alt else ""}">' if address else ""


def _feed_pass(source: str) -> str:
    cleaned = _FEED_CLEANER.clean(_H1.sub(r"<\1h2", source))
    return _EMPTY_PARAGRAPH.sub("", _PRE.sub("<pre>\n\n", cleaned)).strip()


def video_id(address: str) -> str | None:
    """Which video of YouTube a web address means."""
    found = _VIDEO.match(address.strip())
    return found[1] if found else None


def video_address(video: str) -> str:
    """The one form in which addresses of videos are stored."""
    return f"https://www.youtube.com/watch?v={video}"


def _settled(source: str, one_pass: Callable[[str], str]) -> Cleaned:
    if len(source) > MOST_CHARACTERS or _depth(source) > MOST_DEPTH:
        return _flattened(source)
    for _ in range(_MOST_PASSES):
        cleaned = one_pass(source)
        if cleaned == source:
            return Cleaned(html=cleaned)
        source = _composed(cleaned)
    return _flattened(source)


def _composed(source: str) -> str:
    """NFC without U+0338, which would join the bracket of a tag and so turn text into attributes."""
    if "\u0338" not in source and is_tidy(source):
        return source
    return nfc(source.replace("\x00", "").replace("=\u0338", "≠").replace("\u0338", ""))


def _pass(source: str) -> str:
    cleaned = nh3.clean(
        _H1.sub(r"<\1h2", source),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener",
        strip_comments=True,
    )
    return _EMPTY_PARAGRAPH.sub("", _PRE.sub("<pre>\n\n", cleaned)).strip()


def _article_pass(source: str) -> str:
    cleaned = nh3.clean(
        _H1.sub(r"<\1h2", source),
        tags=_ARTICLE_TAGS,
        attributes=_ARTICLE_ATTRIBUTES,
        attribute_filter=_article_value,
        url_schemes=_SCHEMES,
        link_rel="noopener",
        strip_comments=True,
    )
    cleaned = _OEMBED.sub(_canonical_video, _IMAGE.sub(_canonical_image, cleaned).replace("</oembed>", ""))
    cleaned = _ALONE.sub(r"<figure>\1</figure>", _PRE.sub("<pre>\n\n", cleaned))
    cleaned = _EMPTY_FIGURE.sub("", _EMPTY_PARAGRAPH.sub("", cleaned))
    return _FIGURE.sub(lambda found: f'<figure class="{_FIGURE_CLASS[found[1]]}">', cleaned).strip()


def _article_value(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src"):
        return value if _FILE.fullmatch(value) else None
    if (tag, name) == ("oembed", "url"):
        video = video_id(value)
        return video_address(video) if video else None
    return value


def _canonical_image(image: re.Match[str]) -> str:
    source, alt = _VALUE["src"].search(image[0]), _VALUE["alt"].search(image[0])
    return f'<img src="{source[1]}" alt="{alt[1] if alt else ""}">' if source else ""


def _canonical_video(video: re.Match[str]) -> str:
    address = _VALUE["url"].search(video[0])
    return f'<oembed url="{address[1]}"></oembed>' if address else ""


def _flattened(source: str) -> Cleaned:
    text = plain_text(source[:MOST_CHARACTERS])
    return Cleaned(html=f"<p>{html.escape(text, quote=False)}</p>" if text else "", flattened=True)


def presentable(clean: str) -> str:
    """Sanitised HTML as it stands on a page: a wide table scrolls by itself, by finger and by keyboard, and says so."""
    numbers = count(1)

    def opened(table: re.Match[str]) -> str:
        row = table.string[table.end() :].partition("</tr>")[0]
        hint = SWIPE_HINT if len(_CELL.findall(row)) >= _WIDE else ""
        label = f"Bảng {next(numbers)}"
        return f'{hint}<div class="table-scroll" role="region" aria-label="{label}" tabindex="0"><table class="table">'

    return _TABLE.sub(opened, clean).replace("</table>", "</table></div>")


def _depth(source: str) -> int:
    """Deepest nesting of open tags, counted without a parser."""
    depth = deepest = 0
    opened: Counter[str] = Counter()
    for closing, name in _TAG.findall(source):
        tag = name.lower()
        if tag in _VOID:
            continue
        if not closing:
            # `<div/>` opens as well.
            opened[tag] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[tag]:
            opened[tag] -= 1
            depth -= 1
    return deepest


class _Text(HTMLParser):
    _SKIPPED = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SKIPPED:
            self._skipping += 1
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SKIPPED and self._skipping:
            self._skipping -= 1
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(data)


def words_of_html(source: str) -> str:
    """As `plain_text`, at a fraction of its cost; markup that browsers repair is read as they do."""
    if "<" not in source:
        return squeeze(html.unescape(source) if "&" in source else source)
    if len(source) > MOST_CHARACTERS or _depth(source) > MOST_DEPTH:
        return plain_text(source)
    # Words on both sides of a tag stay apart.
    return squeeze(html.unescape(_NO_TAGS.clean(source.replace("<", " <"))))


def plain_text(source: str) -> str:
    """The words of an HTML text on one line."""
    if "<" not in source and "&" not in source:
        return squeeze(source)
    # What never closes costs the parser the square of its length: comments go first, an unclosed tag is text.
    tagged, bracket, rest = _UNREAD.sub(" ", source).rpartition(">")
    reader = _Text()
    reader.feed(tagged + bracket)
    reader.close()
    reader.handle_data(html.unescape(rest))
    return squeeze("".join(reader.parts))
