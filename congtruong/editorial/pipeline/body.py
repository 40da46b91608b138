"""The text of an article on its way between editor, storage and public page; pure.

Stored texts name files of the portal as `/tep/<key>/<name>`; the editor shows them through the console, where a file
answers before it is public.
"""

import html as markup
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from congtruong.core.sanitize import plain_text, video_id
from congtruong.core.text import shorten
from congtruong.editorial.pipeline.paste import from_office
from congtruong.media.pipeline.markup import picture_html

WATCH_VIDEO = "Xem video trên YouTube"
VIDEO_NOTE = "Khi phát video, YouTube nhận được thông tin về lượt xem này."
# Where the console serves files, below the address at which it is mounted.
CONSOLE_FILES = "/quan-tri/tep/"
_MOUNT = r"(?:/tai/[A-Za-z0-9.-]{1,253})?"
_CONSOLE_FILE = re.compile(
    r"""\b(src|href)(\s*=\s*["'])(?:https?://[A-Za-z0-9.:-]{1,262})?"""
    rf"""{_MOUNT}{CONSOLE_FILES}([A-Za-z0-9_-]{{1,64}})/([^/"'?#<>\s]{{1,200}})(?:[?#][^"'<>\s]*)?(?=["'])"""
)
_STORED_IMAGE = re.compile(r'(<img src=")/tep/')
_FRAME = re.compile(r"<iframe\b([^<>]*)>(?:\s*</iframe\s*>)?", re.IGNORECASE)
_FRAME_SOURCE = re.compile(r"""\bsrc\s*=\s*["']([^"'<>\s]{1,500})["']""", re.IGNORECASE)
# Google Docs underlines its links, as every portal does by itself.
_UNDERLINED_LINK = re.compile(r"(<a [^<>]*>)<u>([^<]*)</u></a>")
_MARKUP = re.compile(r"<[a-zA-Z/!]")
_BLANK_LINE = re.compile(r"\n\s*\n")

_FILE = re.compile(r'\b(?:src|href)="/tep/([A-Za-z0-9_-]{1,64})/[^"/]+"')
_IMAGE = re.compile(r'<img src="/tep/([A-Za-z0-9_-]{1,64})/[^"/]+" alt="([^"]*)">')
_ANY_IMAGE = re.compile(r"<img\b[^>]*>")
_FIGURE = re.compile(r'<figure class="image">((?:(?!</?figure\b).)*)</figure>', re.DOTALL)
_VIDEO_FIGURE = re.compile(
    r'<figure class="media">\s*<oembed url="([^"]*)"></oembed>((?:(?!</?figure\b).)*)</figure>', re.DOTALL
)
_VIDEO = re.compile(r'<oembed url="([^"]*)"></oembed>')
_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_BODY = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)
_UNSCOPED = re.compile(r"<th\b(?![^>]* scope=)")

