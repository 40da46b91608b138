import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from congtruong.feeds.pipeline.child import Bounds, read_document
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import Document
from congtruong.feeds.pipeline.parse import parse

pytestmark = pytest.mark.integration

DATA = Path(__file__).resolve().parents[2] / "data" / "feeds"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
URL = "https://so.example.vn/rss/"


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that takes the place of the worker; a test writes its source."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return "strange_worker"


def children() -> list[int]:
    return [child.pid for child in psutil.Process(os.getpid()).children()]


def read(body: bytes, **options: Any) -> Document:
    return read_document(body, content_type="text/xml", url=URL, now=NOW, **options)


def test_read_document_gives_what_the_parser_gives() -> None:
    body = (DATA / "nukeviet.xml").read_bytes()

    assert read(body) == parse(decode(body, "text/xml"), url=URL, now=NOW)


def test_read_document_passes_errors_on() -> None:
    with pytest.raises(ParseError) as caught:
        read(b"<!DOCTYPE html><html></html>")

    assert caught.value.code == "html_page"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import time; time.sleep(60)", "timeout"),
        ("while True: pass", "timeout"),
        ("import os; os.kill(os.getpid(), 24)", "timeout"),
        ("import os; os.abort()", "crashed"),
        ("raise SystemExit(3)", "crashed"),
        ("print('no json')", "crashed"),
        ("", "crashed"),
    ],
)
def test_read_document_outlives_its_child(tmp_path: Path, worker: str, source: str, code: str) -> None:
    (tmp_path / f"{worker}.py").write_text(source)
    before = children()

    with pytest.raises(ParseError) as caught:
        read(b"x" * 1_000_000, worker=worker, bounds=Bounds(seconds=1))

    assert caught.value.code == code
    assert children() == before


def test_read_document_stops_a_child_that_takes_too_much_memory() -> None:
    with pytest.raises(ParseError) as caught:
        read(b'<rss version="2.0"><channel><title>' + b"a" * 8_000_000, bounds=Bounds(megabytes=90))

    assert caught.value.code == "crashed"


def test_read_document_limits_the_child_and_hides_the_environment(
    tmp_path: Path, worker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "bí mật")
    found = tmp_path / "found.json"
    (tmp_path / f"{worker}.py").write_text(
        "import json, os, resource\n"
        "from congtruong.core.limited_child import begin\n"
        "begin()\n"
        "space, cpu = resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)\n"
        f"open({str(found)!r}, 'w').write(json.dumps([space, cpu, 'SECRET_KEY' in os.environ]))\n"
    )

    with pytest.raises(ParseError):
        read(b"", worker=worker)

    assert json.loads(found.read_text()) == [[512 * 2**20, 512 * 2**20], [20, 21], False]


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
