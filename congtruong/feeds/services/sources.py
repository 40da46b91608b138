"""What a unit's people decide about the sources of their portal. Feeds belong to the unit that entered them."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction

from congtruong.core import audit, clock, jobs
from congtruong.core.text import nfc, shorten, squeeze
from congtruong.feeds import errors, phrases
from congtruong.feeds.models import CategoryRoute, Feed, Source
from congtruong.feeds.pipeline.decide import fold_category
from congtruong.feeds.pipeline.links import canonical_link
from congtruong.feeds.rules.health import ASKED_AGAIN
from congtruong.feeds.services.hubs import forget_hub
from congtruong.feeds.services.leaving import aim_items, drop_feed
from congtruong.publication.enums import FEED_CHANNELS, Channel
from congtruong.units.enums import Level
from congtruong.units.models import Unit

MOST_FEEDS = 50
_PATIENCE = timedelta(minutes=1)
_ALL_LEVELS = sum(int(level) for level in Level)
# What was known of the answers of an address says nothing of another one.
_FORGOTTEN = {
    "etag": "",
    "last_modified": "",
    "body_sha256": "",
    "entries_seen": 0,
    "failures": 0,
    "failing_since": None,
    "error_code": "",
    "error_message": "",
    "alerted_at": None,
    "moving_to": "",
    "moving_since": None,
    "moving_seen": 0,
    # Whoever is reading the old address loses the feed, and writes nothing.
    "leased_until": None,
    "queued_at": None,
}
# Read in full once more, though nothing changed at the source.
_ANEW = {"etag": "", "last_modified": "", "body_sha256": ""}


# --- Sources ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_source(*, unit: Unit, name: str, homepage: str, by: str) -> Source:
    """Note a web site whose feeds speak for the unit. Raises NameNeeded, AddressInvalid, SourceTwice."""
    name, homepage = _name(name), web_address(homepage, most=500)
    _require_new_homepage(unit, homepage)
    source = Source.objects.create(unit=unit, name=name, homepage=homepage)
    audit.record("feeds.source.added", unit_id=unit.pk, subject=name, by=by, source_id=source.pk, homepage=homepage)
    return source


@transaction.atomic
def change_source(*, unit: Unit, source: Source, name: str, homepage: str, by: str) -> Source:
    """Another name or home page. Items carry the new name when they are shown anew. Raises as `add_source`."""
    source = _own_source(unit, source)
    name, homepage = _name(name), web_address(homepage, most=500)
    _require_new_homepage(unit, homepage, but=source)
    if (source.name, source.homepage) == (name, homepage):
        return source
    before, source.name, source.homepage = f"{source.name} ({source.homepage})", name, homepage
    source.save(update_fields=["name", "homepage"])
    after = f"{name} ({homepage})"
    audit.record(
        "feeds.source.changed", unit_id=unit.pk, subject=name, by=by, source_id=source.pk, before=before, after=after
    )
    return source


@transaction.atomic
def remove_source(*, unit: Unit, source: Source, keeps_items: bool, by: str) -> int:
    """Stop reading a source. Its items stay on the portals or are taken off them; returns how many that were.

    A source that has items stays as a name without feeds: they say where they came from.
    """
    source = _own_source(unit, source)
    feeds = Feed.objects.filter(source=source)
    count = sum(drop_feed(feed=feed, keeps_items=keeps_items) for feed in feeds)
    CategoryRoute.objects.filter(source=source).delete()
    if not source.items.exists():
        source.delete()
    audit.record(
        "feeds.source.removed", unit_id=unit.pk, subject=source.name, by=by, keeps_items=keeps_items, count=count
    )
    return count


# --- Feeds ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_feed(*, unit: Unit, source: Source, url: str, channel: str, levels: int = 0, by: str) -> Feed:
    """Read this address from now on. Raises AddressInvalid, NoChannel, FeedTwice, TooManyFeeds."""
    source = _own_source(unit, source)
    url = web_address(url, most=1000)
    _require_new_address(unit, url)
    if Feed.objects.filter(unit=unit).count() >= MOST_FEEDS:
        raise errors.TooManyFeeds(phrases.TOO_MANY.format(most=MOST_FEEDS))
    feed = Feed.objects.create(
        unit=unit,
        source=source,
        url=url,
        channel=_channel(channel),
        levels=_levels(unit, levels),
        next_check_at=clock.now(),
    )
    audit.record("feeds.feed.added", unit_id=unit.pk, subject=url, by=by, feed_id=feed.pk, channel=feed.channel)
    jobs.enqueue("feeds.refresh", feed_id=feed.pk)
    return feed


@transaction.atomic
def change_feed(*, unit: Unit, feed: Feed, url: str, channel: str, levels: int = 0, by: str) -> Feed:
    """Another address, channel or audience; read at once when that changes what it brings. Raises as `add_feed`.

    Items that the source still lists follow to the new channel, all items of the feed to the new audience.
    """
    feed = _own_feed(unit, feed)
    url, channel, levels = web_address(url, most=1000), _channel(channel), _levels(unit, levels)
    changed: dict[str, object] = {}
    if url != feed.url:
        _require_new_address(unit, url, but=feed)
        changed |= {**_FORGOTTEN, "url": url}
        forget_hub(feed=feed)
    if channel != feed.channel:
        changed |= {**_ANEW, "channel": channel}
    if changed:
        changed["next_check_at"] = clock.now()
    is_for_others = levels != feed.levels
    if is_for_others:
        changed["levels"] = levels
    if not changed:
        return feed
    before = {name: getattr(feed, name) for name in ("url", "channel", "levels") if name in changed}
    Feed.objects.filter(pk=feed.pk).update(**changed)
    feed.refresh_from_db()
    if is_for_others:
        aim_items(feed=feed)
    after = {name: getattr(feed, name) for name in before}
    audit.record(
        "feeds.feed.changed", unit_id=unit.pk, subject=feed.url, by=by, feed_id=feed.pk, before=before, after=after
    )
    if "next_check_at" in changed and not feed.is_paused:
        jobs.enqueue("feeds.refresh", feed_id=feed.pk)
    return feed


@transaction.atomic
def pause_feed(*, unit: Unit, feed: Feed, by: str) -> Feed:
    """Do not read the feed until somebody resumes it. Does nothing the second time."""
    feed = _own_feed(unit, feed)
    if not feed.is_paused:
        _set(feed, is_paused=True)
        forget_hub(feed=feed)
        audit.record("feeds.feed.paused", unit_id=unit.pk, subject=feed.url, by=by, feed_id=feed.pk)
    return feed


@transaction.atomic
def resume_feed(*, unit: Unit, feed: Feed, by: str) -> Feed:
    """Read a paused feed again, at once; what was wrong before is forgotten."""
    feed = _own_feed(unit, feed)
    if feed.is_paused:
        now = clock.now()
        healthy = {"failures": 0, "failing_since": None, "error_code": "", "error_message": "", "alerted_at": None}
        # Nobody listened: what was expected meanwhile says nothing.
        _set(feed, is_paused=False, next_check_at=now, queued_at=None, expected_by=None, **healthy)
        audit.record("feeds.feed.resumed", unit_id=unit.pk, subject=feed.url, by=by, feed_id=feed.pk)
        jobs.enqueue("feeds.refresh", feed_id=feed.pk)
    return feed


@transaction.atomic
def read_now(*, unit: Unit, feed: Feed, by: str) -> Feed:
    """Make the feed due at once; the queue takes it. Raises Paused, AskedJustNow: servers are asked politely."""
    feed, now = _own_feed(unit, feed), clock.now()
    if feed.is_paused:
        raise errors.Paused
    if feed.checked_at is not None and now - feed.checked_at < _PATIENCE:
        raise errors.AskedJustNow
    _set(feed, next_check_at=now, queued_at=None)
    audit.record("feeds.feed.asked", unit_id=unit.pk, subject=feed.url, by=by, feed_id=feed.pk)
    jobs.enqueue("feeds.refresh", feed_id=feed.pk)
    return feed


@transaction.atomic
def remove_feed(*, unit: Unit, feed: Feed, keeps_items: bool, by: str) -> int:
    """Stop reading a feed for good. What only it brought stays on the portals or disappears; returns how many items."""
    feed = _own_feed(unit, feed)
    Source.objects.select_for_update().get(pk=feed.source_id)
    subject = feed.url
    count = drop_feed(feed=feed, keeps_items=keeps_items)
    audit.record("feeds.feed.removed", unit_id=unit.pk, subject=subject, by=by, keeps_items=keeps_items, count=count)
    return count


# --- Permanent moves --------------------------------------------------------------------------------------------------


@transaction.atomic
def use_new_address(*, unit: Unit, feed: Feed, by: str) -> Feed:
    """Follow a permanent redirect that leads to another owner. Raises NoMove, FeedTwice."""
    feed = _own_feed(unit, feed)
    if not feed.moving_to:
        raise errors.NoMove
    before, url = feed.url, feed.moving_to
    _require_new_address(unit, url, but=feed)
    # The same feed under another name: what it held is still what it held.
    known = {"entries_seen": feed.entries_seen}
    _set(feed, **{**_FORGOTTEN, **known, "url": url, "next_check_at": clock.now()})
    forget_hub(feed=feed)
    audit.record("feeds.feed.moved", unit_id=unit.pk, subject=url, by=by, feed_id=feed.pk, before=before)
    jobs.enqueue("feeds.refresh", feed_id=feed.pk)
    return feed


@transaction.atomic
def keep_address(*, unit: Unit, feed: Feed, by: str) -> Feed:
    """Go on with the old address though it redirects; asked again after half a year. Raises NoMove."""
    feed = _own_feed(unit, feed)
    if not feed.moving_to:
        raise errors.NoMove
    # A move is believed when it is old enough (rules.moves): this one is not, for a while.
    _set(feed, moving_since=clock.now() + ASKED_AGAIN)
    audit.record("feeds.feed.kept", unit_id=unit.pk, subject=feed.url, by=by, feed_id=feed.pk, refused=feed.moving_to)
    return feed


# --- Categories -------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_routes(*, unit: Unit, source: Source, routes: Mapping[str, str | None], by: str) -> int:
    """Where items of these categories stand: a channel, "" to leave them out, None for the feed's own channel.

    Categories not named stay as they are. Returns how many changed; the feeds are read in full once more then. Items
    that were received before and must be left out now stay: taking something down is an act of its own.
    """
    source = _own_source(unit, source)
    known = {route.category: route for route in CategoryRoute.objects.filter(source=source)}
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for category, channel in routes.items():
        key = fold_category(category)[:200]
        held = known.get(key)
        wanted = channel if channel is None or channel == "" else _channel(channel)
        if not key or (held.channel if held else None) == wanted:
            continue
        before[key], after[key] = _route_name(held.channel if held else None), _route_name(wanted)
        if wanted is None:
            CategoryRoute.objects.filter(source=source, category=key).delete()
        else:
            CategoryRoute.objects.update_or_create(
                source=source, category=key, defaults={"unit": unit, "channel": wanted}
            )
    if after:
        Feed.objects.filter(source=source).update(**_ANEW)
        audit.record(
            "feeds.routes.changed",
            unit_id=unit.pk,
            subject=source.name,
            by=by,
            source_id=source.pk,
            before=before,
            after=after,
        )
    return len(after)


# --- Shared -----------------------------------------------------------------------------------------------------------


def web_address(text: str, *, most: int) -> str:
    """An address as a person types it, tidied. Raises AddressInvalid."""
    text = nfc(text).strip()
    if text and "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise errors.AddressInvalid from error
    is_usable = parts.scheme.lower() in {"http", "https"} and ("." in host or ":" in host) and "@" not in parts.netloc
    if not is_usable or len(text) > most or any(char.isspace() or not char.isprintable() for char in text):
        raise errors.AddressInvalid
    place = f"[{host}]" if ":" in host else host
    place = place if port is None else f"{place}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme.lower()}://{place}{parts.path or '/'}{query}"


def feed_at(unit: Unit, url: str) -> Feed | None:
    """The unit's feed with this address, however it is written; one query."""
    key = canonical_link(url)
    feeds = Feed.objects.filter(unit=unit).select_related("source")
    return next((feed for feed in feeds if feed.url == url or canonical_link(feed.url) == key), None)


