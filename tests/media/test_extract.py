"""The words inside files of every kind, and files made to do harm."""

import io
import os
import time
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from congtruong.core.limited_child import Bounds
from congtruong.core.personal_data import Kind, Section, find_in_sections
from congtruong.media.checks import reading
from congtruong.media.checks.extract import DOCX, PDF, PPTX, XLSX, Extracted, extract

pytestmark = pytest.mark.integration

SCHOOL_LIST = (Path(__file__).resolve().parents[1] / "data" / "personal_data" / "danh-sach.pdf").read_bytes()
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def package(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def word(body: str, **parts: str) -> bytes:
    return package(**{"word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>"} | parts)


def excel(*sheets: list[list[Any]], hidden: int = -1) -> bytes:
    book = Workbook()
    book.remove(book["Sheet"])
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Lớp {number + 1}")
        sheet.sheet_state = "hidden" if number == hidden else "visible"
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(body: bytes, kind: str) -> Extracted:
    """In this process: what stands in the file is ours."""
    reply = reading.read(body, kind, until=time.process_time() + 60)
    return Extracted(tuple(Section(**each) for each in reply["sections"]), reply["unread"], reply["partly"])


# --- PDF --------------------------------------------------------------------------------------------------------------


def test_pdf_of_a_browser_is_read_with_whole_words() -> None:
    extracted = extract(SCHOOL_LIST, PDF)

    assert [section.place for section in extracted.sections] == ["trang 1", "trang 2"]
    assert "Phan Thùy Dung   30/06/2014  079314000004   0938 777 888" in extracted.sections[0].text
    assert extracted.sections[1].text == "Nơi nhận: như trên. HIỆU TRƯỞNG (đã ký)"
    assert (extracted.unread, extracted.partly) == ("", "")
    assert {finding.kind: finding.count for finding in find_in_sections(extracted.sections)} == {
        Kind.CITIZEN_ID: 5,
        Kind.PHONE: 5,
        Kind.BIRTH_DATE: 5,
        Kind.PUPIL_LIST: 5,
    }


def written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def scanned_page(writer: PdfWriter) -> None:
    """A page that draws and says nothing, as a scanner makes it."""
    drawing = DecodedStreamObject()
    drawing.set_data(b"0 0 200 200 re f")
    page = writer.add_blank_page(200, 200)
    page[NameObject("/Contents")] = writer._add_object(drawing)


def test_pdf_of_a_scanner_has_no_text() -> None:
    writer = PdfWriter()
    scanned_page(writer)

    assert read(written(writer), PDF) == Extracted(unread="no_text")


def test_pdf_with_one_scanned_page_is_read_in_part() -> None:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(SCHOOL_LIST)))
    scanned_page(writer)
    extracted = read(written(writer), PDF)

    assert ([section.place for section in extracted.sections], extracted.partly) == (
        ["trang 1", "trang 2"],
        "pages_without_text",
    )


def test_pdf_with_a_blank_page_is_read_as_a_whole() -> None:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(SCHOOL_LIST)))
    writer.add_blank_page(200, 200)

    assert read(written(writer), PDF).partly == ""


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
@pytest.mark.parametrize(("password", "unread"), [("bí mật", "encrypted"), ("", "")])
def test_pdf_that_needs_a_password(algorithm: str, password: str, unread: str) -> None:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(SCHOOL_LIST)))
    writer.encrypt(password, "chủ", algorithm=algorithm)

    assert extract(written(writer), PDF).unread == unread


def test_long_pdf_is_read_as_far_as_the_limits_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 100)
    extracted = read(SCHOOL_LIST, PDF)

    assert ([section.place for section in extracted.sections], extracted.partly) == (["trang 1"], "too_long")


# --- Word, PowerPoint -------------------------------------------------------------------------------------------------


def test_word_is_read_in_order_with_tables() -> None:
    body = paragraph("Danh sách") + table((paragraph("Họ tên"), paragraph("Lớp")), (paragraph("An"), paragraph("6A1")))
    extracted = read(word(body + paragraph("Hết")), DOCX)

    assert extracted.sections == (
        Section(text="Danh sách"),
        Section("bảng", rows=[["Họ tên", "Lớp"], ["An", "6A1"]], above=["Danh sách"]),
        Section(text="Hết"),
    )


def test_word_shows_what_its_readers_can_dig_out() -> None:
    header = f"<w:hdr {WORD}>{paragraph('Đầu trang')}</w:hdr>"
    comments = f"<w:comments {WORD}><w:comment>{paragraph('Mẹ: 0903123456')}</w:comment></w:comments>"
    deleted = (
        "<w:p><w:del><w:r><w:delText>CCCD 079215001234</w:delText></w:r></w:del>"
        "<w:r><w:t>Một</w:t><w:tab/><w:t>hai</w:t></w:r></w:p>"
    )
    extracted = read(word(deleted, **{"word/header1.xml": header, "word/comments.xml": comments}), DOCX)

    assert [section.text for section in extracted.sections] == [
        "CCCD 079215001234Một\thai",
        "Đầu trang",
        "Mẹ: 0903123456",
    ]
    assert [finding.kind for finding in find_in_sections(extracted.sections)] == [Kind.CITIZEN_ID, Kind.PHONE]


