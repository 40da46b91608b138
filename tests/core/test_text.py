import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from congtruong.core.text import fold, is_tidy, nfc, search_terms, shorten, slug, squeeze

pytestmark = pytest.mark.unit

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
SMALL = "bcdđghklmnpqrstvx" + "".join(nfc(vowel + tone) for vowel in VOWELS for tone in TONES)
LETTERS = SMALL + SMALL.upper()

vietnamese = st.text(alphabet=LETTERS + " 0123456789.,-–()/")
# Every letter written with marks of its own; unlike bare marks, they fold to one letter each.
latin = st.text(alphabet=st.characters(max_codepoint=0x24F) | st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF))


@st.composite
def any_form(draw: st.DrawFn) -> str:
    return unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), draw(vietnamese))


def test_fold_turns_every_vietnamese_letter_into_its_plain_one() -> None:
    plain = {"đ": "d", "ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u"}
    expected = "bcddghklmnpqrstvx" + "".join(plain.get(vowel, vowel) for vowel in VOWELS for _ in TONES)

    assert fold(SMALL) == expected
    assert fold(SMALL.upper()) == expected


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đà Nẵng", "da nang"),
        ("TRƯỜNG MẦM NON HƯỚNG DƯƠNG", "truong mam non huong duong"),
        ("Nguyễn Thị Ngọc Ánh – Lớp 6/2", "nguyen thi ngoc anh – lop 6/2"),
        # The letter of other languages that old keyboards wrote for đ.
        ("Ðặng", "dang"),
        ("", ""),
    ],
)
def test_fold_of_names(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(any_form())
def test_fold_does_not_depend_on_the_normal_form(text: str) -> None:
    assert fold(text) == fold(nfc(text))
    assert fold(text).isascii() or "–" in text


@given(st.text())
@example("İSTANBUL")
@example("e\u0302\u0301\u0301")
@example("ﬁ가\u1161ẞ")
def test_fold_is_as_long_as_the_composed_text(text: str) -> None:
    assert len(fold(text)) == len(nfc(text))


@given(any_form() | latin)
def test_fold_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.integers(1, 120))
@example("trường " * 30, 80)
def test_slug_is_an_address_of_plain_words(text: str, most: int) -> None:
    made = slug(text, most=most)

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= max(most, len("muc"))


@pytest.mark.parametrize(
    ("text", "most", "made"),
    [
        ("Mùa tri ân", 80, "mua-tri-an"),
        ("  Lễ 20/11: «Tôn sư – trọng đạo»!  ", 80, "le-20-11-ton-su-trong-dao"),
        ("Ngày hội đọc sách", 11, "ngay-hoi"),
        ("Ngày hội đọc sách", 12, "ngay-hoi-doc"),
        ("Nghiêng", 4, "nghi"),
        ("???", 80, "muc"),
        ("", 80, "muc"),
    ],
)
def test_slug_cuts_at_a_word(text: str, most: int, made: str) -> None:
    assert slug(text, most=most) == made


@given(st.text(), st.integers(1, 60))
def test_shorten_keeps_to_the_limit_and_leaves_short_texts_alone(text: str, most: int) -> None:
    short = shorten(text, most)

    assert len(short) <= most
    assert (short == squeeze(text)) or (short.endswith("…") and squeeze(text).startswith(short[:-1]))
    assert (short == squeeze(text)) == (len(squeeze(text)) <= most) or squeeze(text).endswith("…")


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Kế hoạch năm học", 16, "Kế hoạch năm học"),
        ("Kế hoạch năm học", 15, "Kế hoạch năm…"),
        ("Kính gửi: các trường", 13, "Kính gửi…"),
        ("Nghiêngngả", 5, "Nghi…"),
    ],
)
def test_shorten_cuts_at_a_word(text: str, most: int, short: str) -> None:
    assert shorten(text, most) == short


@given(st.text())
def test_squeeze_leaves_single_spaces_in_composed_text(text: str) -> None:
    squeezed = squeeze(text)

    assert squeezed == squeeze(squeezed)
    assert squeezed == nfc(squeezed)
    assert not re.search(r"\s\s|[^\S ]|^\s|\s$", squeezed)


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Học bạ, HỌC phí!", ["hoc", "ba", "phi"]),
        ("231/GM-UBND", ["231", "gm", "ubnd"]),
        ("a b c d e f g h i k", ["a", "b", "c", "d", "e", "f", "g", "h"]),
        ("  %_'\"  ", []),
    ],
)
def test_search_terms_are_folded_words_without_repeats(query: str, terms: list[str]) -> None:
    assert search_terms(query) == terms


def test_control_characters_of_pasted_texts_are_dropped() -> None:
    assert squeeze("Thông báo\x0b \x02abc\x00") == "Thông báo abc"
    assert nfc("dòng 1\n\tdòng 2\r\n") == "dòng 1\n\tdòng 2\r\n"


@given(st.text() | st.text(alphabet="aế\u0301\x00\x1f\x7f\x85\x92\xa0\ud800\uffff\t\n ", max_size=5))
def test_tidy_text_is_what_nfc_leaves_alone(text: str) -> None:
    assert not is_tidy(text) or nfc(text) == text


def test_vietnamese_on_several_lines_is_tidy() -> None:
    assert is_tidy("Sở Giáo dục\n\tvà Đào tạo – “thông báo” 25\xa0°C")
