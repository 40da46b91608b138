"""ZIP files by people who do not mean well, and by programs that do not know better."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.transfer.pipeline.archive import Archive, safe_name
from congtruong.transfer.pipeline.errors import SourceError

pytestmark = pytest.mark.unit


def packed(*files: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, body in files:
            archive.writestr(name, body)
    buffer.seek(0)
    return buffer


def refused(source: io.BytesIO, **limits: int) -> str:
    with pytest.raises(SourceError) as caught:
        read_all(source, **limits)
    return caught.value.code


def read_all(source: io.BytesIO, **limits: int) -> dict[str, bytes]:
    with Archive(source, **limits) as archive:
        return {name: archive.read(name) for name in archive.members}


def test_files_are_read_by_their_safe_names() -> None:
    with Archive(packed(("a/b.txt", b"mot"), ("./c.txt", b"hai"), ("a/", b""), ("__MACOSX/._b", b"x"))) as archive:
        assert {name: archive.read(name) for name in archive.members} == {"a/b.txt": b"mot", "c.txt": b"hai"}


@pytest.mark.parametrize("name", ["../a.txt", "a/../../b.txt", "/etc/passwd", "C:/a.txt", "..\\..\\a.txt", "a" * 501])
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert refused(packed((name, b"x"))) == "outside"


def test_the_same_name_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        source = packed(("a.txt", b"1"), ("a.txt", b"2"))

    assert refused(source) == "outside"


def test_links_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")

    assert refused(buffer) == "outside"


def test_bomb_of_zeros_is_refused_without_unpacking() -> None:
    assert refused(packed(("a.txt", b"\0" * (20 * 2**20)))) == "bomb"


def test_many_small_bombs_are_refused_together() -> None:
    assert refused(packed(*((f"{number}.txt", b"\0" * 1_000_000) for number in range(5)))) == "bomb"


def test_members_that_share_their_bytes_are_refused() -> None:
    """The trick of the non-recursive bomb: many entries of the directory, one body."""
    body = packed(("aaaa.txt", b"x" * 500), compression=zipfile.ZIP_STORED).getvalue()
    start = body.index(b"PK\x01\x02")
    entry = body[start : body.index(b"PK\x05\x06")]
    twice = entry + entry.replace(b"aaaa.txt", b"bbbb.txt")
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(twice), start, 0)

    assert refused(io.BytesIO(body[:start] + twice + end)) == "bomb"


def test_size_that_lies_is_noticed_while_reading() -> None:
    body = bytearray(packed(("a.txt", b"x" * 5_000)).getvalue())
    at = body.index(b"PK\x01\x02") + 24
    body[at : at + 4] = struct.pack("<L", 100)

    assert refused(io.BytesIO(bytes(body))) in {"broken", "bomb"}


def test_limits_on_number_and_total_hold() -> None:
    source = packed(*((f"{number}.txt", bytes([number]) * 1000) for number in range(10)))

    assert refused(source, most_entries=9) == "too_large"
    assert refused(source, most_total=9_000) == "too_large"


def test_what_is_no_zip_or_cut_is_broken() -> None:
    whole = packed(("a.txt", b"x" * 5_000)).getvalue()

    assert refused(io.BytesIO(b"PK\x03\x04 no")) == "broken"
    assert refused(io.BytesIO(whole[:-30])) == "broken"
    flipped = bytearray(packed(("a.txt", bytes(range(256)) * 20), compression=zipfile.ZIP_STORED).getvalue())
    flipped[200] ^= 0xFF
    assert refused(io.BytesIO(bytes(flipped))) == "broken"


def test_password_is_named() -> None:
    body = bytearray(packed(("a.txt", b"x")).getvalue())
    body[body.index(b"PK\x01\x02") + 8] |= 1

    assert refused(io.BytesIO(bytes(body))) == "locked"


def test_names_in_a_windows_code_page_are_read() -> None:
    name = "Ảnh.png".encode()
    body = packed(("A" * len(name) + "", b"x")).getvalue().replace(b"A" * len(name), name)

    assert list(Archive(io.BytesIO(body)).members) == ["Ảnh.png"]


def test_archive_opens_a_path(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(packed(("a.txt", b"x")).getvalue())

    with Archive(path) as archive:
        assert archive.open("a.txt").read() == b"x"


@given(st.text(max_size=60))
def test_safe_name_never_leads_outside(written: str) -> None:
    try:
        name = safe_name(written)
    except SourceError:
        return
    assert not name.startswith("/")
    assert ".." not in name.split("/")
    assert "\\" not in name
    assert safe_name(name) == name
