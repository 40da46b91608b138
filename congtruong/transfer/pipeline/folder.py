"""A folder or ZIP of saved web pages, as mirroring programs and old site builders leave them."""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from congtruong.core.text import nfc, shorten, squeeze
from congtruong.transfer.pipeline.markup import is_file, is_picture, plain_body
from congtruong.transfer.pipeline.model import OldPost, Tally
from congtruong.transfer.pipeline.page import MOST_BYTES, Page, read_page, title_of

_MOST_TITLE = 500
_PAGE_NAME = re.compile(r"\.(?:x?html?|aspx?|php|jsp|shtml)(?:$|[?@])", re.IGNORECASE)
_ADDED_ENDING = re.compile(r"(?<=.)\.html?$", re.IGNORECASE)
_DIRECTORY_PAGE = re.compile(r"^(?:index|default|home|trang-?chu)\.\w+$", re.IGNORECASE)
_LEAST_SHARED = 3

Read = Callable[[str], bytes]


def is_page_name(name: str) -> bool:
    return _PAGE_NAME.search(name.rsplit("/", 1)[-1]) is not None


def read_folder(names: Iterable[str], read: Read, *, now: datetime, tally: Tally) -> Iterator[OldPost]:
    """Articles among the pages, in the order of their paths; lists and forms are counted and left out."""
    pages = sorted(name for name in names if is_page_name(name))
    top = _top_folder(pages)
    shared = _shared_title(title_of(read(name)[:MOST_BYTES]) for name in pages)
    for name in pages:
        found = read_page(read(name), now=now, shared_title=shared)
        if found is None:
            tally.add("no_article")
            continue
        yield _post(name, found, top)


def _post(name: str, page: Page, top: str) -> OldPost:
    plain = plain_body(page.body, title=page.title, resolve=lambda written: _resolved(written, name, top))
    return OldPost(
        key=f"page:{name.removeprefix(top)}",
        title=shorten(page.title, _MOST_TITLE),
        body=plain.body,
        published_at=page.published_at,
        author=page.author,
        categories=(page.section,) if page.section else _section(name, top),
        old_urls=tuple(dict.fromkeys(_addresses(name, page, top))),
        images=plain.images,
        attachments=plain.attachments,
        notes=() if page.published_at else ("no_date",),
    )


def _top_folder(names: list[str]) -> str:
    """The one folder that holds everything, with its slash; archives of a mirrored site begin with its host name."""
    tops = {name.split("/", 1)[0] for name in names if "/" in name}
    if len(tops) != 1 or any("/" not in name for name in names):
        return ""
    return f"{tops.pop()}/"


def _shared_title(titles: Iterable[str]) -> str:
    """What most titles end in after a separator: the name of the site."""
    endings: Counter[str] = Counter()
    total = 0
    for title in titles:
        total += 1
        for separator in (" - ", " – ", " | ", " » "):
            head, found, ending = title.rpartition(separator)
            if found and head:
                endings[ending] += 1
                break
    ending, count = next(iter(endings.most_common(1)), ("", 0))
    return ending if count >= _LEAST_SHARED and 2 * count > total else ""


def _addresses(name: str, page: Page, top: str) -> Iterator[str]:
    """Every address under which visitors may know the page."""
    if page.address.startswith(("http://", "https://", "/")):
        yield page.address
    for written in (name.removeprefix(top), name) if top else (name,):
        # Mirrors keep `?id=5` in the file's name, as it is or as `@id=5`, and add `.html`.
        path = re.sub(r"(?<=\.)(php|aspx?|jsp)@", r"\1?", written, flags=re.IGNORECASE)
        forms = [path]
        if _PAGE_NAME.search(_ADDED_ENDING.sub("", path)) or "?" in path:
            forms.insert(0, _ADDED_ENDING.sub("", path))
        for form in forms:
            head, mark, query = form.partition("?")
            yield "/" + quote(head) + (f"?{query}" if mark else "")
        folder, _, last = path.rpartition("/")
        if folder and _DIRECTORY_PAGE.fullmatch(last):
            yield f"/{quote(folder)}/"


def _section(name: str, top: str) -> tuple[str, ...]:
    """The folder of a page says what kind of page it is, unless its name is a number."""
    folder = posixpath.dirname(name.removeprefix(top)).rsplit("/", 1)[-1]
    words = squeeze(nfc(unquote(folder)).replace("-", " ").replace("_", " "))
    return (words,) if words and not words.replace(" ", "").isdigit() else ()


def _resolved(written: str, name: str, top: str) -> str:
    """Pictures and files as paths from the root of the folder; other links as paths of the former site."""
    try:
        parts = urlsplit(written.strip().replace("\\", "/"))
    except ValueError:
        return ""
    if parts.scheme in {"http", "https"} or parts.netloc:
        return written.strip()
    if parts.scheme or not (parts.path or parts.query):
        return ""
    path = nfc(unquote(parts.path))
    folder = top if path.startswith("/") else posixpath.dirname(name)
    joined = posixpath.normpath(posixpath.join("/", folder, path.lstrip("/")))
    if not (is_file(joined) or is_picture(joined)):
        joined = "/" + joined.lstrip("/").removeprefix(top)
    return quote(joined) + (f"?{parts.query}" if parts.query else "")
