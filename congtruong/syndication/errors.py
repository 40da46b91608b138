"""Why the hub refuses."""

from congtruong.core.errors import DomainError
from congtruong.syndication import phrases


class BadRequest(DomainError):
    """What was asked makes no sense; asking again will not help."""

    code = "syndication.bad_request"


class BadMode(BadRequest):
    code = "syndication.bad_mode"
    message = phrases.BAD_MODE


class BadTopic(BadRequest):
    code = "syndication.bad_topic"
    message = phrases.BAD_TOPIC


class BadCallback(BadRequest):
    code = "syndication.bad_callback"
    message = phrases.BAD_CALLBACK


class BadSecret(BadRequest):
    code = "syndication.bad_secret"
    message = phrases.BAD_SECRET


class BadLease(BadRequest):
    code = "syndication.bad_lease"
    message = phrases.BAD_LEASE


class TooManyWaiting(DomainError):
    """The hub takes no more requests until others were confirmed or have expired."""

    code = "syndication.too_many_waiting"
    message = phrases.TOO_MANY_WAITING


class TooMany(DomainError):
    code = "syndication.too_many"
    message = phrases.TOO_MANY
