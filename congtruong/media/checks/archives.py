"""Whether an archive or an Office file is safe to hand to whoever opens it: how much it would unpack to.

What the archive says of itself is checked first, then whether it lies; nothing unpacked is kept, and reading stops at
the first byte too many.
"""

import io
import struct
import zipfile
import zlib

from congtruong.media import errors
from congtruong.media.checks.limits import MOST_ENTRIES, MOST_EXPANDED, MOST_RATIO, RATIO_FROM

_END = b"PK\x05\x06"
_END_SIZE = 22
_MOST_COMMENT = 65_535
# What one entry of the directory takes at most, names of 1,000 bytes allowed.
_DIRECTORY_ENTRY = 2_048
_STEP = 256 * 1024
_LOCAL_HEADER = 30
_IS_ENCRYPTED = 1


def check_entries(body: bytes) -> None:
    """Raise `ArchiveTooLarge` for a directory too long to be read; looks at the last bytes only."""
    tail = body[-(_END_SIZE + _MOST_COMMENT) :]
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise errors.ArchiveBroken
    entries, size = struct.unpack_from("<HL", tail, at + 10)
    if entries > MOST_ENTRIES or size > MOST_ENTRIES * _DIRECTORY_ENTRY:
        raise errors.ArchiveTooLarge


def check_archive(body: bytes) -> None:
    """Raise `ArchiveTooLarge` for a bomb, `ArchiveBroken` for one that lies, overlaps or is packed in a rare way."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as problem:
        raise errors.ArchiveBroken from problem
    entries = archive.infolist()
    expanded = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or expanded > MOST_EXPANDED:
        raise errors.ArchiveTooLarge
    if expanded > RATIO_FROM and expanded > MOST_RATIO * len(body):
        raise errors.ArchiveTooLarge
    _check_overlaps(entries, archive.start_dir)
    for entry in entries:
        _check_size(body, entry)


def _check_overlaps(entries: list[zipfile.ZipInfo], end: int) -> None:
    """Entries that share their bytes make a small archive large without any high ratio."""
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < at:
            raise errors.ArchiveBroken
        at = entry.header_offset + _LOCAL_HEADER + entry.compress_size
    if at > end:
        raise errors.ArchiveBroken


def _check_size(body: bytes, entry: zipfile.ZipInfo) -> None:
    """Unpack an entry into nothing, up to one byte more than it promises."""
    if entry.compress_type == zipfile.ZIP_STORED:
        if entry.compress_size != entry.file_size and not entry.flag_bits & _IS_ENCRYPTED:
            raise errors.ArchiveBroken
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise errors.ArchiveBroken
    if entry.flag_bits & _IS_ENCRYPTED:
        return
    header = body[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER:
        raise errors.ArchiveBroken
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    start = entry.header_offset + _LOCAL_HEADER + name_length + extra_length
    unpacker, left = zlib.decompressobj(-zlib.MAX_WBITS), entry.file_size + 1
    packed = memoryview(body)[start : start + entry.compress_size]
    try:
        rest: bytes | memoryview = packed
        while left > 0 and not unpacker.eof and rest:
            left -= len(unpacker.decompress(rest, min(_STEP, left)))
            rest = unpacker.unconsumed_tail
    except zlib.error as problem:
        raise errors.ArchiveBroken from problem
    if left <= 0:
        raise errors.ArchiveTooLarge
