"""HTML of a former site made plain: blocks in a row, pictures in figures, every reference resolved.

What a text may hold in the end is not decided here but by the sanitiser, after this.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring, tostring

from congtruong.core.text import fold, squeeze
from congtruong.transfer.pipeline.blocks import in_blocks

MOST_CHARACTERS = 2_000_000
_PICTURES = {"jpg", "jpeg", "png", "webp", "gif", "bmp"}
FILE_ENDINGS = {"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip"}
_DROPPED = (
    *("script", "style", "noscript", "template", "button", "input", "select", "textarea", "object", "svg"),
    *("link", "meta", "title"),
)
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-orig-file", "data-large-file")
# What cameras and phones call their pictures says nothing to who cannot see them.
_CAMERA_NAME = re.compile(
    r"(?:img|dsc|dscn|dscf|image|photo|pic|screenshot|untitled|z\d+|anh|hinh)?[\d\s_x().-]*(?:\.\w{3,4})?"
)
_YOUTUBE = re.compile(r"(?:www\.|m\.)?(?:youtube\.com|youtube-nocookie\.com|youtu\.be)")
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_BARE_ADDRESS = re.compile(r"https?://\S+")

Resolve = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Plain:
    """A body with its references, each once, in the order they stand."""

    body: str
    images: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a picture stands in the library, and what it shows."""

    src: str
    alt: str = ""


def plain_body(source: str, *, resolve: Resolve, title: str = "") -> Plain:
    """Blocks in a row. `resolve` turns a written reference into the one that is kept, or an empty text.

    A heading that repeats the `title` is left out.
    """
    root = _parsed(source)
    if root is None:
        return Plain("")
    etree.strip_elements(root, *_DROPPED, etree.Comment, with_tail=False)
    _embed_videos(root)
    images = _settle_images(root, resolve)
    attachments = _settle_links(root, resolve)
    plain = in_blocks(root)
    _embed_addresses(plain)
    if len(plain) and plain[0].tag in {"h1", "h2", "h3"} and fold(squeeze(plain[0].text_content())) == fold(title):
        plain.remove(plain[0])
    return Plain(_inner(plain), tuple(images), tuple(attachments))


def place_references(
    body: str, *, images: Mapping[str, Placed], links: Mapping[str, str], home: Callable[[str], str]
) -> str:
    """The body with pictures from the library, files linked there, and links to the former site made paths.

    Pictures that are not in `images` are left out with their captions. `home` gives the path of a link to the former
    site, and an empty text for all others.
    """
    root = _parsed(body)
    if root is None:
        return ""
    for image in list(root.iter("img")):
        placed = images.get(image.get("src") or "")
        if placed is None:
            figure = image.getparent() if image.getparent().tag == "figure" else image
            figure.drop_tree()
            continue
        image.set("src", placed.src)
        image.set("alt", placed.alt)
    for link in root.iter("a"):
        address = link.get("href") or ""
        target = links.get(address) or (images[address].src if address in images else "") or home(address)
        if target:
            link.set("href", target)
    return _inner(root)


def written_alt(image: HtmlElement) -> str:
    """The description somebody wrote; nothing when it is only a file name."""
    alt = squeeze(image.get("alt") or "")
    name = (image.get("src") or "").rsplit("/", 1)[-1]
    stem = fold(name.rsplit(".", 1)[0])
    is_name = fold(alt) in {stem, fold(name)} or _CAMERA_NAME.fullmatch(fold(alt)) is not None
    return "" if is_name else alt


def written_alts(body: str) -> dict[str, str]:
    """The description of each picture of a plain body, by its reference; else the words below it."""
    root = _parsed(body)
    found: dict[str, str] = {}
    for image in root.iter("img") if root is not None else ():
        caption = next((squeeze(one.text_content()) for one in image.itersiblings("figcaption")), "")
        alt = squeeze(image.get("alt") or "") or caption
        found[image.get("src") or ""] = found.get(image.get("src") or "") or alt
    return found


def is_file(address: str) -> bool:
    return _ending(address) in FILE_ENDINGS


def is_picture(address: str) -> bool:
    return _ending(address) in _PICTURES


def _ending(address: str) -> str:
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    last = path.rsplit("/", 1)[-1]
    return last.rsplit(".", 1)[-1].lower() if "." in last else ""


def _parsed(source: str) -> HtmlElement | None:
    # Control characters end the parser, and a text of this size is no article.
    source = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", source[:MOST_CHARACTERS])
    try:
        return fragment_fromstring(source, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _inner(root: HtmlElement) -> str:
    text = tostring(root, encoding="unicode", with_tail=False)
    return text[text.index(">") + 1 : text.rindex("</")].strip() if "</" in text else ""


def _embed_videos(root: HtmlElement) -> None:
    for frame in list(root.iter("iframe", "embed", "video", "audio")):
        source = frame.find("source")
        address = frame.get("src") or (source.get("src") if source is not None else "") or frame.get("data-src") or ""
        if address.startswith("//"):
            address = f"https:{address}"
        made = _video(address)
        if made is None:
            made = _link(address)
        if made is None:
            frame.drop_tree()
        else:
            made.tail = frame.tail
            frame.getparent().replace(frame, made)


def _embed_addresses(root: HtmlElement) -> None:
    """A paragraph that is only the address of a video stands for the video."""
    for block in root.findall("p"):
        words = squeeze(block.text_content())
        video = _video(words) if _BARE_ADDRESS.fullmatch(words) else None
        if video is not None:
            root.replace(block, video)


def _video(address: str) -> HtmlElement | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _YOUTUBE.fullmatch((parts.hostname or "").lower()):
        return None
    candidates = [*parse_qs(parts.query).get("v", []), parts.path.rstrip("/").rsplit("/", 1)[-1]]
    video_id = next((one for one in candidates if _VIDEO_ID.fullmatch(one)), "")
    if not video_id:
        return None
    made: HtmlElement = fragment_fromstring('<figure class="media"><oembed></oembed></figure>')
    made[0].set("url", f"https://www.youtube.com/watch?v={video_id}")
    return made


def _link(address: str) -> HtmlElement | None:
    if not address.lower().startswith(("http://", "https://", "/")):
        return None
    made: HtmlElement = fragment_fromstring("<p><a></a></p>")
    made[0].set("href", address)
    made[0].text = address
    return made


def _settle_images(root: HtmlElement, resolve: Resolve) -> list[str]:
    found: dict[str, None] = {}
    for image in list(root.iter("img")):
        source = next((image.get(name) for name in _LAZY if image.get(name)), None) or image.get("src") or ""
        reference = "" if source.startswith("data:") or _is_pixel(image) else resolve(source)
        if not reference:
            image.drop_tree()
            continue
        alt = written_alt(image)
        for name in list(image.attrib):
            del image.attrib[name]
        image.set("src", reference)
        image.set("alt", alt)
        found[reference] = None
    return list(found)


def _is_pixel(image: HtmlElement) -> bool:
    return any((image.get(name) or "").strip() in {"0", "1", "0px", "1px"} for name in ("width", "height"))


def _settle_links(root: HtmlElement, resolve: Resolve) -> list[str]:
    found: dict[str, None] = {}
    for link in list(root.iter("a")):
        address = (link.get("href") or "").strip()
        if address.lower().startswith(("mailto:", "tel:")):
            continue
        reference = resolve(address) if address and not address.startswith("#") else ""
        if not reference:
            link.drop_tag()
            continue
        link.set("href", reference)
        if is_file(reference):
            found[reference] = None
    return list(found)
