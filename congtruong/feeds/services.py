"""Reading a source: claim, fetch, read, decide, store. Only the last step writes content, in one transaction."""

import hashlib
import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from congtruong.core import audit, clock, http
from congtruong.core.text import fold, shorten, squeeze
from congtruong.feeds.models import CategoryRoute, Feed, Item, Sighting, Source
from congtruong.feeds.pipeline import decide as d
from congtruong.feeds.pipeline.child import read_document
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import Document, Entry
from congtruong.feeds.queries import due_feeds
from congtruong.feeds.rules.schedule import next_check
from congtruong.feeds.rules.symbols import symbol_in
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.services import Published, Register, publish, withdraw
from congtruong.units.models import Unit
from congtruong.units.scoping import everywhere, unit_scope

UNEXPECTED = "Hệ thống gặp lỗi khi đọc kênh tin này và sẽ tự đọc lại. Nếu kéo dài, hãy báo bộ phận kỹ thuật."

logger = logging.getLogger(__name__)

# Longer than fetching and parsing may take together; a reader that dies is replaced after it.
LEASE = timedelta(seconds=90)
REQUEUE = timedelta(seconds=60)
_BAD_GUIDS = 0.05
# An item that stands in several feeds is read under the channel that says most about it.
_MOST_TELLING = (Channel.INVITATION, Channel.DOCUMENT, Channel.NOTICE, Channel.NEWS)


def refresh(*, feed_id: int) -> None:
    """Read one feed if its time has come and nobody else reads it. May be killed anywhere and run again."""
    now = clock.now()
    with everywhere("a queued job knows the feed, not yet the unit"):
        feed = Feed.objects.select_related("source").filter(pk=feed_id).first()
    if not isinstance(feed, Feed):
        return
    with unit_scope(feed.unit_id):
        if not _claim(feed, now):
            return
        try:
            _read(feed, now)
        except (http.FetchError, ParseError) as problem:
            _failed(feed, problem.code, problem.message, now, retry_after=getattr(problem, "retry_after", None))
        except Exception:
            # A reading that always fails must show as failing, whatever the reason.
            logger.exception("feed %s: unexpected", feed.pk)
            _failed(feed, "unexpected", UNEXPECTED, now)


def _claim(feed: Feed, now: datetime) -> bool:
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    claimed = Feed.objects.filter(free, pk=feed.pk, is_paused=False, next_check_at__lte=now).update(
        leased_until=now + LEASE
    )
    return bool(claimed == 1)


def _read(feed: Feed, now: datetime) -> None:
    reply = http.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified, allow=tuple(settings.FETCH_ALLOW))
    digest = hashlib.sha256(reply.body).hexdigest()
    if reply.status == 304 or digest == feed.body_sha256:
        _succeeded(feed, now, {})
        return
    document = read_document(reply.body, content_type=reply.content_type, url=reply.url, now=now)
    with transaction.atomic():
        changes = store(feed=feed, document=document, now=now)
        state: dict[str, object] = {
            "etag": reply.etag,
            "last_modified": reply.last_modified,
            "body_sha256": digest,
        }
        if changes:
            state["last_change_at"] = now
        _succeeded(feed, now, state)


def _succeeded(feed: Feed, now: datetime, state: dict[str, object]) -> None:
    Feed.objects.filter(pk=feed.pk).update(
        **state,
        leased_until=None,
        queued_at=None,
        last_success_at=now,
        failures=0,
        error_code="",
        error_message="",
        next_check_at=_next(feed, now, failures=0),
    )


def _failed(feed: Feed, code: str, message: str, now: datetime, *, retry_after: int | None = None) -> None:
    """Keep what stands on the portals, say what is wrong, come back later."""
    logger.warning("feed %s: %s", feed.pk, code)
    failures = feed.failures + 1
    Feed.objects.filter(pk=feed.pk).update(
        leased_until=None,
        queued_at=None,
        failures=failures,
        error_code=code,
        error_message=message[:500],
        next_check_at=_next(feed, now, failures=failures, retry_after=retry_after),
    )


