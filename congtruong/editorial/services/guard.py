"""Personal data in what is about to be published (NĐ 56/2017, article 33; Luật 91/2025/QH15)."""

import html
from dataclasses import dataclass
from typing import Any

from congtruong.core.personal_data import Finding, Own, find_in_html
from congtruong.editorial import phrases
from congtruong.editorial.models import Post
from congtruong.editorial.services.content import Content
from congtruong.editorial.services.storing import read_assets
from congtruong.media.models import Asset
from congtruong.units.models import Unit


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and where it stands: in the article itself or in an attached file."""

    where: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Unread:
    """An attached file that could not be searched, wholly or in part, or was not searched yet."""

    name: str
    message: str


def findings(post: Post, content: Content, *, assets: dict[int, Asset] | None = None) -> list[Found]:
    """What stands in the words and in the attached files, as far as these were read; at most one query.

    `assets` is what `read_assets` found for the version.
    """
    if assets is None:
        assets = read_assets(post.unit_id, content)
    found = [Found(phrases.FOUND_IN_TEXT, finding) for finding in find_in_html(_text(content), own=own_data(post.unit))]
    for asset_id, _ in content.files:
        asset = assets.get(asset_id)
        scanned = (asset.scan or {}).get("findings", ()) if asset is not None else ()
        found += [Found(asset.name, Finding.from_json(each)) for each in scanned if asset is not None]
    return found


def unread_files(post: Post, content: Content) -> list[Unread]:
    """Attached files of which the guard cannot say that nothing stands in them; at most one query."""
    ids = [asset_id for asset_id, _ in content.files]
    files = Asset.objects.filter(unit=post.unit_id, pk__in=ids, kind=Asset.Kind.FILE) if ids else ()
    said = [(file.name, phrases.NOT_SCANNED if file.scan is None else file.scan.get("message", "")) for file in files]
    return [Unread(name, message) for name, message in said if message]


def own_data(unit: Unit) -> Own:
    """What the unit says of itself everywhere is nobody's secret."""
    return Own.of(phones=[unit.phone, unit.hotline], emails=[unit.email])


def _text(content: Content) -> str:
    lines = [content.title, content.summary, content.cover_caption, content.author, content.place]
    lines += _words(content.facts)
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines if line) + content.body


def _words(value: Any) -> list[str]:
    """Captions of an album, lines of a calendar, cells of a timetable."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [word for each in inner for word in _words(each)]
