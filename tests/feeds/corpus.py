"""The test corpus of feedparser, its assertions turned into checks on our neutral record.

Each file says in its header what a parser must find: `Expect: feed['title'] == 'Example'`. The expression is read as a
syntax tree, never run. What the record has no place for is not translated; see tests/data/feedparser/README.md.
"""

import ast
import codecs
import html
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from feedparser.datetimes import _parse_date

from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.record import read_record

ARCHIVE = Path(__file__).resolve().parents[1] / "data" / "feedparser" / "cases.tar.xz"
NOW = datetime(2026, 11, 24, tzinfo=UTC)

GROUPS = {
    "wellformed/rss": "RSS 0.9x/2.0",
    "wellformed/rdf": "RSS 1.0/RDF",
    "wellformed/atom10": "Atom 1.0",
    "wellformed/node_precedence": "Atom 1.0",
    "wellformed/atom": "Atom 0.3",
    "wellformed/namespace": "namespaces",
    "wellformed/lang": "languages",
    "wellformed/base": "relative URLs",
    "wellformed/http": "relative URLs",
    "wellformed/amp": "ampersands",
    "wellformed/sgml": "entities",
    "wellformed/xml": "entities",
    "entities": "entities",
    "encoding": "encodings",
    "illformed": "malformed",
}

_EXPECT = re.compile(r"Expect:\s*(.*)\s*-->")
_HEADER = re.compile(r"^Header:\s+([^:\n]+):(.+)$", re.MULTILINE)
_SKIP = re.compile(r"SkipUnless:\s*__import__\('codecs'\)\.lookup\('([^']+)'\)")
_SIGNATURES = (
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\xfe\xff", "utf-16"),
    (b"\xff\xfe", "utf-16"),
    (b"Lo\xa7\x94", "cp037"),
)
_SERVER = "http://127.0.0.1:8097/tests/"
_TEXTS = {
    **dict.fromkeys(("title",), "title"),
    **dict.fromkeys(("subtitle", "tagline", "description", "summary", "abstract"), "summary"),
}
_PLAIN = {
    **{name: name for name in ("link", "id", "author", "language", "comments", "ttl")},
    "guid": "id",
    "logo": "image",
    "icon": "image",
}
_DATES = {
    **dict.fromkeys(("published", "issued", "created"), "published"),
    **dict.fromkeys(("updated", "modified", "date"), "updated"),
}
_TAG = re.compile(r"<[^>]*>")
_ADDRESS = re.compile(r"(?:href|src)\s*=\s*\"([^\"]*)\"")

Steps = tuple[str | int, ...]


class NotTranslatable(Exception):
    """The record has no place for what is asserted."""


@dataclass(frozen=True, slots=True)
class Check:
    path: Steps
    expected: Any


@dataclass(frozen=True, slots=True)
class Case:
    """One file: `checks` holds alternatives, each a list of what must hold together."""

    name: str
    group: str
    body: bytes
    content_type: str
    url: str
    checks: list[list[Check]]


def cases() -> Iterator[Case]:
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            content = archive.extractfile(member)
            case = _case(member.name, content.read()) if content else None
            if case:
                yield case


def passes(case: Case) -> bool:
    try:
        record = read_record(case.body, content_type=case.content_type, url=case.url, now=NOW)
    except ParseError:
        return False
    return any(all(_holds(record, check) for check in together) for together in case.checks)


def _case(name: str, body: bytes) -> Case | None:
    text = _header_of(body)
    codec = _SKIP.search(text)
    found = _EXPECT.search(text)
    if not found or (codec and not _is_known(codec[1])):
        return None
    checks = _translated(found[1].strip())
    if not checks:
        return None
    headers = {key.strip().lower(): value.strip() for key, value in _HEADER.findall(text)}
    served = name.startswith("wellformed/http/") or name.rpartition("/")[2].startswith("http_")
    url = urljoin(_SERVER + name if served else "", headers.get("content-location", ""))
    return Case(
        name=name,
        group=GROUPS[name.rpartition("/")[0]],
        body=body,
        content_type=headers.get("content-type", "application/xml"),
        url=url if url.startswith("http") else _SERVER + name if served else "",
        checks=checks,
    )


def _header_of(body: bytes) -> str:
    for signature, encoding in _SIGNATURES:
        if body.startswith(signature):
            return body.decode(encoding, "replace")
    return body.decode("utf-8", "replace")


def _is_known(codec: str) -> bool:
    try:
        codecs.lookup(codec)
    except LookupError:
        return False
    return True


def _translated(expression: str) -> list[list[Check]]:
    tree = ast.parse(expression, mode="eval").body
    alternatives = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.Or) else [tree]
    return [checks for one in alternatives if (checks := _together(one))]


def _together(node: ast.expr) -> list[Check]:
    """The translatable parts of what must hold together; nothing when there is none."""
    parts = node.values if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) else [node]
    checks: list[Check] = []
    for part in parts:
        try:
            checks += _one(part)
        except NotTranslatable:
            continue
    return checks


