"""The guide for staff names what the screens say, and shows pictures that exist."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "huong-dan"
PAGES = sorted(GUIDE.glob("*.md"))
_MARKUP = re.compile(r"\{%.*?%\}|<[^>]*>", re.DOTALL)
_LINK = re.compile(r"\]\(([^)#:]+\.md)(?:#([^)]*))?\)")


@cache
def words_of_screens() -> str:
    """Templates without markup, and the sentences of the code."""
    templates = _MARKUP.sub("", _sources("*.html"))
    return _squeezed(templates + _sources("*.py") + _sources("*.js"))


def _sources(names: str) -> str:
    paths = [path for path in sorted((ROOT / "congtruong").rglob(names)) if "vendor" not in path.parts]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def said_in_bold(page: str) -> list[str]:
    return re.findall(r"\*\*([^*]+)\*\*", _squeezed(page))


def unknown(bold: Iterable[str], known: str) -> list[str]:
    """Words in bold that no screen says; an ellipsis stands for what differs from time to time."""
    parts = {words: [part.strip(" .:") for part in words.split("…")] for words in bold}
    return [words for words in bold if not all(part in known for part in parts[words])]


def anchors_of(page: str) -> set[str]:
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    }


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_unknown_sees_words_that_no_screen_says() -> None:
    assert unknown(["Gửi duyệt", "Bắt đầu năm học …", "Submit"], "Gửi duyệt Bắt đầu năm học {{ year }}") == ["Submit"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_words_in_bold_are_words_of_the_screens(page: Path) -> None:
    assert unknown(said_in_bold(page.read_text(encoding="utf-8")), words_of_screens()) == []


def test_guide_shows_all_its_pictures_and_no_other() -> None:
    shown = {name for page in PAGES for name in re.findall(r"anh/([\w-]+\.\w+)", page.read_text(encoding="utf-8"))}

    assert shown == {path.name for path in (GUIDE / "anh").iterdir()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_of_the_guide_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    targets = {name: GUIDE / name for name, _ in links}

    assert [name for name, path in targets.items() if not path.is_file()] == []
    assert [
        f"{name}#{anchor}"
        for name, anchor in links
        if anchor and anchor not in anchors_of(targets[name].read_text(encoding="utf-8"))
    ] == []
