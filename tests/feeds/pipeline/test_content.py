import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core.sanitize import plain_text, words_of_html
from congtruong.feeds.pipeline.content import (
    MOST_PICTURES,
    Text,
    composed,
    first_image,
    pictures_of,
    safe_html,
    shown_html,
    summary_of_clean,
    summary_text,
    title_text,
)

pytestmark = pytest.mark.unit

BASE = "https://so.example.vn/tin/rss"


def clean(source: str, base: str = BASE) -> str:
    return safe_html(Text(source, True, base))[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<img src="/a.jpg">', '<img src="https://so.example.vn/a.jpg" alt="">'),
        ('<IMG SRC=b.jpg ALT="Sân > trường">', '<img src="https://so.example.vn/tin/b.jpg" alt="Sân &gt; trường">'),
        ('<img src="/dem.gif" width="1" height="1"><p>a</p>', "<p>a</p>"),
        ('<img src="/dem.gif" height=0>', ""),
        (
            '<img src="data:image/gif;base64,R0" data-src="/that.jpg">',
            '<img src="https://so.example.vn/that.jpg" alt="">',
        ),
        (
            '<img src="/cho.gif" data-original="/that.jpg" style="x">',
            '<img src="https://so.example.vn/that.jpg" alt="">',
        ),
        ('<p><img src="javascript:x" alt="a"></p><p>b</p>', "<p>b</p>"),
        (
            '<figure><img src="x.svg" onerror="x()"></figure>',
            '<figure><img src="https://so.example.vn/tin/x.svg" alt=""></figure>',
        ),
        ('<img alt="không có địa chỉ">', ""),
        (
            '<a href="/t"><img src="/a.jpg"></a>',
            '<a href="https://so.example.vn/t" rel="noopener"><img src="https://so.example.vn/a.jpg" alt=""></a>',
        ),
        ("<div>Tên: A</div><div><div>Tệp</div></div>", "<p>Tên: A</p><p>Tệp</p>"),
        ("?id=2&copy=3 R&D &amp; &nbsp;x", "?id=2&amp;copy=3 R&amp;D &amp; &nbsp;x"),
        ("a <!' b", "a &lt;!' b"),
        ('Viết &lt;a href="b"&gt;', 'Viết &lt;a href="b"&gt;'),
        ('<a title="t" href="b">c</a>', '<a title="t" href="https://so.example.vn/tin/b" rel="noopener">c</a>'),
        ("<h1>Một</h1><script>x()</script>", "<h2>Một</h2>"),
    ],
)
def test_safe_html_keeps_what_may_be_shown(source: str, expected: str) -> None:
    assert clean(source) == expected


def test_safe_html_keeps_the_first_30_pictures() -> None:
    source = '<img src="/dem.gif" width=1>' + "".join(f'<img src="/{n}.jpg">' for n in range(40))

    assert pictures_of(clean(source)) == tuple(f"https://so.example.vn/{n}.jpg" for n in range(MOST_PICTURES))


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                '<img src="/a.jpg" alt="x">',
                "<img src=//b.vn/1>",
                "<a href='/x'>",
                "</a>",
                "&lt;",
                "&",
                "&copy",
                "<b",
                ">",
                "<!",
                "-->",
                "ế",
                " ",
                '"',
                "<svg>",
                "<math>",
                "<style>",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_safe_html_is_stable_and_holds_absolute_addresses_only(source: str) -> None:
    once = clean(source)

    assert clean(once) == once
    assert all(address.startswith(("https://", "http://")) for address in pictures_of(once))
    assert "<svg" not in once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (Text("5 < 7\n  &amp; 8", False), "<p>5 &lt; 7 &amp;amp; 8</p>"),
        (Text("Hai <b>ba</b>", True), "<p>Hai <b>ba</b></p>"),
        (Text("", True), ""),
    ],
)
def test_shown_html_stands_in_blocks(text: Text, expected: str) -> None:
    assert shown_html(text)[0] == expected


def test_first_image_is_no_counting_pixel() -> None:
    text = Text("<img src='/1.gif' width='1'><img alt=''><img src=/2.jpg>", True, BASE)

    assert first_image(text) == "https://so.example.vn/2.jpg"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Một</p><p>hai<br>ba</p>", "Một hai ba"),
        ("<style>p{}</style>a<script>x()</script>b<!-- c -->", "a b"),
        ("<html><head><title>Không</title></head><body>Có</body></html>", "Có"),
        ("?id=2&copy=3 &eacute;&#7871;", "?id=2&copy=3 éế"),
        ("<div>" * 300 + "sâu", "sâu"),
    ],
)
def test_summary_holds_the_words(source: str, words: str) -> None:
    assert summary_text(Text(source, True)) == words


WHOLE = ["<p>học</p>", "<p>kỳ <b>hai</b> </p>", "<br>", "<ul><li>một</li></ul>", "từ ", "&amp; ", "&lt;", " "]


@given(st.lists(st.sampled_from(WHOLE), max_size=20).map("".join))
def test_three_ways_to_the_words_agree(source: str) -> None:
    words = plain_text(source)

    assert words_of_html(source) == words
    assert summary_of_clean(clean(source)) == words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (Text("A &amp;quot;B&amp;quot; ?a=1&copy=2", True), 'A "B" ?a=1&copy=2'),
        (Text("Tin <b>mới</b>", True), "Tin mới"),
        (Text("R&D", False), "R&D"),
    ],
)
def test_titles_are_plain_words(text: Text, title: str) -> None:
    assert title_text(text)[0] == title


def test_marks_join_their_letters_and_other_signs_stay() -> None:
    assert composed("e\u0302\u0301 \u2329") == "ế \u2329"


def test_atom_text_with_tags_is_shown_without_them() -> None:
    text = Text("Họp <b>khẩn</b>", False)

    assert (text.by_looks().is_html, title_text(text.by_looks())[0]) == (True, "Họp khẩn")
