from congtruong.core.errors import DomainError
from congtruong.transfer import phrases


class TransferBusy(DomainError):
    code = "transfer.busy"
    message = phrases.BUSY


class NotReady(DomainError):
    """The job is at another step than the page showed."""

    code = "transfer.not_ready"
    message = phrases.NOT_READY


class SourceUnreadable(DomainError):
    """What was handed over cannot be read; the message says why."""

    code = "transfer.source_unreadable"


class UnitNotEmpty(DomainError):
    code = "transfer.unit_not_empty"
    message = phrases.UNIT_NOT_EMPTY
