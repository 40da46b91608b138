"""Anything may come from a source: the parser answers with a document, a record or a reason, in bounded time."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from congtruong.feeds.pipeline.child import Bounds, read_document, read_record
from congtruong.feeds.pipeline.dates import read_date
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.errors import MESSAGES, ParseError
from congtruong.feeds.pipeline.links import absolute, canonical_link, is_relative
from congtruong.feeds.pipeline.model import REPAIRS, Document
from congtruong.feeds.pipeline.parse import parse
from congtruong.feeds.pipeline.record import read_record as read_here
from tests.feeds.corpus import NOW

URL = "https://so.example.vn/rss"
DATA = Path(__file__).resolve().parents[1] / "data" / "feeds"
SEEDS = [path.read_bytes() for path in sorted(DATA.glob("*.xml"))]
BOUNDED = settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SPLICES = st.sampled_from(
    [
        *(
            b"<item>",
            b"</item>",
            b"</link>",
            b"<link/>",
            b"<![CDATA[",
            b"]]>",
            b"<!--",
            b"-->",
            b"<!DOCTYPE a [",
            b"]>",
        ),
        *(b"&", b"&#0;", b"&#xD800;", b"&#99999999999999;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b", b"\xc4"),
        *(b"<content type='xhtml'>", b"xml:base='://['", b"http://[", b"<svg:a>", b"<textInput/>", b"<image>", b"{"),
        *(b"<author><name>", b"</source>", b"<category/>", b"<title/>", b"<entry>", b"</feed>", b"</rss>", b"'", b'"'),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ITEM = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "id",
            "url",
            "title",
            "summary",
            "content_html",
            "content_text",
            "date_published",
            "tags",
            "authors",
            "attachments",
        ),
        JSON,
    ),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    body = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        body = body[:start] + draw(SPLICES | st.binary(max_size=6)) + body[start + draw(st.integers(0, 40)) :]
    return body


def assert_answered(body: bytes, content_type: str) -> None:
    """A document, a record or a known reason; never another exception."""
    try:
        record = read_here(body, content_type=content_type, url=URL, now=NOW)
        document = parse(decode(body, content_type), url=URL, now=NOW)
    except ParseError as error:
        refused = error.code
    else:
        assert_same_reading(record, document)
        refused = "not_feed"
    assert refused in MESSAGES


def assert_same_reading(record: dict[str, Any], document: Document) -> None:
    assert len(record["entries"]) >= len(document.entries)
    assert set(record["repairs"]) <= set(REPAIRS)
    written = json.dumps([record, document.to_json()], ensure_ascii=False)
    assert "<script" not in json.dumps([node["summary"] for node in record["entries"]])
    assert Document.from_json(json.loads(written)[1]) == document


@pytest.mark.unit
@BOUNDED
@given(mutated(), st.sampled_from(["", "text/xml; charset=utf-8", "text/xml; charset=windows-1258"]))
def test_mutated_feeds_are_answered(body: bytes, content_type: str) -> None:
    assert_answered(body, content_type)


@pytest.mark.unit
@BOUNDED
@given(st.binary(max_size=400))
def test_random_bytes_are_answered(body: bytes) -> None:
    assert_answered(body, "application/xml")


@pytest.mark.unit
@BOUNDED
@given(JSON, st.lists(ITEM | JSON, max_size=4))
def test_random_json_is_answered(top: Any, items: list[Any]) -> None:
    feed = {**top, "items": items} if isinstance(top, dict) else {"title": top, "items": items}
    assert_answered(json.dumps({**feed, "version": "https://jsonfeed.org/version/1.1"}).encode(), "")


@pytest.mark.unit
@given(st.text(max_size=60), st.sampled_from([URL, "", "http://[", "https://so.example.vn/a/b?c#d"]))
def test_absolute_links_stay_as_they_are(link: str, base: str) -> None:
    made = absolute(link, base)

    assert made == "" or (made.startswith(("http://", "https://")) and absolute(made, URL) == made)
    assert bool(canonical_link(made)) or not made or "@" in made or ":" in made[8:]


@pytest.mark.unit
@given(st.from_regex(r"/[a-z0-9._-]{0,12}(/[a-z0-9._~-]{0,8}){0,3}(\?[a-z=&]{0,12})?", fullmatch=True))
def test_paths_start_at_the_site(path: str) -> None:
    # The short way for paths gives what the long way gives; `//` names another host.
    padded = absolute(f" {path} ", URL)

    assert absolute(path, URL) == padded
    assert is_relative(path)


@pytest.mark.unit
@given(st.datetimes(datetime(2000, 1, 2), datetime(2026, 11, 23)), st.integers(-13 * 60, 13 * 60))  # noqa: DTZ001 - zone is written beside
def test_the_short_way_for_dates_gives_what_the_long_way_gives(moment: datetime, minutes: int) -> None:
    sign, size = ("-", -minutes) if minutes < 0 else ("+", minutes)
    raw = f"{moment:%d %b %Y %H:%M:%S} {sign}{size // 60:02}{size % 60:02}"

    assert read_date(raw, now=NOW) == read_date(f" {raw.lower()} ", now=NOW)


def _item(inner: str) -> bytes:
    return f"<rss version='2.0'><channel><item><title>Tin</title>{inner}</item></channel></rss>".encode()


def _html(inner: str) -> bytes:
    return _item(f"<description><![CDATA[{inner}]]></description>")


NESTED = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
READ = "document"
HOSTILE = {
    "nested entities": (f'<!DOCTYPE rss [<!ENTITY l0 "lol">{NESTED}]>'.encode() + _item("&l9;"), READ),
    "a file as entity": (b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _item("&x;"), READ),
    "an external document type": (b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/a.dtd">' + _item(""), READ),
    "a large entity repeated": (
        f'<!DOCTYPE rss [<!ENTITY x "{"a" * 50_000}">]>'.encode() + _item("&x;" * 50_000),
        READ,
    ),
    "deep elements": (_item("<div>" * 40_000 + "</div>" * 40_000), READ),
    "deep markup": (_html("<div>" * 50_000 + "</div>" * 50_000), READ),
    "comments that never end": (_html("<!--" * 50_000), READ),
    "comments before the feed": (b"<!---->" * 50_000 + _item(""), READ),
    "a body of 5 MB": (_html("<p>Học <b>sinh</b></p>" * 200_000), READ),
    "a reference of a million zeros": (_html("&#" + "0" * 1_000_000), READ),
    "tags that never end": (_html("<div " * 300_000), READ),
    "pictures that never end": (_html("<img src=" * 200_000), READ),
    "marks without end": (_html("a" + "\u0301" * 300_000), READ),
    "brackets of a document type": (b"<!DOCTYPE rss [" + b"] " * 500_000 + _item(""), READ),
    "a hundred thousand entries": (_item("</item><item><title>a</title>" * 100_000), READ),
    "deep JSON": (b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 1_000_000, "not_feed"),
}
# Milder than in production, so that this machine may be slow; what would need minutes still fails.
LIMITS = Bounds(seconds=20, megabytes=512)


@pytest.mark.integration
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_end_within_the_limits(name: str) -> None:
    body, expected = HOSTILE[name]
    try:
        document = read_document(body, content_type="text/xml", url=URL, now=NOW, bounds=LIMITS)
        answer = "document"
        assert len(json.dumps(document.to_json())) < 2**22
        assert "root:" not in repr(document)
    except ParseError as error:
        answer = error.code

    assert answer == expected


@pytest.mark.integration
def test_what_cannot_be_read_in_time_is_given_up() -> None:
    body = _item("".join(f"<category>{n}</category>" for n in range(40_000)))

    with pytest.raises(ParseError) as caught:
        read_record(body, content_type="text/xml", url=URL, now=NOW, bounds=Bounds(seconds=1, megabytes=512))

    assert caught.value.code == "timeout"
    assert read_document(_item(""), content_type="", url=URL, now=NOW).entries[0].title == "Tin"
