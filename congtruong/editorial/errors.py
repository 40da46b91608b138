from congtruong.core.errors import DomainError
from congtruong.editorial import phrases


class TitleMissing(DomainError):
    code = "editorial.title_missing"
    message = phrases.TITLE_MISSING


class AnotherUnit(DomainError):
    """A foreign id of another tenant was offered on write."""

    code = "editorial.another_unit"
    message = phrases.ANOTHER_UNIT


class RegisterMissing(DomainError):
    code = "editorial.register_missing"
    message = phrases.REGISTER_MISSING


class SourceMissing(DomainError):
    code = "editorial.source_missing"
    message = phrases.SOURCE_MISSING


class SourceAddressInvalid(DomainError):
    code = "editorial.source_address_invalid"
    message = phrases.SOURCE_ADDRESS_INVALID


class NotYet(DomainError):
    code = "editorial.not_yet"
    message = phrases.NOT_YET
