"""The worker's own lines, in this process: limits are recorded, not set."""

import io
import json
import resource
import sys
from typing import Any

import pytest

from congtruong.feeds.pipeline import worker
from congtruong.feeds.pipeline.model import Document, Entry

pytestmark = pytest.mark.unit

FEED = '<rss version="2.0"><channel><title>Tin</title><item><title>Một</title><link>/1</link></item></channel></rss>'


class Pipe:
    def __init__(self, content: bytes = b"") -> None:
        self.buffer = io.BytesIO(content)


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, tuple[int, int]]]:
    found: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda what, bounds: found.append((what, bounds)))
    return found


def run(body: bytes, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    order = {
        "content_type": "text/xml",
        "url": "https://so.example.vn/rss",
        "now": "2026-11-23T02:00:00+00:00",
        "seconds": 20,
        "megabytes": 512,
        "output_megabytes": 128,
    }
    output = Pipe()
    monkeypatch.setattr(sys, "stdin", Pipe(json.dumps(order).encode() + b"\n" + body))
    monkeypatch.setattr(sys, "stdout", output)
    worker.main()
    reply: dict[str, Any] = json.loads(output.buffer.getvalue())
    return reply


def test_worker_writes_the_document(limits: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    reply = run(FEED.encode(), monkeypatch)

    assert Document.from_json(reply["document"]) == Document(
        "Tin", entries=(Entry("Một", link="https://so.example.vn/1"),)
    )


def test_worker_limits_itself_first(limits: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    run(FEED.encode(), monkeypatch)

    space = 512 * 2**20
    assert limits == [
        (resource.RLIMIT_AS, (space, space)),
        (resource.RLIMIT_CPU, (20, 21)),
        (resource.RLIMIT_FSIZE, (128 * 2**20, 128 * 2**20)),
        (resource.RLIMIT_CORE, (0, 0)),
    ]


@pytest.mark.parametrize(("most", "body", "code"), [(2**20, b"", "empty"), (50, FEED.encode(), "too_large")])
def test_worker_writes_the_code_of_an_error(
    limits: list[Any], monkeypatch: pytest.MonkeyPatch, most: int, body: bytes, code: str
) -> None:
    monkeypatch.setattr(worker, "MOST_OUTPUT", most)

    assert run(body, monkeypatch) == {"error": code}


def test_worker_never_writes_halves_of_characters(limits: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "parse", lambda *arguments, **options: Document("M\ud800t"))

    assert run(FEED.encode(), monkeypatch)["document"]["title"] == "M?t"
