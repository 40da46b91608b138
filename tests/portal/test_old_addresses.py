import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.portal.rules.old_addresses import MOST_CHARACTERS, old_address, spellings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://thcscu.edu.vn/2019/09/khai-giang/", "/2019/09/khai-giang"),
        ("//thcscu.edu.vn/Tin-Tuc/Bai.ASPX?ID=12#top", "/tin-tuc/bai.aspx?id=12"),
        ("/?p=123", "/?p=123"),
        ("http://thcscu.edu.vn?p=123", "/?p=123"),
        ("/index.php?option=com_content&view=article&id=5", "/index.php?id=5&option=com_content&view=article"),
        (
            "/index.php?view=article&id=5&option=com_content&utm_source=zalo",
            "/index.php?id=5&option=com_content&view=article",
        ),
        ("/tin-t%e1%bb%a9c/", "/tin-tức"),
        ("/tin-t%E1%BB%A9c", "/tin-tức"),
        ("/" + quote(unicodedata.normalize("NFD", "tin-tức")), "/tin-tức"),
        ("//a//b//", "/b"),
        ("/a//b/../c/./d", "/a/c/d"),
        ("/../../etc", "/etc"),
        ("\\web\\tin.htm", "/web/tin.htm"),
        ("/a%2541", "/a%2541"),
        ("/a%3Fb", "/a%3fb"),
        ("/?q=a%26b", "/?q=a%26b"),
        ("/?q=hai+tu", "/?q=hai tu"),
        ("/%E9%FF", "/%25e9%25ff"),
        ("/%00", "/"),
        ("", "/"),
        ("/" + "a" * MOST_CHARACTERS, ""),
        ("http://[::1", ""),
    ],
)
def test_old_address_reads_one_spelling(url: str, address: str) -> None:
    assert old_address(url) == address


def test_long_addresses_stay_within_the_column() -> None:
    assert len(old_address("/" + "a" * (MOST_CHARACTERS - 1))) == MOST_CHARACTERS


@given(st.text(max_size=80))
def test_old_address_is_stable(url: str) -> None:
    once = old_address(url)

    assert once == "" or old_address(once) == once
    assert once == "" or once.startswith("/")


@given(st.text(max_size=20), st.text(max_size=20))
def test_old_address_does_not_care_how_letters_are_escaped(segment: str, value: str) -> None:
    path = segment.replace("/", "").replace("\\", "")
    escaped = f"/x{quote(path, safe='')}?a={quote(value, safe='')}"

    assert old_address(escaped) == old_address(escaped.upper())
    assert old_address(escaped) == old_address(f"{escaped}&utm_source=zalo#phan-1")


@pytest.mark.parametrize(
    ("requested", "found"),
    [
        ("/?p=12", ["/?p=12"]),
        ("/?p=12&preview=true", ["/?p=12&preview=true", "/?p=12"]),
        ("/index.php?page_id=9", ["/index.php?page_id=9", "/?page_id=9", "/index.php"]),
        ("/bai-cu/?replytocom=4", ["/bai-cu?replytocom=4", "/bai-cu"]),
        ("/bai-cu/", ["/bai-cu"]),
        ("/", []),
        ("/?utm_source=zalo", []),
    ],
)
def test_spellings_go_from_the_most_telling_to_the_least(requested: str, found: list[str]) -> None:
    assert spellings(requested) == found
