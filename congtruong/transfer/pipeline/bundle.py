"""The archive of one unit: the same content gives the same bytes, whenever and wherever it is packed.

manifest.json            what this is, of which unit, how much, and the SHA-256 of every other part
content/*.jsonl          one record a line, in a fixed order, without numbers of this database
keys.jsonl               the addresses under which files were known, to be kept where they are free
files/<file>/<name>      bytes as they are stored
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from congtruong.transfer.pipeline.archive import Archive
from congtruong.transfer.pipeline.errors import SourceError

FORMAT, VERSION = "cong-truong", 1
MANIFEST = "manifest.json"
_MOST_MANIFEST = 64 * 2**20
_MOST_LINE = 64 * 2**20
_MOMENT = (1980, 1, 1, 0, 0, 0)


def as_line(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


class BundleWriter:
    """Writes parts in the order given and the manifest at the end."""

    def __init__(self, target: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(target, "w", allowZip64=True)
        self._parts: dict[str, dict[str, Any]] = {}

    def records(self, name: str, records: Iterable[Mapping[str, Any]]) -> int:
        """A part of lines; returns how many."""
        count = 0

        def lines() -> Iterator[bytes]:
            nonlocal count
            for record in records:
                count += 1
                yield as_line(record)

        self._write(name, lines(), zipfile.ZIP_DEFLATED)
        return count

    def file(self, name: str, chunks: Iterable[bytes]) -> None:
        """Bytes as they are: pictures and PDF hardly get smaller."""
        self._write(name, chunks, zipfile.ZIP_STORED)

    def finish(self, *, unit: Mapping[str, Any], counts: Mapping[str, int]) -> None:
        manifest = {"format": FORMAT, "version": VERSION, "unit": unit, "counts": counts, "parts": self._parts}
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode()
        self._zip.writestr(_info(MANIFEST, zipfile.ZIP_DEFLATED), text)
        self._zip.close()

    def _write(self, name: str, chunks: Iterable[bytes], compression: int) -> None:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_info(name, compression), "w", force_zip64=True) as part:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                part.write(chunk)
        self._parts[name] = {"sha256": digest.hexdigest(), "size": size}


def _info(name: str, compression: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = compression
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


class Bundle:
    """An archive that was checked: every part is there, unchanged, and nothing else is."""

    def __init__(self, archive: Archive, *, tick: Callable[[], None] = lambda: None) -> None:
        self._archive = archive
        self.manifest = _manifest(archive)
        self.parts: dict[str, dict[str, Any]] = self.manifest["parts"]
        if set(archive.members) != {MANIFEST, *self.parts}:
            raise SourceError("damaged", "parts and manifest differ")
        for name, stated in self.parts.items():
            _check(archive, name, stated)
            tick()

    def records(self, name: str) -> Iterator[dict[str, Any]]:
        """The lines of a part; none when the archive is older than that part."""
        if name not in self.parts:
            return
        with self._archive.open(name) as lines:
            while line := lines.readline(_MOST_LINE):
                try:
                    record = json.loads(line)
                except ValueError as problem:
                    raise SourceError("damaged", name) from problem
                if not isinstance(record, dict):
                    raise SourceError("damaged", name)
                yield record

    def file(self, name: str, *, most: int) -> bytes | None:
        """The bytes of a file; None when it was missing already where the archive was made."""
        return self._archive.read(name, most=most) if name in self.parts else None


def _manifest(archive: Archive) -> dict[str, Any]:
    if MANIFEST not in archive.members:
        raise SourceError("not_ours")
    try:
        manifest = json.loads(archive.read(MANIFEST, most=_MOST_MANIFEST))
    except ValueError as problem:
        raise SourceError("not_ours") from problem
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise SourceError("not_ours")
    if not isinstance(manifest.get("version"), int) or manifest["version"] > VERSION:
        raise SourceError("newer")
    parts = manifest.get("parts")
    if not isinstance(parts, dict) or not all(isinstance(one, dict) for one in parts.values()):
        raise SourceError("damaged", "no parts")
    return manifest


def _check(archive: Archive, name: str, stated: Mapping[str, Any]) -> None:
    if name not in archive.members:
        raise SourceError("damaged", f"{name} is missing")
    digest = hashlib.sha256()
    for chunk in archive.stream(name):
        digest.update(chunk)
    if digest.hexdigest() != stated.get("sha256"):
        raise SourceError("damaged", f"{name} was changed")
