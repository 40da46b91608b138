"""The text of an entry as other sites may show it: sanitised once more, every address absolute."""

import re

import nh3

from congtruong.core.sanitize import SWIPE_HINT
from congtruong.core.text import nfc

_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "strong", "b", "em", "i"),
    *("u", "s", "sub", "sup", "a", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure"),
    *("figcaption", "pre", "code", "img"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_BARE_IMAGE = re.compile(r"<img(?![^>]* src=)[^>]*>")


def portable_html(body: str, *, base: str) -> str:
    """The text of a portal's page without what only that page needs; `base` is where its addresses begin."""
    cleaned = nh3.clean(
        body.replace(SWIPE_HINT, ""),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative=("rewrite_with_base", base),
        link_rel="noopener",
    )
    return nfc(_BARE_IMAGE.sub("", cleaned)).strip()
