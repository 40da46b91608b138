"""What is said about files that stay at their source."""

from typing import Any

import pytest

from congtruong.feeds.rules.attachments import for_readers, is_page, kind_of, why

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ({"url": "https://so.vn/a.pdf"}, "PDF"),
        ({"url": "https://so.vn/tai.ashx?id=5", "type": "application/msword; charset=x"}, "DOC"),
        ({"url": "https://so.vn/tai.ashx?id=5", "type": "application/octet-stream"}, ""),
        ({"url": "https://so.vn/K%E1%BA%BF ho%E1%BA%A1ch.xlsx?x=1", "type": ""}, "XLSX"),
        ({"url": "http://["}, ""),
    ],
)
def test_kind_is_named_as_people_call_it(file: dict[str, Any], kind: str) -> None:
    assert kind_of(file) == kind


@pytest.mark.parametrize(
    ("answered", "declared", "url", "expected"),
    [
        ("text/html; charset=utf-8", "application/pdf", "https://so.vn/a.pdf", True),
        ("text/html", "text/html", "https://so.vn/a", False),
        ("text/html", "", "https://so.vn/a.html", False),
        ("application/pdf", "", "https://so.vn/a.pdf", False),
    ],
)
def test_page_to_sign_in_at_is_no_file(answered: str, declared: str, url: str, *, expected: bool) -> None:
    assert is_page(answered, declared, url) is expected


def test_every_failure_has_a_sentence_for_readers() -> None:
    said = [why("http_status", status) for status in (404, 403, 500)] + [why("timeout", 0)]

    assert len(set(said)) == 4
    assert all(sentence.endswith(".") for sentence in said)


def test_readers_see_no_notes_of_the_checking() -> None:
    kept = {"url": "https://so.vn/a.pdf", "type": "", "length": 0, "state": "co", "note": "", "checks": 2}

    assert for_readers(kept) == {"url": "https://so.vn/a.pdf", "state": "co", "kind": "PDF"}
