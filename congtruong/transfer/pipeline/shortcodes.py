"""Shortcodes of WordPress: known ones become HTML, those of page builders leave only what they enclose."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_ATTRIBUTE = re.compile(r"([a-zA-Z_][\w-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s'\"\]]+))")
_CAPTION = re.compile(r"\[(?:wp_)?caption\b([^\]]*)\](.*?)\[/(?:wp_)?caption\]", re.DOTALL)
_CAPTION_PICTURE = re.compile(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", re.IGNORECASE)
_GALLERY = re.compile(r"\[gallery\b([^\]]*)\]")
_EMBED = re.compile(r"\[embed\b[^\]]*\]\s*(.*?)\s*\[/embed\]", re.DOTALL)
_MEDIA = re.compile(
    r"\[(?:video|audio|playlist|pdf-embedder|pdfviewer|embeddoc|gview|file)\b([^\]]*)\](?:.*?\[/(?:video|audio)\])?",
    re.DOTALL,
)
_MEDIA_SOURCES = ("mp4", "mp3", "m4v", "webm", "ogg", "m4a", "wav", "src", "url", "file")
# With attributes, or closing: text in brackets such as [1] or [Thông báo] is no shortcode.
_OTHER = re.compile(r"(?<!\[)\[/?([a-z][a-z0-9_-]{1,40})(?:\s+[\w-]+\s*=[^\]]*)?/?\](?!\])")
_ESCAPED = re.compile(r"\[(\[[^\[\]]*\])\]")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of the media library of WordPress."""

    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Expanded:
    html: str
    unknown: tuple[str, ...] = ()


def expand_shortcodes(source: str, *, attached: Mapping[str, Attached], own: list[str]) -> Expanded:
    """HTML without shortcodes. `own` are the ids of the files that hang on this post, for a gallery that names none."""
    source = _CAPTION.sub(_figure, source)
    source = _GALLERY.sub(lambda match: _gallery(match, attached, own), source)
    source = _EMBED.sub(lambda match: f"\n\n{match[1]}\n\n", source)
    source = _MEDIA.sub(_linked, source)
    unknown: dict[str, None] = {}
    source = _OTHER.sub(_dropped(source, unknown), source)
    return Expanded(_ESCAPED.sub(r"\1", source), tuple(unknown))


def _attributes(written: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(written)
    }


def _figure(match: re.Match[str]) -> str:
    inner = match[2]
    picture = _CAPTION_PICTURE.search(inner)
    if picture is None:
        return inner
    words = (inner[: picture.start()] + inner[picture.end() :]).strip() or html.escape(
        _attributes(match[1]).get("caption", "")
    )
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure>{picture.group()}{caption}</figure>\n\n"


def _gallery(match: re.Match[str], attached: Mapping[str, Attached], own: list[str]) -> str:
    chosen = _attributes(match[1])
    ids = [one.strip() for one in (chosen.get("ids") or chosen.get("include") or "").split(",") if one.strip()] or own
    return "\n\n" + "\n".join(picture_of(attached[one]) for one in ids if one in attached) + "\n\n"


def picture_of(one: Attached) -> str:
    caption = f"<figcaption>{html.escape(one.caption)}</figcaption>" if one.caption else ""
    return f'<figure><img src="{html.escape(one.url)}" alt="{html.escape(one.alt)}">{caption}</figure>'


def _linked(match: re.Match[str]) -> str:
    chosen = _attributes(match[1])
    address = next((chosen[name] for name in _MEDIA_SOURCES if chosen.get(name)), "")
    if not address:
        return ""
    name = address.rsplit("/", 1)[-1] or address
    return f'\n\n<p><a href="{html.escape(address)}">{html.escape(name)}</a></p>\n\n'


def _dropped(source: str, unknown: dict[str, None]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if "=" not in match.group() and f"[/{name}]" not in source:
            return match.group()
        unknown[name] = None
        return ""

    return replace
