"""Bombs in archives and Office files are recognised without unpacking them."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.media import errors
from congtruong.media.checks import archives
from congtruong.media.checks.archives import check_archive, check_entries
from congtruong.media.checks.limits import MOST_ENTRIES

pytestmark = pytest.mark.unit

MB = 1024 * 1024


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def check(body: bytes) -> None:
    check_entries(body)
    check_archive(body)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_ordinary_archives_pass(method: int) -> None:
    # Ten megabytes of one letter: small in the archive, harmless outside.
    body = packed({"word/document.xml": b"a" * (10 * MB), "ảnh.jpg": bytes(range(256)) * 40, "trống.txt": b""}, method)

    check(body)


def test_archive_that_says_it_is_huge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_EXPANDED", 8 * MB)
    check(packed({f"{number}.txt": b"\0" * MB for number in range(8)}))
    body = packed({f"{number}.txt": b"\0" * MB for number in range(9)})
    assert len(body) < MB

    with pytest.raises(errors.ArchiveTooLarge):
        check(body)


def test_archive_packed_too_well_is_refused_below_the_size_limit() -> None:
    body = packed({"a.txt": b"\0" * (30 * MB)})

    with pytest.raises(errors.ArchiveTooLarge):
        check(body)


def lying(declared: int, actual: int) -> bytes:
    """One entry whose directory and header promise `declared` bytes while its data unpacks to `actual`."""
    body = bytearray(packed({"a.txt": b"\0" * actual}))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = body.find(signature) + at
        assert struct.unpack_from("<L", body, place) == (actual,)
        struct.pack_into("<L", body, place, declared)
    return bytes(body)


def test_archive_that_lies_about_its_size_is_refused_without_unpacking_it() -> None:
    body = lying(1000, 40 * MB)
    tracemalloc.start()
    try:
        with pytest.raises(errors.ArchiveTooLarge):
            check(body)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 2 * MB


def test_stored_entry_that_lies_is_refused() -> None:
    body = bytearray(packed({"a.txt": b"x" * 100}, zipfile.ZIP_STORED))
    struct.pack_into("<L", body, body.find(b"PK\x01\x02") + 24, 5)

    with pytest.raises(errors.ArchiveBroken):
        check(bytes(body))


def test_entries_that_share_their_bytes_are_refused() -> None:
    """Fifield's bomb: every entry of the directory points to the same data."""
    body = packed({"a.txt": b"\0" * MB})
    start, end = body.find(b"PK\x01\x02"), body.find(b"PK\x05\x06")
    directory = body[start:end]
    times = 3
    tail = bytearray(body[end:])
    struct.pack_into("<HHL", tail, 8, times, times, len(directory) * times)

    with pytest.raises(errors.ArchiveBroken):
        check(body[:start] + directory * times + bytes(tail))


def test_archive_of_too_many_entries_is_refused_before_its_directory_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    body = packed({f"{number}": b"" for number in range(MOST_ENTRIES + 1)}, zipfile.ZIP_STORED)
    monkeypatch.setattr("congtruong.media.checks.archives.zipfile.ZipFile", None)

    with pytest.raises(errors.ArchiveTooLarge):
        check_entries(body)


def test_number_of_entries_cannot_be_understated() -> None:
    body = bytearray(packed({f"{number}": b"" for number in range(MOST_ENTRIES + 1)}, zipfile.ZIP_STORED))
    struct.pack_into("<HH", body, body.rfind(b"PK\x05\x06") + 8, 1, 1)

    check_entries(bytes(body))
    with pytest.raises(errors.ArchiveTooLarge):
        check_archive(bytes(body))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_ways_of_packing_are_refused(method: int) -> None:
    with pytest.raises(errors.ArchiveBroken):
        check(packed({"a.txt": b"x" * 100}, method))


def test_archive_cut_off_is_refused() -> None:
    body = packed({"a.txt": b"x" * 1000})

    for length in (30, len(body) // 2, len(body) - 1):
        with pytest.raises(errors.ArchiveBroken):
            check(body[:length])


def test_entry_whose_data_is_damaged_is_refused() -> None:
    body = bytearray(packed({"a.txt": bytes(zlib.crc32(bytes([n])) % 256 for n in range(256)) * 4}))
    body[40] ^= 0xFF
    body[41] ^= 0xFF

    with pytest.raises(errors.FileRefused):
        check(bytes(body))


_ARCHIVE = packed({"word/document.xml": b"a" * 500, "b.txt": b"b"})


@given(st.lists(st.tuples(st.integers(0, len(_ARCHIVE) - 1), st.integers(0, 255)), max_size=6), st.integers(0, 600))
def test_damaged_archives_pass_or_are_refused_but_raise_nothing_else(
    changes: list[tuple[int, int]], length: int
) -> None:
    body = bytearray(_ARCHIVE)
    for place, value in changes:
        body[place] = value
    with suppress(errors.FileRefused):
        check(bytes(body[:length]))
