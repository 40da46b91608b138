"""Pictures of sources: which an item names, when one is asked for again, how they stand in our pages; pure."""

import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from congtruong.core.text import squeeze
from congtruong.media.pipeline.markup import picture_html

MOST_BYTES = 8 * 2**20
MOST_PER_ITEM = 30
MOST_TRIES = 5
# Below this a picture is an ornament or counts readers.
LEAST_SIDE = 32
# A card or the top of the home page needs this much.
LEAST_CARD_WIDTH = 320
_MOST_ADDRESS = 1_000
_MOST_ALT = 300
_WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12))

_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_VALUE = {name: re.compile(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE) for name in ("src", "alt")}
_FIGURE = re.compile(r"<figure\b[^>]*>((?:(?!</?figure\b).)*)</figure>", re.DOTALL | re.IGNORECASE)
_CONTENT = re.compile(r"<(?:img|table|p|ul|ol|blockquote|pre)\b", re.IGNORECASE)
_ALONE = re.compile(r"<p>\s*(?:<a [^>]*>\s*)?(<picture>(?:(?!</picture>).)*</picture>)\s*(?:</a>\s*)?</p>", re.DOTALL)
_EMPTY_LINK = re.compile(r"<a\b[^>]*>\s*</a>")
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|\u00a0|<br>)*</p>")

TOO_LARGE = "Ảnh lớn hơn 8 MB."
TOO_SMALL = "Ảnh quá nhỏ, chỉ là biểu tượng hoặc ảnh đếm lượt xem."
NOT_PICTURE = "Địa chỉ này không trả về ảnh."
NO_ANSWER = "Máy chủ nguồn không gửi ảnh sau {tries} lần thử."
NOT_ALLOWED = "Địa chỉ ảnh không phải là địa chỉ công khai."
STATUS = "Máy chủ nguồn trả lời {status} sau {tries} lần thử."


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture of a source that is our own file now."""

    asset: int
    key: str
    width: int
    height: int
    renditions: Sequence[Mapping[str, Any]]


def digest_of(address: str) -> str:
    """What tells addresses of pictures apart within a source."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def addresses_in(content: str, image_url: str = "") -> list[str]:
    """Pictures an item names, each once, the one that stands for it first; at most `MOST_PER_ITEM`."""
    found = [image_url, *(_value("src", tag) for tag in _IMAGE.findall(content))]
    return [one for one in dict.fromkeys(found) if _is_address(one)][:MOST_PER_ITEM]


def with_own(content: str, kept: Mapping[str, Kept]) -> str:
    """The text with our files in place of the source's; a picture we do not have is left out with its caption."""
    if "<img" not in content:
        return content
    content = _FIGURE.sub(lambda figure: figure[0] if _shows(figure[1], kept) else "", content)
    content = _IMAGE.sub(lambda tag: _own(tag[0], kept), content)
    content = _ALONE.sub(r'<figure class="image">\1</figure>', _EMPTY_LINK.sub("", content))
    return _EMPTY_PARAGRAPH.sub("", content)


def alts_in(content: str) -> dict[str, str]:
    """What the source says about each of its pictures."""
    return {_value("src", tag): squeeze(_value("alt", tag))[:_MOST_ALT] for tag in _IMAGE.findall(content)}


def card_image(addresses: Sequence[str], kept: Mapping[str, Kept], alts: Mapping[str, str]) -> dict[str, Any] | None:
    """The picture that stands for an item in lists, as public pages know an image."""
    for address in addresses:
        one = kept.get(address)
        if one is not None and one.width >= LEAST_CARD_WIDTH:
            return {
                "key": one.key,
                "alt": alts.get(address, ""),
                "caption": "",
                "width": one.width,
                "height": one.height,
                "renditions": list(one.renditions),
            }
    return None


def next_try(*, now: datetime, tries: int) -> datetime:
    """When a picture that did not come is asked for again, after so many tries."""
    return now + _WAITS[min(max(tries, 1), len(_WAITS)) - 1]


def file_name(address: str) -> str:
    """A name for the file, from the last part of its address."""
    try:
        name = unquote(urlsplit(address).path).rsplit("/", 1)[-1]
    except ValueError:
        name = ""
    return name[-100:] or "anh"


def _is_address(address: str) -> bool:
    return address.startswith(("http://", "https://")) and len(address) <= _MOST_ADDRESS


def _value(name: str, tag: str) -> str:
    found = _VALUE[name].search(tag)
    return html.unescape(next(filter(None, found.groups()), "")) if found else ""


def _shows(figure: str, kept: Mapping[str, Kept]) -> bool:
    tags = _IMAGE.findall(figure)
    return any(_value("src", tag) in kept for tag in tags) or bool(_CONTENT.search(_IMAGE.sub("", figure)))


def _own(tag: str, kept: Mapping[str, Kept]) -> str:
    one = kept.get(_value("src", tag))
    if one is None:
        return ""
    alt = html.escape(squeeze(_value("alt", tag))[:_MOST_ALT])
    return picture_html(key=one.key, alt=alt, width=one.width, height=one.height, renditions=one.renditions)
