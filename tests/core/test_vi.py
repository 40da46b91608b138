"""Tags and filters of every template."""

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core.icons import ICONS
from congtruong.core.templatetags.vi import SPRITE_PLACE, highlight, with_sprite
from congtruong.core.text import fold, nfc, search_terms

pytestmark = pytest.mark.unit

MONDAY = date(2026, 11, 23)
# 00:05 of the 24th in Việt Nam.
AFTER_MIDNIGHT = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)


def render(source: str, value: Any) -> str:
    return Template(source).render(Context({"x": value}))


@pytest.mark.parametrize(
    ("filter_name", "value", "text"),
    [
        ("vn_date", MONDAY, "23/11/2026"),
        ("vn_date", AFTER_MIDNIGHT, "24/11/2026"),
        ("vn_date", None, ""),
        ("iso_date", date(2026, 9, 5), "2026-09-05"),
        ("iso_date", AFTER_MIDNIGHT, "2026-11-24"),
        ("iso_date", None, ""),
        ("vn_time", AFTER_MIDNIGHT, "00:05, 24/11/2026"),
        ("vn_time", None, ""),
        ("vn_clock", AFTER_MIDNIGHT, "00:05"),
        ("vn_clock", None, ""),
        ("vn_weekday", MONDAY, "Thứ Hai, 23/11/2026"),
        ("vn_weekday", date(2026, 11, 29), "Chủ nhật, 29/11/2026"),
        ("vn_weekday", AFTER_MIDNIGHT, "Thứ Ba, 24/11/2026"),
        ("vn_weekday", None, ""),
        ("day_number", date(2026, 9, 5), "05"),
        ("day_number", AFTER_MIDNIGHT, "24"),
        ("month_short", date(2026, 9, 5), "Thg 9"),
        ("month_of", date(2026, 9, 5), "Tháng 09/2026"),
        ("year_label", 2026, "2026 – 2027"),
        ("vn_number", 0, "0"),
        ("vn_number", 999, "999"),
        ("vn_number", 1240, "1.240"),
        ("vn_number", 1_234_567, "1.234.567"),
        ("vn_size", 0, "1 KB"),
        ("vn_size", 219_136, "214 KB"),
        ("vn_size", 1_258_291, "1,2 MB"),
        ("file_name", "https://so.example/tep/K%E1%BA%BF%20ho%E1%BA%A1ch.pdf?v=2", "Kế hoạch.pdf"),
        ("file_name", "https://so.example/", "https://so.example/"),
        ("tel", "(028) 3875.1234", "02838751234"),
        ("tel", "+84 28 3875 1234", "+842838751234"),
    ],
)
def test_filter_writes_what_a_vietnamese_reader_expects(filter_name: str, value: Any, text: str) -> None:
    assert render(f"{{{{ x|{filter_name} }}}}", value) == text


def test_icon_is_decoration() -> None:
    name = min(ICONS)

    assert render("{% icon x %}", name) == f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>'


def test_icon_of_an_unknown_name_is_a_mistake_of_the_template() -> None:
    with pytest.raises(TemplateSyntaxError, match="'khong-co'"):
        render("{% icon x %}", "khong-co")


def test_with_sprite_brings_each_used_symbol_once() -> None:
    first, second = sorted(ICONS)[:2]
    page = f'{SPRITE_PLACE}<use href="#i-{second}"/><use href="#i-{first}"/><use href="#i-{second}"/>{SPRITE_PLACE}'

    finished = with_sprite(page)

    assert re.findall(r'<symbol id="i-([a-z]+)"', finished) == [first, second]
    assert finished.count(SPRITE_PLACE) == 1


def test_with_sprite_of_a_page_without_icons_is_the_page() -> None:
    assert with_sprite(f"<p>a</p>{SPRITE_PLACE}") == "<p>a</p>"


def test_with_sprite_does_not_stumble_over_a_link_in_an_article() -> None:
    page = f'{SPRITE_PLACE}<a href="#i-khongco" rel="noopener">Mục lục</a>'

    assert with_sprite(page) == '<a href="#i-khongco" rel="noopener">Mục lục</a>'


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Học phí học kỳ I", "hoc", "<mark>Học</mark> phí <mark>học</mark> kỳ I"),
        ("Đặng Thùy Trâm", "dang tram", "<mark>Đặng</mark> Thùy <mark>Trâm</mark>"),
        ("Toán & <b>Văn</b>", "van", "Toán &amp; &lt;b&gt;<mark>Văn</mark>&lt;/b&gt;"),
        ("Nhà trường", "tr truong", "Nhà <mark>trường</mark>"),
        ("Nhà trường", "uong", "Nhà trường"),
        ("a <script>", "", "a &lt;script&gt;"),
    ],
)
def test_highlight_marks_words_as_they_are_written(text: str, query: str, marked: str) -> None:
    assert highlight(text, search_terms(query)) == marked


@given(st.text(alphabet="aăâđeêhọcHỌC <>&\"'123", max_size=30).map(nfc), st.text(alphabet="aăđehoc1 ", max_size=8))
def test_highlight_adds_marks_and_nothing_else(text: str, query: str) -> None:
    terms = search_terms(query)

    marked = highlight(text, terms)

    assert isinstance(marked, SafeString)
    assert unescape(re.sub("</?mark>", "", marked)) == text
    assert all(fold(unescape(word)) in terms for word in re.findall("<mark>(.*?)</mark>", marked))
