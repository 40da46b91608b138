"""Reads of the register of units. Directory data is public."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from congtruong.core.text import fold
from congtruong.units.enums import AUTHORITY_KINDS, Level, OversightKind, Role
from congtruong.units.models import HostName, Invitation, Membership, Oversight, Reach, Unit, User
from congtruong.units.rules.tree import Span, merge
from congtruong.units.rules.usernames import username_for
from congtruong.units.scoping import everywhere


def unit_by_host(name: str) -> HostName | None:
    """The host row with its unit and both wards; one query."""
    return HostName.objects.select_related("unit__ward", "unit__old_ward").filter(name=name).first()


def roles_in(unit: Unit, person: User) -> frozenset[Role]:
    """The person's roles in a unit whose scope was entered; one query."""
    roles = Membership.objects.filter(unit=unit, user=person).values_list("role", flat=True)
    return frozenset(Role(role) for role in roles)


@dataclass(frozen=True, slots=True)
class Member:
    """A person and his duties in one unit, in the order of `Role`; nothing of what he does elsewhere."""

    user: User
    roles: tuple[Role, ...]

    @property
    def role_names(self) -> str:
        return ", ".join(role.label for role in self.roles)


def members_of(unit: Unit) -> list[Member]:
    """Everybody with a duty in a unit whose scope was entered, by name; one query."""
    rows = Membership.objects.filter(unit=unit).select_related("user").order_by("user__full_name", "user__username")
    people: dict[int, User] = {}
    roles: dict[int, set[Role]] = {}
    for row in rows:
        people.setdefault(row.user_id, row.user)
        roles.setdefault(row.user_id, set()).add(Role(row.role))
    return [Member(user, tuple(role for role in Role if role in roles[pk])) for pk, user in people.items()]


def member_of(unit: Unit, user_id: int) -> Member | None:
    """One person with a duty in a unit whose scope was entered; nobody else exists there. One query."""
    rows = list(Membership.objects.filter(unit=unit, user_id=user_id).select_related("user"))
    held = {Role(row.role) for row in rows}
    return Member(rows[0].user, tuple(role for role in Role if role in held)) if rows else None


def open_invitations(unit: Unit, now: datetime) -> list[Invitation]:
    """What was offered and not taken up yet; one query."""
    return list(Invitation.objects.filter(unit=unit, used_at=None, expires_at__gt=now))


def free_username(full_name: str, host: str) -> str:
    """A user name proposed from the person's name that nobody has; one query."""
    wanted = username_for(full_name, host)
    base, dot, place = wanted.partition(".")
    similar = User.objects.filter(username__istartswith=base, username__iendswith=f"{dot}{place}")
    taken = {name.lower() for name in similar.values_list("username", flat=True)}
    numbered = (f"{base}{number}{dot}{place}" for number in range(2, len(taken) + 3))
    return next(name for name in (wanted, *numbered) if name not in taken)


def has_duties_elsewhere(unit: Unit, person: User) -> bool:
    """Does the person's account open other units' doors? For decisions only, never to be shown."""
    with everywhere("whether an account serves other units decides who may replace its password"):
        return Membership.objects.filter(user=person).exclude(unit=unit).exists()


def canonical_hosts(unit_ids: list[int]) -> dict[int, str]:
    """Canonical host name of each unit that has one."""
    return dict(HostName.objects.filter(unit_id__in=unit_ids, is_canonical=True).values_list("unit_id", "name"))


def authority_spans(unit: Unit) -> list[tuple[int, Span]]:
    """Every authority above a unit with the days it stood there; one query, merged over both chains."""
    by_authority: dict[int, list[Span]] = {}
    for authority_id, from_on, to_on in Reach.objects.filter(unit=unit).values_list("authority_id", "from_on", "to_on"):
        by_authority.setdefault(authority_id, []).append(Span(from_on, to_on))
    return [(authority_id, span) for authority_id, spans in by_authority.items() for span in merge(spans)]


def in_force(day: date) -> Q:
    """Condition on a dated row: the day lies in its span."""
    return Q(from_on__lte=day) & (Q(to_on=None) | Q(to_on__gte=day))


def authority_today(unit: Unit, day: date) -> Unit | None:
    """The authority to name beside the unit: the managing one, else the professional one."""
    edges = {
        edge.kind: edge.authority
        for edge in Oversight.objects.filter(in_force(day), unit=unit).select_related("authority")
    }
    return edges.get(OversightKind.MANAGING) or edges.get(OversightKind.PROFESSIONAL)


def units_below(authority: Unit, day: date) -> QuerySet[Unit]:
    """Education units an authority stood above on a day; authorities in between are left out."""
    reached = Reach.objects.filter(in_force(day), authority=authority, unit=OuterRef("pk"))
    return (
        Unit.objects.filter(Exists(reached), closed_on=None)
        .exclude(kind__in=AUTHORITY_KINDS)
        .select_related("ward", "old_ward")
    )


def authorities_below(authority: Unit, day: date) -> list[int]:
    """Ids of the authorities that stood below another on a day; one query."""
    reached = Reach.objects.filter(in_force(day), authority=authority, unit__kind__in=AUTHORITY_KINDS)
    return sorted(set(reached.values_list("unit_id", flat=True)))


def last_day_of(authority: Unit, today: date) -> date:
    """Today, or the last day of an authority that was dissolved: its portal is an archive of that day."""
    return min(today, authority.closed_on) if authority.closed_on else today


def directory(
    units: QuerySet[Unit],
    *,
    words: str = "",
    level: Level | None = None,
    ward_id: int | None = None,
    ownership: str = "",
    without_ward: bool = False,
) -> QuerySet[Unit]:
    """Narrow a list of units by name (with or without diacritics), level, ward, ownership."""
    for word in fold(words).split():
        units = units.filter(search_name__contains=word)
    if level is not None:
        units = units.alias(common=F("levels").bitand(int(level))).filter(common__gt=0)
    if ward_id is not None:
        units = units.filter(ward_id=ward_id)
    if without_ward:
        units = units.filter(ward=None)
    if ownership:
        units = units.filter(ownership=ownership)
    return units.order_by("search_name", "pk")


def unplaced_units(day: date) -> QuerySet[Unit]:
    """Education units whose managing authority is not established on that day: work for the operator."""
    managed = Oversight.objects.filter(in_force(day), unit=OuterRef("pk"), kind=OversightKind.MANAGING)
    return (
        Unit.objects.filter(~Exists(managed), closed_on=None)
        .exclude(kind__in=AUTHORITY_KINDS)
        .select_related("old_ward")
        .order_by("search_name")
    )