_EMPTY_HEADING = re.compile(r"<h([1-6])>(?:\s|&nbsp;|\u00a0|</?(?:strong|b|em|i|u|s|sub|sup|br|a|code)\b[^>]*>)*</h\1>")
_HEADING = re.compile(r"<h([1-6])>.*?</h\1>", re.DOTALL)
_NO_PROSE = re.compile(r"<(table|figure)\b.*?</\1>", re.DOTALL)
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?…]+[\"”’»)\]]*(?=\s)")
# A full stop behind these is part of a name or a rank, not the end of a sentence.
_SHORT_FORMS = frozenset(
    {
        *("tp", "tx", "tt", "st", "ths", "th.s", "ts", "t.s", "pgs", "pgs.ts", "gs", "gs.ts", "bs", "ks", "cn", "gv"),
        *("hs", "tr", "nxb", "vd", "v.v", "mr", "mrs", "ms", "dr"),
    }
)
_MOST_OPENING = 200


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a page needs to know of an image."""

    width: int
    height: int
    renditions: Sequence[Mapping[str, Any]] = field(default_factory=list)


def from_editor(source: str) -> str:
    """What the editor sent, as it is stored once it is sanitised.

    Text typed without the editor becomes paragraphs, junk of office programs becomes plain markup, embedded videos
    become what the editor itself writes.
    """
    if not _MARKUP.search(source):
        return _paragraphs(source)
    tidied = _UNDERLINED_LINK.sub(r"\1\2</a>", _FRAME.sub(_video_of_frame, from_office(source)))
    return _CONSOLE_FILE.sub(r"\1\2/tep/\3/\4", tidied)


def for_editor(html: str, prefix: str) -> str:
    """A stored text for the console mounted at `prefix`."""
    address = markup.escape(prefix) + CONSOLE_FILES
    return _STORED_IMAGE.sub(lambda image: image[1] + address, html)


def keys_in(html: str) -> list[str]:
    """Keys of the files a stored text shows or links to, each once, in order."""
    return list(dict.fromkeys(_FILE.findall(html)))


def without_empty_headings(html: str) -> str:
    """Headings without words are left behind by the editor and would be read out as such."""
    return _EMPTY_HEADING.sub("", html)


def opening(html: str) -> str:
    """The first sentence or two of the first paragraph, for lists and descriptions; headings are no sentences."""
    prose = _HEADING.sub(" ", _NO_PROSE.sub(" ", html))
    paragraphs = (plain_text(found[1]) for found in _PARAGRAPH.finditer(prose))
    text = next((words for words in paragraphs if words), "") or plain_text(prose) or plain_text(html)
    fitting = [end for end in _sentence_ends(text)[:2] if end <= _MOST_OPENING]
    return text[: fitting[-1]] if fitting else shorten(text, _MOST_OPENING)


def _sentence_ends(text: str) -> list[int]:
    ends = []
    start = 0
    for found in _SENTENCE_END.finditer(text):
        words = text[start : found.start()].split()
        if words and not _goes_on(words, found[0], text[found.end() :].lstrip()[:1]):
            ends.append(found.end())
            start = found.end()
    if start < len(text):
        ends.append(len(text))
    return ends


def _goes_on(words: list[str], mark: str, following: str) -> bool:
    """Is the mark inside its sentence: behind a short form, an initial, a list's number, or before a small letter?"""
    last = words[-1].lstrip('(“"').lower()
    is_short = mark == "." and (last in _SHORT_FORMS or len(last) == 1 or (len(words) == 1 and last.isdecimal()))
    return is_short or following.islower()


def missing_alts(html: str) -> int:
    """How many images say nothing to who cannot see them."""
    found = (_IMAGE.fullmatch(image) for image in _ANY_IMAGE.findall(html))
    return sum(1 for image in found if image is None or not image[2].strip())


def word_count(html: str) -> int:
    return len(plain_text(html).split())


def for_public(html: str, images: Mapping[str, ImageFacts]) -> str:
    """The stored text as visitors get it; an image that is not among `images` is left out with its caption."""
    html = _FIGURE.sub(lambda figure: figure[0] if _shown(figure[1], images) else "", html)
    html = _IMAGE.sub(lambda image: _picture(image[1], image[2], images), html)
    html = _VIDEO.sub(_inline_video, _VIDEO_FIGURE.sub(_video, html))
    html = _HEAD.sub(lambda head: _UNSCOPED.sub('<th scope="col"', head[0]), html)
    return _BODY.sub(lambda body: _UNSCOPED.sub('<th scope="row"', body[0]), html)


def _paragraphs(text: str) -> str:
    blocks = (block.strip() for block in _BLANK_LINE.split(text.replace("\r\n", "\n")))
    return "".join(
        f"<p>{markup.escape(markup.unescape(b), quote=False)}</p>".replace("\n", "<br>") for b in blocks if b
    )


def _video_of_frame(frame: re.Match[str]) -> str:
    source = _FRAME_SOURCE.search(frame[1])
    video = video_id(markup.unescape(source[1])) if source else None
    return f'<figure><oembed url="https://youtu.be/{video}"></oembed></figure>' if video else ""


def _shown(figure: str, images: Mapping[str, ImageFacts]) -> bool:
    return any(_picture(key, alt, images) for key, alt in _IMAGE.findall(figure))


def _picture(key: str, alt: str, images: Mapping[str, ImageFacts]) -> str:
    """`alt` is escaped already."""
    facts = images.get(key)
    if facts is None:
        return ""
    return picture_html(key=key, alt=alt, width=facts.width, height=facts.height, renditions=facts.renditions)


def _video(figure: re.Match[str]) -> str:
    """A link that needs no script; `video.js` puts a button beside it that plays the video in its place."""
    video = video_id(markup.unescape(figure[1]))
    if video is None:
        return ""
    title = markup.escape(plain_text(figure[2]), quote=False)
    label = f"{WATCH_VIDEO}: {title}" if title else WATCH_VIDEO
    link = _link(figure[1], label)
    return f'<div class="video" data-video="{video}">{link}<p class="video-note">{VIDEO_NOTE}</p></div>'


def _inline_video(video: re.Match[str]) -> str:
    return _link(video[1], WATCH_VIDEO)


def _link(address: str, label: str) -> str:
    return f'<a href="{address}" rel="noopener">{label}</a>'
