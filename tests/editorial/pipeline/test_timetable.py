"""Timetables read from workbooks as schools make them."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from congtruong.editorial.pipeline.timetable import Unreadable, read_timetables

pytestmark = pytest.mark.unit


def book(*sheets: tuple[str, list[list[Any]]], merged: tuple[str, ...] = ()) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for span in merged:
            sheet.merge_cells(span)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_sheet_of_one_class_keeps_days_across() -> None:
    body = book(
        (
            "6A1",
            [
                ["TRƯỜNG THCS HOA PHƯỢNG"],
                ["Thời khóa biểu lớp 6A1, áp dụng từ 07/09/2026"],
                ["Tiết", "Thứ 2", "Thứ 3", "Thứ 4"],
                [1, "Chào cờ", "Toán", "Ngữ văn"],
                [2, "Toán", "KHTN", None],
            ],
        )
    )

    (table,) = read_timetables(body)

    assert (table.name, table.head) == ("6A1", ["Tiết", "Thứ Hai", "Thứ Ba", "Thứ Tư"])
    assert table.rows == [["1", "Chào cờ", "Toán", "Ngữ văn"], ["2", "Toán", "KHTN", ""]]


def test_sheet_of_all_classes_becomes_a_table_for_each() -> None:
    body = book(
        (
            "TKB sáng",
            [
                ["THỜI KHÓA BIỂU BUỔI SÁNG"],
                ["Thứ", "Tiết", "6A1", "6A2"],
                ["Thứ Hai", 1, "Chào cờ", "Chào cờ"],
                [None, 2, "Toán - Cô Lan", "Văn - Thầy Minh"],
                ["Thứ Ba", 1, "Anh", "Toán"],
                [None, 2, "Văn", "Anh"],
            ],
        ),
        merged=("A3:A4", "A5:A6", "A1:D1"),
    )

    tables = read_timetables(body)

    assert [(table.name, table.head) for table in tables] == [
        ("6A1", ["Tiết", "Thứ Hai", "Thứ Ba"]),
        ("6A2", ["Tiết", "Thứ Hai", "Thứ Ba"]),
    ]
    assert tables[0].rows == [["1", "Chào cờ", "Anh"], ["2", "Toán - Cô Lan", "Văn"]]
    assert tables[1].rows == [["1", "Chào cờ", "Toán"], ["2", "Văn - Thầy Minh", "Anh"]]


def test_mornings_come_before_afternoons() -> None:
    body = book(
        (
            "TKB",
            [
                ["Thứ", "Buổi", "Tiết", "Lớp 1/1", "Lớp 1/2"],
                ["Hai", "Sáng", 1, "Toán", "Tiếng Việt"],
                ["Hai", "Chiều", 1, "Âm nhạc", "Mĩ thuật"],
                ["Ba", "Sáng", 1, "Đạo đức", "Toán"],
            ],
        )
    )

    first = read_timetables(body)[0]

    assert (first.name, first.head) == ("Lớp 1/1", ["Buổi", "Tiết", "Thứ Hai", "Thứ Ba"])
    assert first.rows == [["Sáng", "1", "Toán", "Đạo đức"], ["Chiều", "1", "Âm nhạc", ""]]


def test_days_may_be_numbers() -> None:
    body = book(
        ("TKB", [["Thứ", "Tiết", "10A1", "10A2"], [2, 1, "Toán", "Lý"], [2, 2, "Hóa", "Sinh"], [3, 1, "Văn", "Sử"]])
    )

    tables = read_timetables(body)

    assert [table.head for table in tables] == [["Tiết", "Thứ Hai", "Thứ Ba"]] * 2
    assert tables[0].rows == [["1", "Toán", "Văn"], ["2", "Hóa", ""]]


def test_other_layouts_stay_plain_tables_and_empty_sheets_vanish() -> None:
    body = book(("Lịch trực", [["Ngày", "Người trực"], ["23/11", "Cô Lan"]]), ("Trống", []))

    (table,) = read_timetables(body)

    assert (table.name, table.head, table.rows) == ("Lịch trực", ["Ngày", "Người trực"], [["23/11", "Cô Lan"]])


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"%PDF-1.4", b"<html>", b"\xd0\xcf\x11\xe0" * 200])
def test_other_files_are_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_timetables(body)


_CELLS = (
    st.none()
    | st.integers(0, 12)
    | st.floats(allow_nan=False)
    | st.sampled_from(["Thứ 2", "Thứ Ba", "CN", "Tiết 1", "Sáng", "Chiều", "6A1", "7A2", "Toán", "", "Lớp 5/3", "Tư"])
)


@given(st.lists(st.lists(_CELLS, min_size=1, max_size=6), max_size=8))
def test_every_workbook_gives_rows_as_wide_as_their_heads(rows: list[list[Any]]) -> None:
    for table in read_timetables(book(("TKB", rows))):
        assert {len(row) for row in table.rows} <= {len(table.head)}
