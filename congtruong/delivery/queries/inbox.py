"""What authorities sent to a unit, and what the unit did with it. The caller has entered the unit's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from congtruong.delivery.enums import Asks
from congtruong.delivery.models import Receipt, Request
from congtruong.delivery.rules import counts, is_fulfilled, is_updated, may_reply
from congtruong.publication.enums import Channel, ChoiceAct, EntryKind
from congtruong.publication.models import Choice, Entry, Hiding
from congtruong.publication.queries import Source, sent_to, visible
from congtruong.units.models import Unit

TO_CONFIRM, UNREAD = "can-xac-nhan", "chua-doc"
# Older things nobody is reminded of: a unit that joins today did not miss five years of news.
UNREAD_FOR = timedelta(days=60)
_HEAVY = ("body", "search_title", "search_body", "search_scope")


@dataclass(frozen=True, slots=True)
class Received:
    """One thing from above with what is asked of the unit, what it did, and what it chose for its own portal."""

    entry: Entry
    request: Request | None
    receipt: Receipt | None
    choice: Choice | None
    hiding: Hiding | None

    @property
    def needs(self) -> bool:
        """Is there something left that the unit was asked to do?"""
        return self.request is not None and not is_fulfilled(
            self.request.asks,
            self.request.asked_at,
            confirmed_at=self.receipt.confirmed_at if self.receipt is not None else None,
            answered_at=self.receipt.answered_at if self.receipt is not None else None,
        )

    def is_overdue(self, now: datetime) -> bool:
        return self.needs and self.request is not None and self.request.due_at is not None and self.request.due_at < now

    @property
    def is_seen(self) -> bool:
        return self.receipt is not None and self.receipt.seen_at is not None

    @property
    def is_confirmed(self) -> bool:
        """Confirmed since it was last asked."""
        return self.receipt is not None and counts(self.receipt.confirmed_at, self._asked_at)

    @property
    def is_answered(self) -> bool:
        """Answered since it was last asked."""
        return self.receipt is not None and counts(self.receipt.answered_at, self._asked_at)

    @property
    def is_updated(self) -> bool:
        """Did it change after the unit confirmed it?"""
        return self.receipt is not None and is_updated(
            confirmed_at=self.receipt.confirmed_at, changed_at=self.entry.changed_at, shown_at=self.entry.shown_at
        )

    @property
    def is_pinned(self) -> bool:
        return self.choice is not None and self.choice.act == ChoiceAct.PIN

    @property
    def is_hidden(self) -> bool:
        return self.choice is not None and self.choice.act == ChoiceAct.HIDE

    @property
    def is_invitation(self) -> bool:
        """May the unit say whether it comes?"""
        asks = self.request is not None and self.request.asks == Asks.REPLY
        return asks or self.entry.channel == Channel.INVITATION

    def may_reply(self, now: datetime) -> bool:
        """May an answer be given now, or another one than was given?"""
        due_at = self.request.due_at if self.request is not None else None
        return self.is_invitation and may_reply(
            now=now, starts_at=self.entry.starts_at, due_at=due_at, is_answered=self.is_answered
        )

    @property
    def path(self) -> str:
        """Where it is read on the unit's own portal, unless the unit hid it."""
        return f"/nguon/{self.entry.content_id}/{self.entry.slug}/"

    @property
    def calendar_path(self) -> str:
        """Its file for calendars on the unit's own portal; empty for what has no time."""
        return f"/nguon/{self.entry.content_id}/{self.entry.slug}.ics" if self.entry.starts_at is not None else ""

    @property
    def _asked_at(self) -> datetime | None:
        return self.request.asked_at if self.request is not None else None


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """`overdue` is a part of `to_confirm`."""

    to_confirm: int
    overdue: int
    unread: int


def inbox(
    unit: Unit,
    *,
    now: datetime,
    only: str | None = None,
    channel: Channel | None = None,
    limit: int = 20,
    offset: int = 0,
) -> list[Received]:
    """What was sent to the unit, hidden or not, newest first; six queries for any number.

    `only` narrows to what is still asked of the unit (`can-xac-nhan`, the nearest term first) or was never opened
    (`chua-doc`).
    """
    entries = _narrowed(unit, now, only, channel).select_related("unit").defer(*_HEAVY)
    order = ["-published_at", "-id"]
    if only == TO_CONFIRM:
        entries = entries.alias(due_at=Subquery(Request.objects.filter(**_SAME).values("due_at")[:1]))
        entries = entries.order_by(F("due_at").asc(nulls_last=True), *order)
    else:
        entries = entries.order_by(*order)
    return _with_receipts(unit, list(entries[offset : offset + limit]))


