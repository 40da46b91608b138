"""The parts of a home page in the order its unit chose, read together in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, groupby

from congtruong.core import clock
from congtruong.feeds.queries import Freshness, freshness
from congtruong.media.models import Asset
from congtruong.portal.blocks.cards import Card, Picture, cards, picture_from
from congtruong.portal.blocks.targets import answers
from congtruong.portal.enums import HomeBlock
from congtruong.portal.models import QuickLink, SiteSettings
from congtruong.portal.queries import LinkRow, banner_image, quick_links
from congtruong.portal.rules.home import arrangement
from congtruong.portal.rules.targets import is_elsewhere
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
class HomeBanner:
    """The unit's own large image; its words stand beside or below it, never on it."""

    picture: Picture
    title: str
    caption: str
    target: str
    is_hero: bool

    @property
    def is_elsewhere(self) -> bool:
        return is_elsewhere(self.target)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: its template and the class of its band, light and white by turns."""

    block: HomeBlock
    band: str

    @property
    def template(self) -> str:
        return f"portal/home/{self.block.name.lower()}.html"


@dataclass(frozen=True, slots=True)
class Home:
    banner: HomeBanner | None
    hero: Card | None
    quick_links: list[QuickLink]
    notices: list[Card]
    news: list[Card]
    albums: list[Card]
    questions: list[Card]
    upcoming: list[Card]
    channels: list[ChannelBlock]
    freshness: Freshness
    new_since: datetime
    order: list[HomeBlock]

    @property
    def has_albums_page(self) -> bool:
        return answers(f"/{Channel.ALBUM}/")

    @property
    def has_questions_page(self) -> bool:
        return answers(f"/{Channel.QUESTION}/")

    @property
    def upcoming_beside(self) -> bool:
        """Do coming events stand beside the notices, because they follow them?"""
        if not self.notices or HomeBlock.NOTICES not in self.order:
            return False
        place = self.order.index(HomeBlock.NOTICES)
        return self.order[place + 1 : place + 2] == [HomeBlock.UPCOMING] and bool(self.upcoming)

    def parts(self, *, links: bool, below: bool) -> list[Part]:
        """What has something to show, in order."""
        has = {
            HomeBlock.QUICK: bool(self.quick_links),
            HomeBlock.NOTICES: bool(self.notices),
            HomeBlock.UPCOMING: bool(self.upcoming) and not self.upcoming_beside,
            HomeBlock.NEWS: bool(self.news),
            HomeBlock.BELOW: below,
            HomeBlock.ALBUMS: bool(self.albums),
            HomeBlock.ABOVE: bool(self.channels),
            HomeBlock.QUESTIONS: bool(self.questions),
            HomeBlock.LINKS: links,
        }
        shown = [block for block in self.order if has.get(block, True)]
        light = cycle(("band", "band band-paper"))
        return [Part(block, "" if block == HomeBlock.HERO else next(light)) for block in shown]


def home(unit: Unit, site: SiteSettings) -> Home:
    """Everything on the home page of a unit but what only authorities have."""
    now = clock.now()
    mine = own(unit)
    upstream = above(unit)
    order = [block for block, is_on in arrangement(site.home, is_authority=unit.is_authority) if is_on]
    lists = read_windows(_windows(mine, upstream, now))
    banner = _banner(banner_image(unit, site, clock.day_of(now)), site)

    hero = next(iter(lists["pinned-news"] or lists["photo-news"]), None)
    has_hero = HomeBlock.HERO in order and not (banner is not None and banner.is_hero)
    news = [entry for entry in lists["news"] if hero is None or not has_hero or entry.pk != hero.pk][:3]
    notices = _pinned_first(lists["pinned-notices"], lists["notices"])[:5]
    # An authority with nobody above it has no such channels; a school shows that they are empty.
    feeds = FEED_CHANNELS if upstream or not unit.is_authority else ()
    return Home(
        banner=banner,
        hero=next(iter(cards(unit, [hero] if hero else [])), None),
        quick_links=quick_links(unit) if HomeBlock.QUICK in order else [],
        notices=cards(unit, notices),
        news=cards(unit, news),
        albums=cards(unit, lists["albums"]),
        questions=cards(unit, lists["questions"]),
        upcoming=cards(unit, lists["upcoming"]),
        channels=[ChannelBlock(c, _ICONS[c], cards(unit, lists[f"above-{c}"])) for c in feeds],
        freshness=freshness(sorted({source.unit_id for source in upstream}), now=now),
        new_since=now - _NEW_FOR,
        order=order,
    )


def link_groups(links: list[LinkRow]) -> list[tuple[str, list[LinkRow]]]:
    """Links under their headings, those without one first; inside a heading in the unit's order."""
    ordered = sorted(links, key=lambda link: link.group)
    return [(group, list(rows)) for group, rows in groupby(ordered, key=lambda link: link.group)]


def _banner(image: Asset | None, site: SiteSettings) -> HomeBanner | None:
    if image is None:
        return None
    picture = picture_from(
        {
            "key": image.key,
            "alt": site.banner_alt,
            "width": image.width,
            "height": image.height,
            "renditions": image.renditions,
        }
    )
    if picture is None:
        return None
    return HomeBanner(picture, site.banner_title, site.banner_caption, site.banner_target, site.banner_is_hero)


def _windows(mine: list[Source], upstream: list[Source], now: datetime) -> list[Window]:
    return [
        Window("pinned-news", Channel.NEWS, mine, 1, pinned_only=True, with_image=True),
        Window("photo-news", Channel.NEWS, mine, 1, with_image=True),
        Window("news", Channel.NEWS, mine, 4),
        Window("pinned-notices", Channel.NOTICE, mine, 2, pinned_only=True),
        Window("notices", Channel.NOTICE, mine, 5),
        Window("albums", Channel.ALBUM, mine, 3),
        Window("questions", Channel.QUESTION, mine, 5),
        Window("upcoming", None, mine, 4, starting_from=now),
        *(Window(f"above-{channel}", channel, upstream, 3, pins_first=True) for channel in FEED_CHANNELS),
    ]


def _pinned_first(pinned: list[Entry], latest: list[Entry]) -> list[Entry]:
    return [*pinned, *(entry for entry in latest if entry.pk not in {p.pk for p in pinned})]
