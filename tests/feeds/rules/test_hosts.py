"""Whose an address is."""

import pytest

from congtruong.feeds.rules.hosts import host_of, is_same_owner, registrable_domain

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("rss.sogd.hanoi.gov.vn", "hanoi.gov.vn"),
        ("truong.edu.vn", "truong.edu.vn"),
        ("a.b.truong.edu.vn", "truong.edu.vn"),
        ("WWW.Truong.COM.VN.", "truong.com.vn"),
        ("truong.vn", "truong.vn"),
        ("tin.truong.com", "truong.com"),
        ("truong.hanoi.vn", "truong.hanoi.vn"),
        ("mot.blogspot.com", "mot.blogspot.com"),
        # Suffixes themselves, addresses and names below unknown suffixes have no owner we know.
        ("edu.vn", ""),
        ("blogspot.com", ""),
        ("vn", ""),
        ("", ""),
        ("127.0.0.1", ""),
        ("school.co.uk", ""),
        ("a..vn", ""),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_same_owner_is_certain_or_denied() -> None:
    assert is_same_owner("rss.so.edu.vn", "www.so.edu.vn")
    assert is_same_owner("127.0.0.1", "127.0.0.1")
    assert not is_same_owner("so.edu.vn", "truong.edu.vn")
    assert not is_same_owner("mot.blogspot.com", "hai.blogspot.com")
    assert not is_same_owner("a.school.co.uk", "b.school.co.uk")
    assert not is_same_owner("", "")


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://So.Edu.VN:443/rss", "so.edu.vn"), ("rss", ""), ("http://[::1", ""), ("http://[::1]/", "::1")],
)
def test_host_of(url: str, host: str) -> None:
    assert host_of(url) == host
