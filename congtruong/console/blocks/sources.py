"""Feeds in words and small pictures: rhythm of reading, items by week, what a trial found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from congtruong.core import clock
from congtruong.core.templatetags.vi import vn_date
from congtruong.core.text import fold
from congtruong.feeds.enums import HubState
from congtruong.feeds.models import Feed, HubSubscription
from congtruong.feeds.pipeline.decide import fold_category
from congtruong.feeds.pipeline.model import REPAIRS, Entry
from congtruong.feeds.queries.health import FeedState, week_ends
from congtruong.feeds.rules import schedule
from congtruong.feeds.rules.hosts import host_of
from congtruong.feeds.services.trying import Trial
from congtruong.publication.enums import FEED_CHANNELS
from congtruong.units.enums import Level

# In forms: items of this category are not taken at all. Nothing chosen stands for the feed's own channel.
LEAVE_OUT = "bo-qua"
_WIDTH, _HEIGHT, _GAP = 160, 40, 4
_MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    title: str


@dataclass(frozen=True, slots=True)
class WeekChart:
    """Items of the last weeks; `summary` says the same in a sentence."""

    bars: list[Bar]
    summary: str
    total: int
    width: int = _WIDTH
    height: int = _HEIGHT


@dataclass(frozen=True, slots=True)
class FeedCard:
    state: FeedState
    chart: WeekChart
    levels: str

    @property
    def feed(self) -> Feed:
        return self.state.feed


def feed_card(state: FeedState, now: datetime) -> FeedCard:
    levels = state.feed.levels
    return FeedCard(state, week_chart(state.weeks, now), Level(levels).label if levels else "")


def week_chart(weeks: Sequence[int], now: datetime) -> WeekChart:
    """One bar a week, the highest filling the picture; a week without items keeps a thin line."""
    top, step = max(*weeks, 1), _WIDTH / len(weeks)
    bars = []
    for number, (count, end) in enumerate(zip(weeks, week_ends(now), strict=True)):
        tall = max((_HEIGHT - 2) * count / top, 1.5)
        title = f"{_span(end)}: {count} tin"
        bars.append(
            Bar(
                _size(step * number + _GAP / 2),
                _size(_HEIGHT - tall),
                _size(step - _GAP),
                _size(tall),
                title,
            )
        )
    each = ", ".join(str(count) for count in weeks)
    return WeekChart(bars, f"Số tin mỗi tuần trong {len(weeks)} tuần qua, từ cũ đến mới: {each}.", sum(weeks))


def _span(end: date) -> str:
    return f"{end - timedelta(days=6):%d/%m} – {vn_date(end)}"


def _size(number: float) -> str:
    return f"{number:.1f}"


# --- Rhythm -----------------------------------------------------------------------------------------------------------


def rhythm(feed: Feed, *, now: datetime, last_week: int, hub: HubSubscription | None) -> str:
    """How often the feed is read, and why."""
    if feed.is_paused:
        return "Không đọc, vì đang tạm dừng."
    has_hub = hub is not None and hub.state == HubState.ACTIVE and bool(hub.leased_until and hub.leased_until > now)
    is_authority = feed.unit.is_authority
    set_to = timedelta(seconds=feed.interval_seconds)
    interval = schedule.interval_of(
        set_to=set_to, is_authority=is_authority, now=now, last_week=last_week, has_hub=has_hub
    )
    asked = timedelta(seconds=min(feed.ttl_seconds, schedule.LONGEST.total_seconds()))
    if feed.failures:
        longest = schedule.LONGEST_AUTHORITY if is_authority else schedule.LONGEST
        return f"Đang lỗi: sau mỗi lần lỗi hệ thống chờ lâu gấp đôi, nhiều nhất {spoken(longest)}, và không bao giờ bỏ."
    if schedule.is_by_hand(set_to):
        return f"Đọc lại sau {spoken(interval)}, vì chu kỳ này được đặt riêng."
    if asked > interval and not (is_authority and asked > schedule.LONGEST_AUTHORITY):
        return f"Đọc lại sau {spoken(asked)}, vì nguồn đề nghị như vậy."
    return f"Đọc lại sau {spoken(interval)}, {_why(is_authority, has_hub, interval > set_to, last_week)}."


def _why(is_authority: bool, has_hub: bool, is_longer: bool, last_week: int) -> str:
    if has_hub:
        return "vì nguồn tự báo ngay khi có tin; việc đọc chỉ để dự phòng"
    if is_authority:
        return "vì là ban đêm" if is_longer else "vì là nguồn của cơ quan quản lý"
    if last_week:
        return f"vì tuần qua nguồn đăng {last_week} tin"
    return "vì tuần qua nguồn không đăng tin nào"


def spoken(length: timedelta) -> str:
    """`10 phút`, `2 giờ`, `3,5 giờ`, `2 ngày`."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 1:
        return f"{round(length.total_seconds())} giây"
    if minutes < 60:
        return f"{minutes} phút"
    hours = minutes / 60
    if hours < 48:
        return f"{hours:.1f}".rstrip("0").rstrip(".").replace(".", ",") + " giờ"
    return f"{round(hours / 24)} ngày"