def _one(node: ast.expr) -> list[Check]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [_absent(node.operand)]
    if not isinstance(node, ast.Compare) or not all(isinstance(op, ast.Eq) for op in node.ops):
        raise NotTranslatable
    *sides, last = (node.left, *node.comparators)
    try:
        expected = ast.literal_eval(last)
    except ValueError as error:
        raise NotTranslatable from error
    return [_equal(side, expected) for side in sides]


def _equal(side: ast.expr, expected: object) -> Check:
    if isinstance(side, ast.Call) and isinstance(side.func, ast.Name) and side.func.id in {"len", "ord"}:
        path = _path(side.args[0])
        if side.func.id == "ord" and isinstance(expected, int):
            return _checked(path, chr(expected))
        if path[-1] == "links":
            return Check((*path[:-1], "count of links"), expected)
        raise NotTranslatable
    return _checked(_path(side), expected)


def _absent(node: ast.expr) -> Check:
    """`not entries[0].has_key('link')`"""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "has_key"):
        raise NotTranslatable
    return _checked((*_path(node.func.value), ast.literal_eval(node.args[0])), None)


def _path(node: ast.expr) -> Steps:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (*_path(node.value), node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        step = node.slice.value
        if isinstance(step, str | int):
            return (*_path(node.value), step)
    raise NotTranslatable


def _checked(path: Steps, expected: object) -> Check:
    """Refuses what a record has no place for."""
    match path:
        case ("encoding",) | ("version",):
            return Check(path, expected)
        case ("feed", *rest) | ("entries", int(), *rest):
            if _has_place(rest):
                return Check(path, expected)
    raise NotTranslatable


def _has_place(rest: list[str | int]) -> bool:
    match rest:
        case [str(name)]:
            return name in _TEXTS or name in _PLAIN or name.removesuffix("_parsed") in _DATES or name == "category"
        case [str(name), "value" | "type"]:
            return name.removesuffix("_detail") in _TEXTS and name.endswith("_detail")
        case ["content", 0, "value" | "type"] | ["tags", int(), "term"] | ["links", int(), "href"]:
            return True
        case ["enclosures", int(), "href" | "url" | "type" | "length"]:
            return True
        case ["author_detail", "name"] | ["image", "url" | "href"]:
            return True
    return False


def _holds(record: dict[str, Any], check: Check) -> bool:
    match check.path:
        case ("encoding",):
            return bool(record["encoding"] == check.expected)
        case ("version",):
            return bool(record["format"] == check.expected)
        case ("feed", *rest):
            return _node_holds(record["feed"], rest, check.expected)
        case ("entries", int(at), *rest):
            return at < len(record["entries"]) and _node_holds(record["entries"][at], rest, check.expected)
    raise AssertionError(check.path)


def _node_holds(node: dict[str, Any], rest: list[str | int], expected: Any) -> bool:
    match rest:
        case [str(name)] if name in _TEXTS:
            return _same_text(node, _TEXTS[name], expected)
        case [str(name), "value"]:
            return _same_text(node, _TEXTS[name.removesuffix("_detail")], expected)
        case ["content", 0, "value"]:
            return _same_text(node, "content", expected)
        case [str(name), *_, "type"] if name != "enclosures":
            kind = node[f"{_TEXTS.get(name.removesuffix('_detail'), name)}_kind"]
            return bool((kind == "html") == ("html" in expected))
        case [str(name)] if name in _PLAIN:
            return bool(node[_PLAIN[name]] == expected)
        case [str(name)] if name.removesuffix("_parsed") in _DATES:
            return _same_instant(node[_DATES[name.removesuffix("_parsed")]], expected)
    return _list_holds(node, rest, expected)


def _list_holds(node: dict[str, Any], rest: list[str | int], expected: Any) -> bool:
    match rest:
        case ["count of links"]:
            return bool(len(node["hrefs"]) == expected)
        case ["category"]:
            return bool(node["tags"][:1] == [expected])
        case ["tags", int(at), "term"]:
            return bool(node["tags"][at : at + 1] == [expected])
        case ["links", int(), "href"]:
            return expected in node["hrefs"]
        case ["enclosures", int(at), str(name)]:
            found = node["enclosures"][at : at + 1]
            return bool(found and found[0]["url" if name == "href" else name] == expected)
        case ["author_detail", "name"]:
            return bool(node["author_name"] == expected)
        case ["image", _]:
            return bool(node["image"] == expected)
    raise AssertionError(rest)


def _same_text(node: dict[str, Any], name: str, expected: str) -> bool:
    """Words and addresses of HTML, words of plain text; blanks do not count."""
    actual = node[name] or ""
    if node[f"{name}_kind"] != "html":
        return actual.split() == expected.split()
    return _words(actual) == _words(expected) and set(_addresses(expected)) <= set(_addresses(actual))


def _words(source: str) -> list[str]:
    return html.unescape(_TAG.sub("", source)).split()


def _addresses(source: str) -> list[str]:
    return [html.unescape(one) for one in _ADDRESS.findall(source)]


def _same_instant(actual: str | None, expected: Any) -> bool:
    parts = _parse_date(expected) if isinstance(expected, str) else expected
    year, month, day, hour, minute, second = parts[:6]
    meant = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return actual is not None and datetime.fromisoformat(actual) == meant
