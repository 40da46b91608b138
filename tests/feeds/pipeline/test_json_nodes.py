import json
from datetime import UTC, datetime
from typing import Any

import pytest

from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import Document, Enclosure
from congtruong.feeds.pipeline.parse import MOST_ENTRIES, parse
from congtruong.feeds.pipeline.record import read_record
from tests.feeds.corpus import NOW
from tests.feeds.pipeline.test_legacy import in_tcvn3

pytestmark = pytest.mark.unit

URL = "https://truong.example.vn/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def body(feed: dict[str, Any], items: list[Any]) -> bytes:
    return json.dumps({"version": VERSION, **feed, "items": items}, ensure_ascii=False).encode()


def read(feed: dict[str, Any], items: list[Any]) -> Document:
    return parse(decode(body(feed, items), "application/feed+json"), url=URL, now=NOW)


def test_json_feed_becomes_the_same_document_as_rss() -> None:
    document = read(
        {
            "title": "Trường THCS Mẫu",
            "home_page_url": "/",
            "feed_url": "https://truong.example.vn/feed.json",
            "language": "vi",
            "hubs": [{"type": "WebSub", "url": "https://hub.example.vn/"}],
        },
        [
            {
                "id": 7,
                "url": "/tin/7",
                "title": "Lễ khai giảng",
                "content_html": "<h1>Khai giảng</h1><p onclick='x()'><img src='/anh.jpg' alt='Sân trường'></p>",
                "date_published": "2023-09-05T08:00:00+07:00",
                "authors": [{"name": "Cô Mai"}, {"name": "Thầy Nam"}],
                "tags": ["Tin tức", "Sự kiện"],
                "attachments": [{"url": "/tep/a.pdf", "mime_type": "application/pdf", "size_in_bytes": 1024}],
            }
        ],
    )
    entry = document.entries[0]

    assert (document.title, document.link, document.format) == (
        "Trường THCS Mẫu",
        "https://truong.example.vn/",
        "json11",
    )
    assert (document.topic, document.hub, document.language) == (URL, "https://hub.example.vn/", "vi")
    assert (entry.guid, entry.link, entry.title) == ("7", "https://truong.example.vn/tin/7", "Lễ khai giảng")
    assert entry.content == '<h2>Khai giảng</h2><p><img src="https://truong.example.vn/anh.jpg" alt="Sân trường"></p>'
    assert (entry.summary, entry.image) == ("Khai giảng", "https://truong.example.vn/anh.jpg")
    assert entry.published == datetime(2023, 9, 5, 1, tzinfo=UTC)
    assert (entry.author, entry.categories, entry.language) == ("Cô Mai, Thầy Nam", ("Tin tức", "Sự kiện"), "vi")
    assert entry.enclosures == (Enclosure("https://truong.example.vn/tep/a.pdf", "application/pdf", 1024),)


def test_json_feed_of_the_first_version_has_one_author() -> None:
    feed = {"version": "https://jsonfeed.org/version/1", "title": "x", "author": {"name": "Văn phòng"}}

    record = read_record(body(feed, [{"id": "a", "content_text": "5 < 7"}]), content_type="", url=URL, now=NOW)

    assert (record["format"], record["feed"]["author_name"]) == ("json1", "Văn phòng")
    assert (record["entries"][0]["content"], record["entries"][0]["content_kind"]) == ("5 < 7", "text")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_json_feed_goes_through_the_same_bytes(encoding: str) -> None:
    raw = body({"title": "Sở & trường &amp; lớp"}, []).decode().encode(encoding)

    # An ampersand is nothing special in JSON.
    assert parse(decode(raw), url=URL, now=NOW).title == "Sở & trường & lớp"
    assert read_record(raw, content_type="", url=URL, now=NOW)["feed"]["title"] == "Sở & trường &amp; lớp"


def test_json_feed_in_an_old_font_is_converted() -> None:
    sentence = "Thông báo về việc tổ chức kỳ thi tuyển sinh vào lớp sáu"
    raw = json.dumps({"version": VERSION, "items": [{"id": "1", "title": in_tcvn3(sentence)}]}).encode()

    document = parse(decode(raw), url=URL, now=NOW)

    assert document.entries[0].title == sentence
    assert document.entries[0].repairs == ("link_missing", "tcvn3")


@pytest.mark.parametrize(
    "raw",
    [
        b'{"items": []}',
        b'{"version": "https://example.vn/1", "items": []}',
        b'{"error": "login"}',
        b"{",
        b'{"version": 1}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + b"9" * 10_000 + b"}]}",
    ],
)
def test_json_that_is_no_feed_is_refused(raw: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        parse(decode(raw), url=URL, now=NOW)

    assert caught.value.code == "not_feed"


def test_json_feed_of_odd_values_is_read_as_far_as_it_goes() -> None:
    raw = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": ["a"], "hubs": "x", "authors": [1], "items": ['
        '3, null, {"id": 1e999, "title": "M\\ud800ột\\u0000", "tags": [1, "a"], "attachments": [5, {"url": 3}]},'
        '{"id": 12.5, "title": "Hai", "url": "javascript:x", "date_published": 5, "author": "x"}]}'
    )

    document = parse(decode(raw.encode()), url=URL, now=NOW)

    assert [(entry.title, entry.guid, entry.link) for entry in document.entries] == [("Một", "", ""), ("Hai", "", "")]
    assert document.entries[0].categories == ("a",)


def test_json_feed_keeps_the_first_300_items() -> None:
    document = read({}, [{"id": str(n), "title": f"Tin {n}"} for n in range(MOST_ENTRIES + 1)])

    assert (len(document.entries), document.repairs) == (MOST_ENTRIES, ("too_many",))
