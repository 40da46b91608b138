"""The turn of the school year, step by step: each may be done again, so that a killed process loses nothing."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from congtruong.core import audit, clock, jobs
from congtruong.core.errors import DomainError
from congtruong.editorial.models import Post
from congtruong.editorial.services import APPROVER, Content, archive_post, create_draft, pin_post, withdraw_post
from congtruong.portal import errors
from congtruong.portal.models import SchoolYear
from congtruong.portal.queries import offered_year, old_calendars, old_pins, old_yearly_pages
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit
from congtruong.units.scoping import everywhere, unit_scope

Step = Callable[[SchoolYear, int], bool]
_BY = "Chuyển năm học"
# A run that wrote nothing for so long was killed.
_SILENT_FOR = timedelta(minutes=2)


@transaction.atomic
def start_year(*, unit: Unit, year: int, by: str, today: date) -> SchoolYear:
    """Begin a school year; the work itself runs after this is safe. Raises `YearNotOffered`."""
    with unit_scope(unit.pk):
        Unit.objects.select_for_update(of=("self",)).only("pk").get(pk=unit.pk)
        if year != offered_year(today) or SchoolYear.objects.filter(unit=unit, year=year).exists():
            raise errors.YearNotOffered
        begun = SchoolYear.objects.create(unit=unit, year=year, started_by=by[:200])
        Unit.objects.filter(pk=unit.pk).update(school_year=year, contact_checked_at=None)
        unit.school_year, unit.contact_checked_at = year, None
        audit.record(
            "portal.year.started", unit_id=unit.pk, subject=unit.name, by=by, year=clock.school_year_label(year)
        )
        jobs.enqueue("portal.roll_over", unit_id=unit.pk, year=year)
    return begun


def roll_over(*, unit_id: int, year: int) -> None:
    """Carry a begun year to its end. Each post is a transaction of its own; done ones are not found again."""
    with unit_scope(unit_id):
        begun = SchoolYear.objects.select_related("unit").filter(unit=unit_id, year=year, finished_at=None).first()
        if begun is None:
            return
        unit = begun.unit
        _each(begun, "archived", old_calendars(unit, year).values_list("pk", flat=True), _archive)
        _each(begun, "unpinned", old_pins(unit, year).values_list("pk", flat=True), _unpin)
        _each(begun, "copied", [page.pk for page in old_yearly_pages(unit, year)], _copy)
        _finish(begun)


def unfinished_years(*, now: datetime) -> list[tuple[int, int]]:
    """(unit, year) of every turn of the year whose work was lost on the way."""
    with everywhere("the scheduler looks for school years that were begun and not finished"):
        rows = SchoolYear.objects.filter(finished_at=None, touched_at__lte=now - _SILENT_FOR)
        return list(rows.values_list("unit_id", "year"))


def _each(begun: SchoolYear, counter: str, ids: Iterable[int], step: Step) -> None:
    for pk in list(ids):
        with transaction.atomic():
            # Held by one process at a time: two that run for the same unit wait for each other here.
            SchoolYear.objects.select_for_update(of=("self",)).get(pk=begun.pk)
            if step(begun, pk):
                SchoolYear.objects.filter(pk=begun.pk).update(**{counter: F(counter) + 1}, touched_at=clock.now())


def _archive(begun: SchoolYear, pk: int) -> bool:
    """Take an old calendar or timetable from visitors and put it away."""
    post = old_calendars(begun.unit, begun.year).filter(pk=pk).first()
    if post is None:
        return False
    if post.live_id is not None:
        post = withdraw_post(post=post, reason=f"Bắt đầu năm học {clock.school_year_label(begun.year)}", by=_BY)
    try:
        archive_post(post=post, acts=APPROVER, by=_BY)
    except DomainError:
        # Handed in for approval: a person decides what becomes of it.
        return False
    return True


def _unpin(begun: SchoolYear, pk: int) -> bool:
    post = old_pins(begun.unit, begun.year).filter(pk=pk).first()
    if post is None:
        return False
    pin_post(post=post, is_pinned=False, by=_BY)
    return True


def _copy(begun: SchoolYear, pk: int) -> bool:
    """A page that is written every year begins anew as a draft; the old one stays until somebody replaces it."""
    if all(page.pk != pk for page in old_yearly_pages(begun.unit, begun.year)):
        return False
    content = Content.of(Post.objects.get(pk=pk))
    facts = content.facts | {"yearly": True, "copied_from": pk}
    changed = content.replaced(
        school_year=begun.year,
        is_pinned=False,
        publish_at=None,
        expires_at=None,
        facts=facts,
        title=_in_year(content.title, begun.year),
        body=_in_year(content.body, begun.year),
    )
    create_draft(unit=begun.unit, channel=Channel.PAGE, writer=None, by=_BY, content=changed)
    return True


def _in_year(text: str, year: int) -> str:
    """The same text with last year's name, however it was written, turned into this year's."""
    before = year - 1
    for old, new in (
        (clock.school_year_label(before), clock.school_year_label(year)),
        (f"{before}-{before + 1}", f"{year}-{year + 1}"),
        (f"{before} - {before + 1}", f"{year} - {year + 1}"),
        (f"{before}–{before + 1}", f"{year}–{year + 1}"),
    ):
        text = text.replace(old, new)
    return text


@transaction.atomic
def _finish(begun: SchoolYear) -> None:
    begun = SchoolYear.objects.select_for_update(of=("self",)).select_related("unit").get(pk=begun.pk)
    if begun.finished_at is not None:
        return
    begun.finished_at = clock.now()
    begun.save(update_fields=["finished_at", "touched_at"])
    audit.record(
        "portal.year.closed",
        unit_id=begun.unit_id,
        subject=begun.unit.name,
        by=_BY,
        year=clock.school_year_label(begun.year),
        archived=begun.archived,
        unpinned=begun.unpinned,
        copied=begun.copied,
    )
