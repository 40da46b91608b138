"""What allauth asks us about second factors and passkeys."""

import base64
import hashlib
import secrets
from functools import lru_cache
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from congtruong.accounts import phrases
from congtruong.accounts.rules.devices import device_name
from congtruong.core.addresses import strip_preview
from congtruong.units.models import User


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps secrets encrypted, so that a copy of the database alone gives nobody a second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": phrases.WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; after the key of this installation was lost, one that no code fits."""
        try:
            return _box(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(40)).decode()

    def get_totp_label(self, user: User) -> str:
        return user.username

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 - allauth's name
        """Passkeys belong to one host: its name tells a person which key works where."""
        device = device_name(context.request.META.get("HTTP_USER_AGENT", ""))
        return phrases.KEY_AT.format(device=device, host=strip_preview(context.request.get_host()))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.username, "display_name": str(user)}


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    digest = hashlib.sha256(b"congtruong.accounts.second_factor:" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
