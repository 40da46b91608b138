"""Who holds which duty in a unit. Rights are looked up again under the lock: what a page showed may be old."""

import hashlib
import secrets
from collections.abc import Set
from datetime import datetime, timedelta

from django.db import transaction

from congtruong.core import audit, clock
from congtruong.core.text import squeeze
from congtruong.units import errors
from congtruong.units.enums import Role
from congtruong.units.models import Invitation, Membership, Unit, User
from congtruong.units.queries import has_duties_elsewhere, roles_in
from congtruong.units.rules.duties import grantable
from congtruong.units.rules.members import Party, check_password, check_roles
from congtruong.units.scoping import unit_scope

INVITED_FOR = timedelta(days=7)


@transaction.atomic
def set_roles(*, unit: Unit, user: User, roles: Set[Role], giver: User, by: str) -> frozenset[Role]:
    """Let a person have exactly these duties in a unit; none takes him out of it. Returns what he had.

    Raises what `rules.members.check_roles` raises.
    """
    with unit_scope(unit.pk):
        _lock(unit)
        before, wanted = roles_in(unit, user), frozenset(roles)
        check_roles(
            _party(unit, giver),
            Party(user.pk, before, user.is_staff),
            wanted,
            to_authority=unit.is_authority,
            has_other_head=_has_other_head(unit, user),
        )
        Membership.objects.filter(unit=unit, user=user, role__in=before - wanted).delete()
        Membership.objects.bulk_create(
            Membership(unit=unit, user=user, role=role, granted_by=by[:200]) for role in _in_order(wanted - before)
        )
        _note("units.membership.granted", unit, user, wanted - before, by)
        _note("units.membership.ended", unit, user, before - wanted, by)
    return before


def remove_member(*, unit: Unit, user: User, giver: User, by: str) -> None:
    """End all duties of a person in a unit; his account stays. Raises what `set_roles` raises."""
    set_roles(unit=unit, user=user, roles=frozenset(), giver=giver, by=by)


@transaction.atomic
def require_password_right(*, unit: Unit, user: User, giver: User) -> None:
    """May the giver replace this person's password? Holds the unit's duties until the transaction ends.

    Raises `NotAMember` or `PasswordNotYours`.
    """
    with unit_scope(unit.pk):
        _lock(unit)
        taker = Party(user.pk, roles_in(unit, user), user.is_staff)
        if not taker.roles:
            raise errors.NotAMember
        check_password(
            _party(unit, giver),
            taker,
            to_authority=unit.is_authority,
            has_duties_elsewhere=has_duties_elsewhere(unit, user),
        )


@transaction.atomic
def invite(*, unit: Unit, name: str, role: Role, giver: User, by: str) -> tuple[Invitation, str]:
    """Offer a duty to whoever gets the secret, for seven days; returns the secret, which is shown once.

    It says nothing about whether that person has an account. Raises `RoleNotYours`.
    """
    with unit_scope(unit.pk):
        _lock(unit)
        _require_grantable(unit, _party(unit, giver), role)
        secret = secrets.token_urlsafe(24)
        invitation = Invitation.objects.create(
            unit=unit,
            role=role,
            name=squeeze(name)[:120],
            digest=_digest(secret),
            made_by=by[:200],
            maker=giver,
            expires_at=clock.now() + INVITED_FOR,
        )
        audit.record("units.invitation.made", unit_id=unit.pk, subject=invitation.name, by=by, role=role.label)
    return invitation, secret


def open_invitation(*, unit: Unit, secret: str, now: datetime) -> Invitation | None:
    """The invitation behind a secret address of this unit while it can be taken up."""
    with unit_scope(unit.pk):
        found = Invitation.objects.select_related("maker").filter(
            unit=unit, digest=_digest(secret), used_at=None, expires_at__gt=now
        )
        return found.first()


@transaction.atomic
def accept_invitation(*, unit: Unit, secret: str, user: User, by: str) -> Role:
    """Take up the duty offered, once. Raises `InvitationOver`, also when its maker may not give this duty any more, and
    `OwnRoles` for the maker himself."""
    with unit_scope(unit.pk):
        _lock(unit)
        invitation = open_invitation(unit=unit, secret=secret, now=clock.now())
        if invitation is None:
            raise errors.InvitationOver
        if invitation.maker_id == user.pk:
            raise errors.OwnRoles
        role = Role(invitation.role)
        try:
            _require_grantable(unit, _party(unit, invitation.maker), role)
        except errors.RoleNotYours as problem:
            raise errors.InvitationOver from problem
        invitation.used_by, invitation.used_at = by[:200], clock.now()
        invitation.save(update_fields=["used_by", "used_at"])
        Membership.objects.get_or_create(
            unit=unit, user=user, role=role, defaults={"granted_by": invitation.made_by[:200]}
        )
        audit.record(
            "units.invitation.accepted",
            unit_id=unit.pk,
            subject=_name(user),
            by=by,
            role=role.label,
            invited_by=invitation.made_by,
        )
    return role


@transaction.atomic
def revoke_invitation(*, unit: Unit, invitation: Invitation, giver: User, by: str) -> None:
    """Take an open invitation back. Raises `RoleNotYours` for a duty the giver could not offer himself."""
    with unit_scope(unit.pk):
        _lock(unit)
        open_ones = Invitation.objects.filter(unit=unit, pk=invitation.pk, used_at=None)
        if not open_ones.exists():
            raise errors.InvitationOver
        _require_grantable(unit, _party(unit, giver), Role(invitation.role))
        open_ones.delete()
        audit.record(
            "units.invitation.revoked",
            unit_id=unit.pk,
            subject=invitation.name,
            by=by,
            role=invitation.get_role_display(),
        )


def _lock(unit: Unit) -> None:
    """One change of a unit's people at a time: who may do what is read only then."""
    Unit.objects.select_for_update(of=("self",)).only("pk").get(pk=unit.pk)


def _party(unit: Unit, person: User) -> Party:
    """The person's rights as stored now; a closed account has none."""
    stored = User.objects.filter(pk=person.pk, is_active=True).first()
    if stored is None:
        return Party(person.pk, frozenset(), is_operator=False)
    return Party(stored.pk, roles_in(unit, stored), stored.is_staff)


def _require_grantable(unit: Unit, giver: Party, role: Role) -> None:
    if role not in grantable(giver.roles, is_operator=giver.is_operator, to_authority=unit.is_authority):
        raise errors.RoleNotYours


def _has_other_head(unit: Unit, user: User) -> bool:
    heads = Membership.objects.filter(unit=unit, role=Role.HEAD, user__is_active=True)
    return heads.exclude(user=user).exists()


def _note(action: str, unit: Unit, user: User, roles: Set[Role], by: str) -> None:
    for role in _in_order(roles):
        audit.record(action, unit_id=unit.pk, subject=_name(user), by=by, role=role.label, user_id=user.pk)


def _in_order(roles: Set[Role]) -> list[Role]:
    return [role for role in Role if role in roles]


def _name(user: User) -> str:
    return f"{user} ({user.username})" if user.full_name else user.username


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