def hub_words(hub: HubSubscription | None, *, now: datetime) -> str:
    """Whether the source tells by itself, in a sentence."""
    if hub is None:
        return "Nguồn không có dịch vụ báo tin tức thời; hệ thống tự đọc đều."
    if hub.state == HubState.ACTIVE and hub.leased_until and hub.leased_until > now:
        return f"Nguồn báo ngay khi có tin. Đăng ký có hiệu lực đến {vn_date(hub.leased_until)}, tự gia hạn."
    return {
        HubState.DENIED: "Dịch vụ báo tin tức thời của nguồn từ chối; hệ thống tự đọc đều.",
        HubState.DISTRUSTED: "Dịch vụ báo tin tức thời của nguồn bỏ sót tin, nên hệ thống tự đọc đều.",
    }.get(HubState(hub.state), "Đã đăng ký nhận báo tin tức thời, đang chờ nguồn trả lời; hệ thống tự đọc đều.")


def repair_words(feed: Feed) -> list[str]:
    return [REPAIRS[name] for name in feed.repairs if name in REPAIRS]


# --- Trial ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TriedItem:
    """An item as it will stand on the portal."""

    entry: Entry
    day: str
    host: str
    has_picture: bool
    files: int
    repairs: list[str]


@dataclass(frozen=True, slots=True)
class CategoryRow:
    name: str
    count: int
    chosen: str


def tried_items(trial: Trial) -> list[TriedItem]:
    return [
        TriedItem(
            entry,
            f"{entry.published.astimezone(clock.VIETNAM):%d/%m/%Y %H:%M}" if entry.published else "",
            host_of(entry.link),
            bool(entry.image or entry.pictures),
            len(entry.enclosures),
            [REPAIRS[name] for name in entry.repairs if name in REPAIRS],
        )
        for entry in trial.entries[:_MOST_SHOWN]
    ]


def category_rows(trial: Trial, known: Mapping[str, str]) -> list[CategoryRow]:
    """Categories of a trial with the choice that holds; `known` are channels by folded name."""
    return [CategoryRow(name, count, chosen_word(known.get(fold_category(name)))) for name, count in trial.categories]


def likely_channel(title: str, url: str) -> str:
    """The channel that a feed's title, or else its address, names; empty when they name none or several."""
    for text in (fold(title), fold(url).replace("-", " ")):
        named = [channel for channel in FEED_CHANNELS if fold(channel.label) in text]
        if len(named) == 1:
            return str(named[0].value)
    return ""


def chosen_word(channel: str | None) -> str:
    """What the list of choices calls a route: none, to a channel, or to nowhere."""
    return "" if channel is None else channel or LEAVE_OUT


def route_choices() -> list[tuple[str, str]]:
    channels = [(channel.value, str(channel.label)) for channel in FEED_CHANNELS]
    return [("", "Theo kênh"), *channels, (LEAVE_OUT, "Bỏ qua, không đăng")]
