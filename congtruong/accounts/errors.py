from congtruong.accounts import phrases
from congtruong.core.errors import DomainError


class TooManyAttempts(DomainError):
    code = "accounts.too_many_attempts"
    message = phrases.TOO_MANY


class UsernameTaken(DomainError):
    code = "accounts.username_taken"
    message = phrases.USERNAME_TAKEN
