"""Reads of the staff pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.core.models import AuditEntry
from congtruong.editorial.enums import State
from congtruong.editorial.models import Post
from congtruong.portal.models import SiteSettings
from congtruong.publication.models import Entry
from congtruong.publication.queries import addressed
from congtruong.units.enums import Kind, Role
from congtruong.units.models import Membership, Unit, User, Ward
from congtruong.units.queries import canonical_hosts
from congtruong.units.scoping import everywhere


@dataclass(frozen=True, slots=True)
class Workplace:
    """A unit in which the person has duties; `url` leads to its console, empty while it has no host name."""

    unit: Unit
    roles: str
    url: str


def waiting_and_crest(unit: Unit) -> tuple[int, str]:
    """How many articles of the unit wait for approval, and the path of its own crest or empty; one query."""
    waiting = Post.objects.filter(unit=OuterRef("pk"), state=State.SUBMITTED).order_by().values("unit")
    crest = SiteSettings.objects.filter(unit=OuterRef("pk")).values("crest_path")[:1]
    row: tuple[int, str] = Unit.objects.values_list(
        Coalesce(Subquery(waiting.annotate(number=Count("pk")).values("number")), 0),
        Coalesce(Subquery(crest), Value(""), output_field=CharField()),
    ).get(pk=unit.pk)
    return row


def workplaces(person: User) -> list[Workplace]:
    """The person's own units, and nobody else's; two queries."""
    with everywhere("a person's own memberships, in whatever unit they are"):
        rows = list(Membership.objects.filter(user=person).select_related("unit").order_by("unit__search_name", "role"))
    hosts = canonical_hosts([row.unit_id for row in rows])
    roles: dict[int, list[str]] = {}
    for row in rows:
        roles.setdefault(row.unit_id, []).append(Role(row.role).label)
    units = {row.unit_id: row.unit for row in rows}
    return [
        Workplace(
            unit,
            ", ".join(roles[pk]),
            absolute(settings.CENTRAL_HOST, f"/tai/{hosts[pk]}{settings.CONSOLE_PREFIX}") if pk in hosts else "",
        )
        for pk, unit in units.items()
    ]


def recent_acts(unit: Unit, person: User) -> list[tuple[str, AuditEntry]]:
    """What the person got done in this unit in the last seven days, in words, latest first; at most five."""
    since = clock.now() - timedelta(days=7)
    rows = AuditEntry.objects.filter(unit_id=unit.pk, actor_id=person.pk, at__gte=since, action__in=_DONE)
    return [(_DONE[row.action], row) for row in rows.order_by("-at")[:5]]


_DONE = {
    "editorial.post.published": "Đăng",
    "editorial.post.submitted": "Gửi duyệt",
    "editorial.post.returned": "Trả lại",
}


def ward_authorities() -> QuerySet[Unit]:
    """Ward committees that may manage units."""
    return Unit.objects.filter(kind=Kind.WARD_COMMITTEE, closed_on=None).order_by("search_name")


def wards_addressed(entry: Entry, day: date) -> list[Ward]:
    """Where the units are that something was sent to, by name; one query."""
    return list(Ward.objects.filter(pk__in=addressed(entry, day).order_by().values("ward")).order_by("name"))


def trail_of(
    unit: Unit, *, who: str = "", prefixes: Sequence[str] = (), since: date | None = None, until: date | None = None
) -> QuerySet[AuditEntry]:
    """The trail of one unit, latest first, narrowed by name, kinds of action and days in Việt Nam."""
    rows = AuditEntry.objects.filter(unit_id=unit.pk)
    if who:
        rows = rows.filter(actor__icontains=who)
    if prefixes:
        wanted = Q()
        for prefix in prefixes:
            wanted |= Q(action__startswith=prefix)
        rows = rows.filter(wanted)
    if since is not None:
        rows = rows.filter(at__gte=clock.end_of(since - timedelta(days=1)))
    if until is not None:
        rows = rows.filter(at__lt=clock.end_of(until))
    return rows.order_by("-at", "-pk")


def trail_page(unit: Unit, rows: QuerySet[AuditEntry], before: int | None, most: int) -> list[AuditEntry]:
    """Up to `most` entries that stand after entry `before`; two queries however long the trail is.

    An entry of another unit answers like one that does not exist: from the beginning.
    """
    last = AuditEntry.objects.filter(unit_id=unit.pk, pk=before).first() if before is not None else None
    if last is not None:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    return list(rows[:most])


def with_second_factor(people: Iterable[int]) -> set[int]:
    """Who of these people signs in with more than a password; one query. Recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found = Authenticator.objects.filter(user__in=list(people), type__in=kinds)
    return set(found.values_list("user_id", flat=True))
