"""Every way in which Vietnamese bytes arrive: what is declared, what is sent, what is broken on the way."""

import unicodedata

import pytest

from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.record import read_record
from tests.feeds.corpus import NOW
from tests.feeds.pipeline.test_legacy import in_tcvn3, in_vni

pytestmark = pytest.mark.unit

TITLE = "Thông báo tuyển sinh lớp 6 năm học 2023-2024 của Sở Giáo dục và Đào tạo"
WORDS = "Trường học Đà Nẵng đã đưa ra những hướng dẫn kỳ thi; phụ huynh ở xã Hòa Vang lưu ý."
TONES = "\u0300\u0301\u0303\u0309\u0323"


def rss(charset: str = "utf-8", title: str = TITLE, words: str = WORDS, *, declared: bool = True) -> str:
    head = f'<?xml version="1.0" encoding="{charset}"?>\n' if declared else ""
    return (
        f'{head}<rss version="2.0"><channel><title>{title}</title>'
        f"<item><title>{title}</title><description>{words}</description></item></channel></rss>"
    )


def in_1258(text: str) -> bytes:
    """Windows keeps circumflex, breve and horn on the letter and writes the tone behind it."""
    made = b""
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        made += letter.encode("cp1258") + "".join(part for part in parts if part in TONES).encode("cp1258")
    return made