def _next(feed: Feed, now: datetime, *, failures: int, retry_after: int | None = None) -> datetime:
    return next_check(
        now=now,
        interval=timedelta(seconds=feed.interval_seconds),
        failures=failures,
        retry_after=retry_after,
        jitter=random.uniform(-1, 1),  # noqa: S311 - spreads load, guards nothing
    )


@transaction.atomic
def store(*, feed: Feed, document: Document, now: datetime) -> int:
    """Bring the items of one reading into the database and onto the portals; returns how many changed.

    Decided against the rows as they are now, under the source's lock: running it twice changes nothing the second time.
    """
    # Items and their channels belong to the source: its feeds are stored one after another.
    Source.objects.select_for_update().get(pk=feed.source_id)
    locked = Feed.objects.get(pk=feed.pk)
    if locked.trusts_guids and d.repeated_share(document.entries) > _BAD_GUIDS:
        _stop_trusting_guids(locked, document.entries)
    routes = dict(CategoryRoute.objects.filter(source=feed.source_id).values_list("category", "channel"))
    decisions = d.decide(
        document.entries,
        _known(locked, document.entries),
        channel=locked.channel,
        routes=routes,
        trust_guids=locked.trusts_guids,
    )
    touched: dict[int, None] = {}
    for decision in decisions:
        item_id = _apply(locked, decision, now)
        if item_id is not None:
            touched[item_id] = None
    _show(touched)
    return len(touched)


def _stop_trusting_guids(feed: Feed, entries: Sequence[Entry]) -> None:
    """Go on with link and title; what is known under its guid is known under its new key, and is not new again."""
    feed.trusts_guids = False
    feed.save(update_fields=["trusts_guids"])
    for entry in entries:
        old, new = d.identity(entry), d.identity(entry, trust_guids=False)
        sighting = Sighting.objects.select_related("item").filter(feed=feed, key=old.key).first()
        if sighting is None or fold(squeeze(sighting.item.title)) != new.title:
            continue
        if not Sighting.objects.filter(feed=feed, key=new.key).exists():
            Sighting.objects.filter(pk=sighting.pk).update(key=new.key)


def _known(feed: Feed, entries: Sequence[Entry]) -> list[d.KnownItem]:
    identities = [d.identity(entry, trust_guids=feed.trusts_guids) for entry in entries]
    keys = {one.key for one in identities}
    links = {one.link for one in identities if one.link}
    mine = {
        s.item_id: s for s in Sighting.objects.filter(Q(key__in=keys) | Q(item__canonical_link__in=links), feed=feed)
    }
    items = Item.objects.filter(Q(pk__in=list(mine)) | Q(source=feed.source_id, canonical_link__in=links))
    return [
        d.KnownItem(
            item=item.pk,
            key=mine[item.pk].key if item.pk in mine else "",
            link=item.canonical_link,
            title=item.title,
            content_hash=item.content_hash,
            channel=mine[item.pk].channel if item.pk in mine else "",
            is_origin=item.origin_id == feed.pk,
            is_withdrawn=item.withdrawn_at is not None,
        )
        for item in items
    ]


def _apply(feed: Feed, decision: d.Decision, now: datetime) -> int | None:
    """Write one decision; returns the item whose public form changed."""
    match decision:
        case d.New():
            item = _new_item(feed, decision, now)
            _see(feed, item.pk, decision.key, decision.channel)
            return int(item.pk)
        case d.Changed():
            Item.objects.filter(pk=decision.item).update(
                **_texts(decision.entry),
                canonical_link=decision.link,
                content_hash=decision.content_hash,
                changed_at=now,
            )
            if decision.replaces:
                Sighting.objects.filter(feed=feed, key=decision.replaces).update(key=decision.key)
            return decision.item
        case d.AlsoIn():
            if decision.replaces:
                Sighting.objects.filter(feed=feed, key=decision.replaces).delete()
            _see(feed, decision.item, decision.key, decision.channel)
            return decision.item
        case _:
            return None


