"""Where pictures and attached files of a former site come from: a folder, a ZIP, or nowhere."""

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from congtruong.core.text import nfc
from congtruong.transfer.pipeline.archive import Archive
from congtruong.transfer.pipeline.errors import SourceError

MOST_FILE = 50 * 2**20
_MOST_IN_FOLDER = 200_000
# WordPress names its smaller copies so; the original is what we want.
_SMALLER_COPY = re.compile(r"-\d{2,4}x\d{2,4}(?=\.\w+$)")


class Files(Protocol):
    """Bytes by the reference that a text makes to them."""

    def find(self, reference: str) -> str:
        """The name under which `read` gives the bytes; empty when they are not here."""
        ...

    def read(self, name: str) -> bytes: ...


class Index:
    """Names of files, found by any ending of a path that is long enough to be sure."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        self._by_last: dict[str, list[str]] = {}
        for name in names:
            self._names.setdefault(_folded(name), name)
            self._by_last.setdefault(_folded(name).rsplit("/", 1)[-1], []).append(name)

    def find(self, reference: str) -> str:
        path = path_of(reference)
        return self._find(_SMALLER_COPY.sub("", path)) or self._find(path)

    def _find(self, path: str) -> str:
        """The exact path, else the one file that shares most of the path's end; of two that do, none."""
        wanted = _folded(path)
        if not wanted:
            return ""
        if wanted in self._names:
            return self._names[wanted]
        scored = [
            (_shared_end(wanted, _folded(name)), name) for name in self._by_last.get(wanted.rsplit("/", 1)[-1], ())
        ]
        most = max((score for score, _ in scored), default=0)
        best = [name for score, name in scored if score == most]
        return best[0] if len(best) == 1 else ""


class NoFiles:
    """For sources without files: nothing is ever found."""

    def find(self, reference: str) -> str:
        return ""

    def read(self, name: str) -> bytes:
        raise KeyError(name)


class ArchiveFiles:
    """Files inside an uploaded ZIP."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._index = Index(archive.members)

    def find(self, reference: str) -> str:
        return self._index.find(reference)

    def read(self, name: str) -> bytes:
        return self._archive.read(name, most=MOST_FILE)


class FolderFiles:
    """Files below a folder on this machine; links that lead out of it are not followed."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        # Names from a Mac are decomposed on the disk and composed in the pages that ask for them.
        self.paths: dict[str, Path] = {}
        for path in sorted(self.root.rglob("*")):
            if path.is_file() and path.resolve().is_relative_to(self.root):
                self.paths[nfc(path.relative_to(self.root).as_posix())] = path
            if len(self.paths) > _MOST_IN_FOLDER:
                raise SourceError("too_large", str(root))
        self._index = Index(self.paths)

    def find(self, reference: str) -> str:
        return self._index.find(reference)

    def read(self, name: str) -> bytes:
        path = self.paths[name]
        if path.stat().st_size > MOST_FILE:
            raise SourceError("too_large", name)
        return path.read_bytes()


def path_of(reference: str) -> str:
    """The path a reference names, without host, query and escapes; empty for what is no file."""
    try:
        parts = urlsplit(reference.replace("\\", "/"))
    except ValueError:
        return ""
    if parts.scheme not in {"", "http", "https"}:
        return ""
    path = posixpath.normpath("/" + nfc(unquote(parts.path))).lstrip("/")
    return "" if path == "." else path


def _folded(name: str) -> str:
    return nfc(name).casefold()


def _shared_end(one: str, other: str) -> int:
    """How many parts at the end two paths share."""
    count = 0
    for left, right in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if left != right:
            break
        count += 1
    return count
