"""Addresses of feeds taken apart and put together; pure."""

import re
from dataclasses import dataclass

from congtruong.publication.enums import FEED_CHANNELS, Channel
from congtruong.syndication.enums import ALL, Format, level_label
from congtruong.units.enums import LEVEL_WORDS

CHANNEL_WORDS = (ALL, *(channel.value for channel in FEED_CHANNELS))
_CHANNEL, _FORMAT = "|".join(CHANNEL_WORDS), "|".join(Format.values)
_LEVEL = "|".join((ALL, *LEVEL_WORDS))
OWN_FEED = rf"rss/(?P<channel>{_CHANNEL})\.(?P<ending>{_FORMAT})"
LEVEL_FEED = rf"kenh/(?P<level>{_LEVEL})/(?P<channel>{_CHANNEL})\.(?P<ending>{_FORMAT})"
LEVEL_BLOCK = rf"nhung/(?P<level>{_LEVEL})/(?P<channel>{_CHANNEL})/"
_PATH = re.compile(rf"/(?:{OWN_FEED}|{LEVEL_FEED.replace('channel', 'channel_').replace('ending', 'ending_')})")
EVERY_CHANNEL = "Tất cả chuyên mục"


@dataclass(frozen=True, slots=True)
class Address:
    """Which feed: with a `level`, what an authority and those above it send to schools of that level."""

    channel: str
    format: Format = Format.RSS
    level: str = ""

    @property
    def path(self) -> str:
        folder = f"kenh/{self.level}" if self.level else "rss"
        return f"/{folder}/{self.channel}.{self.format.value}"

    @property
    def channels(self) -> tuple[Channel, ...]:
        return FEED_CHANNELS if self.channel == ALL else (Channel(self.channel),)

    @property
    def page_path(self) -> str:
        """The page for people that shows the same."""
        if self.level:
            return f"/kenh/{self.level}/{self.channel}/"
        return "/" if self.channel == ALL else f"/{self.channel}/"

    @property
    def name(self) -> str:
        """`Thông báo`, or `Thông báo cho cấp Tiểu học`; empty for everything a portal has."""
        label = EVERY_CHANNEL if self.channel == ALL else Channel(self.channel).label
        if not self.level:
            return "" if self.channel == ALL else label
        return f"{label} cho mọi cấp học" if self.level == ALL else f"{label} cho cấp {level_label(self.level)}"


def address_of(path: str) -> Address | None:
    """The feed at a path of a portal; None when no portal has it."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    if found["channel"]:
        return Address(found["channel"], Format(found["ending"]))
    return Address(found["channel_"], Format(found["ending_"]), found["level"])
