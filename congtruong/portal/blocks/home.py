"""The blocks of a home page, read together in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from congtruong.core import clock
from congtruong.feeds.queries import Freshness, freshness
from congtruong.portal.blocks.cards import Card, cards
from congtruong.portal.models import QuickLink
from congtruong.portal.queries import quick_links
from congtruong.publication.enums import FEED_CHANNELS, Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries import Source, Window, read_windows
from congtruong.publication.queries.sources import above, own
from congtruong.units.models import Unit

_ICONS = {
    Channel.NEWS: "news",
    Channel.NOTICE: "mega",
    Channel.DOCUMENT: "file",
    Channel.INVITATION: "mail",
}
_NEW_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class ChannelBlock:
    """One column of what authorities published."""

    channel: Channel
    icon: str
    cards: list[Card]

    @property
    def path(self) -> str:
        return "/van-ban/" if self.channel == Channel.DOCUMENT else f"/{self.channel}/nguon/cap-tren/"


@dataclass(frozen=True, slots=True)
class Home:
    hero: Card | None
    quick_links: list[QuickLink]
    notices: list[Card]
    news: list[Card]
    upcoming: list[Card]
    channels: list[ChannelBlock]
    freshness: Freshness
    new_since: datetime


def home(unit: Unit) -> Home:
    """Everything on the home page of a unit."""
    now = clock.now()
    mine = own(unit)
    upstream = above(unit)
    lists = read_windows(_windows(mine, upstream, now))

    hero = next(iter(lists["pinned-news"] or lists["photo-news"]), None)
    news = [entry for entry in lists["news"] if hero is None or entry.pk != hero.pk][:3]
    notices = _pinned_first(lists["pinned-notices"], lists["notices"])[:5]
    return Home(
        hero=next(iter(cards(unit, [hero] if hero else [])), None),
        quick_links=quick_links(unit),
        notices=cards(unit, notices),
        news=cards(unit, news),
        upcoming=cards(unit, lists["upcoming"]),
        channels=[ChannelBlock(c, _ICONS[c], cards(unit, lists[f"above-{c}"])) for c in FEED_CHANNELS],
        freshness=freshness(sorted({source.unit_id for source in upstream}), now=now),
        new_since=now - _NEW_FOR,
    )


def _windows(mine: list[Source], upstream: list[Source], now: datetime) -> list[Window]:
    return [
        Window("pinned-news", Channel.NEWS, mine, 1, pinned_only=True, with_image=True),
        Window("photo-news", Channel.NEWS, mine, 1, with_image=True),
        Window("news", Channel.NEWS, mine, 4),
        Window("pinned-notices", Channel.NOTICE, mine, 2, pinned_only=True),
        Window("notices", Channel.NOTICE, mine, 5),
        Window("upcoming", None, mine, 4, starting_from=now),
        *(Window(f"above-{channel}", channel, upstream, 3) for channel in FEED_CHANNELS),
    ]


def _pinned_first(pinned: list[Entry], latest: list[Entry]) -> list[Entry]:
    return [*pinned, *(entry for entry in latest if entry.pk not in {p.pk for p in pinned})]
