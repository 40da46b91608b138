import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.pipeline import legacy
from congtruong.feeds.pipeline.legacy import TCVN3, VNI, legacy_of, to_unicode

pytestmark = pytest.mark.unit

SENTENCES = (
    "Thông báo về việc tổ chức kỳ thi tuyển sinh vào lớp sáu năm học mới",
    "Sở Giáo dục và Đào tạo đề nghị các trường thực hiện nghiêm túc những nội dung sau",
    "Học sinh nghỉ lễ hai ngày; phụ huynh lưu ý đưa đón các em đúng giờ quy định",
    "Hướng dẫn kiểm tra, đánh giá kết quả rèn luyện ở các cơ sở giáo dục thường xuyên",
)
# Each with signs of its own that old fonts give another meaning.
ORDINARY = (
    "Thông báo về việc tổ chức kỳ thi tuyển sinh vào lớp sáu",
    "Toàn khoá hoà bình, có là và thì, tháng ba, cà phê, bánh mì, hoàn toàn",
    "L'été où l'on est allé à la forêt, déjà très près du château : garçon, maïs, Noël, août, hôtel, île",
    "« Où êtes-vous allés ? » demanda-t-elle à l'élève âgé, à côté de la fenêtre où gît l'âne",
    "The café's naïve résumé: 25 °C, ±5 µm, © 2026, ®, ½, £5, §12, façade, jalapeño",
    "Müller fährt über die Straße nach Köln und hört schöne Lieder für Mädchen",
    "El niño español comió jamón en el año de la montaña, ¿qué pasó? ¡Adiós!",
    "São Paulo não é só uma função da educação; três irmãos têm razões",
    "Smörgåsbord på svenska är också så gott; Åsa går på gatan där",
    "Tài liệu 10 m², 5 µg, © Sở, ®, «trích dẫn»",
)
SYLLABLES = st.sampled_from([word for sentence in SENTENCES for word in sentence.replace(",", "").split()])


def in_tcvn3(text: str) -> str:
    back = {to: chr(code) for code, to in legacy._TCVN3.items()}
    return "".join(back.get(char, back.get(char.lower(), char)) for char in text)


def in_vni(text: str) -> str:
    return "".join(_vni_letter(char) for char in unicodedata.normalize("NFC", text))


def _vni_letter(char: str) -> str:
    letters = {meant: written for written, meant in legacy._VNI_LETTERS.items()}
    if char in letters:
        return letters[char]
    base, marks = unicodedata.normalize("NFD", char)[0], unicodedata.normalize("NFD", char)[1:]
    if not marks or char in "íìÍÌ":
        return char
    if "\u031b" in marks:
        base, marks = letters[unicodedata.normalize("NFC", base + "\u031b")], marks.replace("\u031b", "")
    hats = sorted(marks, key="\u0302\u0306\u0300\u0301\u0303\u0309\u0323".index)
    meant = "".join(hats)
    found = [one for one, what in legacy._VNI_MARKS.items() if what == meant and one.isupper() == char.isupper()]
    return base + (found[0] if found else "")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_tcvn3_is_recognised_and_converted(sentence: str) -> None:
    written = in_tcvn3(sentence)

    assert (legacy_of(written), to_unicode(written, TCVN3).lower()) == (TCVN3, sentence.lower())


@pytest.mark.parametrize("sentence", SENTENCES)
def test_vni_is_recognised_and_converted(sentence: str) -> None:
    written = in_vni(sentence)

    assert (legacy_of(written), to_unicode(written, VNI)) == (VNI, sentence)


@pytest.mark.parametrize(
    ("written", "name", "meant"),
    [
        ("Th«ng b¸o cña Së", TCVN3, "Thông báo của Sở"),
        ("Thoâng baùo cuûa Sôû Giaùo duïc vaø Ñaøo taïo", VNI, "Thông báo của Sở Giáo dục và Đào tạo"),
        ("Tröôøng ÑAÏI HOÏC ÔÛ NÖÔÙC", VNI, "Trường ĐẠI HỌC Ở NƯỚC"),
        ("ngaøy möôøi kyû nieäm lòch chæ ñaïo", VNI, "ngày mười kỷ niệm lịch chỉ đạo"),
    ],
)
def test_old_fonts_as_they_look_in_the_field(written: str, name: str, meant: str) -> None:
    assert (legacy_of(written), to_unicode(written, name)) == (name, meant)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert legacy_of(text) == ""


@given(st.lists(SYLLABLES, min_size=1, max_size=40).map(" ".join))
def test_vietnamese_in_unicode_is_left_alone(words: str) -> None:
    assert legacy_of(unicodedata.normalize("NFC", words)) == ""


@given(st.lists(st.sampled_from(ORDINARY), min_size=1, max_size=8).map(" ".join), st.integers(0, 60))
def test_parts_of_ordinary_texts_are_left_alone(text: str, at: int) -> None:
    assert legacy_of(text[at:]) == ""


@given(st.lists(SYLLABLES, min_size=12, max_size=40).map(" ".join))
def test_converted_text_is_in_normal_form(words: str) -> None:
    for name, written in ((TCVN3, in_tcvn3(words)), (VNI, in_vni(words))):
        made = to_unicode(written, name)
        assert made == unicodedata.normalize("NFC", made)


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    assert legacy_of(text) in {"", TCVN3, VNI}
