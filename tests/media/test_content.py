"""What a file is, told from its bytes, and the sentence for what is not accepted."""

import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from congtruong.media import errors
from congtruong.media.checks.content import content_type, ending, why_refused

pytestmark = pytest.mark.unit

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 100


def drawn(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, kind)
    return buffer.getvalue()


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        (b"%PDF-1.7\n", "a.pdf", "application/pdf"),
        (b"%PDF-1.7\n", "a.html", "application/pdf"),
        (drawn("JPEG"), "a.jpg", "image/jpeg"),
        (drawn("PNG"), "a.jpg", "image/png"),
        (drawn("WEBP"), "a", "image/webp"),
        (drawn("GIF"), "a.html", "image/gif"),
        (drawn("AVIF"), "a.heic", "image/avif"),
        (zipped("[Content_Types].xml", "word/document.xml"), "a.zip", WORD),
        (zipped("xl/workbook.xml"), "a.docx", SHEET),
        (zipped("ppt/presentation.xml"), "a", SLIDES),
        (zipped("bao-cao.txt"), "a.docx", "application/zip"),
        (zipped("thu-muc/word/document.xml"), "a.docx", "application/zip"),
        (OLE, "cu.DOC", "application/msword"),
        (OLE, "cu.xls", "application/vnd.ms-excel"),
        (OLE, "cu.ppt", "application/vnd.ms-powerpoint"),
    ],
)
def test_content_decides_what_a_file_is(body: bytes, name: str, kind: str) -> None:
    assert content_type(body, name) == kind


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"<!doctype html><script>alert(1)</script>", "van-ban.pdf"),
        (b"<html><body>%PDF-1.4</body></html>", "van-ban.pdf"),
        (b" %PDF-1.4", "van-ban.pdf"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "anh.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "anh.png"),
        (b'<?xml version="1.0"?><svg/>', "anh.jpg"),
        (b"MZ\x90\x00", "cai-dat.pdf"),
        (b"#!/bin/sh", "a.sh"),
        (b"\x7fELF", "a.zip"),
        (b"PK\x03\x04 khong phai zip", "a.docx"),
        (b"Rar!\x1a\x07", "a.zip"),
        (OLE, "cai-dat.msi"),
        (OLE, "khong-duoi"),
        (b"RIFF\x00\x00\x00\x00WAVE", "a.webp"),
        (b"", "a.pdf"),
    ],
)
def test_content_that_is_not_accepted_is_refused_whatever_its_name(body: bytes, name: str) -> None:
    assert content_type(body, name) is None


def boxed(brand: bytes, *others: bytes) -> bytes:
    """The beginning of an ISO media file, as cameras write it."""
    box = b"ftyp" + brand + bytes(4) + b"".join(others)
    return (len(box) + 4).to_bytes(4, "big") + box + b"\x00\x00\x00\x08mdat"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (boxed(b"heic", b"mif1", b"heic"), errors.HeicRefused),
        (boxed(b"mif1", b"heic"), errors.HeicRefused),
        (boxed(b"isom", b"mp42"), errors.VideoRefused),
        (boxed(b"qt  "), errors.VideoRefused),
        (SVG, errors.SvgRefused),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->\n' + SVG, errors.SvgRefused),
        (SVG.decode().encode("utf-16"), errors.SvgRefused),
        (b"<!DOCTYPE html><title>a</title>", errors.HtmlRefused),
        (b"  \n<SCRIPT>alert(1)</SCRIPT>", errors.HtmlRefused),
        ("<html>".encode("utf-16"), errors.HtmlRefused),
        (OLE + "EncryptedPackage".encode("utf-16-le"), errors.FileLocked),
        (OLE, errors.FileRefused),
        (b"MZ\x90\x00", errors.FileRefused),
        (b"a < b", errors.FileRefused),
        (b"", errors.FileRefused),
    ],
)
def test_refusal_says_what_the_file_is(body: bytes, problem: type[errors.FileRefused]) -> None:
    assert content_type(body, "anh.jpg") is None
    assert why_refused(body) is problem


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("application/pdf", "pdf", "pdf"),
        ("application/pdf", "html", "pdf"),
        ("application/pdf", "", "pdf"),
        ("application/zip", "odt", "odt"),
        ("application/zip", "docx", "zip"),
        (WORD, "docm", "docm"),
        (WORD, "svg", "docx"),
        ("application/vnd.ms-excel", "xls", "xls"),
        ("image/jpeg", "jpeg", "jpeg"),
        ("image/jpeg", "png", "jpg"),
        ("image/avif", "heic", "avif"),
    ],
)
def test_ending_follows_the_content(kind: str, given: str, kept: str) -> None:
    assert ending(kind, given) == kept


def test_zip_with_an_unreadable_name_inside_is_refused() -> None:
    """Flag bit 11 promises UTF-8; the name is not."""
    body = zipped("bản-tin.txt").replace("bản-tin.txt".encode(), b"\xff" * len("bản-tin.txt".encode()))

    assert content_type(body, "a.zip") is None


_ARCHIVE = zipped("word/document.xml", "bản.txt")


@given(st.lists(st.tuples(st.integers(0, len(_ARCHIVE) - 1), st.integers(0, 255)), max_size=6))
@example([(len(_ARCHIVE) - 20, 255)])
def test_damaged_archives_are_named_or_refused_but_raise_nothing(changes: list[tuple[int, int]]) -> None:
    body = bytearray(_ARCHIVE)
    for place, value in changes:
        body[place] = value

    assert content_type(bytes(body), "a.docx") in {None, WORD, SHEET, SLIDES, "application/zip"}


@given(
    start=st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"RIFF", OLE[:8], b"\x89PNG\r\n\x1a\n"]),
    rest=st.binary(max_size=200),
    name=st.text(max_size=30),
)
def test_any_bytes_are_named_or_refused(start: bytes, rest: bytes, name: str) -> None:
    kind = content_type(start + rest, name)

    if kind is None:
        assert issubclass(why_refused(start + rest), errors.FileRefused)
    else:
        assert kind.startswith(("application/", "image/"))
        assert ending(kind, "exe") != "exe"
