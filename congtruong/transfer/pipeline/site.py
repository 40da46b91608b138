"""A former site as somebody hands it over: one file or folder, whatever wrote it."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from congtruong.transfer.pipeline.archive import Archive
from congtruong.transfer.pipeline.errors import SourceError
from congtruong.transfer.pipeline.feed import MOST_BYTES as MOST_FEED
from congtruong.transfer.pipeline.feed import is_feed, read_feed
from congtruong.transfer.pipeline.files import ArchiveFiles, Files, FolderFiles, NoFiles
from congtruong.transfer.pipeline.folder import is_page_name, read_folder
from congtruong.transfer.pipeline.model import OldPost, Tally
from congtruong.transfer.pipeline.page import MOST_BYTES as MOST_PAGE
from congtruong.transfer.pipeline.safe_xml import Open
from congtruong.transfer.pipeline.wxr import is_wxr, read_wxr

_HEAD = 64 * 2**10
WORDPRESS, FEED, FOLDER = "wordpress", "rss", "thu-muc"


@dataclass(frozen=True, slots=True)
class Source:
    """What was recognised; `posts` may be read more than once."""

    format: str
    files: Files
    _open: Open
    _names: tuple[str, ...] = ()

    def posts(self, *, now: datetime, tally: Tally) -> Iterator[OldPost]:
        """Its articles and pages. Raises SourceError while they are taken."""
        if self.format == WORDPRESS:
            return read_wxr(self._open, now=now, tally=tally)
        if self.format == FEED:
            with self._open() as opened:
                body = opened.read(MOST_FEED + 1)
            if len(body) > MOST_FEED:
                raise SourceError("too_large")
            return read_feed(body, now=now, tally=tally)
        return read_folder(self._names, self._read_page, now=now, tally=tally)

    def _read_page(self, name: str) -> bytes:
        return self.files.read(name)[:MOST_PAGE]


def open_path(path: Path) -> Source:
    """A file or folder on this machine."""
    if path.is_dir():
        files = FolderFiles(path)
        exports = [name for name in files.paths if name.lower().endswith(".xml") and name.count("/") < 2]
        return _chosen(list(files.paths), exports, files, lambda name: partial(_opened, files.paths[name]))
    try:
        return open_file(lambda: path.open("rb"))
    except OSError as problem:
        raise SourceError("broken", str(problem)) from problem


def open_file(opener: Open) -> Source:
    """An uploaded file; `opener` gives it anew each time, able to seek."""
    with opener() as opened:
        head = opened.read(_HEAD)
    if head.startswith(b"PK"):
        archive = Archive(opener())
        exports = [name for name in archive.members if name.lower().endswith(".xml") and name.count("/") < 2]
        return _chosen(list(archive.members), exports, ArchiveFiles(archive), lambda name: partial(archive.open, name))
    kind = _kind_of(head)
    if kind is None:
        raise SourceError("unknown")
    return Source(kind, NoFiles(), opener)


def _chosen(names: list[str], exports: list[str], files: Files, opener: Callable[[str], Open]) -> Source:
    """An export with the files beside it; without one, the pages themselves."""
    for name in exports:
        with opener(name)() as opened:
            kind = _kind_of(opened.read(_HEAD))
        # A mirrored site holds its own feed beside its pages; there the pages say more.
        if kind == WORDPRESS or (kind == FEED and not any(map(is_page_name, names))):
            return Source(kind, files, opener(name))
    if not any(map(is_page_name, names)):
        raise SourceError("unknown")
    return Source(FOLDER, files, lambda: cast(BinaryIO, io.BytesIO()), tuple(names))


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def _kind_of(head: bytes) -> str | None:
    if is_wxr(head):
        return WORDPRESS
    return FEED if is_feed(head) else None


def hosts_of(posts: list[OldPost]) -> frozenset[str]:
    """Names of the former site: links to them become paths of the portal."""
    names = (urlsplit(url).hostname or "" for post in posts for url in post.old_urls if "//" in url)
    return frozenset(name.lower() for name in names if name)
