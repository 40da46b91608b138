"""allauth's forms in our words and with our controls; what they check stays allauth's."""

import hashlib
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.validators import MaxLengthValidator

from congtruong.accounts import phrases
from congtruong.core import jobs

# Longer than any code is accepted, clocks that go wrong included.
_CODE_SECONDS = 180


class Worded:
    """Labels, hints and attributes of the fields; every field is an `.input` with an error sentence of its own."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}
    attributes: ClassVar[dict[str, dict[str, str]]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in self.words.items():
            field = self.fields.get(name)
            if field is None:
                continue
            field.label, field.help_text = label, hint
            field.error_messages["required"] = needed(label)
            if isinstance(field, forms.EmailField):
                # Django's validator brings its own sentence; a field takes that of the same code from here.
                field.error_messages["invalid"] = phrases.EMAIL_NOT_READABLE
            attrs = field.widget.attrs
            attrs.pop("placeholder", None)
            if not isinstance(field.widget, forms.CheckboxInput):
                attrs["class"] = "input"
            attrs.update(self.attributes.get(name, {}))


def needed(label: str) -> str:
    """What a field says that was left empty; some labels begin with the verb of the sentence."""
    rest = label[0].lower() + label[1:]
    return phrases.NEEDED.format(label=rest.removeprefix("nhập "))


_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": "", "maxlength": "20"}
_NEW_PASSWORDS = {
    "password1": (phrases.NEW_PASSWORD, phrases.PASSWORD_HINT),
    "password2": (phrases.NEW_PASSWORD_AGAIN, ""),
}


class _SamePassword:
    """Two entries that must be equal, in our sentence."""

    def clean(self) -> dict[str, Any]:
        # Past allauth's own comparison, which says the same less well.
        cleaned: dict[str, Any] = super(account.PasswordVerificationMixin, self).clean()  # type: ignore[misc]
        one, other = cleaned.get("password1"), cleaned.get("password2")
        if one and other and one != other:
            self.add_error("password2", phrases.PASSWORDS_DIFFER)  # type: ignore[attr-defined]
        return cleaned


class LoginForm(Worded, account.LoginForm):  # type: ignore[misc]
    words: ClassVar = {
        "login": (phrases.LOGIN, ""),
        "password": (phrases.PASSWORD, ""),
        "remember": (phrases.REMEMBER, phrases.REMEMBER_HINT),
    }
    attributes: ClassVar = {
        "login": {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": "254",
            "autofocus": "",
        },
        "password": {"maxlength": "128"},
    }


class ReauthenticateForm(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"password": (phrases.PASSWORD, "")}
    attributes: ClassVar = {"password": {"autofocus": ""}}


class ChangePasswordForm(Worded, _SamePassword, account.ChangePasswordForm):  # type: ignore[misc]
    words: ClassVar = {"oldpassword": (phrases.OLD_PASSWORD, ""), **_NEW_PASSWORDS}


class SetPasswordForm(Worded, _SamePassword, account.SetPasswordForm):  # type: ignore[misc]
    words: ClassVar = _NEW_PASSWORDS


class FirstPasswordForm(SetPasswordForm):
    """The password that replaces an initial one; the initial one was just typed and is not asked for again."""

    def clean_password1(self) -> str:
        chosen = str(self.cleaned_data["password1"])
        if self.user.check_password(chosen):
            raise forms.ValidationError(phrases.SAME_AS_INITIAL)
        return chosen


class ResetPasswordKeyForm(Worded, _SamePassword, account.ResetPasswordKeyForm):  # type: ignore[misc]
    words: ClassVar = _NEW_PASSWORDS


class ResetPasswordForm(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    """Does the same for every address: only the job looks up whether anybody has it, so that not even time tells."""

    words: ClassVar = {"email": (phrases.EMAIL, "")}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: Any, **_: Any) -> str:
        email = str(self.cleaned_data["email"])
        jobs.enqueue("accounts.reset_mail", email=email, url=get_adapter().get_reset_password_from_key_url("KEY"))
        return email


class AddEmailForm(Worded, account.AddEmailForm):  # type: ignore[misc]
    words: ClassVar = {"email": (phrases.EMAIL, "")}

    def save(self, request: Any) -> EmailAddress:
        """The present address stays until the new one is confirmed, also when it never was confirmed itself."""
        pending = EmailAddress.objects.filter(user=self.user, verified=False)
        pending.exclude(email__iexact=self.user.email).delete()
        address = EmailAddress.objects.create(user=self.user, email=self.cleaned_data["email"])
        send_verification_email_to_address(request, address)
        return address


class _OnceOnly:
    """A code of the app opens one door, also within the seconds that a slow clock is granted."""

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]
        digest = hashlib.sha256(normalize_user_code(code).encode()).hexdigest()
        if not cache.add(f"accounts:code:{self.user.pk}:{digest}", "used", _CODE_SECONDS):  # type: ignore[attr-defined]
            raise mfa_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(Worded, _OnceOnly, mfa.AuthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"code": (phrases.CODE, phrases.CODE_HINT)}
    attributes: ClassVar = {"code": _CODE}


class ReauthenticateCodeForm(Worded, _OnceOnly, mfa.ReauthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"code": (phrases.CODE, phrases.CODE_HINT)}
    attributes: ClassVar = {"code": _CODE}


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    words: ClassVar = {"code": (phrases.CODE, phrases.NEW_CODE_HINT)}
    attributes: ClassVar = {"code": {key: value for key, value in _CODE.items() if key != "autofocus"}}


class _Readable:
    """What no device would send is refused like a wrong code; the library stumbles over some of it."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, ValueError):
            self.add_error("credential", mfa_adapter().validation_error("incorrect_code"))  # type: ignore[attr-defined]


class AuthenticateWebAuthnForm(_Readable, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """As the second step."""


class LoginWebAuthnForm(_Readable, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """In place of name and password."""


class ReauthenticateWebAuthnForm(_Readable, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """In place of the password, asked for again."""


class _ShortName:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(100))  # type: ignore[attr-defined]


class AddWebAuthnForm(_Readable, _ShortName, Worded, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    words: ClassVar = {
        "name": (phrases.KEY_NAME, phrases.KEY_NAME_HINT),
        "passwordless": (phrases.PASSWORDLESS, phrases.PASSWORDLESS_HINT),
    }
    attributes: ClassVar = {"name": {"maxlength": "100"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditWebAuthnForm(_ShortName, Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    words: ClassVar = {"name": (phrases.KEY_NAME, phrases.KEY_NAME_HINT)}
    attributes: ClassVar = {"name": {"maxlength": "100"}}
