"""Texts between editor, storage and public page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core.sanitize import clean_article, presentable
from congtruong.editorial.pipeline.body import (
    ImageFacts,
    for_editor,
    for_public,
    from_editor,
    keys_in,
    missing_alts,
    opening,
    without_empty_headings,
    word_count,
)

pytestmark = pytest.mark.unit

STORED = '<figure class="image"><img src="/tep/K-1_a/960.webp" alt="Sân trường"></figure>'
PREFIXES = ["", "/tai/thcshoaphuong.tinhmau.edu.vn", "/tai/mn195.hcm.edu.vn"]
ROWS = [
    {"name": "480.avif", "width": 480, "height": 300, "size": 1, "type": "image/avif"},
    {"name": "960.avif", "width": 960, "height": 600, "size": 2, "type": "image/avif"},
    {"name": "480.webp", "width": 480, "height": 300, "size": 3, "type": "image/webp"},
    {"name": "960.webp", "width": 960, "height": 600, "size": 4, "type": "image/webp"},
]
FACTS = ImageFacts(width=1600, height=1000, renditions=ROWS)
SIZES = "(min-width: 48rem) 42rem, 100vw"
PICTURE = (
    f'<picture><source type="image/avif" srcset="/tep/K/480.avif 480w, /tep/K/960.avif 960w" sizes="{SIZES}">'
    f'<img src="/tep/K/960.webp" srcset="/tep/K/480.webp 480w, /tep/K/960.webp 960w" sizes="{SIZES}"'
    ' width="1600" height="1000" alt="Sân trường" loading="lazy" decoding="async"></picture>'
)


def figure(key: str, caption: str = "") -> str:
    return f'<figure class="image"><img src="/tep/{key}/1.webp" alt="Sân trường">{caption}</figure>'


@pytest.mark.parametrize("prefix", PREFIXES)
def test_addresses_go_to_the_editor_and_come_back(prefix: str) -> None:
    shown = for_editor(STORED, prefix)

    assert shown == STORED.replace("/tep/", f"{prefix}/quan-tri/tep/")
    assert from_editor(shown) == STORED


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        ("/quan-tri/tep/K/1.webp", "/tep/K/1.webp"),
        ("/tai/a.edu.vn/quan-tri/tep/K/1.webp", "/tep/K/1.webp"),
        ("https://a.edu.vn/quan-tri/tep/K/1.webp", "/tep/K/1.webp"),
        ("http://localhost:8000/tai/a.edu.vn/quan-tri/tep/K/1.webp?v=2#x", "/tep/K/1.webp"),
        ("/tep/K/1.webp", "/tep/K/1.webp"),
        ("/quan-tri/tep/K/x/1.webp", "/quan-tri/tep/K/x/1.webp"),
        ("/quan-tri/bai-viet/3/", "/quan-tri/bai-viet/3/"),
        ("https://ke-xau.example/x.png", "https://ke-xau.example/x.png"),
    ],
)
def test_from_editor_names_files_as_the_portal_does(address: str, stored: str) -> None:
    assert from_editor(f'<p><img src="{address}"></p>') == f'<p><img src="{stored}"></p>'
    assert from_editor(f"<p><a href='{address}'>x</a></p>") == f"<p><a href='{stored}'>x</a></p>"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (
            "Kính gửi\r\nphụ huynh\r\n\r\n\r\nNhà trường & lớp",
            "<p>Kính gửi<br>phụ huynh</p><p>Nhà trường &amp; lớp</p>",
        ),
        ("5 < 6", "<p>5 &lt; 6</p>"),
        ("Lớp 6 &amp; 7", "<p>Lớp 6 &amp; 7</p>"),
        ("  \n ", ""),
    ],
)
def test_from_editor_makes_paragraphs_of_what_was_typed_without_it(typed: str, stored: str) -> None:
    assert from_editor(typed) == stored


@pytest.mark.parametrize(
    "source",
    [
        "https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0&amp;start=3",
        "//www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    ],
)
def test_from_editor_keeps_videos_of_old_sites(source: str) -> None:
    made = from_editor(f'<p>a</p><iframe width="560" src="{source}" allowfullscreen></iframe>')

    assert clean_article(made) == (
        '<p>a</p><figure class="media"><oembed url="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></oembed></figure>'
    )


def test_from_editor_drops_underlines_that_links_have_anyway() -> None:
    assert from_editor('<p><a href="/a/"><u>a</u></a> <u>b</u></p>') == '<p><a href="/a/">a</a> <u>b</u></p>'


def test_from_editor_drops_frames_of_others() -> None:
    assert from_editor('<p>a</p><iframe src="https://ke-xau.example/"></iframe>') == "<p>a</p>"


def test_keys_in_lists_images_and_linked_files_once() -> None:
    text = (
        figure("B")
        + figure("A")
        + figure("B")
        + '<a href="/tep/C/Ke-hoach.pdf" rel="noopener">x</a><p>/tep/D/1.webp</p>'
    )

    assert keys_in(text) == ["B", "A", "C"]


def test_missing_alts_counts_images_without_words() -> None:
    text = figure("A") + '<img src="/tep/B/1.webp" alt=""><img src="/tep/C/1.webp" alt=" "><p>alt=""</p>'

    assert missing_alts(text) == 2


def test_for_public_gives_every_browser_what_it_takes() -> None:
    assert for_public(figure("K"), {"K": FACTS}) == f'<figure class="image">{PICTURE}</figure>'


def test_for_public_keeps_captions_and_links_around_images() -> None:
    image = '<a href="/a/" rel="noopener"><img src="/tep/K/1.webp" alt="Sân trường"></a>'
    stored = f'<figure class="image">{image}<figcaption>Sân</figcaption></figure>'

    assert for_public(stored, {"K": FACTS}) == (
        f'<figure class="image"><a href="/a/" rel="noopener">{PICTURE}</a><figcaption>Sân</figcaption></figure>'
    )


def test_for_public_leaves_out_images_it_does_not_know() -> None:
    nothing = ImageFacts(width=1, height=1)
    text = "<p>a</p>" + figure("X", "<figcaption>Chú thích</figcaption>") + figure("Y") + "<p>b</p>"

    assert for_public(text, {"K": FACTS, "Y": nothing}) == "<p>a</p><p>b</p>"
    assert for_public('<p>a <img src="/tep/X/1.webp" alt=""> b</p>', {}) == "<p>a  b</p>"


def test_for_public_without_avif_has_no_other_source() -> None:
    facts = ImageFacts(width=300, height=200, renditions=[{"name": "300.webp", "width": 300, "type": "image/webp"}])

    assert for_public('<img src="/tep/K/300.webp" alt="">', {"K": facts}) == (
        f'<picture><img src="/tep/K/300.webp" srcset="/tep/K/300.webp 300w" sizes="{SIZES}" width="300" height="200"'
        ' alt="" loading="lazy" decoding="async"></picture>'
    )


@pytest.mark.parametrize(
    ("caption", "label"),
    [
        ("", "Xem video trên YouTube"),
        ("<figcaption>Lễ <b>khai giảng</b></figcaption>", "Xem video trên YouTube: Lễ khai giảng"),
    ],
)
def test_for_public_makes_a_video_a_link_until_somebody_plays_it(caption: str, label: str) -> None:
    address = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"

    assert for_public(f'<figure class="media"><oembed url="{address}"></oembed>{caption}</figure>', {}) == (
        f'<div class="video" data-video="dQw4w9WgXcQ"><a href="{address}" rel="noopener">{label}</a>'
        '<p class="video-note">Khi phát video, YouTube nhận được thông tin về lượt xem này.</p></div>'
    )
    assert for_public(f'<p><oembed url="{address}"></oembed> a</p>', {}) == (
        f'<p><a href="{address}" rel="noopener">Xem video trên YouTube</a> a</p>'
    )


def test_for_public_says_what_a_heading_cell_heads() -> None:
    table = (
        '<figure class="table"><table><thead><tr><th>Lớp</th><th scope="colgroup" colspan="2">Phòng</th></tr></thead>'
        '<tbody><tr><th rowspan="2">6A1</th><td>1</td><td>2</td></tr></tbody></table>'
        "<figcaption>Phòng học</figcaption></figure>"
    )

    assert for_public(table, {}) == table.replace("<th>Lớp", '<th scope="col">Lớp').replace(
        "<th rowspan", '<th scope="row" rowspan'
    )


def test_public_table_scrolls_by_itself_within_its_figure() -> None:
    shown = presentable(
        for_public('<figure class="table"><table><tbody><tr><td>a</td></tr></tbody></table></figure>', {})
    )

    assert shown == (
        '<figure class="table"><div class="table-scroll" role="region" aria-label="Bảng 1" tabindex="0">'
        '<table class="table"><tbody><tr><td>a</td></tr></tbody></table></div></figure>'
    )


def test_word_count_counts_words_not_markup() -> None:
    assert word_count("<h2>Ngày hội</h2><p>đọc&nbsp;sách <b>khối 6</b></p>" + figure("A")) == 6


PIECES = (
    *(
        "<p>",
        "</p>",
        "<figure>",
        "</figure>",
        '<img src="/quan-tri/tep/K/1.webp" alt="a">',
        "<table><tr><th>",
        "</table>",
    ),
    *('<oembed url="https://youtu.be/dQw4w9WgXcQ">', "<a href='/quan-tri/tep/K/a.pdf'>", "<figcaption>", "a", "\n\n"),
    *(
        "<p style='mso-list:l0 level2 lfo1'>",
        "<span style='mso-list:Ignore'>",
        "<o:p>",
        "<iframe src='",
        "<li>",
        "<ul>",
        "<b>",
    ),
    *("<!--", "-->", "<![if x]>", "</", "<xml>", "<td>", "<span style='font-weight:700'>", "class=MsoNormal", "\x00"),
)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join))
def test_whatever_comes_from_the_editor_can_be_stored_edited_and_shown(source: str) -> None:
    stored = clean_article(from_editor(source))

    again = clean_article(from_editor(for_editor(stored, "/tai/a.edu.vn")))

    assert again == stored or "<" not in stored
    assert "<oembed" not in for_public(stored, {})
    assert "<img" not in for_public(stored, {})
    assert for_public(stored, {"K": FACTS}).count("<picture>") == len([key for key in stored.split("<img ")[1:] if key])


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>Đội hình</h2><p>Đội thắng 2–0. Cả trường vui. Mai nghỉ.</p>", "Đội thắng 2–0. Cả trường vui."),
        ("<p>Một câu duy nhất</p><h2>Mục sau</h2><p>Đoạn sau.</p>", "Một câu duy nhất"),
        ("<p>Câu ngắn. Dài " + "dài " * 60 + "hết.</p>", "Câu ngắn."),
        ("<p>ThS. Lê C và PGS.TS. Hà ở TP. Huế đến. Vui. Hết.</p>", "ThS. Lê C và PGS.TS. Hà ở TP. Huế đến. Vui."),
        ("<p>“Thầy trò cùng thắng!” Cả đội reo. Rồi về.</p>", "“Thầy trò cùng thắng!” Cả đội reo."),
        ("<p>Điểm 7.5 và … còn nữa. Câu hai? Câu ba.</p>", "Điểm 7.5 và … còn nữa. Câu hai?"),
        ("<p><br></p><table><tbody><tr><td><p>Ô</p></td></tr></tbody></table><p>Thật. Đủ.</p>", "Thật. Đủ."),
        (figure("K", "<figcaption>Chú thích.</figcaption>") + "<p>Lời bài.</p>", "Lời bài."),
        ("<h2>Danh sách</h2><ul><li>Một</li><li>Hai</li></ul>", "Một Hai"),
        ("<h2>Chỉ có đề mục</h2>", "Chỉ có đề mục"),
        ("<p>1. Thời gian: sáng mai. 2. Nơi: sân trường. Hết.</p>", "1. Thời gian: sáng mai. 2. Nơi: sân trường."),
        ("", ""),
    ],
)
def test_opening_is_a_sentence_or_two_of_the_first_paragraph(html: str, expected: str) -> None:
    assert opening(html) == expected


def test_opening_of_one_endless_sentence_is_cut_at_a_word() -> None:
    made = opening("<p>" + "từ " * 200 + "</p>")

    assert (made[:5], len(made) <= 200, made[-3:]) == ("từ từ", True, "từ…")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2></h2><p>a</p><h3>&nbsp;</h3><p>b</p>", "<p>a</p><p>b</p>"),
        ("<h2><strong> <br></strong></h2><h4>\u00a0</h4>", ""),
        ("<h2>Mục <em>một</em></h2>", "<h2>Mục <em>một</em></h2>"),
    ],
)
def test_headings_without_words_are_left_out(html: str, expected: str) -> None:
    assert without_empty_headings(html) == expected
