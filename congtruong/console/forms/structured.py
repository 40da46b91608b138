"""What some channels hold beside a text: photos of an album, lines of a week, tables of a timetable, a page's year.

Each channel reads its part of the editor's page into `Content.facts`. What a person wrote wrongly is reported and kept
on the page; a page that was sent without this part changes nothing.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.json import KeyTextTransform
from django.utils.datastructures import MultiValueDict

from congtruong.console import phrases
from congtruong.core import clock
from congtruong.core.clock import WEEKDAYS
from congtruong.core.templatetags.vi import vn_date
from congtruong.core.text import squeeze
from congtruong.editorial.models import Post
from congtruong.editorial.pipeline.timetable import Unreadable, read_timetables
from congtruong.editorial.services import Content
from congtruong.media.errors import FileRefused
from congtruong.media.models import Asset
from congtruong.media.services import add_asset
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit

MOST_PHOTOS = 200
MOST_LINES = 120
MOST_CELLS = 30_000
_SPARE_LINES = 4
_FIRST_LINES = 10
_MOST_OFFERED = 30
_ID = re.compile(r"[0-9]{1,18}")
_PLACE = re.compile(r"[0-9]{1,4}")
_CLOCK = re.compile(r"([01]?\d|2[0-3])\s?(?:[:hg.]|giờ)\s?([0-5]\d)?")
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = {"time": 40, "what": 500, "where": 200, "who": 300}

Sent = MultiValueDict[str, str]
Files = MultiValueDict[str, UploadedFile]


@dataclass(slots=True)
class Read:
    """The content with what was read, and sentences about what has to be mended."""

    content: Content
    problems: list[str] = field(default_factory=list)


class Structured(Protocol):
    """One channel's part of the editor's page; `template` shows it with the context of `initial`."""

    template: str

    def initial(self, *, content: Content, post: Post, query: Mapping[str, str]) -> dict[str, Any]:
        """What the part shows. A fixed number of queries."""

    def clean(self, *, data: Sent, files: Files, content: Content, post: Post, by: str) -> Read:
        """Read the part. Files sent with it are stored in the unit's library."""


def structured_for(channel: str) -> Structured | None:
    """How this channel is edited beside its text; None for channels that are text only."""
    return _STRUCTURED.get(Channel(channel))


class Album:
    """Photos in order with captions. Numbers say the order to browsers without scripts."""

    template = "console/structured_album.html"

    def initial(self, *, content: Content, post: Post, query: Mapping[str, str]) -> dict[str, Any]:
        rows = content.facts.get("images", ())
        assets = Asset.objects.filter(unit=post.unit_id).in_bulk([row["asset"] for row in rows])
        photos = [(assets[row["asset"]], row.get("caption", "")) for row in rows if row["asset"] in assets]
        return {"photos": photos, "lacking": sum(asset.lacks_alt for asset, _ in photos), "most": MOST_PHOTOS}

    def clean(self, *, data: Sent, files: Files, content: Content, post: Post, by: str) -> Read:
        read = Read(content)
        if "has_album" not in data:
            return read
        ids, captions, places = (data.getlist(f"album_{name}") for name in ("image", "caption", "place"))
        dropped = set(data.getlist("album_drop"))
        ranked = sorted(
            (int(place) if _PLACE.fullmatch(place.strip()) else number, number)
            for number, place in enumerate([*places, *[""] * len(ids)][: len(ids)], start=1)
        )
        captions += [""] * (len(ids) - len(captions))
        chosen = {
            int(ids[n - 1]): squeeze(captions[n - 1])[:300]
            for _, n in ranked
            if _ID.fullmatch(ids[n - 1]) and ids[n - 1] not in dropped
        }
        for asset in _stored(files.getlist("album_upload"), post.unit, by, read):
            if asset.is_image:
                chosen.setdefault(asset.pk, asset.caption)
            else:
                read.problems.append(phrases.PHOTO_NEEDED.format(name=asset.name))
        if len(chosen) > MOST_PHOTOS:
            read.problems.append(phrases.ALBUM_TOO_LONG.format(most=MOST_PHOTOS))
        images = [{"asset": pk, "caption": caption} for pk, caption in list(chosen.items())[:MOST_PHOTOS]]
        read.content = content.replaced(facts={**content.facts, "images": images})
        return read


