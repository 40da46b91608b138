from allauth.mfa.models import Authenticator

from congtruong.units.models import User


def has_second_factor(person: User) -> bool:
    """An authenticator app or a passkey; recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=person, type__in=kinds).exists())
