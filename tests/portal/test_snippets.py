"""The part of a text around the words a visitor searched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core.text import search_terms
from congtruong.portal.blocks.snippets import snippet
from congtruong.publication.models import Entry

pytestmark = pytest.mark.unit

LONG = "mở đầu " * 60 + "Kỳ tuyển sinh lớp Sáu bắt đầu từ tháng bảy. " + "phần cuối " * 60


def test_snippet_of_a_short_text_is_the_text() -> None:
    assert snippet(Entry(summary="Tuyển sinh lớp 6."), ["sinh"]) == "Tuyển sinh lớp 6."


def test_snippet_without_a_match_is_the_beginning() -> None:
    made = snippet(Entry(summary=LONG), ["khong", "co"])

    assert made.startswith("mở đầu mở đầu")
    assert made.endswith("…")


def test_snippet_of_a_late_match_starts_before_it_at_a_word() -> None:
    made = snippet(Entry(summary=LONG), ["tuyen", "sinh"])

    assert made.startswith(("…mở đầu", "…đầu mở"))
    assert "Kỳ tuyển sinh lớp Sáu" in made
    assert len(made) <= 222


def test_snippet_of_an_empty_summary_is_empty() -> None:
    assert snippet(Entry(summary=""), ["sinh"]) == ""


@given(st.lists(st.sampled_from(["đà", "nẵng", "tuyển", "sinh,", "“hôm", "nay”", "a" * 90, "2026–2027"]), max_size=80))
def test_snippet_keeps_the_first_match_in_sight(words: list[str]) -> None:
    text = " ".join(words)
    made = snippet(Entry(summary=text), search_terms("nẵng"))

    assert ("nẵng" in made) is ("nẵng" in text)
    assert len(made) <= 222
