"""What allauth asks us about accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from congtruong.accounts import errors, phrases, services
from congtruong.accounts.rules.addresses import origin_of
from congtruong.accounts.rules.paths import is_console_path
from congtruong.core import jobs
from congtruong.units.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed to strangers; counts attempts in the trail; stays inside the consoles of this host."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": phrases.CLOSED,
        "duplicate_email": phrases.SAME_EMAIL,
        "email_password_mismatch": phrases.WRONG,
        "email_taken": phrases.EMAIL_TAKEN,
        "enter_current_password": phrases.WRONG_PASSWORD,
        "incorrect_code": phrases.WRONG_CODE,
        "incorrect_password": phrases.WRONG_PASSWORD,
        "invalid_login": phrases.WRONG,
        "invalid_password_reset": phrases.LINK_OVER,
        "rate_limited": phrases.SLOW_DOWN,
        "too_many_login_attempts": phrases.TOO_MANY,
        "username_password_mismatch": phrases.WRONG,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the question that begins a sign-in with a passkey is answered in JSON."""
        match = request.resolver_match
        is_key = match is not None and match.view_name == "mfa_login_webauthn"
        return is_key and request.headers.get("accept") == "application/json"

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """What allauth calls information is always something that was done."""
        super().add_message(request, messages.SUCCESS if level == messages.INFO else level, *args, **kwargs)

    # --- Attempts -----------------------------------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            services.require_attempts_left(login=typed_name(credentials), address=self.get_client_ip(request))
        except errors.TooManyAttempts as error:
            raise self.validation_error("too_many_login_attempts") from error

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing to roll back: a success ends the count."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        services.note_failure(login=typed_name(credentials), address=self.get_client_ip(request))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        person = super().authenticate(request, **credentials)
        # Said only to who knows the password.
        if isinstance(person, User) and services.is_initial_password_over(person):
            raise ValidationError(phrases.EXPIRED)
        return person

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where the request came from; behind our own proxy, what that proxy added last."""
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        last = clean_client_ip(forwarded.rsplit(",", 1)[-1]) if settings.BEHIND_PROXY and forwarded else None
        return str(last or super().get_client_ip(request))

    # --- Ways ---------------------------------------------------------------------------------------------------------

    def is_safe_url(self, url: str) -> bool:
        return bool(url) and is_console_path(url)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("console:today")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return origin_of(context.request) + path.replace("UID-KEY", key)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return origin_of(request) + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": phrases.WAY_PASSWORD,
            "mfa_reauthenticate": phrases.WAY_CODE,
            "mfa_reauthenticate:webauthn": phrases.WAY_KEY,
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]

    # --- Mail ---------------------------------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By a job: a mail server that is slow or away does not hold up the page."""
        message = self.render_mail(template_prefix, email, {"email": email, "request": self.request, **context})
        jobs.enqueue("accounts.mail", to=email, subject=message.subject, body=message.body)


def typed_name(credentials: dict[str, Any]) -> str:
    """What was typed as name: allauth gives it as `email` too when it looks like one."""
    return str(credentials.get("email") or credentials.get("username") or "")
