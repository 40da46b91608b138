"""Files sent in parts, so that a lost connection costs a megabyte and not the whole photo.

What has arrived waits in a folder of its own per unit and person, outside the storage that visitors are served from.
"""

import fcntl
import os
import re
import time
from pathlib import Path

from django.conf import settings

from congtruong.media import errors
from congtruong.media.checks.limits import MOST_BYTES, MOST_CHUNK
from congtruong.media.models import Asset
from congtruong.media.services.assets import add_asset, check_room
from congtruong.units.models import Unit

_NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MOST_OPEN = 20
_ABANDONED_SECONDS = 24 * 60 * 60


def receive_part(
    *,
    unit: Unit,
    person_id: int,
    upload: str,
    offset: int,
    total: int,
    body: bytes,
    name: str,
    shows_children: bool,
    by: str,
) -> Asset | int:
    """Append a part to an upload; returns the finished asset, or how many bytes have arrived so far.

    `upload` names the file for its sender, who may go on with it a day later. Raises `PartMisplaced` when the part does
    not follow what has arrived, or a `FileRefused`; a refused upload starts again from nothing.
    """
    if total > MOST_BYTES:
        raise errors.FileTooLarge
    if total < 1:
        raise errors.FileEmpty
    if not _NAME.fullmatch(upload) or not body or len(body) > MOST_CHUNK or offset < 0:
        raise errors.PartRefused
    path = _folder(unit, person_id) / f"{upload}.phan"
    if offset == 0:
        check_room(unit=unit, size=total)
        if not path.exists() and _open_count(path.parent) >= _MOST_OPEN:
            raise errors.TooManyParts
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as part:
        # A part sent twice at once, because its sender was too impatient, is written once.
        fcntl.flock(part, fcntl.LOCK_EX)
        arrived = part.seek(0, os.SEEK_END) if _is_at(path, part.fileno()) else -1
        if arrived != offset:
            if arrived == 0:
                path.unlink()
            raise errors.PartMisplaced(max(arrived, 0))
        if offset + len(body) > total:
            path.unlink()
            raise errors.PartRefused
        part.write(body)
        part.flush()
        if offset + len(body) < total:
            return offset + len(body)
        whole = path.read_bytes()
        path.unlink()
    return add_asset(unit=unit, body=whole, name=name, shows_children=shows_children, by=by)


def remove_abandoned() -> int:
    """Delete what was begun more than a day ago and never finished; returns how many files."""
    removed, oldest = 0, time.time() - _ABANDONED_SECONDS
    for path in sorted(Path(settings.UPLOADS_ROOT).glob("u*/p*/*.phan")):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            # Finished meanwhile.
            continue
    return removed


def _is_at(path: Path, opened: int) -> bool:
    """Whether the opened file still stands there; another request may have finished and removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(opened), path.stat())
    except FileNotFoundError:
        return False


def _folder(unit: Unit, person_id: int) -> Path:
    return Path(settings.UPLOADS_ROOT) / f"u{unit.pk}" / f"p{person_id}"


def _open_count(folder: Path) -> int:
    return len(list(folder.glob("*.phan"))) if folder.is_dir() else 0
