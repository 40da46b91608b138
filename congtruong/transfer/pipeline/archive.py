"""ZIP files that people upload: looked at before anything is unpacked, read within bounds, never written to disk."""

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from congtruong.core.text import nfc
from congtruong.transfer.pipeline.errors import SourceError

MOST_ENTRIES = 100_000
MOST_TOTAL = 20 * 2**30
MOST_MEMBER = 2 * 2**30
# Deflate reaches about 1,030; texts of a real site 3 to 20, a page of repeated table cells 60.
MOST_RATIO = 200
_SMALL = 2**20
_MOST_NAME = 500
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive under its safe name: relative, with slashes, NFC."""

    name: str
    size: int
    info: zipfile.ZipInfo


class Archive:
    """The files of a ZIP. Raises SourceError for what no honest program makes."""

    def __init__(
        self, source: Path | BinaryIO, *, most_total: int = MOST_TOTAL, most_entries: int = MOST_ENTRIES
    ) -> None:
        try:
            self._zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as problem:
            raise SourceError("broken", str(problem)) from problem
        infos = self._zip.infolist()
        if len(infos) > most_entries:
            raise SourceError("too_large", f"{len(infos)} entries")
        _check_total(infos, most_total)
        self.members: dict[str, Member] = {}
        for info in infos:
            member = _member(info)
            if member is not None:
                if member.name in self.members:
                    raise SourceError("outside", f"twice: {member.name!r}")
                self.members[member.name] = member

    def read(self, name: str, *, most: int = MOST_MEMBER) -> bytes:
        """The bytes of one file, at most `most`; more is refused whatever the directory of the archive says."""
        return b"".join(self.stream(name, most=most))

    def stream(self, name: str, *, most: int = MOST_MEMBER) -> Iterator[bytes]:
        member = self.members[name]
        if member.size > most:
            raise SourceError("too_large", name)
        seen = 0
        try:
            with self._zip.open(member.info) as opened:
                while part := opened.read(2**18):
                    seen += len(part)
                    if seen > member.size:
                        raise SourceError("bomb", name)
                    yield part
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as problem:
            raise SourceError("broken", f"{name}: {problem}") from problem
        if seen != member.size:
            raise SourceError("broken", name)

    def open(self, name: str) -> BinaryIO:
        """A stream for parsers; the sizes were checked when the archive was opened."""
        try:
            return self._zip.open(self.members[name].info)  # type: ignore[return-value]
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as problem:
            raise SourceError("broken", f"{name}: {problem}") from problem

    def close(self) -> None:
        self._zip.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check_total(infos: list[zipfile.ZipInfo], most_total: int) -> None:
    """Sizes as declared; members that share their bytes are how small files claim to hold petabytes."""
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > most_total:
        raise SourceError("too_large", f"{total} bytes")
    if total > _SMALL and total > MOST_RATIO * max(packed, 1):
        raise SourceError("bomb", f"{packed} → {total} bytes")
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise SourceError("bomb", f"overlapping: {info.filename!r}")
        end = info.header_offset + info.compress_size
        if info.file_size > _SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise SourceError("bomb", info.filename)
        if info.flag_bits & _ENCRYPTED:
            raise SourceError("locked", info.filename)


def _member(info: zipfile.ZipInfo) -> Member | None:
    """The file under a safe name; None for folders and for what systems add by themselves."""
    name = safe_name(_decoded(info))
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind and kind not in {stat.S_IFREG, stat.S_IFDIR}:
        raise SourceError("outside", f"link or device: {info.filename!r}")
    if info.is_dir() or kind == stat.S_IFDIR:
        return None
    last = name.rsplit("/", 1)[-1]
    if name.startswith("__MACOSX/") or last in {".DS_Store", "Thumbs.db", "desktop.ini"}:
        return None
    return Member(name, info.file_size, info)


def safe_name(written: str) -> str:
    """A relative path with slashes. Raises SourceError for one that leads out of its folder."""
    name = nfc(written.replace("\\", "/"))
    parts = [part for part in name.split("/") if part not in {"", "."}]
    is_absolute = name.startswith("/") or (len(name) > 1 and name[1] == ":")
    if is_absolute or not parts or ".." in parts or len(name) > _MOST_NAME or "\x00" in written:
        raise SourceError("outside", repr(written[:80]))
    return "/".join(parts)


def _decoded(info: zipfile.ZipInfo) -> str:
    """Windows programs write names in the code page of the machine and do not say so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "cp1258"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
