"""Reads of the staff pages."""

from dataclasses import dataclass

from django.db.models import QuerySet

from congtruong.core.addresses import absolute
from congtruong.units.enums import Kind
from congtruong.units.models import Membership, Unit, User
from congtruong.units.queries import canonical_hosts
from congtruong.units.scoping import everywhere


@dataclass(frozen=True, slots=True)
class Duty:
    """A role of the person in one unit."""

    unit: Unit
    role: str
    url: str


def duties_of(person: User) -> list[Duty]:
    """The person's own roles, and nobody else's."""
    with everywhere("a person's own memberships, in whatever unit they are"):
        rows = list(Membership.objects.filter(user=person).select_related("unit").order_by("unit__search_name"))
    hosts = canonical_hosts([row.unit_id for row in rows])
    return [
        Duty(row.unit, row.get_role_display(), absolute(hosts[row.unit_id]) if row.unit_id in hosts else "")
        for row in rows
    ]


def ward_authorities() -> QuerySet[Unit]:
    """Ward committees that may manage units."""
    return Unit.objects.filter(kind=Kind.WARD_COMMITTEE, closed_on=None).order_by("search_name")
