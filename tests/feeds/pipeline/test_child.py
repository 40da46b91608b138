import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest

from congtruong.core.warm_child import Pool, close_all
from congtruong.feeds.pipeline.child import Bounds, read_document, read_record
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import Document
from congtruong.feeds.pipeline.parse import parse
from congtruong.feeds.pipeline.record import read_record as own_record

pytestmark = pytest.mark.integration

DATA = Path(__file__).resolve().parents[2] / "data" / "feeds"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
URL = "https://so.example.vn/rss/"


FEED = b'<rss version="2.0"><channel><title>Tin</title></channel></rss>'


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that takes the place of the worker; a test writes its source."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return f"strange_worker_{uuid4().hex}"


@pytest.fixture(autouse=True)
def _no_child_stays() -> Iterator[None]:
    yield
    close_all()
    assert [one for one in psutil.Process(os.getpid()).children() if "pipeline.worker" in " ".join(one.cmdline())] == []


def read(body: bytes, **options: Any) -> Document:
    return read_document(body, content_type="text/xml", url=URL, now=NOW, **options)


def test_read_document_gives_what_the_parser_gives() -> None:
    body = (DATA / "nukeviet.xml").read_bytes()

    assert read(body) == parse(decode(body, "text/xml"), url=URL, now=NOW)


def test_read_document_passes_errors_on() -> None:
    with pytest.raises(ParseError) as caught:
        read(b"<!DOCTYPE html><html></html>")

    assert caught.value.code == "html_page"


STRANGE = """
import os, time
from congtruong.core.warm_child import serve
def read(order, body):
    {}
serve(read)
"""


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("time.sleep(60)", "timeout"),
        ("os.abort()", "crashed"),
        ("raise SystemExit(3)", "crashed"),
        ("return b'no json'", "crashed"),
        ("return b''", "crashed"),
        ("return b'[]'", "crashed"),
        ("return b'{}'", "crashed"),
        ("""return b'{"error": "not_feed"}'""", "not_feed"),
    ],
)
def test_read_document_outlives_its_child(tmp_path: Path, worker: str, source: str, code: str) -> None:
    (tmp_path / f"{worker}.py").write_text(STRANGE.format(source))

    with pytest.raises(ParseError) as caught:
        read(b"x" * 1_000_000, worker=worker, bounds=Bounds(seconds=1))

    assert caught.value.code == code
    assert read(FEED).title == "Tin"


def test_read_document_stops_a_child_that_takes_too_much_memory() -> None:
    with pytest.raises(ParseError) as caught:
        read(b'<rss version="2.0"><channel><title>' + b"a" * 30_000_000, bounds=Bounds(megabytes=150))

    assert caught.value.code == "crashed"


def test_read_record_gives_what_the_record_reader_gives() -> None:
    body = (DATA / "nukeviet.xml").read_bytes()

    record = read_record(body, content_type="text/xml", url=URL, now=NOW)

    assert record == json.loads(json.dumps(own_record(body, content_type="text/xml", url=URL, now=NOW)))
    assert len(record["entries"]) == len(read(body).entries)


def test_memory_of_the_child_stays_flat() -> None:
    body = (DATA / "nukeviet.xml").read_bytes()
    pool = Pool("congtruong.feeds.pipeline.worker", Bounds(), most=1, most_documents=10_000)
    order = {"want": "document", "content_type": "text/xml", "url": URL, "now": NOW.isoformat()}
    resident = []
    for _ in range(3):
        for _ in range(100):
            pool.run(order, body, seconds=20, subject=URL)
        resident += pool.resident()
    pool.close()

    # The first hundred fill caches; the third hundred must not need a megabyte more than the second.
    assert resident[2] - resident[1] < 1024


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel><item><title>a</title><description>" + b"<div>" * 20_000,
        b"<rss version='2.0'><channel><item><title>a</title><description><![CDATA[" + b"<!--" * 50_000,
        b"<rss version='2.0'><channel><item><title>a</title><description><![CDATA[" + b"<div>" * 100_000,
        b"<!DOCTYPE" * 50_000,
        b"&" * 500_000,
    ],
    ids=["nested", "comments", "nested-cdata", "doctypes", "ampersands"],
)
def test_read_document_answers_hostile_bodies(body: bytes) -> None:
    try:
        outcome: int | str = len(read(body).entries)
    except ParseError as error:
        outcome = error.code

    assert outcome in (0, 1, "not_feed")
