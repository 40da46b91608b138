"""Errors that a user may meet: a stable code for the log, a Vietnamese sentence for the page."""

from typing import ClassVar


class DomainError(Exception):
    """Base of all errors raised by services. `message` says what happened and what to do next."""

    code: ClassVar[str] = "core.error"
    message: str = "Không thực hiện được. Xin thử lại."

    def __init__(self, message: str | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(f"{self.code}: {self.message}")
