"""Pictures and attached files of a former site, brought into the library of the unit."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from django.conf import settings

from congtruong.core import http
from congtruong.core.text import shorten
from congtruong.media.errors import FileRefused, QuotaFull
from congtruong.media.models import Asset
from congtruong.media.services import add_asset
from congtruong.media.services.scanning import scan_asset
from congtruong.transfer.pipeline.errors import SourceError
from congtruong.transfer.pipeline.files import Files, path_of
from congtruong.units.models import Unit

_SHOWN_WIDTH = 960
_LIMITS = http.Limits(most_bytes=50 * 2**20, total_seconds=60)

Note = tuple[str, str]
Fetch = Callable[[str], bytes]


@dataclass(slots=True)
class Library:
    """The files of one record: what was found under each reference, and what was not."""

    unit: Unit
    files: Files
    by: str
    fetched: Mapping[str, bytes] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def images(self, references: Iterable[str]) -> dict[str, Asset]:
        found = self._found(references, missing="missing_image")
        for reference, asset in list(found.items()):
            if not asset.is_image:
                del found[reference]
                self.notes.append(("refused_file", asset.name))
        return found

    def attachments(self, references: Iterable[str]) -> dict[str, Asset]:
        return self._found(references, missing="missing_file")

    def _found(self, references: Iterable[str], *, missing: str) -> dict[str, Asset]:
        made: dict[str, Asset] = {}
        for reference in references:
            name = shorten((self.files.find(reference) or path_of(reference)).rsplit("/", 1)[-1] or "tệp", 80)
            try:
                body = self._bytes(reference)
                if body is None:
                    self.notes.append((missing, name))
                else:
                    made[reference] = self._kept(body, name)
            except QuotaFull:
                # Not the fault of this file: whatever follows would be left out as well.
                raise
            except FileRefused as problem:
                self.notes.append(("refused_file", f"{name} ({problem.message})"))
            except SourceError:
                self.notes.append(("refused_file", name))
        return made

    def _kept(self, body: bytes, name: str) -> Asset:
        asset = add_asset(unit=self.unit, body=body, name=name, by=self.by)
        if not asset.is_image and asset.scan is None:
            # Now, not in a job of its own: whether the post may be published depends on what is found.
            scan_asset(asset_id=asset.pk)
        return asset

    def _bytes(self, reference: str) -> bytes | None:
        found = self.files.find(reference)
        return self.files.read(found) if found else self.fetched.get(reference)


def fetch_missing(references: Iterable[str], files: Files, fetch: Fetch) -> dict[str, bytes]:
    """Files of the former site that did not come along, asked for there; what does not answer is left out."""
    found = {}
    for reference in references:
        if reference.startswith(("http://", "https://")) and not files.find(reference):
            with suppress(http.FetchError):
                found[reference] = fetch(reference)
    return found


def fetch_file(url: str) -> bytes:
    """A file of the former site, over the guarded door."""
    return http.fetch(
        url, accept="image/*, application/pdf, */*;q=0.5", limits=_LIMITS, allow=settings.FETCH_ALLOW
    ).body


def shown_path(asset: Asset) -> str:
    """The address under which a text names a file: of an image, a copy as wide as a column."""
    if not asset.is_image:
        return f"/tep/{asset.key}/{asset.name}"
    copies = [one for one in asset.renditions if str(one["name"]).endswith(".webp")]
    fitting = [one for one in copies if one["width"] <= _SHOWN_WIDTH] or copies[:1]
    return f"/tep/{asset.key}/{fitting[-1]['name']}"