def _require_new_address(unit: Unit, url: str, *, but: Feed | None = None) -> None:
    found = feed_at(unit, url)
    if found is not None and (but is None or found.pk != but.pk):
        raise errors.FeedTwice(phrases.FEED_TWICE.format(name=found.source.name))


def _require_new_homepage(unit: Unit, homepage: str, *, but: Source | None = None) -> None:
    key = canonical_link(homepage)
    for source in Source.objects.filter(unit=unit):
        if canonical_link(source.homepage) == key and (but is None or source.pk != but.pk):
            raise errors.SourceTwice(phrases.SOURCE_TWICE.format(name=source.name))


def _own_source(unit: Unit, source: Source) -> Source:
    """The source as it is now; readings of it wait until this is over."""
    found = Source.objects.select_for_update().filter(unit=unit, pk=source.pk).first()
    if found is None:
        raise errors.AnotherUnit
    return found


def _own_feed(unit: Unit, feed: Feed) -> Feed:
    """The row, locked in the order of a reading: its source first, so that neither waits for the other."""
    Source.objects.select_for_update().filter(unit=unit, pk=feed.source_id).first()
    found = Feed.objects.select_for_update().filter(unit=unit, pk=feed.pk).first()
    if found is None:
        raise errors.AnotherUnit
    return found


def _set(feed: Feed, **state: object) -> None:
    """Only these columns: a reading may be writing the others."""
    for name, value in state.items():
        setattr(feed, name, value)
    feed.save(update_fields=list(state))


def _name(text: str) -> str:
    name = shorten(squeeze(nfc(text)), 200)
    if not any(char.isalnum() for char in name):
        raise errors.NameNeeded
    return name


def _channel(value: str) -> str:
    if value not in {channel.value for channel in FEED_CHANNELS}:
        raise errors.NoChannel
    return str(value)


def _levels(unit: Unit, levels: int) -> int:
    """Only an authority speaks to some levels and not to others."""
    return levels & _ALL_LEVELS if unit.is_authority else 0


def _route_name(channel: str | None) -> str:
    if channel is None:
        return "theo kênh"
    return Channel(channel).label if channel else "bỏ qua"
