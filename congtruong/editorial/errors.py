from congtruong.core.errors import DomainError
from congtruong.editorial import phrases


class TitleMissing(DomainError):
    code = "editorial.title_missing"
    message = phrases.TITLE_MISSING


class AnotherUnit(DomainError):
    """A foreign id of another tenant was offered on write."""

    code = "editorial.another_unit"
    message = phrases.ANOTHER_UNIT


class TargetNotBelow(DomainError):
    """Somebody named as a target never stood below the unit that writes."""

    code = "editorial.target_not_below"
    message = phrases.TARGET_NOT_BELOW


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


class StepNotPossible(DomainError):
    """The post is in another state than the page showed, or the person may not take this step."""

    code = "editorial.step_not_possible"
    message = phrases.STEP_NOT_POSSIBLE


class NotOpen(DomainError):
    code = "editorial.not_open"
    message = phrases.NOT_OPEN


class LockHeld(DomainError):
    """Somebody else is writing in the post."""

    code = "editorial.lock_held"

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(phrases.LOCK_HELD.format(holder=holder))


class Overtaken(DomainError):
    """What was sent is older than what is stored; it was kept as a version of its own."""

    code = "editorial.overtaken"

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(phrases.OVERTAKEN.format(number=number))


class ReasonMissing(DomainError):
    code = "editorial.reason_missing"
    message = phrases.REASON_MISSING


class AltMissing(DomainError):
    code = "editorial.alt_missing"

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(phrases.ALT_MISSING.format(count=count))


class PersonalData(DomainError):
    """Personal data was found and no reason for publishing it was given."""

    code = "editorial.personal_data"
    message = phrases.PERSONAL_DATA


class ConsentMissing(DomainError):
    code = "editorial.consent_missing"
    message = phrases.CONSENT_MISSING


class DatesReversed(DomainError):
    code = "editorial.dates_reversed"
    message = phrases.DATES_REVERSED


class ParentInvalid(DomainError):
    code = "editorial.parent_invalid"
    message = phrases.PARENT_INVALID


class AddressTaken(DomainError):
    code = "editorial.address_taken"
    message = phrases.ADDRESS_TAKEN


class AddressInvalid(DomainError):
    code = "editorial.address_invalid"
    message = phrases.ADDRESS_INVALID


class CategoryUnnamed(DomainError):
    code = "editorial.category_unnamed"
    message = phrases.CATEGORY_NEEDED


class CategoryExists(DomainError):
    code = "editorial.category_exists"

    def __init__(self, name: str) -> None:
        super().__init__(phrases.CATEGORY_EXISTS.format(name=name))


class ChangedElsewhere(DomainError):
    """Other words were stored since the person's page was opened; it holds nothing of its own."""

    code = "editorial.changed_elsewhere"
    message = phrases.CHANGED_ELSEWHERE


class WithdrawalReasonMissing(DomainError):
    code = "editorial.withdrawal_reason_missing"
    message = phrases.WITHDRAWAL_REASON_MISSING
