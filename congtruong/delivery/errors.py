from congtruong.core.errors import DomainError
from congtruong.delivery import phrases


class NotAddressed(DomainError):
    """Nothing of the kind was sent to this unit; pages answer as if it did not exist."""

    code = "delivery.not_addressed"
    message = phrases.NOT_ADDRESSED


class NotSent(DomainError):
    """The authority shows no such thing to the units below it."""

    code = "delivery.not_sent"
    message = phrases.NOT_SENT


class DueInPast(DomainError):
    code = "delivery.due_in_past"
    message = phrases.DUE_IN_PAST


class AsksMissing(DomainError):
    code = "delivery.asks_missing"
    message = phrases.ASKS_MISSING


class NothingToReply(DomainError):
    code = "delivery.nothing_to_reply"
    message = phrases.NOTHING_TO_REPLY


class AnswerMissing(DomainError):
    code = "delivery.answer_missing"
    message = phrases.ANSWER_MISSING


class PeopleInvalid(DomainError):
    code = "delivery.people_invalid"
    message = phrases.PEOPLE_INVALID


class TooLate(DomainError):
    code = "delivery.too_late"
    message = phrases.TOO_LATE
