import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.pipeline.decode import decode, escape_ampersands

pytestmark = pytest.mark.unit

VIETNAMESE = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ĐĂÂÊÔƠƯ0123456789.,–…"
)
TEXT = st.text(alphabet=VIETNAMESE, min_size=1, max_size=200)


@given(
    TEXT,
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from(["", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1"]),
)
def test_decode_keeps_valid_utf8(words: str, form: Literal["NFC", "NFD"], content_type: str) -> None:
    body = f"<a>Sở {unicodedata.normalize(form, words)}</a>".encode()

    decoded = decode(body, content_type)

    assert (decoded.text, decoded.encoding) == (f"<a>Sở {unicodedata.normalize('NFC', words)}</a>", "utf-8")


@given(TEXT, st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]))
def test_decode_knows_unicode_by_its_bytes(words: str, encoding: str) -> None:
    assert decode(f"<a>{words}</a>".encode(encoding), "text/xml; charset=windows-1252").text == f"<a>{words}</a>"


@given(
    st.binary(max_size=300), st.sampled_from(["", "text/xml; charset=utf-8", "x; charset=base64", "x; charset=utf-16"])
)
def test_decode_never_fails(body: bytes, content_type: str) -> None:
    decoded = decode(body, content_type)

    assert decoded.text == unicodedata.normalize("NFC", decoded.text)


@given(st.text(alphabet=VIETNAMESE.replace("0", ""), min_size=30, max_size=200), st.data())
def test_decode_loses_one_character_to_one_cut_byte(words: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    body = (
        f"<a>{'Thông báo của Sở về học kỳ ' * 4}{words[:at]}".encode() + "ế".encode()[:2] + f"{words[at:]}</a>".encode()
    )

    decoded = decode(body, "text/xml; charset=utf-8")

    assert decoded.text == f"<a>{'Thông báo của Sở về học kỳ ' * 4}{words[:at]}\ufffd{words[at:]}</a>"
    assert decoded.repairs == ("utf8_replaced",)


def test_decode_prefers_its_own_eyes_to_a_wrong_charset() -> None:
    decoded = decode('<?xml version="1.0" encoding="us-ascii"?><a>Sở</a>'.encode(), "text/xml; charset=iso-8859-1")

    assert (decoded.text, decoded.encoding, decoded.repairs) == ("<a>Sở</a>", "utf-8", ("charset_wrong",))


def test_decode_takes_the_charset_of_the_reply_before_the_declaration() -> None:
    body = '<?xml version="1.0" encoding="windows-1251"?><a>café</a>'.encode("cp1252")

    decoded = decode(body, 'text/xml; charset="windows-1252"')

    assert (decoded.text, decoded.encoding) == ("<a>café</a>", "cp1252")


def test_decode_passes_over_unknown_charsets() -> None:
    decoded = decode('<?xml version="1.0" encoding="windows-1252"?><a>«été»</a>'.encode("cp1252"), "x; charset=vni")

    assert (decoded.text, decoded.encoding) == ("<a>«été»</a>", "cp1252")


def test_decode_takes_windows_letters_under_the_name_latin1() -> None:
    decoded = decode("<a>“café” – résumé</a>".encode("cp1252"), "text/xml; charset=iso-8859-1")

    assert decoded.text == "<a>“café” – résumé</a>"


def test_decode_guesses_western_text_when_marks_follow_no_vowel() -> None:
    decoded = decode("<a>perchò lì nòn cosò è mì</a>".encode("cp1252"))

    assert (decoded.text, decoded.encoding) == ("<a>perchò lì nòn cosò è mì</a>", "cp1252")


def test_decode_reports_a_body_cut_inside_a_character() -> None:
    decoded = decode("<a>Sở</a><b>học kỳ</b><c>ế".encode()[:-1])

    assert (decoded.text, decoded.repairs) == ("<a>Sở</a><b>học kỳ</b><c>", ("truncated",))


def test_decode_drops_what_stands_before_the_root() -> None:
    decoded = decode(b'\xef\xbb\xbf\xef\xbb\xbf\r\n \t<?xml version="1.0"?>\n<a>b</a>')

    assert (decoded.text, decoded.repairs) == ("<a>b</a>", ("blanks_removed",))


def test_decode_drops_control_characters_and_references_to_them() -> None:
    decoded = decode(b"<a>m\x00\x0bot&#0;&#x1F;&#0031;&#xD800;&#57343;&#x110000;&#99999999999;&#9;&#10;&#065;</a>")

    assert (decoded.text, decoded.repairs) == ("<a>mot&#9;&#10;&#065;</a>", ("controls_removed",))


def test_decode_does_not_take_signs_for_tcvn3() -> None:
    text = "<a>Phần mềm ABC® của Sở, 25 m², giá µ, «trích», © 2026</a>"

    assert decode(text.encode()).text == text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("R&D", "R&amp;D"),
        ("?id=2&copy=3", "?id=2&amp;copy=3"),
        ("a && b &", "a &amp;&amp; b &amp;"),
        ("&amp; &lt; &#244; &#xF4;", "&amp; &lt; &#244; &#xF4;"),
        ("Th&ocirc;ng&nbsp;b&aacute;o", "Thông\u00a0báo"),
        ("&khongco;", "&amp;khongco;"),
        ("&AMP;&LT;", "&amp;&lt;"),
        ("<![CDATA[R&D &nbsp;]]>&x", "<![CDATA[R&D &nbsp;]]>&amp;x"),
        ("<!-- R&D --> R&D", "<!-- R&D --> R&amp;D"),
        ("<![CDATA[R&D", "<![CDATA[R&D"),
        ('<!DOCTYPE a [<!ENTITY so "Sở">]>\n<a>&so; &copy;</a>', "\n<a>Sở ©</a>"),
        ('<!DOCTYPE a SYSTEM "a.dtd"><a/>', "<a/>"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///x"><!ENTITY y "&x;">]><a>&x;&y;</a>', "<a>&amp;x;&amp;y;</a>"),
        ("<a>R&D<![CDATA[<!DOCTYPE html>]]></a>", "<a>R&amp;D<![CDATA[<!DOCTYPE html>]]></a>"),
    ],
)
def test_escape_ampersands_writes_what_was_meant(written: str, expected: str) -> None:
    assert escape_ampersands(written) == expected


@given(st.text(alphabet="&;#xaltgmp<>![CDATA]- 19", max_size=60))
def test_escape_ampersands_is_done_once(text: str) -> None:
    once = escape_ampersands(text)

    assert escape_ampersands(once) == once
