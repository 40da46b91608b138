from congtruong.console import phrases
from congtruong.core.errors import DomainError


class WrongCredentials(DomainError):
    code = "console.wrong_credentials"
    message = phrases.WRONG


class TooManyAttempts(DomainError):
    code = "console.too_many_attempts"
    message = phrases.TOO_MANY
