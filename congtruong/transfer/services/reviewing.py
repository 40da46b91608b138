"""What would come in, told before anything does. Writes nothing."""

import html
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from congtruong.core import clock
from congtruong.core.personal_data import find_in_html
from congtruong.editorial.services.guard import own_data
from congtruong.publication.enums import Channel
from congtruong.transfer.models import Imported
from congtruong.transfer.pipeline.channels import channel_for, guess, is_of_documents
from congtruong.transfer.pipeline.files import Files
from congtruong.transfer.pipeline.markup import written_alts
from congtruong.transfer.pipeline.model import PAGE, OldPost
from congtruong.transfer.services.files import Note
from congtruong.transfer.services.importing import CAME_IN, key_of
from congtruong.units.models import Unit

MOST_ROWS = 500
_MOST_CATEGORIES = 200


class Review:
    """Gathers the report while records pass by."""

    def __init__(self, *, unit: Unit, files: Files, has_web: bool = False) -> None:
        self._unit = unit
        self._files = files
        self._has_web = has_web
        self._own = own_data(unit)
        self._known = set(Imported.objects.filter(unit=unit, outcome__in=CAME_IN).values_list("source_key", flat=True))
        self._categories: Counter[str] = Counter()
        self._channels: Counter[str] = Counter()
        self._problems: Counter[str] = Counter()
        self._rows: list[dict[str, Any]] = []
        self._days: list[datetime] = []
        self._totals: Counter[str] = Counter(posts=0, pages=0, drafts=0, known=0)

    def add(self, record: OldPost) -> None:
        is_known = key_of(record) in self._known
        channel = channel_for(record, {})
        self._totals["pages" if record.kind == PAGE else "posts"] += 1
        self._totals["drafts"] += record.is_draft
        self._totals["known"] += is_known
        if record.kind != PAGE:
            self._categories.update(record.categories[:1])
        if channel is not None:
            self._channels[channel] += 1
        if record.published_at:
            self._days.append(record.published_at)
            self._days = [min(self._days), max(self._days)]
        notes = [("known", "")] if is_known else self._notes(record)
        self._problems.update({name for name, _ in notes})
        if len(self._rows) < MOST_ROWS:
            self._rows.append(
                {
                    "title": record.title,
                    "day": _day(record.published_at),
                    "channel": channel.label if channel else "",
                    "notes": [list(note) for note in notes],
                }
            )

    def _notes(self, record: OldPost) -> list[Note]:
        notes = [(note, "") for note in record.notes]
        if not record.title:
            notes.append(("no_title", ""))
        if record.kind != PAGE and is_of_documents(record):
            notes.append(("documents", ""))
        elif record.kind != PAGE and record.categories and not any(map(guess, record.categories)):
            notes.append(("unknown_category", ""))
        notes += self._missing("missing_image", [*record.images, *([record.cover] if record.cover else [])])
        notes += self._missing("missing_file", record.attachments)
        if any(not alt for alt in written_alts(record.body).values()):
            notes.append(("no_alt", ""))
        found = [
            one
            for one in find_in_html(f"<p>{html.escape(record.title)}</p>{record.body}", own=self._own)
            if one.must_explain
        ]
        if found:
            notes.append(("personal", ", ".join(dict.fromkeys(one.message.rstrip(".") for one in found))))
        return notes

    def _missing(self, name: str, references: Iterable[str]) -> list[Note]:
        missing = [one for one in dict.fromkeys(references) if not self._files.find(one) and not self._is_fetched(one)]
        return [(name, one.rsplit("/", 1)[-1][:80]) for one in missing]

    def _is_fetched(self, reference: str) -> bool:
        return self._has_web and reference.startswith(("http://", "https://"))

    def report(self, *, source_format: str, left_out: dict[str, int]) -> dict[str, Any]:
        return {
            "format": source_format,
            "left_out": left_out,
            "totals": dict(self._totals),
            "categories": [
                {
                    "name": name,
                    "count": count,
                    "channel": guess(name) or Channel.NEWS,
                    "is_known": guess(name) is not None,
                }
                for name, count in self._categories.most_common(_MOST_CATEGORIES)
            ],
            "channels": [[Channel(name).label, count] for name, count in self._channels.most_common()],
            "problems": [[name, count] for name, count in self._problems.most_common()],
            "rows": self._rows,
            "days": [_day(day) for day in self._days],
        }


def review_site(
    *,
    unit: Unit,
    records: Iterable[OldPost],
    files: Files,
    source_format: str,
    left_out: dict[str, int],
    has_web: bool = False,
) -> dict[str, Any]:
    """The report on a whole source; see `Review`. `left_out` is filled by the reader while its records are taken."""
    review = Review(unit=unit, files=files, has_web=has_web)
    for record in records:
        review.add(record)
    return review.report(source_format=source_format, left_out=left_out)


def _day(instant: datetime | None) -> str:
    return f"{clock.day_of(instant):%d/%m/%Y}" if instant else ""