def references(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


UTF8 = rss().encode()
BARE = rss(declared=False)
BOM = b"\xef\xbb\xbf"
OLD = (in_tcvn3(TITLE), in_tcvn3(WORDS))
VNI = (in_vni(TITLE), in_vni(WORDS))

VARIANTS: dict[str, tuple[bytes, str, str, tuple[str, ...]]] = {
    "utf-8": (UTF8, "text/xml; charset=utf-8", "utf-8", ()),
    "utf-8 by declaration only": (UTF8, "text/xml", "utf-8", ()),
    "utf-8 without any header": (UTF8, "", "utf-8", ()),
    "utf-8 without any declaration": (BARE.encode(), "", "utf-8", ()),
    "utf-8 with a mark": (BOM + UTF8, "text/xml", "utf-8", ()),
    "utf-8 with two marks": (BOM + BOM + UTF8, "text/xml", "utf-8", ()),
    "utf-8 after blank lines": (b"\r\n\n " + UTF8, "text/xml", "utf-8", ("blanks_removed",)),
    "utf-8 with a mark after blanks": (b"\n" + BOM + UTF8, "text/xml", "utf-8", ("blanks_removed",)),
    "utf-8 spelt utf8": (rss("utf8").encode(), 'text/xml; charset="UTF8"', "utf-8", ()),
    "utf-16 le with a mark": (b"\xff\xfe" + rss("utf-16").encode("utf-16-le"), "text/xml", "utf-16le", ()),
    "utf-16 be with a mark": (b"\xfe\xff" + rss("utf-16").encode("utf-16-be"), "", "utf-16be", ()),
    "utf-16 le without a mark": (rss("utf-16").encode("utf-16-le"), "text/xml", "utf-16le", ()),
    "utf-16 be without a mark": (rss("utf-16").encode("utf-16-be"), "text/xml; charset=utf-8", "utf-16be", ()),
    "declares utf-16, sends utf-8": (rss("utf-16").encode(), "text/xml", "utf-8", ()),
    "header says utf-16, sends utf-8": (UTF8, "text/xml; charset=utf-16", "utf-8", ()),
    "declares latin-1, sends utf-8": (rss("iso-8859-1").encode(), "text/xml", "utf-8", ("charset_wrong",)),
    "declares cp1252, sends utf-8": (rss("windows-1252").encode(), "text/xml", "utf-8", ("charset_wrong",)),
    "declares ascii, sends utf-8": (rss("us-ascii").encode(), "text/xml", "utf-8", ("charset_wrong",)),
    "header says latin-1, sends utf-8": (UTF8, "text/xml; charset=ISO-8859-1", "utf-8", ("charset_wrong",)),
    "unknown charset": (rss("x-vietnam").encode(), "text/xml; charset=la", "utf-8", ()),
    "windows-1258 declared": (in_1258(rss("windows-1258")), "text/xml", "windows-1258", ("windows_1258",)),
    "windows-1258 by header": (in_1258(BARE), "a/b; charset=windows-1258", "windows-1258", ("windows_1258",)),
    "windows-1258 unsaid": (in_1258(BARE), "", "windows-1258", ("charset_guessed", "windows_1258")),
    "windows-1258 called utf-8": (in_1258(rss()), "text/xml", "windows-1258", ("charset_wrong", "windows_1258")),
    "windows-1258 called latin-1": (
        in_1258(rss("iso-8859-1")),
        "text/xml",
        "windows-1258",
        ("charset_wrong", "windows_1258"),
    ),
    "decomposed letters": (unicodedata.normalize("NFD", rss()).encode(), "text/xml", "utf-8", ()),
    "letters as references": (rss(title=references(TITLE)).encode(), "text/xml", "utf-8", ()),
    "decomposed references": (
        rss(title=references(unicodedata.normalize("NFD", TITLE))).encode(),
        "text/xml",
        "utf-8",
        (),
    ),
    "named entities": (
        rss(title=TITLE.replace("ô", "&ocirc;").replace("á", "&aacute;")).encode(),
        "text/xml",
        "utf-8",
        (),
    ),
    "control characters": (UTF8.replace(b" 6 ", b" \x0b6\x00 "), "text/xml", "utf-8", ("controls_removed",)),
    "cut at the end": (UTF8[:-12], "text/xml", "utf-8", ("malformed",)),
    "tcvn3 in utf-8": (rss("utf-8", *OLD).encode(), "text/xml", "utf-8", ("tcvn3",)),
    "tcvn3 bytes": (rss("", *OLD, declared=False).encode("latin-1"), "", "windows-1252", ("tcvn3",)),
    "tcvn3 bytes called utf-8": (rss("utf-8", *OLD).encode("latin-1"), "x; charset=utf-8", "windows-1252", ("tcvn3",)),
    "tcvn3 bytes called 1258": (rss("windows-1258", *OLD).encode("latin-1"), "", "windows-1252", ("tcvn3",)),
    "tcvn3 as references": (rss("utf-8", *OLD).encode("ascii", "xmlcharrefreplace"), "", "utf-8", ("tcvn3",)),
    "vni in utf-8": (rss("utf-8", *VNI).encode(), "text/xml", "utf-8", ("vni",)),
    "vni bytes": (rss("iso-8859-1", *VNI).encode("latin-1"), "", "windows-1252", ("vni",)),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_vietnamese_survives(name: str) -> None:
    body, content_type, encoding, repairs = VARIANTS[name]

    record = read_record(body, content_type=content_type, url="https://so.example.vn/rss", now=NOW)

    entry = record["entries"][0]
    seen = (entry["title"].lower(), entry["summary"].lower(), record["encoding"], tuple(record["repairs"]))
    # Capitals of TCVN3 are small letters in another font.
    assert seen == (TITLE.lower(), WORDS.lower(), encoding, repairs)


def test_one_lost_byte_costs_one_character() -> None:
    at = UTF8.index("đưa".encode())
    record = read_record(UTF8[:at] + b"\xc4" + UTF8[at:], content_type="text/xml", url="", now=NOW)

    assert record["entries"][0]["summary"] == WORDS.replace("đưa", "\ufffdđưa")
    assert record["repairs"] == ["utf8_replaced"]


def test_one_old_entry_in_a_new_feed_is_converted_and_marked() -> None:
    old = f"<item><title>{in_tcvn3(TITLE)}</title><description>{in_tcvn3(WORDS)}</description></item>"
    body = rss().replace("</channel>", f"{old}</channel>")

    record = read_record(body.encode(), content_type="text/xml", url="", now=NOW)

    assert [entry["summary"] for entry in record["entries"]] == [WORDS, WORDS]
    assert record["repairs"] == ["tcvn3"]


def test_quotes_of_windows_are_read_where_control_characters_stand() -> None:
    assert decode("<a>\x93Sở\x94 \x96 ngày</a>".encode()).text == "<a>“Sở” – ngày</a>"


def test_references_of_any_length_are_read_in_time() -> None:
    assert decode(b"<a>&#" + b"0" * 2_000_000 + b" &#" + b"0" * 500 + b"65;</a>").text.endswith("65;</a>")