def inbox_total(unit: Unit, *, now: datetime, only: str | None = None, channel: Channel | None = None) -> int:
    """How many rows `inbox` has altogether; two queries."""
    return _narrowed(unit, now, only, channel).count()


def received(unit: Unit, entry_id: int) -> Received | None:
    """One thing that was sent to the unit, with its text; anything else does not exist for it. Six queries."""
    sources = sent_to(unit)
    found = visible(unit, Entry.objects.select_related("unit").filter(pk=entry_id), sources).first()
    if found is not None and not found.is_primary:
        found = Entry.objects.select_related("unit").filter(pk=found.content_id).first()
    return next(iter(_with_receipts(unit, [found])), None) if found is not None else None


def inbox_counts(unit: Unit, now: datetime) -> InboxCounts:
    """What still has to be done with things from above; three queries."""
    sources = sent_to(unit)
    entries = visible(unit, Entry.objects.filter(is_primary=True), sources).order_by()
    late = Request.objects.filter(due_at__lt=now, **_SAME)
    waiting = entries.filter(_is_waiting(unit, sources)).aggregate(
        all=Count("pk"), late=Count("pk", filter=Exists(late))
    )
    unread = entries.filter(_is_unread(unit, now)).count()
    return InboxCounts(to_confirm=waiting["all"], overdue=waiting["late"], unread=unread)


def request_of(entry: Entry) -> Request | None:
    """What the owner asks of the units an entry is meant for; one query."""
    return Request.objects.filter(unit=entry.unit_id, kind=entry.kind, object_id=entry.object_id).first()


def of_entries(entries: Sequence[Entry]) -> Q:
    """Condition on rows that name an object: it is one of these entries."""
    found = Q(pk__in=[])
    for kind in EntryKind:
        ids = [entry.object_id for entry in entries if entry.kind == kind]
        if ids:
            found |= Q(kind=kind, object_id__in=ids)
    return found


_OBJECT = {"kind": OuterRef("kind"), "object_id": OuterRef("object_id")}
_SAME = {"unit": OuterRef("unit_id"), **_OBJECT}


def _narrowed(unit: Unit, now: datetime, only: str | None, channel: Channel | None) -> QuerySet[Entry]:
    sources = sent_to(unit)
    entries = visible(unit, Entry.objects.filter(is_primary=True), sources)
    if channel is not None:
        entries = entries.filter(channel=channel)
    if only == TO_CONFIRM:
        entries = entries.filter(_is_waiting(unit, sources))
    if only == UNREAD:
        entries = entries.filter(_is_unread(unit, now))
    return entries


def _is_waiting(unit: Unit, sources: Sequence[Source]) -> Q:
    """Of a row of `Entry`: something is asked of the unit and not done yet."""
    done = Receipt.objects.filter(unit=unit, **_OBJECT)
    reading = Exists(done.filter(confirmed_at__gte=OuterRef("asked_at")))
    reply = Exists(done.filter(answered_at__gte=OuterRef("asked_at")))
    asked = Request.objects.filter(unit__in={source.unit_id for source in sources})
    waiting = asked.exclude(Q(asks=Asks.READING) & Q(reading)).exclude(Q(asks=Asks.REPLY) & Q(reply))
    # The few numbers that are waited for are read first, so that most entries ask nothing more.
    return Q(object_id__in=waiting.values("object_id")) & Q(Exists(waiting.filter(**_SAME)))


def _is_unread(unit: Unit, now: datetime) -> Q:
    opened = Receipt.objects.filter(unit=unit, seen_at__isnull=False, **_OBJECT)
    return ~Q(Exists(opened)) & Q(published_at__gte=now - UNREAD_FOR)


def _with_receipts(unit: Unit, entries: Sequence[Entry]) -> list[Received]:
    """Four queries."""
    of_these = of_entries(entries)
    requests = {(row.unit_id, row.kind, row.object_id): row for row in Request.objects.filter(of_these)}
    receipts = {(row.kind, row.object_id): row for row in Receipt.objects.filter(of_these, unit=unit)}
    choices = {(row.kind, row.object_id): row for row in Choice.objects.filter(of_these, unit=unit)}
    hidings = {(row.kind, row.object_id): row for row in Hiding.objects.filter(of_these, unit=unit, ended_at=None)}
    return [
        Received(
            entry=entry,
            request=requests.get((entry.unit_id, *key)),
            receipt=receipts.get(key),
            choice=choices.get(key),
            hiding=hidings.get(key),
        )
        for entry in entries
        for key in [(entry.kind, entry.object_id)]
    ]
