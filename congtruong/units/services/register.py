"""The unit's own record, its host names and who holds which duty in it."""

import re

from django.db import transaction

from congtruong.core import audit
from congtruong.core.text import fold, squeeze
from congtruong.units import errors
from congtruong.units.enums import Role
from congtruong.units.models import HostName, Membership, Unit, User
from congtruong.units.scoping import unit_scope

_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


@transaction.atomic
def save_unit(*, unit: Unit, by: str) -> Unit:
    """Check and store a unit's own record; names are kept in NFC and folded for search."""
    unit.name = squeeze(unit.name)
    unit.short_name = squeeze(unit.short_name)
    unit.search_name = fold(f"{unit.name} {unit.short_name}")[:400]
    unit.full_clean()
    is_new = unit.pk is None
    unit.save()
    audit.record("units.unit.added" if is_new else "units.unit.changed", unit_id=unit.pk, subject=unit.name, by=by)
    return unit


@transaction.atomic
def add_host(*, unit: Unit, name: str, is_canonical: bool, by: str) -> HostName:
    """Let a portal answer under a host name. A new canonical name turns the old one into a redirect."""
    name = name.strip().lower().rstrip(".")
    if not _HOST.fullmatch(name):
        raise errors.HostInvalid
    existing = HostName.objects.filter(name=name).first()
    if existing is not None and existing.unit_id != unit.pk:
        raise errors.HostTaken
    # A unit with host names always has one that the others lead to.
    is_canonical = is_canonical or not HostName.objects.filter(unit=unit, is_canonical=True).exclude(name=name).exists()
    if existing is not None and existing.is_canonical == is_canonical:
        return existing
    if is_canonical:
        HostName.objects.filter(unit=unit, is_canonical=True).exclude(name=name).update(is_canonical=False)
    host, created = HostName.objects.update_or_create(name=name, defaults={"unit": unit, "is_canonical": is_canonical})
    audit.record(
        "units.host.added" if created else "units.host.changed",
        unit_id=unit.pk,
        subject=name,
        by=by,
        is_canonical=is_canonical,
    )
    return host


@transaction.atomic
def grant_role(*, unit: Unit, user: User, role: Role, by: str) -> Membership:
    """Give a person a duty in a unit. The caller has checked that `by` may do so in this unit."""
    with unit_scope(unit.pk):
        membership, created = Membership.objects.get_or_create(
            unit=unit, user=user, role=role, defaults={"granted_by": by}
        )
        if created:
            audit.record("units.membership.granted", unit_id=unit.pk, subject=f"{user.username}: {role.label}", by=by)
    return membership
