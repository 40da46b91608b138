"""How feeds are doing, for the people who look after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Least

from congtruong.core import clock
from congtruong.feeds.enums import HubState
from congtruong.feeds.models import CategoryRoute, Feed, HubSubscription, Item, Sighting, Source
from congtruong.feeds.rules import moves
from congtruong.feeds.rules.health import SCHOOL_FAILING, Facts, Health, health
from congtruong.units.models import Unit
from congtruong.units.queries import authorities_below, units_below
from congtruong.units.scoping import unit_scope

WEEKS = 8
_RHYTHM_OF = 20
_MOMENT = Least(
    Coalesce("item__published_at", "item__first_seen_at"), "item__first_seen_at", output_field=DateTimeField()
)


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed with its health and how many items it brought in each of the last weeks, the oldest first."""

    feed: Feed
    health: Health
    weeks: tuple[int, ...]

    @property
    def last_week(self) -> int:
        return self.weeks[-1]


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source with its feeds; `items` stand on the portals."""

    source: Source
    feeds: list[FeedState]
    items: int


@dataclass(frozen=True, slots=True)
class Below:
    """A feed of a unit below that has been failing for days; public facts only."""

    unit: Unit
    name: str
    url: str
    since: datetime
    sentence: str


def facts_of(feed: Feed, *, now: datetime, hub_distrusted: bool = False) -> Facts:
    """What the rules ask of a row; `feed.unit` is loaded."""
    move = moves.Move(feed.moving_to, feed.moving_since, feed.moving_seen)
    return Facts(
        is_authority=feed.unit.is_authority,
        is_paused=feed.is_paused,
        failures=feed.failures,
        failing_since=feed.failing_since,
        error_code=feed.error_code,
        error_message=feed.error_message,
        last_success_at=feed.last_success_at,
        last_change_at=feed.last_change_at,
        expected_by=feed.expected_by,
        move_waits=moves.needs_person(feed.url, move, now=now),
        moving_to=feed.moving_to,
        moving_since=feed.moving_since,
        hub_distrusted=hub_distrusted,
    )


def source_states(unit: Unit, *, now: datetime, source_id: int | None = None) -> list[SourceState]:
    """The sources of a unit with all that is known of their feeds; four queries."""
    sources = Source.objects.filter(unit=unit).order_by("name", "pk")
    if source_id is not None:
        sources = sources.filter(pk=source_id)
    rows = list(sources)
    feeds = feed_states(unit, now=now, source_ids=[source.pk for source in rows])
    live = Item.objects.filter(unit=unit, withdrawn_at=None).values_list("source").annotate(number=Count("pk"))
    items = dict(live.order_by())
    return [
        SourceState(source, [state for state in feeds if state.feed.source_id == source.pk], items.get(source.pk, 0))
        for source in rows
    ]


def feed_states(
    unit: Unit, *, now: datetime, source_ids: Sequence[int] | None = None, feed_id: int | None = None
) -> list[FeedState]:
    """Feeds of a unit by channel and address; two queries."""
    distrusted = HubSubscription.objects.filter(feed=OuterRef("pk"), state=HubState.DISTRUSTED)
    feeds = Feed.objects.filter(unit=unit).select_related("source", "unit").annotate(missed=Exists(distrusted))
    if source_ids is not None:
        feeds = feeds.filter(source__in=source_ids)
    if feed_id is not None:
        feeds = feeds.filter(pk=feed_id)
    found: list[Any] = list(feeds.order_by("channel", "pk"))
    weeks = _weeks([feed.pk for feed in found], now=now)
    return [
        FeedState(
            feed, health(facts_of(feed, now=now, hub_distrusted=feed.missed), now=now), weeks.get(feed.pk, (0,) * WEEKS)
        )
        for feed in found
    ]


def week_ends(now: datetime) -> list[date]:
    """The last day of each of the weeks that are counted, the oldest first."""
    today = clock.day_of(now)
    return [today - timedelta(days=7 * back) for back in range(WEEKS - 1, -1, -1)]


def _weeks(feed_ids: Sequence[int], *, now: datetime) -> dict[int, tuple[int, ...]]:
    if not feed_ids:
        return {}
    week = timedelta(days=7)
    counts = {
        f"week{back}": Count("pk", filter=Q(moment__gt=now - week * (back + 1), moment__lte=now - week * back))
        for back in range(WEEKS)
    }
    rows = (
        Sighting.objects.filter(feed__in=feed_ids, item__first_seen_at__gt=now - week * WEEKS)
        .annotate(moment=_MOMENT)
        .values("feed")
        .annotate(**counts)
        .order_by()
    )
    return {row["feed"]: tuple(row[f"week{back}"] for back in range(WEEKS - 1, -1, -1)) for row in rows}


def moments_of(feed: Feed) -> list[datetime]:
    """When the last items of a feed appeared; one query."""
    seen = Sighting.objects.filter(feed=feed).annotate(moment=_MOMENT).order_by("-moment", "-pk")
    return list(seen.values_list("moment", flat=True)[:_RHYTHM_OF])


def routes_of(source: Source) -> list[CategoryRoute]:
    return list(CategoryRoute.objects.filter(source=source).order_by("category"))


def hub_of(feed: Feed) -> HubSubscription | None:
    return HubSubscription.objects.filter(feed=feed).first()


def in_trouble(*, now: datetime) -> QuerySet[Feed]:
    """Feeds among which every alarm is; the rules decide."""
    candidates = Q(failures__gt=0) | Q(expected_by__lt=now) | ~Q(moving_to="")
    return Feed.objects.filter(candidates, is_paused=False).select_related("unit", "source").order_by("unit", "pk")


def alarms_of(unit: Unit, *, now: datetime) -> list[tuple[Feed, Health]]:
    """Feeds of a unit that wait for a person; one query."""
    found = [(feed, health(facts_of(feed, now=now), now=now)) for feed in in_trouble(now=now).filter(unit=unit)]
    return [(feed, one) for feed, one in found if one.is_alarm]


def failing_below(authority: Unit, *, now: datetime, day: date) -> list[Below]:
    """Feeds of units below that could not be read for days, the longest first; three queries."""
    with unit_scope(*_ids_below(authority, day)):
        rows = list(_failing_for_days(now).select_related("unit", "source").order_by("failing_since", "pk"))
    return [
        Below(
            unit=feed.unit,
            name=feed.source.name,
            url=feed.url,
            since=feed.failing_since,
            sentence=feed.error_message,
        )
        for feed in rows
        if feed.failing_since is not None
    ]


def count_failing_below(authority: Unit, *, now: datetime, day: date) -> tuple[int, datetime | None]:
    """How many those are, and since when the first of them; three queries."""
    with unit_scope(*_ids_below(authority, day)):
        found = _failing_for_days(now).aggregate(number=Count("pk"), since=Min("failing_since"))
    return found["number"], found["since"]


def _ids_below(authority: Unit, day: date) -> list[int]:
    schools = units_below(authority, day).order_by().select_related(None).values_list("pk", flat=True)
    return [*schools, *authorities_below(authority, day)]


def _failing_for_days(now: datetime) -> QuerySet[Feed]:
    return Feed.objects.filter(is_paused=False, failures__gt=0, failing_since__lte=now - SCHOOL_FAILING)
