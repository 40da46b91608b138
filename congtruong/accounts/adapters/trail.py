"""What allauth tells of accounts goes into the trail."""

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.dispatch import receiver
from django.http import HttpRequest

from congtruong.accounts import services
from congtruong.accounts.adapters.account import typed_name
from congtruong.core import audit
from congtruong.units.models import User


@receiver(account.user_logged_in, dispatch_uid="accounts.signed_in")
def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    records = get_authentication_records(request, user)
    typed = next((typed_name(record) for record in records if record["method"] == "password"), user.username)
    ways = [":".join(filter(None, (record["method"], record.get("type")))) for record in records]
    services.note_success(login=typed, address=get_adapter().get_client_ip(request), person=user, ways=ways)


@receiver(account.user_logged_out, dispatch_uid="accounts.signed_out")
def _signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        _note("accounts.session.ended", user, count=1)


@receiver([account.password_changed, account.password_set, account.password_reset], dispatch_uid="accounts.password")
def _password(user: User, **_: Any) -> None:
    services.note_password_changed(user=user)


@receiver(account.email_changed, dispatch_uid="accounts.email")
def _email(user: User, to_email_address: Any, **_: Any) -> None:
    _note("accounts.email.changed", user, to=to_email_address.email)


@receiver(mfa.authenticator_added, dispatch_uid="accounts.factor_added")
def _added(user: User, authenticator: Authenticator, **_: Any) -> None:
    _note("accounts.factor.added", user, kind=str(authenticator.type))


@receiver(mfa.authenticator_removed, dispatch_uid="accounts.factor_removed")
def _removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    _note("accounts.factor.removed", user, kind=str(authenticator.type))


@receiver(mfa.authenticator_reset, dispatch_uid="accounts.factor_reset")
def _reset(user: User, authenticator: Authenticator, **_: Any) -> None:
    _note("accounts.factor.renewed", user, kind=str(authenticator.type))


@receiver(mfa.authenticator_used, dispatch_uid="accounts.factor_used")
def _used(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _note("accounts.recovery_code.used", user)


@receiver(mfa.authentication_failed, dispatch_uid="accounts.factor_refused")
def _refused(user: User, **_: Any) -> None:
    _note("accounts.factor.refused", user)


@receiver(social.social_account_added, dispatch_uid="accounts.link_added")
def _linked(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    _note("accounts.link.added", sociallogin.user, provider=sociallogin.account.provider)


@receiver(social.social_account_removed, dispatch_uid="accounts.link_removed")
def _unlinked(socialaccount: Any, **_: Any) -> None:
    _note("accounts.link.removed", socialaccount.user, provider=socialaccount.provider)


def _note(action: str, user: User, **detail: object) -> None:
    audit.record(action, unit_id=None, subject=user.username, by=str(user), by_id=user.pk, **detail)
