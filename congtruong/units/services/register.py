"""The unit's own record, its host names and who holds which duty in it."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from congtruong.core import audit, clock
from congtruong.core.text import fold, nfc, squeeze
from congtruong.units import errors
from congtruong.units.enums import Crest, Role, Theme
from congtruong.units.models import HostName, Membership, Unit, User
from congtruong.units.scoping import unit_scope

_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


@transaction.atomic
def save_unit(*, unit: Unit, by: str) -> Unit:
    """Check and store a unit's own record; names are kept in NFC and folded for search."""
    unit.name = squeeze(unit.name)
    unit.short_name = squeeze(unit.short_name)
    unit.search_name = _search_name(unit)
    unit.full_clean()
    is_new = unit.pk is None
    unit.save()
    audit.record("units.unit.added" if is_new else "units.unit.changed", unit_id=unit.pk, subject=unit.name, by=by)
    return unit


CONTACT_FIELDS = {
    "address": "địa chỉ",
    "phone": "điện thoại cố định",
    "hotline": "đường dây nóng",
    "email": "thư điện tử",
    "office_hours": "giờ làm việc",
    "responsible_name": "người chịu trách nhiệm nội dung",
    "responsible_title": "chức vụ",
    "directions": "đường đến",
}
SETTINGS_FIELDS = {
    "short_name": "tên ngắn",
    "tagline": "lời giới thiệu ngắn",
    "theme": "màu giao diện",
    "crest": "huy hiệu",
}
_NAMED = {"theme": dict(Theme.choices), "crest": dict(Crest.choices)}


def change_contact(*, unit: Unit, values: Mapping[str, str], by: str) -> dict[str, list[str]]:
    """Store the one contact record; whoever saved it has looked at all of it. See `_change`."""
    with transaction.atomic():
        changes = _change(unit, values, CONTACT_FIELDS, "units.contact.changed", by)
        confirm_contact(unit=unit, by=by)
    return changes


@transaction.atomic
def confirm_contact(*, unit: Unit, by: str) -> None:
    """Somebody compared the contact record with the facts and found it right."""
    unit.contact_checked_at = clock.now()
    unit.save(update_fields=["contact_checked_at"])
    audit.record("units.contact.checked", unit_id=unit.pk, subject=unit.name, by=by)


def change_settings(*, unit: Unit, values: Mapping[str, str], by: str) -> dict[str, list[str]]:
    """Store how the unit calls and shows itself: short name, tagline, theme, shipped crest. See `_change`."""
    with transaction.atomic():
        return _change(unit, values, SETTINGS_FIELDS, "units.settings.changed", by)


def _change(
    unit: Unit, values: Mapping[str, str], allowed: Mapping[str, str], action: str, by: str
) -> dict[str, list[str]]:
    """Store some fields of a unit's record; returns what changed as {what: [old, new]}, which the trail keeps.

    Raises `FieldsInvalid`, `ValueError` for a field that is none of the allowed.
    """
    if not set(values) <= set(allowed):
        raise ValueError(f"not to be changed here: {sorted(set(values) - set(allowed))}")
    stored = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    before = {name: getattr(stored, name) for name in values}
    after = {name: nfc(value).strip() if name == "directions" else squeeze(value) for name, value in values.items()}
    changed = [name for name in values if after[name] != before[name]]
    if not changed:
        return {}
    for name in changed:
        setattr(stored, name, after[name])
    _check_fields(stored, changed)
    stored.search_name = _search_name(stored)
    stored.save(update_fields=[*changed, "search_name", "updated_at"])
    for name in changed:
        setattr(unit, name, after[name])
    changes = {allowed[name]: [_shown(name, before[name]), _shown(name, after[name])] for name in changed}
    audit.record(action, unit_id=unit.pk, subject=unit.name, by=by, changes=changes)
    return changes


def _check_fields(unit: Unit, changed: list[str]) -> None:
    """Only what is being changed: an old mistake elsewhere in the record is not this person's."""
    try:
        unit.clean_fields()
    except ValidationError as problem:
        wrong = {name: sentences for name, sentences in problem.message_dict.items() if name in changed}
        if wrong:
            raise errors.FieldsInvalid(wrong) from problem


def _shown(name: str, value: str) -> str:
    """A value as a person reads it in the trail."""
    return str(_NAMED.get(name, {}).get(value, value))


def _search_name(unit: Unit) -> str:
    return fold(f"{unit.name} {unit.short_name}")[:400]


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
def remove_host(*, unit: Unit, host: HostName, by: str) -> None:
    """Let a portal answer under this name no more.

    Raises `AnotherUnitsHost`, or `LastHost` for the canonical name: the others lead to it, and links use it.
    """
    host = HostName.objects.select_for_update(of=("self",)).get(pk=host.pk)
    if host.unit_id != unit.pk:
        raise errors.AnotherUnitsHost
    if host.is_canonical:
        raise errors.LastHost
    host.delete()
    audit.record("units.host.removed", unit_id=unit.pk, subject=host.name, by=by)


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