def _new_item(feed: Feed, decision: d.New, now: datetime) -> Item:
    return Item.objects.create(
        unit_id=feed.unit_id,
        source_id=feed.source_id,
        origin=feed,
        canonical_link=decision.link,
        first_seen_at=now,
        published_at=decision.entry.published,
        content_hash=decision.content_hash,
        levels=feed.levels,
        **_texts(decision.entry),
    )


def _texts(entry: Entry) -> dict[str, object]:
    return {
        "link": entry.link[:1000],
        "title": shorten(entry.title, 500),
        "summary": entry.summary,
        "content": entry.content,
        "author": entry.author[:200],
        "enclosures": [{"url": e.url, "type": e.type, "length": e.length} for e in entry.enclosures],
    }


def _see(feed: Feed, item_id: int, key: str, channel: str) -> None:
    Sighting.objects.update_or_create(
        feed=feed, key=key, defaults={"unit_id": feed.unit_id, "item_id": item_id, "channel": channel}
    )


def _show(item_ids: dict[int, None]) -> None:
    items = Item.objects.select_related("source").in_bulk(list(item_ids))
    channels: dict[int, set[str]] = {}
    for item_id, channel in Sighting.objects.filter(item__in=list(item_ids)).values_list("item_id", "channel"):
        channels.setdefault(item_id, set()).add(channel)
    for item_id in item_ids:
        publish(content=_published(items[item_id], [c for c in _MOST_TELLING if c in channels[item_id]]))


def _published(item: Item, channels: list[Channel]) -> Published:
    moments = [moment for moment in (item.published_at, item.first_seen_at) if moment is not None]
    is_document = Channel.DOCUMENT in channels
    return Published(
        unit_id=item.unit_id,
        kind=EntryKind.ITEM,
        object_id=item.pk,
        channels=tuple(channels),
        title=item.title,
        summary=item.summary,
        body=item.content,
        author=item.author,
        source_name=item.source.name,
        source_url=item.link,
        facts={"enclosures": item.enclosures} if item.enclosures else {},
        published_at=min(moments),
        changed_at=item.changed_at,
        is_broadcast=True,
        levels=item.levels,
        register=Register(symbol=symbol_in(item.title), issuer=item.source.name) if is_document else Register(),
    )


@transaction.atomic
def show_again(*, unit: Unit) -> set[tuple[EntryKind, int]]:
    """Write the public form of every item of an authority's sources anew; returns what is public."""
    ids = dict.fromkeys(Item.objects.filter(unit=unit, withdrawn_at=None).values_list("pk", flat=True))
    _show(ids)
    return {(EntryKind.ITEM, pk) for pk in ids}


@transaction.atomic
def withdraw_item(*, item: Item, reason: str, by: str) -> Item:
    """Take an item off every portal; it stays known, so that no later reading revives it."""
    Source.objects.select_for_update().get(pk=item.source_id)
    item.withdrawn_at = clock.now()
    item.save(update_fields=["withdrawn_at"])
    withdraw(kind=EntryKind.ITEM, object_id=item.pk)
    audit.record(
        "feeds.item.withdrawn", unit_id=item.unit_id, subject=item.title, by=by, item_id=item.pk, reason=reason
    )
    return item


def queue_due(*, now: datetime) -> list[int]:
    """Claim the feeds that are due for queueing; a feed whose job got lost is due again after `REQUEUE`."""
    queued: list[int] = []
    with everywhere("the scheduler queues due feeds of all authorities"):
        for feed_id in due_feeds(now=now, queued_before=now - REQUEUE):
            claimed = Feed.objects.filter(Q(queued_at=None) | Q(queued_at__lte=now - REQUEUE), pk=feed_id).update(
                queued_at=now
            )
            if claimed == 1:
                queued.append(feed_id)
    return queued
