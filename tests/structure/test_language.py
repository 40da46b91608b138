"""What the sources of pages and texts may hold."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

PACKAGE = Path(__file__).resolve().parents[2] / "congtruong"
TEXT_FILES = {".html", ".css", ".js", ".csv", ".yaml", ".txt", ".xml", ".svg", ".json"}
# Addresses that name a vocabulary and are never fetched.
VOCABULARIES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
_TEMPLATE_TAG = re.compile(r"\{[%{#].*?[#%}]\}", re.DOTALL)
# Of a sentence, not of the word "todo" in a name.
_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def sources(*suffixes: str) -> list[Path]:
    found = [path for path in sorted(PACKAGE.rglob("*")) if path.suffix in suffixes and "vendor" not in path.parts]
    assert found
    return found


def decomposed_lines(text: str) -> list[int]:
    """Numbers of the lines that are not in the composed form."""
    return [number for number, line in enumerate(text.split("\n"), 1) if not unicodedata.is_normalized("NFC", line)]


def test_decomposed_lines_sees_loose_marks() -> None:
    assert decomposed_lines("Tiếng\nTie\u0302\u0301ng\nVie\u0323\u0302t") == [2, 3]


@pytest.mark.parametrize("path", sources(".py", *TEXT_FILES), ids=name_of)
def test_source_is_composed_text_without_unfinished_work(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert decomposed_lines(text) == []
    assert _UNFINISHED.findall(text) == []


def strings_of(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize(
    "path",
    [path for path in sources(".py") if path.stem in {"phrases", "enums", "errors", "forms"} or "models" in str(path)],
    ids=name_of,
)
def test_labels_and_phrases_are_composed_also_when_written_as_escapes(path: Path) -> None:
    strings = list(strings_of(path.read_text(encoding="utf-8")))

    assert [text for text in strings if not unicodedata.is_normalized("NFC", text)] == []


class Markup(HTMLParser):
    """Collects inline styles, inline scripts, and addresses of other hosts."""

    _ADDRESSES = frozenset({"href", "src", "srcset", "action", "formaction", "poster", "data", "content"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "style":
            self.found.append("style")
        if tag == "script" and "src" not in values and values.get("type") != "application/ld+json":
            self.found.append("script")
        for name, value in values.items():
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}")
            if name in self._ADDRESSES and re.search(r"(?:^|[\s,])(?:[a-z]+:)?//", value.strip(), re.IGNORECASE):
                self.found.append(f"{tag} {name}={value}")
            if value.strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}={value}")


def refused_markup(template: str) -> list[str]:
    reader = Markup()
    reader.feed(_TEMPLATE_TAG.sub("x", template))
    reader.close()
    return reader.found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('<p style="x" onclick="y">', ["p style", "p onclick"]),
        ("<style>a{}</style>", ["style"]),
        ("<script>a()</script>", ["script"]),
        ('<script type="application/ld+json">{{ structured }}</script>', []),
        ("<script src=\"{% static 'js/a.js' %}\" defer></script>", []),
        ('<img src="//a.example/x.png">', ["img src=//a.example/x.png"]),
        ('<img srcset="/a.webp 1x, https://a.example/b.webp 2x">', None),
        ('<a href="https://a.example/">', ["a href=https://a.example/"]),
        ('<a href="{{ url }}" class="a{% if b %} c{% endif %}">', []),
        ('<a href="javascript:x">', ["a href=javascript:x"]),
    ],
)
def test_refused_markup_sees_what_the_policy_forbids(template: str, found: list[str] | None) -> None:
    refused = refused_markup(template)

    assert refused == found if found is not None else len(refused) == 1


@pytest.mark.parametrize("path", sources(".html"), ids=name_of)
def test_template_holds_nothing_inline_and_no_other_host(path: Path) -> None:
    assert refused_markup(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sources(".css", ".svg", ".js"), ids=name_of)
def test_static_file_asks_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    addresses = re.findall(r"https?://[^\s\"')<]+", text)

    assert set(addresses) <= VOCABULARIES
    assert re.findall(r"(?:url\(|@import|src=|href=)\s*[\"']?//", text) == []
