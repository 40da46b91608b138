"""A sanitised HTML text as its readers see it: paragraphs, headings, items, table rows, pictures, videos, in order."""

import html
import re
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser

from congtruong.core.text import squeeze

_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|<!\[", re.DOTALL)
_SKIPPED = frozenset({"script", "style", "head", "title"})


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    ROW = "row"
    CAPTION = "caption"
    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Block:
    """`text` is one line. A row has its `cells`; an image its `alt` (`text` is the caption); both have no more text."""

    kind: BlockKind
    text: str
    cells: tuple[str, ...] = ()
    alt: str = ""
    address: str = ""
    links: tuple[str, ...] = ()


_KINDS = {
    "p": BlockKind.PARAGRAPH,
    "div": BlockKind.PARAGRAPH,
    "pre": BlockKind.PARAGRAPH,
    "dt": BlockKind.PARAGRAPH,
    "dd": BlockKind.PARAGRAPH,
    "h1": BlockKind.HEADING,
    "h2": BlockKind.HEADING,
    "h3": BlockKind.HEADING,
    "h4": BlockKind.HEADING,
    "h5": BlockKind.HEADING,
    "h6": BlockKind.HEADING,
    "li": BlockKind.ITEM,
    "blockquote": BlockKind.QUOTE,
    "caption": BlockKind.CAPTION,
}
_BREAKS = frozenset({"ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "section", "article", "hr"})
_CELLS = frozenset({"td", "th"})


def blocks_of(source: str) -> list[Block]:
    """The blocks of an HTML text; broken markup becomes paragraphs, never an error."""
    # What never closes costs the parser the square of its length: comments go first, an unclosed tag is text.
    tagged, bracket, rest = _UNREAD.sub(" ", source).rpartition(">")
    reader = _Reader()
    reader.feed(tagged + bracket)
    reader.close()
    reader.handle_data(html.unescape(rest))
    reader.flush()
    return reader.blocks


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._links: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._outer: list[BlockKind] = []
        self._cells: list[str] | None = None
        self._in_cell = False
        self._in_figure = False
        self._image: tuple[str, str] | None = None
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag == "br":
            self._break()
        elif tag == "a" and values.get("href"):
            self._links.append(values["href"])
        elif tag == "tr":
            self.flush()
            self._cells = []
        elif tag in _CELLS and self._cells is not None:
            self._close_cell()
            self._in_cell = True
        elif tag == "figure":
            self.flush()
            self._in_figure = True
        elif tag == "img":
            self._picture(values)
        elif tag in {"oembed", "iframe", "video"}:
            self.flush()
            self.blocks.append(Block(BlockKind.VIDEO, "", address=values.get("url") or values.get("src", "")))
        elif tag in _KINDS:
            self._open(_KINDS[tag])
        elif tag in _BREAKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED and self._skipping:
            self._skipping -= 1
        elif tag in _CELLS and self._cells is not None:
            self._close_cell()
        elif tag in {"tr", "table"}:
            self.flush()
        elif tag == "figure":
            self.flush()
            self._in_figure = False
        elif tag in _KINDS:
            self._break()
            if self._outer:
                self._kind = self._outer.pop()
        elif tag in _BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._words.append(data)

    def flush(self) -> None:
        """Close what is open: a row, an image with its caption, or a paragraph."""
        if self._cells is not None:
            self._close_cell()
            cells, self._cells = tuple(self._cells), None
            if any(cells) or self._links:
                self.blocks.append(Block(BlockKind.ROW, "", cells=cells, links=self._taken_links()))
            return
        text = squeeze("".join(self._words))
        self._words = []
        if self._image is not None:
            (address, alt), self._image = self._image, None
            self.blocks.append(Block(BlockKind.IMAGE, text, alt=alt, address=address, links=self._taken_links()))
        elif text or self._links:
            self.blocks.append(Block(self._kind, text, links=self._taken_links()))

    def _taken_links(self) -> tuple[str, ...]:
        links, self._links = tuple(self._links), []
        return links

    def _open(self, kind: BlockKind) -> None:
        self._break()
        self._outer.append(self._kind)
        # A paragraph inside an item or a quotation belongs to it.
        if kind is not BlockKind.PARAGRAPH or self._kind not in {BlockKind.ITEM, BlockKind.QUOTE}:
            self._kind = kind

    def _break(self) -> None:
        """A new line; inside a cell and beside a picture only a space."""
        if self._cells is None and self._image is None:
            self.flush()
        else:
            self._words.append(" ")

    def _close_cell(self) -> None:
        text = squeeze("".join(self._words))
        self._words = []
        if self._cells is not None and (text or self._in_cell):
            self._cells.append(text)
        self._in_cell = False

    def _picture(self, values: dict[str, str]) -> None:
        alt, address = squeeze(values.get("alt", "")), values.get("src", "")
        if self._cells is not None:
            self._words.append(f" {alt} ")
            return
        self.flush()
        if self._in_figure:
            self._image = (address, alt)
        else:
            self.blocks.append(Block(BlockKind.IMAGE, "", alt=alt, address=address))
