"""A tree of divisions, layout tables and nested spans as the blocks of an article: paragraphs, lists, figures."""

from collections.abc import Iterator

from lxml.html import HtmlElement, fromstring

from congtruong.core.text import squeeze

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_TEXTS = {"p", *_HEADINGS}
_LISTS = {"ul", "ol", "dl"}
_OPENED = {
    *("div", "section", "article", "main", "center", "header", "footer", "aside", "nav", "form", "fieldset", "address"),
    *("details", "summary", "hgroup", "body", "html", "dir", "menu", "legend", "figcaption"),
}
_TABLE_PARTS = {"tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"}
_WHOLE = {"pre", "hr"}
_BLOCKS = _TEXTS | _LISTS | _OPENED | _TABLE_PARTS | _WHOLE | {"table", "blockquote", "figure", "li", "dt", "dd"}
_CELLS = ("li", "dd", "dt", "td", "th", "caption")


def in_blocks(root: HtmlElement) -> HtmlElement:
    """A new division that holds the blocks of `root` in their order; the old tree is used up."""
    made = _new("div")
    made.extend(_blocks(root, "p"))
    return made


class _Run:
    """Words and inline elements between two blocks."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._made = _new(tag)

    def text(self, words: str | None) -> None:
        if not words:
            return
        if len(self._made):
            self._made[-1].tail = (self._made[-1].tail or "") + words
        else:
            self._made.text = (self._made.text or "") + words

    def element(self, element: HtmlElement) -> None:
        element.tail = None
        self._made.append(element)

    def ends_with_break(self) -> bool:
        return bool(len(self._made)) and self._made[-1].tag == "br" and not (self._made[-1].tail or "").strip()

    def taken(self) -> Iterator[HtmlElement]:
        """The paragraph so far, unless it says nothing; what follows starts a new one."""
        made, self._made = self._made, _new(self._tag)
        while len(made) and made[-1].tag == "br" and not (made[-1].tail or "").strip():
            made.remove(made[-1])
        while len(made) and made[0].tag == "br" and not (made.text or "").strip():
            made.text = made[0].tail
            made[0].tail = None
            made.remove(made[0])
        if squeeze(made.text_content()).strip("\u00a0 "):
            yield made


def _blocks(holder: HtmlElement, tag: str) -> Iterator[HtmlElement]:
    """The blocks inside `holder`; its loose words become elements `tag`."""
    run = _Run(tag)
    run.text(holder.text)
    for child in list(holder):
        tail, child.tail = child.tail, None
        if not isinstance(child.tag, str):
            run.text(tail)
            continue
        if child.tag == "br" and run.ends_with_break():
            yield from run.taken()
        elif child.tag != "img" and not _holds_block(child):
            run.element(child)
        else:
            yield from run.taken()
            yield from _block(child, tag)
        run.text(tail)
    yield from run.taken()


def _holds_block(element: HtmlElement) -> bool:
    return element.tag in _BLOCKS or any(one.tag in _BLOCKS or one.tag == "img" for one in element.iterdescendants())


def _block(element: HtmlElement, tag: str) -> Iterator[HtmlElement]:
    kind = element.tag
    if kind == "img":
        yield _figure([element])
    elif kind == "figure":
        yield from _figures(element, tag)
    elif kind in _TEXTS:
        yield from _blocks(element, _level(kind))
    elif kind == "table":
        yield from _table(element, tag)
    elif kind in _LISTS and _is_gallery(element):
        yield from _blocks(element, tag)
    elif kind in _LISTS or kind == "blockquote":
        _tidy_cells(element)
        if kind == "blockquote":
            _refill(element, list(_blocks(element, "p")))
        yield _bare(element)
    elif kind in _WHOLE:
        yield _bare(element)
    else:
        # A container, or an inline element around a picture or a block.
        yield from _blocks(element, tag)


def _is_gallery(holder: HtmlElement) -> bool:
    return len(holder) > 0 and all(next(item.iter("img"), None) is not None for item in holder)


def _level(kind: str) -> str:
    """A page has one h1, its title, and the portal styles headings down to the fourth level."""
    return {"h1": "h2", "h5": "h4", "h6": "h4"}.get(kind, kind)


def _figures(figure: HtmlElement, tag: str) -> Iterator[HtmlElement]:
    if figure.get("class") == "media":
        yield figure
        return
    images = list(figure.iter("img"))
    captions = list(figure.iter("figcaption"))
    is_plain = len(captions) < 2 and next(figure.iterdescendants("figure", "table"), None) is None
    is_told = squeeze(figure.text_content()) == squeeze("".join(one.text_content() for one in captions))
    if len(images) == 1 and is_plain and is_told:
        yield _figure([*images, *captions])
    else:
        yield from _blocks(figure, tag)


def _figure(parts: list[HtmlElement]) -> HtmlElement:
    made = _new("figure")
    made.set("class", "image")
    for part in parts:
        part.tail = None
        if part.tag == "figcaption":
            part.attrib.clear()
        made.append(part)
    return made


def _table(table: HtmlElement, tag: str) -> Iterator[HtmlElement]:
    """A table of one cell was a frame; others stay, with their cells tidied."""
    cells = [cell for cell in table.iter("td", "th") if _table_of(cell) is table]
    if len(cells) == 1 or any(next(cell.iter("table"), None) is not None for cell in cells):
        yield from _blocks(table, tag)
        return
    _tidy_cells(table)
    yield _bare(table)


def _table_of(cell: HtmlElement) -> HtmlElement:
    return next(cell.iterancestors("table"))


def _tidy_cells(holder: HtmlElement) -> None:
    for cell in list(holder.iter(*_CELLS)):
        if any(_holds_block(child) or child.tag == "img" for child in cell if isinstance(child.tag, str)):
            inside = list(_blocks(cell, "p"))
            if len(inside) == 1 and inside[0].tag == "p":
                _refill(cell, list(inside[0]), text=inside[0].text)
            else:
                _refill(cell, inside)


def _refill(holder: HtmlElement, children: list[HtmlElement], text: str | None = None) -> None:
    for child in list(holder):
        holder.remove(child)
    holder.text = text
    holder.extend(children)


def _bare(element: HtmlElement) -> HtmlElement:
    element.tail = None
    return element


def _new(tag: str) -> HtmlElement:
    made: HtmlElement = fromstring(f"<{tag}></{tag}>")
    return made
