from congtruong.core.errors import DomainError
from congtruong.feeds import phrases


class NameNeeded(DomainError):
    code = "feeds.name_needed"
    message = phrases.NAME_NEEDED


class AddressInvalid(DomainError):
    code = "feeds.address_invalid"
    message = phrases.ADDRESS_INVALID


class SourceTwice(DomainError):
    code = "feeds.source_twice"
    message = phrases.SOURCE_TWICE


class FeedTwice(DomainError):
    code = "feeds.feed_twice"
    message = phrases.FEED_TWICE


class TooManyFeeds(DomainError):
    code = "feeds.too_many_feeds"
    message = phrases.TOO_MANY


class AnotherUnit(DomainError):
    code = "feeds.another_unit"
    message = phrases.NOT_YOURS


class NoChannel(DomainError):
    code = "feeds.no_channel"
    message = phrases.NO_CHANNEL


class Paused(DomainError):
    code = "feeds.paused"
    message = phrases.PAUSED


class AskedJustNow(DomainError):
    code = "feeds.asked_just_now"
    message = phrases.ASKED_JUST_NOW


class NoMove(DomainError):
    code = "feeds.no_move"
    message = phrases.NO_MOVE