def test_word_table_in_a_table_keeps_its_rows() -> None:
    inner = table((paragraph("Nguyễn Văn An"), paragraph("6A1")))
    extracted = read(word(table((paragraph("Trái"), inner + paragraph("Dưới")))), DOCX)

    assert extracted.sections == (Section("bảng", rows=[["Nguyễn Văn An", "6A1"], ["Trái", "Dưới"]], above=[]),)


def test_slides_are_read_in_order() -> None:
    slides = {
        f"ppt/slides/slide{number}.xml": f"<p {DRAWING}><a:p><a:r><a:t>Trang {number}</a:t></a:r></a:p></p>"
        for number in (10, 2)
    }

    assert [(section.place, section.text) for section in read(package(**slides), PPTX).sections] == [
        ("trang chiếu 2", "Trang 2"),
        ("trang chiếu 10", "Trang 10"),
    ]


# --- Excel ------------------------------------------------------------------------------------------------------------


def test_excel_is_read_with_hidden_sheets_numbers_and_dates() -> None:
    body = excel(
        [["Họ tên", "Ngày sinh", "Điện thoại"], ["An", date(2014, 3, 12), 903123456.0], [], ["Tổng", None, 1.5]],
        [["Bình", datetime(2014, 11, 5, 0, 0), True]],  # noqa: DTZ001 - as spreadsheets store it
        hidden=1,
    )

    assert extract(body, XLSX).sections == (
        Section(
            "trang tính “Lớp 1”",
            rows=[["Họ tên", "Ngày sinh", "Điện thoại"], ["An", "12/03/2014", "903123456"], [], ["Tổng", "", "1.5"]],
        ),
        Section("trang tính “Lớp 2”", rows=[["Bình", "05/11/2014", "True"]]),
    )


def test_excel_findings_stand_in_the_row_their_author_sees() -> None:
    body = excel([["Họ tên", "SĐT"], [], [], ["Cô Hoa", 903123456]])
    findings = find_in_sections(read(body, XLSX).sections)

    assert [(finding.kind, finding.place) for finding in findings] == [(Kind.PHONE, "trang tính “Lớp 1”, hàng 4")]


def test_empty_excel_has_no_text() -> None:
    assert read(excel([]), XLSX) == Extracted(unread="no_text")


# --- What cannot be read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "unread"),
    [
        ("application/msword", "old_format"),
        ("application/vnd.ms-excel", "old_format"),
        ("application/vnd.ms-powerpoint", "old_format"),
        ("application/zip", "archive"),
    ],
)
def test_what_is_not_read_says_so(kind: str, unread: str) -> None:
    assert extract(b"x", kind) == Extracted(unread=unread)


BILLION = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.4 thu", PDF),
        (SCHOOL_LIST[:3000], PDF),
        (b"PK\x03\x04rest", DOCX),
        (package(**{"other.xml": "<a/>"}), DOCX),
        (package(**{"word/document.xml": "<a><b>"}), DOCX),
        (package(**{"word/document.xml": BILLION + "<a>&c;</a>"}), DOCX),
        (package(**{"word/document.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'}), DOCX),
        (package(**{"xl/workbook.xml": BILLION + "<a>&c;</a>"}), XLSX),
        (package(**{"ppt/presentation.xml": "<a/>"}), PPTX),
        (b"", XLSX),
    ],
)
def test_damaged_and_hostile_files_are_damaged(body: bytes, kind: str) -> None:
    assert extract(body, kind) == Extracted(unread="damaged")


def test_file_with_a_locked_part_is_damaged() -> None:
    body = bytearray(word(paragraph("Một")))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.find(signature)
        while at >= 0:
            body[at + flags] |= 1
            at = body.find(signature, at + 4)

    assert extract(bytes(body), DOCX) == Extracted(unread="damaged")


@given(st.binary(max_size=200), st.sampled_from([PDF, DOCX, XLSX, PPTX]), st.integers(0, 60_000))
def test_reader_takes_any_bytes(noise: bytes, kind: str, at: int) -> None:
    whole = SCHOOL_LIST if kind == PDF else word(paragraph("Một") * 50)
    cut = at % len(whole)
    extracted = read(whole[:cut] + noise + whole[cut + len(noise) :], kind)

    assert extracted.unread or extracted.sections


def test_what_grows_when_unpacked_ends_its_process_only() -> None:
    body = word(paragraph("a" * 300_000_000))
    before = psutil.Process(os.getpid()).children()

    assert extract(body, DOCX, bounds=Bounds(seconds=10, megabytes=256, output_megabytes=1)) == Extracted(
        unread="too_costly"
    )
    assert psutil.Process(os.getpid()).children() == before


def test_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "hanging_reader.py").write_text("while True: pass")

    assert extract(SCHOOL_LIST, PDF, bounds=Bounds(seconds=1), worker="hanging_reader") == Extracted(
        unread="too_costly"
    )
