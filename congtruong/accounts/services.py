"""Attempts to sign in, passwords that somebody else chose, and letters."""

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from congtruong.accounts import errors
from congtruong.accounts.data.words import WORDS
from congtruong.accounts.models import UnsentMail
from congtruong.core import audit, clock
from congtruong.core.models import AuditEntry
from congtruong.units.models import User

FAILED = "accounts.sign_in.failed"
SUCCEEDED = "accounts.sign_in.succeeded"
MOST_FAILURES = 8
WINDOW = timedelta(minutes=15)
INITIAL_PASSWORD_LASTS = timedelta(days=14)
# A link to a new password is of no use much longer.
LETTER_LASTS = timedelta(hours=24)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
_AT_ONCE = 50

logger = logging.getLogger(__name__)


def require_attempts_left(*, login: str, address: str) -> None:
    """Raise `TooManyAttempts` after eight failures for this name from this address in 15 minutes.

    A stranger elsewhere cannot lock a person out; many more failures from everywhere for one name, or for many names
    from one address, are held back too. Failures before the last success do not count. They are counted in the audit
    trail, so that all processes and machines count together.
    """
    if any(_failures(subject) >= most for subject, most in _limits(login, address).items()):
        raise errors.TooManyAttempts


def note_failure(*, login: str, address: str) -> None:
    for subject in _limits(login, address):
        audit.record(FAILED, unit_id=None, subject=subject, by="khách")


def note_success(*, login: str, address: str, person: User, ways: Sequence[str]) -> None:
    """`ways` are the steps the person passed: password, mfa:totp, socialaccount …"""
    pair = next(iter(_limits(login, address)))
    audit.record(SUCCEEDED, unit_id=None, subject=pair, by=str(person), by_id=person.pk, ways=list(ways))


def note_refusal(*, way: str, address: str) -> None:
    """A passkey or an outside account that was not accepted; there is no name and nothing to guess."""
    audit.record(FAILED, unit_id=None, subject=f"{way} @ {address}", by="khách")


def is_initial_password_over(user: User) -> bool:
    """Was the initial password issued too long ago to sign in with?"""
    until = user.initial_password_until
    return user.must_change_password and until is not None and until < clock.now()


def _limits(login: str, address: str) -> dict[str, int]:
    name = login.strip().lower()[:150]
    return {
        f"{name} @ {address}": MOST_FAILURES,
        name: MOST_FAILURES * 25,
        f"@ {address}": MOST_FAILURES * 25,
    }


def _failures(subject: str) -> int:
    since = clock.now() - WINDOW
    recent = AuditEntry.objects.filter(subject=subject[:300], at__gte=since)
    success = recent.filter(action=SUCCEEDED).order_by("-at").values_list("at", flat=True).first()
    return recent.filter(action=FAILED, at__gte=success or since).count()


@transaction.atomic
def create_account(*, username: str, full_name: str, honorific: str = "", email: str = "", by: str) -> tuple[User, str]:
    """Make an account with an initial password that is shown once. Raises `UsernameTaken`."""
    username = username.strip().lower()
    if User.objects.filter(username__iexact=username).exists():
        raise errors.UsernameTaken
    user = User(username=username, full_name=full_name.strip(), honorific=honorific, email=email.strip().lower())
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    audit.record("accounts.account.created", unit_id=None, subject=username, by=by, user_id=user.pk)
    return user, issue_initial_password(user=user, by=by)


@transaction.atomic
def make_operator(*, user: User, by: str) -> None:
    """Let a person run the whole system; only from the command line."""
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    audit.record("accounts.operator.made", unit_id=None, subject=user.username, by=by, user_id=user.pk)


@transaction.atomic
def issue_initial_password(*, user: User, by: str) -> str:
    """Set a password of random words that the person must replace at once; all his sessions end."""
    password = "-".join([*(secrets.choice(WORDS) for _ in range(3)), f"{secrets.randbelow(900) + 100}"])
    user.set_password(password)
    user.must_change_password = True
    user.initial_password_until = clock.now() + INITIAL_PASSWORD_LASTS
    user.save(update_fields=["password", "must_change_password", "initial_password_until"])
    end_sessions(user=user)
    audit.record("accounts.initial_password.issued", unit_id=None, subject=user.username, by=by, user_id=user.pk)
    return password


def note_password_changed(*, user: User) -> None:
    """The person has chosen a password himself."""
    if user.must_change_password:
        user.must_change_password, user.initial_password_until = False, None
        user.save(update_fields=["must_change_password", "initial_password_until"])
    audit.record("accounts.password.changed", unit_id=None, subject=user.username, by=str(user), by_id=user.pk)


def end_sessions(*, user: User) -> None:
    """Sign the person out everywhere. Sessions hold the user inside: a changed password alone ends them at next use."""
    sessions = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()


@transaction.atomic
def remove_second_factors(*, user: User, by: str) -> int:
    """For who lost phone and recovery codes: authenticator app, passkeys and codes are gone, all sessions end."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    end_sessions(user=user)
    audit.record("accounts.factors.removed", unit_id=None, subject=user.username, by=by, user_id=user.pk, count=removed)
    return int(removed)


def send_reset_mail(*, email: str, url: str) -> None:
    """Mail a link to everybody whose address this is; `url` has `/KEY/` where the key belongs. Nobody: no mail."""
    for user in filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True):
        key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
        context = {"user": user, "password_reset_url": url.replace("/KEY/", f"/{key}/")}
        subject = render_to_string("account/email/password_reset_key_subject.txt", context).strip()
        body = render_to_string("account/email/password_reset_key_message.txt", context).strip()
        deliver(to=email, subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject, body=body)
        audit.record("accounts.reset_mail.sent", unit_id=None, subject=user.username, by="khách", user_id=user.pk)


def deliver(*, to: str, subject: str, body: str) -> None:
    """Send a letter; what the mail server does not take now is kept and tried again."""
    letter = UnsentMail(to=to, subject=subject, body=body, written_at=clock.now())
    if not _is_sent(letter):
        letter.next_try_at = clock.now() + _FIRST_WAIT
        letter.save()


def deliver_again(*, now: datetime) -> int:
    """Try the letters whose time has come; returns how many went. After a day a letter is given up."""
    sent = 0
    for letter in UnsentMail.objects.filter(next_try_at__lte=now).order_by("next_try_at")[:_AT_ONCE]:
        wait = min(_FIRST_WAIT * (1 << min(letter.tries, 10)), _LONGEST_WAIT)
        claimed = UnsentMail.objects.filter(pk=letter.pk, tries=letter.tries).update(
            tries=letter.tries + 1, next_try_at=now + wait
        )
        if claimed != 1:
            continue
        is_sent = _is_sent(letter)
        if is_sent or now - letter.written_at >= LETTER_LASTS:
            letter.delete()
        sent += is_sent
    return sent


def _is_sent(letter: UnsentMail) -> bool:
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.to]).send()
    except (OSError, SMTPException):
        logger.exception("a letter was not taken")
        return False
    return True
