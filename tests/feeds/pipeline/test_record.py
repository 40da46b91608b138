import json
from typing import Any

import pytest

from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.parse import parse
from congtruong.feeds.pipeline.record import encoding_name, read_record
from tests.feeds.corpus import NOW

pytestmark = pytest.mark.unit

URL = "https://so.example.vn/rss/tin"
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("title", "title_kind", "summary", "summary_kind", "content", "content_kind", "link", "id")),
    **dict.fromkeys(("published", "updated", "language", "author", "author_name", "image", "ttl", "comments")),
    "tags": [],
    "enclosures": [],
    "hrefs": [],
}


def read(text: str, url: str = URL) -> dict[str, Any]:
    return read_record(text.encode(), content_type="application/xml", url=url, now=NOW)


def item(inner: str, url: str = URL) -> dict[str, Any]:
    record = read(f'<rss version="2.0"><channel><title>x</title><item>{inner}</item></channel></rss>', url)
    found: dict[str, Any] = record["entries"][0]
    return found


def said(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, [])}


def test_record_says_everything_an_rss_feed_says() -> None:
    record = read(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<title>Tin Sở</title><link>/</link><description>Tin &lt;b&gt;mới&lt;/b&gt;</description>"
        "<language>vi</language><ttl>60</ttl><image><url>/logo.png</url></image>"
        "<lastBuildDate>06/10/2023 3:05 CH</lastBuildDate>"
        "<item><title>Một &amp; hai</title><link>/tin/1</link><guid isPermaLink='false"
        "'> news_1 </guid><pubDate>Fri, 06 Oct 2023 08:05:00 +0700</pubDate><author>vp@so.vn (Văn phòng)</author>"
        "<category>Tin</category><category>Hoạt động</category><comments>/tin/1#y-kien</comments>"
        "<enclosure url='/tep/1.pdf' type='application/pdf' length='2048'/>"
        "<description><![CDATA[<p onclick='x()'>Tóm <a href='/a'>tắt</a></p>]]></description>"
        "<content:encoded><![CDATA[<p>Đủ <img src='/1.jpg' alt='Ảnh'></p>]]></content:encoded></item></channel></rss>"
    )

    assert (record["encoding"], record["format"], record["repairs"]) == ("utf-8", "rss20", [])
    assert said(record["feed"]) == {
        "title": "Tin Sở",
        "title_kind": "text",
        "summary": "Tin <b>mới</b>",
        "summary_kind": "html",
        "link": "https://so.example.vn/",
        "language": "vi",
        "ttl": "60",
        "image": "https://so.example.vn/logo.png",
        "updated": "2023-10-06T08:05:00+00:00",
        "hrefs": ["https://so.example.vn/"],
    }
    assert said(record["entries"][0]) == {
        "title": "Một & hai",
        "title_kind": "text",
        "summary": '<p>Tóm <a href="https://so.example.vn/a" rel="noopener">tắt</a></p>',
        "summary_kind": "html",
        "content": '<p>Đủ <img src="https://so.example.vn/1.jpg" alt="Ảnh"></p>',
        "content_kind": "html",
        "link": "https://so.example.vn/tin/1",
        "id": "news_1",
        "published": "2023-10-06T01:05:00+00:00",
        "author": "vp@so.vn (Văn phòng)",
        "author_name": "Văn phòng",
        "comments": "https://so.example.vn/tin/1#y-kien",
        "tags": ["Tin", "Hoạt động"],
        "enclosures": [{"url": "https://so.example.vn/tep/1.pdf", "type": "application/pdf", "length": "2048"}],
        "hrefs": ["https://so.example.vn/tin/1", "https://so.example.vn/tep/1.pdf"],
    }


def test_record_of_nothing_says_nothing() -> None:
    record = read('<rss version="2.0"><channel></channel></rss>')

    assert record == {"encoding": "utf-8", "format": "rss20", "feed": NOTHING, "entries": [], "repairs": []}


def test_record_is_not_shortened() -> None:
    words = "một hai ba bốn " * 500

    found = item(f"<title>{words}</title><description>{words}</description>")

    assert (found["title"], found["summary"]) == (words.strip(), words.strip())


def test_record_honours_xml_base_within_the_document() -> None:
    record = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="tin/"><title>x</title>'
        '<entry xml:base="a/"><title>x</title><id>urn:1</id><link href="b.html"/>'
        '<content type="html" xml:base="/khac/">&lt;a href="c.html"&gt;c&lt;/a&gt;</content></entry></feed>'
    )
    found = record["entries"][0]

    assert found["link"] == "https://so.example.vn/rss/tin/a/b.html"
    assert found["content"] == '<a href="https://so.example.vn/khac/c.html" rel="noopener">c</a>'
    assert found["id"] == "urn:1"


def test_record_without_an_address_keeps_relative_links_as_written() -> None:
    found = item("<title>x</title><link>/tin/1</link><description>&lt;a href='b'>b&lt;/a></description>", url="")

    assert (found["link"], found["summary"]) == ("/tin/1", '<a href="b" rel="noopener">b</a>')


