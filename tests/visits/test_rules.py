"""Which addresses count as pages."""

import pytest

from congtruong.visits.rules import counted_path, entry_above, name_of_fixed

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("/", "/"),
        ("/tin-tuc/", "/tin-tuc/"),
        ("/tin-tuc/trang/3/", "/tin-tuc/"),
        ("/thong-bao/nguon/cap-tren/trang/2/", "/thong-bao/"),
        ("/tin-tuc/khai-giang/", "/tin-tuc/khai-giang/"),
        ("/nguon/12/tin-cua-so/", "/nguon/12/tin-cua-so/"),
        ("/lien-he/", "/lien-he/"),
        ("/tkb/", "/tkb/"),
        ("/don-vi/", None),
        ("", None),
        ("/wp-admin/", None),
        ("/quan-tri/", None),
        ("/quan-tri/bai-viet/", None),
        ("/tin-tuc/khai-giang", None),
        ("/tin-tuc/Khai-Giang/", None),
        ("/tin-tuc//", None),
        ("/tin-tuc/../", None),
        ("/tin-tuc/a/b/", None),
        ("/tep/abc/anh.webp", None),
        ("//evil.example/", None),
        ("/tin-tuc/" + "a" * 300 + "/", None),
    ],
)
def test_counted_path_knows_pages_of_a_portal(path: str, counted: str | None) -> None:
    assert counted_path(path, of_authority=False) == counted


@pytest.mark.parametrize("path", ["/don-vi/", "/tin-don-vi/"])
def test_directory_is_a_page_of_authorities(path: str) -> None:
    assert (counted_path(path, of_authority=True), counted_path(path, of_authority=False)) == (path, None)


def test_further_pages_of_news_below_count_as_the_list() -> None:
    assert counted_path("/tin-don-vi/trang/2/", of_authority=True) == "/tin-don-vi/"


def test_fixed_pages_have_names() -> None:
    assert [name_of_fixed(path) for path in ("/", "/tkb/", "/don-vi/")] == ["Trang chủ", "Thời khóa biểu", "Các đơn vị"]


def test_entry_above_reads_the_id() -> None:
    assert (entry_above("/nguon/12/tin/"), entry_above("/tin-tuc/tin/")) == (12, None)
