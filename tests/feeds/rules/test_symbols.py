"""Số, ký hiệu in titles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.rules.symbols import is_same_document, same_year, symbol_in

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


@pytest.mark.parametrize(
    ("one", "other", "symbol", "same"),
    [
        (
            "Công văn 1/GDĐT-THCS về cổng thông tin",
            "Sao gửi Công văn 1/GDĐT-THCS về cổng thông tin",
            "1/GDĐT-THCS",
            True,
        ),
        ("Công văn 1/GDĐT-THCS", "V/v cổng thông tin, 1/GDĐT-THCS", "1/GDĐT-THCS", True),
        ("Quyết định 15/QĐ-UBND", "Quyết định 15/QĐ-UBND về trực Tết", "15/QĐ-UBND", False),
        ("Quyết định 15/QĐ-UBND về trực Tết", "Quyết định 15/QĐ-UBND về chia lớp", "15/QĐ-UBND", False),
        ("Quyết định 15/QĐ-UBND về trực Tết Nguyên đán", "15/QĐ-UBND trực Tết Nguyên đán", "15/QĐ-UBND", True),
    ],
)
def test_same_symbol_means_the_same_document_only_with_its_subject(
    one: str, other: str, symbol: str, *, same: bool
) -> None:
    assert is_same_document(one, other, symbol) is same
    assert is_same_document(other, one, symbol) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (date(2026, 2, 1), date(2026, 12, 1), True),
        (date(2026, 12, 30), date(2027, 1, 5), True),
        (date(2025, 3, 1), date(2026, 3, 1), False),
    ],
)
def test_numbers_begin_anew_each_year(one: date, other: date, *, same: bool) -> None:
    assert same_year(one, other) is same
