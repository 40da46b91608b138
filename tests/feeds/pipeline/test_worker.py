"""The worker's own lines, in this process."""

import json
from typing import Any

import pytest

from congtruong.feeds.pipeline import worker
from congtruong.feeds.pipeline.model import Document, Entry

pytestmark = pytest.mark.unit

FEED = '<rss version="2.0"><channel><title>Tin</title><item><title>Một</title><link>/1</link></item></channel></rss>'


def read(body: bytes, want: str = "document") -> dict[str, Any]:
    order = {
        "want": want,
        "content_type": "text/xml",
        "url": "https://so.example.vn/rss",
        "now": "2026-11-23T02:00:00+00:00",
    }
    reply: dict[str, Any] = json.loads(worker.read(order, body))
    return reply


def test_worker_answers_with_the_document() -> None:
    document = Document.from_json(read(FEED.encode())["document"])

    assert (document.title, [entry.link for entry in document.entries]) == ("Tin", ["https://so.example.vn/1"])


def test_worker_answers_with_the_record() -> None:
    record = read(FEED.encode(), "record")["record"]

    assert [entry["title"] for entry in record["entries"]] == ["Một"]


@pytest.mark.parametrize(("most", "body", "code"), [(2**20, b"", "empty"), (50, FEED.encode(), "too_large")])
def test_worker_answers_with_the_code_of_an_error(
    monkeypatch: pytest.MonkeyPatch, most: int, body: bytes, code: str
) -> None:
    monkeypatch.setattr(worker, "MOST_OUTPUT", most)

    assert read(body) == {"error": code}


def test_worker_never_writes_halves_of_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "parse", lambda *_, **__: Document("M\ud800t", entries=(Entry("a"),)))

    assert read(FEED.encode())["document"]["title"] == "M?t"


def test_worker_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr(worker, "serve", served.append)

    worker.main()

    assert served == [worker.read]
