"""Names of devices, and where one may be led."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.accounts.rules.addresses import origin
from congtruong.accounts.rules.devices import device_name
from congtruong.accounts.rules.paths import is_console_path

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14; SM-A546E) Chrome/130.0 Mobile Safari/537.36", "Chrome trên Android"),
        ("Mozilla/5.0 (Linux; Android 13) SamsungBrowser/25.0 Chrome/121", "Samsung Internet trên Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari trên iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) CriOS/130.0", "Chrome trên iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge trên Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/121.0 Chrome/115", "Cốc Cốc trên Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1.15", "Safari trên máy Mac"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64) Gecko/20100101 Firefox/132.0", "Firefox trên Linux"),
        ("curl/8.5", "Trình duyệt trên thiết bị khác"),
        ("", "Trình duyệt trên thiết bị khác"),
    ],
)
def test_device_is_named_in_words(agent: str, name: str) -> None:
    assert device_name(agent) == name


@given(st.text())
def test_device_always_has_a_name(agent: str) -> None:
    assert " trên " in device_name(agent)


@pytest.mark.parametrize(
    "path", ["/quan-tri/", "/quan-tri/bai/?trang=2#x", "/tai/a.hcm.edu.vn/quan-tri/", "/tai/a-b.vn/quan-tri/bai/1/"]
)
def test_console_path_is_one(path: str) -> None:
    assert is_console_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/tin-tuc/",
        "/quan-tri",
        "/quan-tri-gia/",
        "quan-tri/",
        "//quan-tri/",
        "///quan-tri/",
        "/\\x/quan-tri/",
        "https://x.vn/quan-tri/",
        "javascript:/quan-tri/",
        "/quan-tri/../",
        "/quan-tri/..",
        "/tai//quan-tri/",
        "/tai/A/quan-tri/",
        "/tai/a/b/quan-tri/",
        "\t/quan-tri/",
        "/quan-tri/\n",
    ],
)
def test_other_paths_are_none(path: str) -> None:
    assert not is_console_path(path)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://Dang-Nhap.so.edu.vn/realms/x", "https://dang-nhap.so.edu.vn"),
        ("https://dang-nhap.so.edu.vn:8443/x", "https://dang-nhap.so.edu.vn:8443"),
        ("https://ten@ke-xau.vn/x", "https://ke-xau.vn"),
    ],
)
def test_origin_is_scheme_host_and_port(url: str, found: str) -> None:
    assert origin(url) == found