@pytest.mark.parametrize("unsafe", ["javascript:alert(1)", "JAVA\nSCRIPT:x", "data:text/html,x", "file:///etc/passwd"])
def test_record_holds_no_address_that_runs_or_reads(unsafe: str) -> None:
    found = item(
        f"<title>x</title><link>{unsafe}</link><comments>{unsafe}</comments><enclosure url='{unsafe}'/>"
        f"<description>&lt;p>a &lt;a href='{unsafe}'>b&lt;/a>&lt;img src='{unsafe}'>&lt;/p></description>"
    )

    assert (found["link"], found["comments"], found["hrefs"]) == (None, None, [])
    assert found["summary"] == '<p>a <a rel="noopener">b</a></p>'


def test_record_shows_no_active_markup_even_in_titles() -> None:
    found = item(
        "<title>Tin &lt;script&gt;alert(1)&lt;/script&gt;</title>"
        "<description><![CDATA[<svg onload=x()></svg><iframe src='https://a.vn'></iframe>b<style>p{}</style>]]></description>"
    )

    assert (found["title"], found["title_kind"], found["summary"]) == ("Tin", "html", "b")


@pytest.mark.parametrize(
    ("entry", "link"),
    [
        ('<link href="/a"/><link rel="alternate"/>', "https://so.example.vn/a"),
        ('<link/><link href="/a"/>', "https://so.example.vn/a"),
        ('<link rel="alternate" type="text/html"/><link rel="self" href="/s"/>', None),
        ('<link rel="enclosure" href="/t.pdf"/><link href="/a"/>', "https://so.example.vn/a"),
    ],
)
def test_record_survives_links_without_an_address(entry: str, link: str | None) -> None:
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>x</title>{entry}</entry></feed>'

    assert read(feed)["entries"][0]["link"] == link


def test_record_tells_text_that_looks_like_markup_from_markup() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Thẻ &lt;b&gt; là gì?</title>'
        '<entry><title type="html">Thẻ &amp;lt;b&amp;gt;</title></entry></feed>'
    )
    record = read(feed)

    assert (record["feed"]["title"], record["feed"]["title_kind"]) == ("Thẻ <b> là gì?", "text")
    assert (record["entries"][0]["title"], record["entries"][0]["title_kind"]) == ("Thẻ &lt;b&gt;", "html")


def test_record_takes_off_escapes_that_nobody_was_meant_to_see() -> None:
    record = read(
        "<rss version='2.0'><channel><title>A &amp;amp; B</title>"
        "<item><title>Tuần &amp;amp;quot;đọc sách&amp;amp;quot; R&amp;amp;D</title></item></channel></rss>"
    )

    assert (record["feed"]["title"], record["feed"]["title_kind"]) == ("A &amp; B", "html")
    assert record["entries"][0]["title"] == 'Tuần "đọc sách" R&D'
    assert (record["entries"][0]["title_kind"], record["repairs"]) == ("text", ["title_unescaped"])


def test_record_names_dates_it_cannot_read() -> None:
    record = read(
        "<rss version='2.0'><channel><item><title>x</title><pubDate>2013-xx-27</pubDate></item></channel></rss>"
    )

    assert (record["entries"][0]["published"], record["repairs"]) == (None, ["date_unreadable"])


def test_record_and_document_come_from_the_same_reading() -> None:
    text = (
        "<rss version='2.0'><channel><title>Tin</title><item><title>Một</title><link>/1</link>"
        "<description>&lt;p>Hai &lt;img src='/a.jpg'>&lt;/p></description></item></channel></rss>"
    )
    record, document = read(text), parse(decode(text.encode()), url=URL, now=NOW)

    assert document.entries[0].content == record["entries"][0]["summary"]
    assert document.entries[0].pictures == ("https://so.example.vn/a.jpg",)
    assert (document.entries[0].title, document.entries[0].link) == ("Một", record["entries"][0]["link"])
    assert document.format == record["format"]


def test_record_is_ready_for_json() -> None:
    record = read("<rss version='2.0'><channel><title>Tin</title><item><title>Một</title></item></channel></rss>")

    assert json.loads(json.dumps(record)) == record


def test_record_of_no_feed_is_refused() -> None:
    with pytest.raises(ParseError) as caught:
        read("<!-- a --><!-- b --><!doctype html><html></html>")

    assert caught.value.code == "html_page"


@pytest.mark.parametrize(
    ("codec", "name"),
    [("cp1252", "windows-1252"), ("cp1250", "windows-1250"), ("ascii", "us-ascii"), ("iso8859-2", "iso-8859-2")],
)
def test_encodings_are_named_as_documents_name_them(codec: str, name: str) -> None:
    assert encoding_name(codec) == name


@pytest.mark.parametrize(
    ("inner", "image"),
    [
        ('<media:thumbnail url="/nho.jpg"/>', "https://so.example.vn/nho.jpg"),
        (
            '<media:content url="/a.mp4" type="video/mp4"/><media:content url="/a.jpg" medium="image"/>',
            "https://so.example.vn/a.jpg",
        ),
        ('<media:content url="/a.mp4" type="video/mp4"/>', None),
    ],
)
def test_record_names_the_picture_of_an_entry(inner: str, image: str | None) -> None:
    record = read(
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<item><title>x</title>{inner}</item></channel></rss>"
    )

    assert record["entries"][0]["image"] == image
