"""Words of the addresses of feeds."""

from django.db import models

from congtruong.units.enums import LEVEL_NAMES, LEVEL_WORDS

# Instead of a channel or of a level: everything.
ALL = "tat-ca"
ALL_LEVELS = "Mọi cấp học"


class Format(models.TextChoices):
    """The ending of an address, and what is sent there."""

    RSS = "xml", "RSS"
    ATOM = "atom", "Atom"
    JSON = "json", "JSON Feed"

    @property
    def content_type(self) -> str:
        return _TYPES[self]


_TYPES = {
    Format.RSS: "application/rss+xml; charset=utf-8",
    Format.ATOM: "application/atom+xml; charset=utf-8",
    Format.JSON: "application/feed+json; charset=utf-8",
}


class Mode(models.TextChoices):
    """What somebody asks of the hub (WebSub, section 5.1)."""

    SUBSCRIBE = "subscribe", "Đăng ký"
    UNSUBSCRIBE = "unsubscribe", "Ngừng nhận"


def level_label(word: str) -> str:
    """`thcs` → `Trung học cơ sở`."""
    return ALL_LEVELS if word == ALL else LEVEL_NAMES[LEVEL_WORDS[word]]


def level_of(word: str) -> int:
    """The level as a bit; 0 is every level."""
    return 0 if word == ALL else int(LEVEL_WORDS[word])
