from congtruong.core.errors import DomainError
from congtruong.publication import phrases


class NotFromAbove(DomainError):
    """It does not come from above this unit: own things are pinned and withdrawn, others' do not exist here."""

    code = "publication.not_from_above"
    message = phrases.NOT_FROM_ABOVE


class HidingReasonMissing(DomainError):
    code = "publication.hiding_reason_missing"
    message = phrases.HIDING_REASON_MISSING


class MustStay(DomainError):
    code = "publication.must_stay"
    message = phrases.MUST_STAY


class TooManyPins(DomainError):
    code = "publication.too_many_pins"
    message = phrases.TOO_MANY_PINS

    def __init__(self, most: int) -> None:
        super().__init__(self.message.format(most=most))
