"""Paragraphs of classic WordPress posts: there a blank line is a paragraph, one line break a `<br>`."""

import re

_BLOCKS = (
    "address|article|aside|blockquote|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|iframe"
    "|li|main|nav|ol|p|pre|script|section|style|table|tbody|td|tfoot|th|thead|tr|ul|video|audio"
)
# Inside these a blank line means nothing.
_CLOSED = re.compile(
    r"<(pre|script|style|table|ul|ol|dl|figure|p|h[1-6])\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS})\b[^>]*>", re.IGNORECASE)
_BLANK = re.compile(r"\n\s*\n")
_PLACE = re.compile(r"\x02(\d+)\x02")


def with_paragraphs(source: str) -> str:
    """The source with `<p>` and `<br>` where its author saw them."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\x02", "")
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\n\n\x02{len(kept) - 1}\x02\n\n"

    source = _BLOCK_TAG.sub(keep, _CLOSED.sub(keep, source))
    chunks = filter(None, map(str.strip, _BLANK.split(source)))
    restored = "\n".join(chunk if _PLACE.fullmatch(chunk) else f"<p>{_broken(chunk)}</p>" for chunk in chunks)
    # What was kept may hold what was kept before it.
    while _PLACE.search(restored):
        restored = _PLACE.sub(lambda match: kept[int(match[1])], restored)
    return restored


def _broken(chunk: str) -> str:
    return "<br>\n".join(line.strip() for line in chunk.split("\n"))
