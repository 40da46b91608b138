"""Số, ký hiệu in titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.rules.symbols import symbol_in

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("title", "symbol"),
    [
        ("Công văn số 2326/GDĐT-THCS ngày 06/10/2023 về cổng thông tin", "2326/GDĐT-THCS"),
        ("Thông tư 09/2024/TT-BGDĐT quy định về công khai", "09/2024/TT-BGDĐT"),
        ("Quyết định số 15/QĐ-THCSTT.", "15/QĐ-THCSTT"),
        ("Kế hoạch 127/KH-SGDĐT-MAU năm 2027", "127/KH-SGDĐT-MAU"),
        ("Họp ngày 06/10/2023 tại phòng 3/2", ""),
        ("Mời dự lễ 20/11", ""),
        ("Tài liệu tại http://so.vn/12/ABC/tin", ""),
        ("", ""),
    ],
)
def test_symbol_in_finds_symbols_and_no_dates(title: str, symbol: str) -> None:
    assert symbol_in(title) == symbol


@given(st.text(max_size=300))
def test_symbol_in_fits_its_column_whatever_the_title(title: str) -> None:
    found = symbol_in(title)

    assert found in title
    assert len(found) <= 80
