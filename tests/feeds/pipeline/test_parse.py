"""Documents beside what must be read from them: tests/data/feeds/<name>.xml and .json."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import REPAIRS, Document, Enclosure, Entry
from congtruong.feeds.pipeline.parse import MOST_ENTRIES, parse

pytestmark = pytest.mark.unit

DATA = Path(__file__).resolve().parents[2] / "data" / "feeds"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
URL = "https://so.example.vn/rss/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


PIECES = [
    *("<item>", "</item>", "<title>", "</title>", "<description>", "</description>", "<link>", "</link>", "<guid>"),
    *("<![CDATA[", "]]>", "<!--", "-->", "&#xD800;", "&#0;", "&amp;", "&lt;", "&gt;", "&quot;", "&", "<div>", "</div>"),
    *(
        "<pubDate>",
        "</pubDate>",
        "06/10/2023",
        "<a href='",
        "'>",
        "</a>",
        "http://[",
        "<img src=",
        "<category>",
        "<b",
        "/>",
    ),
    *("<content:encoded>", "<enclosure url='x' length='²'/>", "<updated>", "<!DOCTYPE html>", "<?xml ?>", "\x0c", "ế"),
]


def read(text: str) -> Document:
    return parse(decode(text.encode()), url=URL, now=NOW)


def item(inner: str) -> Entry:
    return read(f'<rss version="2.0"><channel><title>x</title><item>{inner}</item></channel></rss>').entries[0]


def expected_document(raw: dict[str, Any]) -> Document:
    empty = Entry("").to_json()
    entries = [{**empty, **entry} for entry in raw["entries"]]
    return Document.from_json({**Document("").to_json(), **raw, "entries": entries})


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("*.xml")))
def test_parse_reads_the_document_as_written_beside_it(name: str) -> None:
    case = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    body = (DATA / f"{name}.xml").read_bytes()

    document = parse(decode(body, case["content_type"]), url=case["url"], now=NOW)

    assert document == expected_document(case["document"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\ufeff\n", "empty"),
        ("<!DOCTYPE html><html><body>Đăng nhập</body></html>", "html_page"),
        ("<!-- x -->\n<html lang='vi'><head></head></html>", "html_page"),
        ("<script>location='/'</script>", "html_page"),
        ("xin chào", "not_feed"),
        ('{"items": []}', "not_feed"),
        ("<danhsach><tin>a</tin></danhsach>", "not_feed"),
    ],
)
def test_parse_refuses_what_is_no_feed(text: str, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(text)

    assert caught.value.code == code


def test_parse_accepts_a_feed_without_items() -> None:
    document = read('<rss version="2.0"><channel><title>Tin</title></channel></rss>')

    assert document == Document(title="Tin", format="rss20")


def test_parse_reads_a_cut_document_up_to_the_cut() -> None:
    document = read(
        '<rss version="2.0"><channel><title>T</title>'
        "<item><title>Một</title><link>/1</link></item><item><title>Hai</title><link>/2</link><descr"
    )

    assert [entry.title for entry in document.entries] == ["Một", "Hai"]
    assert document.repairs == ("malformed",)


def test_parse_keeps_the_first_300_items() -> None:
    items = "".join(f"<item><title>Tin {n}</title></item>" for n in range(MOST_ENTRIES + 5))
    entries = items.replace("item>", "entry>")

    documents = [
        read(f'<rss version="2.0"><channel>{items}</channel></rss>'),
        read(f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/"><channel></channel>{items}</rdf:RDF>'),
        read(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'),
    ]

    for document in documents:
        assert [entry.title for entry in document.entries] == [f"Tin {n}" for n in range(300)]
        assert document.repairs == ("too_many",)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Học &amp;amp; chơi", "Học & chơi"),
        ("&amp;lt;b&amp;gt;Khẩn&amp;lt;/b&amp;gt;", "Khẩn"),
        ("<![CDATA[<b>Khẩn</b> cấp]]>", "Khẩn cấp"),
        ("5 &lt; 7", "5 < 7"),
        ("M&#xD800;ột&#0; &amp;#0;hai", "Một \ufffdhai"),
        ("Năm h&#7885;c", "Năm học"),
        ("Th&ocirc;ng b&aacute;o", "Thông báo"),
        ("  Hai\n   dòng ", "Hai dòng"),
    ],
)
def test_parse_gives_titles_as_plain_words(written: str, title: str) -> None:
    assert item(f"<title>{written}</title>").title == title


def test_parse_takes_the_summary_for_a_missing_title() -> None:
    assert item("<description>Nghỉ học ngày mai</description>").title == "Nghỉ học ngày mai"


def test_parse_leaves_out_items_without_anything() -> None:
    assert read('<rss version="2.0"><channel><item><author>x</author></item></channel></rss>').entries == ()


def test_parse_removes_scripts_and_foreign_links() -> None:
    entry = item(
        "<title>x</title><description><![CDATA[<p onmouseover='x()'>a<script>alert(1)</script>"
        "<a href='javascript:alert(1)'>b</a><a href='mailto:vp@so.example.vn'>c</a></p>]]></description>"
    )

    assert entry.content == ('<p>a<a rel="noopener">b</a><a href="mailto:vp@so.example.vn" rel="noopener">c</a></p>')


def test_parse_takes_the_part_after_the_head_of_a_document_without_body() -> None:
    entry = item("<title>x</title><description><![CDATA[<html><head><title>t</title></head><p>a</p>]]></description>")

    assert entry.content == "<p>a</p>"


def test_parse_ignores_attachments_that_are_no_web_addresses() -> None:
    entry = item('<title>x</title><enclosure url="javascript:x" type="a/b"/><enclosure url="/a" length="lớn"/>')

    assert entry.enclosures == (Enclosure("https://so.example.vn/a", "", 0),)


def test_parse_finds_no_picture_without_an_address() -> None:
    entry = item('<title>x</title><description><![CDATA[<img alt=""><img src="data:x"><p>a</p>]]></description>')

    assert entry.image == ""


def test_parse_keeps_only_words_of_too_deep_content() -> None:
    entry = item(f"<title>x</title><description><![CDATA[{'<div>' * 300}sâu{'</div>' * 300}]]></description>")

    assert (entry.content, entry.repairs) == ("<p>sâu</p>", ("content_flattened", "link_missing"))


def test_parse_does_not_read_files_or_expand_entities(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mật khẩu")
    document = read(
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
        '<rss version="2.0"><channel><item><title>a &x; b</title></item></channel></rss>'
    )

    assert "mật khẩu" not in repr(document)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25))
def test_parse_gives_a_document_or_an_error(pieces: list[str]) -> None:
    try:
        document = read('<rss version="2.0"><channel><item><title>Tin</title>' + "".join(pieces))
    except ParseError as error:
        document = Document(error.code)

    assert "\x00" not in json.dumps(document.to_json(), ensure_ascii=False).encode().decode()


def test_parse_does_not_expand_nested_entities() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    document = read(
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]>'
        '<rss version="2.0"><channel><item><title>a &l9; b</title></item></channel></rss>'
    )

    assert len(repr(document)) < 2_000


def test_parse_names_every_repair_in_words() -> None:
    seen = set()
    for path in DATA.glob("*.json"):
        document = json.loads(path.read_text(encoding="utf-8"))["document"]
        seen |= set(document.get("repairs", ()))
        seen |= {repair for entry in document["entries"] for repair in entry.get("repairs", ())}

    assert seen - set(REPAIRS) == set()


def test_document_survives_the_pipe_between_processes() -> None:
    case = json.loads((DATA / "nukeviet.json").read_text(encoding="utf-8"))
    document = expected_document(case["document"])

    assert Document.from_json(json.loads(json.dumps(document.to_json()))) == document
