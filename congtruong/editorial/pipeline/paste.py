"""What Word, Excel and Google Docs put on the clipboard, as plain markup; pure.

The editor does the same in the browser. This is for texts that come without it: a browser without scripts, and content
moved from an old site into which such text was pasted for years.
"""

import re
from itertools import takewhile

from lxml import etree, html

from congtruong.core.sanitize import MOST_CHARACTERS
from congtruong.core.text import nfc

_OFFICE = re.compile(r"mso-|\bclass=[\"']?Mso|urn:schemas-microsoft-com|docs-internal-guid|<o:p\b", re.IGNORECASE)
_MOST = 10 * MOST_CHARACTERS
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# `<![if !supportLists]>` shows its content to browsers; only the mark itself goes.
_CONDITION = re.compile(r"<!\[[^<>]{0,200}>")
_BLACK_BOX = re.compile(r"<(xml|style|title|script)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
# With the separators that XML does not take.
_SPACE = re.compile(r"[ \t\r\n\x1c-\x1f]+")
_LIST = re.compile(r"mso-list:\s*l(\d+)\s+level(\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(\d+|[a-zđ]|[ivx]+)[.)]", re.IGNORECASE)
_BOLD = re.compile(r"(?<![-\w])font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_NOT_BOLD = re.compile(r"(?<![-\w])font-weight:\s*(?:normal|[1-5]00)", re.IGNORECASE)
_ITALIC = re.compile(r"(?<![-\w])font-style:\s*italic", re.IGNORECASE)
_UNDERLINE = re.compile(r"(?<![-\w])text-decoration(?:-line)?:[^;]*underline", re.IGNORECASE)
_EMPHASIS = (("strong", _BOLD), ("em", _ITALIC), ("u", _UNDERLINE))
_DEEPEST = 9
# The rest outweighs the text, and what is too long is not kept as it is.
_KEPT = {"href", "src", "alt", "url", "title", "colspan", "rowspan", "scope", "start"}
_BLOCKS = (
    *("body", "p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "caption", "colgroup", "col"),
    *("thead", "tbody", "tfoot", "tr", "th", "td"),
)


def from_office(source: str) -> str:
    """The text with its lists, emphasis and tables as markup; unchanged when no office program wrote it."""
    if len(source) > _MOST or not _OFFICE.search(source):
        return source
    bare = _SPACE.sub(" ", _BLACK_BOX.sub("", _CONDITION.sub("", _COMMENT.sub("", nfc(source)))))
    try:
        return _cleaned(bare)
    except (etree.ParserError, ValueError):
        # Text that no XML may hold, written as references: the sanitiser takes it as it is.
        return source


def _cleaned(bare: str) -> str:
    body = html.document_fromstring(f"<div>{bare}</div>").find("body")
    if body is None:
        return ""
    _drop_empty_office_tags(body)
    _make_lists(body)
    _make_emphasis(body)
    _tidy_lists(body)
    _unwrap_only_paragraphs(body)
    return _inside(body)


def _inside(body: html.HtmlElement) -> str:
    for element in [*body.iter("span", "div", "font")]:
        element.drop_tag()
    for element in body.iter(etree.Element):
        for name in set(element.keys()) - _KEPT:
            del element.attrib[name]
    _drop_white_space(body)
    text: str = html.tostring(body, encoding="unicode")
    return text.removeprefix("<body>").removesuffix("</body>").strip()


def _drop_white_space(body: html.HtmlElement) -> None:
    """Between blocks, and at both ends of each."""
    for line_break in body.findall("br"):
        line_break.drop_tree()
    for block in body.iter(*_BLOCKS):
        block.text = (block.text or "").lstrip(" ")
        if len(block) and block[-1].tail:
            block[-1].tail = block[-1].tail.rstrip(" ")
        elif not len(block):
            block.text = block.text.rstrip(" ")
        if block.tail and not block.tail.strip(" "):
            block.tail = None


def _drop_empty_office_tags(body: html.HtmlElement) -> None:
    for element in [*body.iter(etree.Element)]:
        if isinstance(element.tag, str) and ":" in element.tag:
            if _is_blank(element.text_content()):
                element.drop_tree()
            else:
                element.drop_tag()
        elif element.tag == "br" and "Apple-interchange-newline" in element.get("class", ""):
            element.drop_tree()


def _is_blank(text: str) -> bool:
    return not text.replace("\u00a0", " ").strip()


def _make_lists(body: html.HtmlElement) -> None:
    """Word writes a list as paragraphs that say their list and level, each beginning with its mark."""
    for first in [*body.iter("p")]:
        if first.getparent() is None or not _list_of(first):
            continue
        run = [first, *takewhile(_list_of, first.itersiblings())]
        items = [(_level(item), _taken_mark(item), item) for item in run]
        first.addprevious(_nested(items))
        for item in run:
            item.drop_tree() if item.tail and item.tail.strip() else item.getparent().remove(item)


def _list_of(element: html.HtmlElement) -> bool:
    return element.tag == "p" and _LIST.search(element.get("style", "")) is not None


def _level(item: html.HtmlElement) -> int:
    found = _LIST.search(item.get("style", ""))
    return min(int(found[2]), _DEEPEST) if found else 1


def _taken_mark(item: html.HtmlElement) -> str:
    """The mark of a list paragraph, taken out of it."""
    for span in item.iter("span"):
        if "mso-list:ignore" in span.get("style", "").lower().replace(" ", ""):
            mark: str = span.text_content().replace("\u00a0", " ").strip()
            span.drop_tree()
            return mark
    return ""


def _nested(items: list[tuple[int, str, html.HtmlElement]]) -> html.HtmlElement:
    """Lists within lists. A level that is skipped counts as one."""
    outer = _list_for(items[0][1])
    open_lists = [(items[0][0], outer)]
    for level, mark, paragraph in items:
        while len(open_lists) > 1 and level <= open_lists[-2][0]:
            open_lists.pop()
        if level > open_lists[-1][0] and len(open_lists[-1][1]):
            inner = _list_for(mark)
            open_lists[-1][1][-1].append(inner)
            open_lists.append((level, inner))
        entry = etree.SubElement(open_lists[-1][1], "li")
        entry.text = (paragraph.text or "").lstrip()
        entry.extend([*paragraph])
    return outer


def _list_for(mark: str) -> html.HtmlElement:
    number = _NUMBER.fullmatch(mark)
    made = html.Element("ol" if number else "ul")
    if number and number[1].isdigit() and int(number[1]) > 1:
        made.set("start", number[1])
    return made


def _make_emphasis(body: html.HtmlElement) -> None:
    """Google Docs writes bold as a style, and wraps everything into a `b` that is not bold."""
    for element in [*body.iter("b", "strong", "span")]:
        style = element.get("style", "")
        if element.tag != "span":
            if _NOT_BOLD.search(style):
                element.drop_tag()
            continue
        if _is_blank(element.text_content()):
            continue
        wanted = [tag for tag, pattern in _EMPHASIS if pattern.search(style) and not _within(element, tag)]
        for tag in wanted:
            inner = html.Element(tag)
            inner.text, element.text = element.text, None
            inner.extend([*element])
            element.append(inner)


_SAME = {"strong": {"strong", "b", "h1", "h2", "h3", "h4", "th"}, "em": {"em", "i"}, "u": {"u", "a"}}


def _within(element: html.HtmlElement, tag: str) -> bool:
    below = element.find("a") is not None
    return (tag == "u" and below) or any(above.tag in _SAME[tag] for above in element.iterancestors())


def _tidy_lists(body: html.HtmlElement) -> None:
    """Google Docs puts an inner list beside the item it belongs to."""
    for inner in [*body.iter("ul", "ol")]:
        parent, before = inner.getparent(), inner.getprevious()
        if parent is not None and parent.tag in {"ul", "ol"} and before is not None and before.tag == "li":
            before.append(inner)


def _unwrap_only_paragraphs(body: html.HtmlElement) -> None:
    """A cell or list item that holds one paragraph needs none."""
    for holder in [*body.iter("td", "th", "li")]:
        paragraphs = [child for child in holder if child.tag == "p"]
        others = [child for child in holder if child.tag not in {"p", "ul", "ol"}]
        if len(paragraphs) == 1 and not others and _is_blank(holder.text or ""):
            paragraphs[0].drop_tag()