class Week:
    """Lines of a week, each with day, time, what, where, who; the title follows from the week."""

    template = "console/structured_week.html"

    def initial(self, *, content: Content, post: Post, query: Mapping[str, str]) -> dict[str, Any]:
        weeks = _weeks(post)
        monday = _day(content.facts.get("monday", "")) or _next_monday(weeks)
        rows = list(content.facts.get("rows", ()))
        earlier = max((week for week in weeks if week < monday), default=None)
        is_copied = "chep" in query and earlier is not None
        if is_copied:
            rows = weeks[earlier] if earlier is not None else rows
        spare = _SPARE_LINES if rows else _FIRST_LINES
        blank = [{"day": number if not rows and number < 6 else ""} for number in range(spare)]
        return {
            "monday": monday,
            "sunday": monday + timedelta(days=6),
            "rows": [{"time": "", "what": "", "where": "", "who": "", **row} for row in [*rows, *blank]],
            "days": list(enumerate(WEEKDAYS)),
            "earlier": earlier,
            "is_copied": is_copied,
        }

    def clean(self, *, data: Sent, files: Files, content: Content, post: Post, by: str) -> Read:
        read = Read(content)
        if "has_week" not in data:
            return read
        chosen = _day(data.get("week_monday", ""))
        monday = chosen - timedelta(days=chosen.weekday()) if chosen is not None else None
        rows = _lines(data)
        if len(rows) > MOST_LINES:
            read.problems.append(phrases.WEEK_TOO_LONG.format(most=MOST_LINES))
        facts: dict[str, Any] = {**content.facts, "rows": rows[:MOST_LINES]}
        title = content.title
        if monday is None:
            read.problems.append(phrases.WEEK_NEEDED)
        else:
            if monday in _weeks(post):
                read.problems.append(phrases.WEEK_TAKEN.format(monday=vn_date(monday)))
            facts["monday"] = monday.isoformat()
            title = phrases.WEEK_TITLE.format(monday=vn_date(monday), sunday=vn_date(monday + timedelta(days=6)))
        read.content = content.replaced(facts=facts, title=title)
        return read


class Timetable:
    """Tables out of an Excel file, which stays attached for download."""

    template = "console/structured_timetable.html"

    def initial(self, *, content: Content, post: Post, query: Mapping[str, str]) -> dict[str, Any]:
        tables = content.facts.get("tables", ())
        offered = Asset.objects.filter(unit=post.unit_id, content_type=_EXCEL).order_by("-pk")[:_MOST_OFFERED]
        return {
            "valid_from": _day(content.facts.get("valid_from", "")),
            "tables": tables,
            "warnings": warnings_of(tables),
            "offered": list(offered),
            "source": content.facts.get("source", ""),
        }

    def clean(self, *, data: Sent, files: Files, content: Content, post: Post, by: str) -> Read:
        read = Read(content)
        if "has_timetable" not in data:
            return read
        facts: dict[str, Any] = dict(content.facts)
        valid_from = _day(data.get("tkb_from", ""))
        if valid_from is None:
            read.problems.append(phrases.TIMETABLE_DAY_NEEDED)
        else:
            facts["valid_from"] = valid_from.isoformat()
        attached = content.files
        asset = self._asset(data, files, post, by, read)
        if asset is not None and asset.key != facts.get("source"):
            tables = _tables(asset, read)
            if tables:
                facts |= {"tables": tables, "source": asset.key}
                attached = _with_source(post.unit_id, attached, asset)
        elif not facts.get("tables") and not read.problems:
            read.problems.append(phrases.TIMETABLE_NEEDED)
        title = content.title
        if not title and valid_from is not None:
            title = phrases.TIMETABLE_TITLE.format(day=vn_date(valid_from))
        read.content = content.replaced(facts=facts, files=attached, title=title)
        return read

    def _asset(self, data: Sent, files: Files, post: Post, by: str, read: Read) -> Asset | None:
        """The file sent now, else the one chosen in the library."""
        sent = _stored(files.getlist("tkb_file")[-1:], post.unit, by, read)
        if sent:
            return sent[0]
        wanted = data.get("tkb_asset", "")
        if not _ID.fullmatch(wanted):
            return None
        found = Asset.objects.filter(unit=post.unit_id, pk=int(wanted)).first()
        if found is None:
            read.problems.append(phrases.CHOOSE_AGAIN)
        return found


class Page:
    """Whether a page belongs to one school year and is copied when the next one begins."""

    template = "console/structured_page.html"

    def initial(self, *, content: Content, post: Post, query: Mapping[str, str]) -> dict[str, Any]:
        return {"is_yearly": bool(content.facts.get("yearly"))}

    def clean(self, *, data: Sent, files: Files, content: Content, post: Post, by: str) -> Read:
        if "has_yearly" not in data:
            return Read(content)
        facts = {name: value for name, value in content.facts.items() if name != "yearly"}
        return Read(content.replaced(facts=facts | ({"yearly": True} if "is_yearly" in data else {})))


_STRUCTURED: dict[Channel, Structured] = {
    Channel.PAGE: Page(),
    Channel.ALBUM: Album(),
    Channel.WEEK: Week(),
    Channel.TIMETABLE: Timetable(),
}


def warnings_of(tables: list[dict[str, Any]]) -> list[str]:
    """What of the tables that were read a person should look at."""
    said = []
    for table in tables:
        if not any(cell in WEEKDAYS for cell in table["head"]):
            said.append(phrases.TIMETABLE_NO_DAYS.format(name=table["name"]))
        if not any(any(row[1:]) for row in table["rows"]):
            said.append(phrases.TIMETABLE_NO_LESSONS.format(name=table["name"]))
    doubled = Counter(re.sub(r" \(\d+\)$", "", table["name"]) for table in tables)
    return said + [phrases.TIMETABLE_SAME_NAME.format(name=name) for name, count in doubled.items() if count > 1]


def _stored(sent: list[UploadedFile], unit: Unit, by: str, read: Read) -> list[Asset]:
    stored: list[Asset] = []
    for file in sent:
        try:
            stored.append(add_asset(unit=unit, body=file.read(), name=file.name or "", by=by))
        except FileRefused as error:
            read.problems.append(f"{file.name}: {error.message}")
    return stored


def _tables(asset: Asset, read: Read) -> list[dict[str, Any]]:
    """The tables of an Excel file; with a sentence in `read` none."""
    problem = ""
    tables: list[dict[str, Any]] = []
    if asset.content_type != _EXCEL:
        problem = phrases.TIMETABLE_NOT_EXCEL
    else:
        with default_storage.open(f"{asset.folder}/{asset.name}") as file:
            body = file.read()
        try:
            tables = [table.as_json() for table in read_timetables(body)]
        except Unreadable:
            problem = phrases.TIMETABLE_UNREADABLE
        else:
            cells = sum(len(row) for table in tables for row in table["rows"])
            if not tables:
                problem = phrases.TIMETABLE_EMPTY
            elif cells > MOST_CELLS:
                problem, tables = phrases.TIMETABLE_TOO_LARGE, []
    if problem:
        read.problems.append(problem.format(name=asset.name))
    return _named_apart(tables)


def _named_apart(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Visitors choose a table by its name."""
    seen: Counter[str] = Counter()
    for table in tables:
        seen[table["name"]] += 1
        if seen[table["name"]] > 1:
            table["name"] = f"{table['name']} ({seen[table['name']]})"
    return tables


def _with_source(unit_id: int, attached: tuple[tuple[int, str], ...], asset: Asset) -> tuple[tuple[int, str], ...]:
    """The new file in place of Excel files attached before."""
    ids = [pk for pk, _ in attached]
    before = set(Asset.objects.filter(unit=unit_id, pk__in=ids, content_type=_EXCEL).values_list("pk", flat=True))
    return ((asset.pk, ""), *(file for file in attached if file[0] not in before | {asset.pk}))


def _lines(data: Sent) -> list[dict[str, Any]]:
    """Lines with words in them, by day and time; equal ones in the order of the page."""
    columns = [data.getlist(f"week_{name}") for name in ("day", *_LONGEST)]
    rows = []
    for day, *cells in zip(*columns, strict=False):
        words = {name: squeeze(cell)[:most] for (name, most), cell in zip(_LONGEST.items(), cells, strict=True)}
        if any(words[name] for name in ("what", "where", "who")) and day in {"0", "1", "2", "3", "4", "5", "6"}:
            rows.append({"day": int(day), **words, "time": _tidy_time(words["time"])})
    return sorted(rows, key=lambda row: (row["day"], row["time"]))


def _tidy_time(written: str) -> str:
    """`7h30`, `7:30` and `7 giờ 30` become `07:30`; other words stay."""
    found = _CLOCK.fullmatch(written)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else written


def _weeks(post: Post) -> dict[date, list[dict[str, Any]]]:
    """Lines of the unit's other weeks; one query."""
    others = Post.objects.filter(unit=post.unit_id, channel=Channel.WEEK).exclude(pk=post.pk)
    dated = others.annotate(monday=KeyTextTransform("monday", "facts")).order_by("-monday")
    rows = dated.exclude(monday=None).values_list("monday", "facts")[:_MOST_WEEKS]
    return {day: facts.get("rows", []) for monday, facts in rows if (day := _day(monday)) is not None}


# A school year and a half: no calendar is made for an older week.
_MOST_WEEKS = 80


def _next_monday(weeks: Mapping[date, Any]) -> date:
    """The first week from this one on that has no calendar yet."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    while monday in weeks:
        monday += timedelta(days=7)
    return monday


def _day(written: object) -> date | None:
    text = str(written).strip()
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        return None
