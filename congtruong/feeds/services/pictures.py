"""Pictures of sources, fetched once and kept as our own files; until one is here, portals leave it out.

May be killed anywhere: a picture is claimed before it is fetched, its file is stored once whatever happens (same bytes,
same name), and its row and the items that show it change together.
"""

import html
import io
import logging
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from PIL import Image

from congtruong.core import clock, http
from congtruong.feeds.enums import PictureState
from congtruong.feeds.models import Item, Picture, Source
from congtruong.feeds.rules import pictures as r
from congtruong.feeds.services.showing import held_files, kept_pictures, show
from congtruong.media.checks.content import IMAGES, content_type
from congtruong.media.errors import FileRefused, QuotaFull
from congtruong.media.models import Asset
from congtruong.media.services import add_asset
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

_ACCEPT = "image/avif, image/webp, image/*;q=0.8"
_LIMITS = http.Limits(total_seconds=20, most_bytes=r.MOST_BYTES)
# Longer than fetching and making the smaller copies may take together.
_LEASE = timedelta(minutes=5)
_MOST_AT_ONCE = 200
_SILENT_FOR = timedelta(minutes=10)
# Items name a picture when they are stored; what comes later than all tries finds its items elsewhere.
_RECENT = timedelta(days=14)


def expect(*, item_ids: Collection[int], now: datetime) -> int:
    """Note the pictures these items name; returns how many are to be fetched. The caller holds the source's lock."""
    if not item_ids:
        return 0
    wanted: dict[tuple[int, str], Picture] = {}
    items = Item.objects.filter(pk__in=item_ids)
    for item in items.only("unit_id", "source_id", "content", "image_url"):
        for url in r.addresses_in(item.content, item.image_url):
            digest = r.digest_of(url)
            wanted[item.source_id, digest] = Picture(
                unit_id=item.unit_id, source_id=item.source_id, url=url, digest=digest, next_try_at=now
            )
    if not wanted:
        return 0
    sources, digests = {source for source, _ in wanted}, {digest for _, digest in wanted}
    known = Picture.objects.filter(source__in=sources, digest__in=digests).values_list("source_id", "digest")
    fresh = [picture for key, picture in wanted.items() if key not in set(known)]
    Picture.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def fetch_due(*, now: datetime, seconds: float = 45) -> int:
    """Fetch the pictures whose time has come, for about so many seconds; returns how many are ours now."""
    with everywhere("the scheduler looks for pictures of all sources that are due"):
        due = Picture.objects.filter(state=PictureState.WAITING, next_try_at__lte=now).order_by("next_try_at", "pk")
        found = list(due.values_list("pk", "unit_id", "url")[:_MOST_AT_ONCE])
    until = time.monotonic() + seconds
    kept, silent = 0, set[str]()
    for pk, unit_id, url in found:
        host = urlsplit(url).netloc
        if time.monotonic() > until or host in silent:
            continue
        with unit_scope(unit_id):
            picture = _claim(pk, now)
            if picture is None:
                continue
            try:
                kept += _fetch(picture)
            except http.FetchError as problem:
                _did_not_come(picture, problem, now)
                if problem.status is None:
                    silent.add(host)
                    _leave_alone(picture, host, now)
            except Exception:
                logger.exception("picture %s: unexpected", pk)
                _try_later(picture, r.NO_ANSWER.format(tries=picture.tries), now)
    return kept


def _leave_alone(picture: Picture, host: str, now: datetime) -> None:
    """The other pictures of a server that does not answer wait elsewhere than at the head of the queue."""
    due = Picture.objects.filter(source=picture.source_id, state=PictureState.WAITING, next_try_at__lte=now)
    due.filter(url__contains=f"//{host}/").update(next_try_at=now + _SILENT_FOR)


def _claim(pk: int, now: datetime) -> Picture | None:
    due = Picture.objects.filter(pk=pk, state=PictureState.WAITING, next_try_at__lte=now)
    if due.update(next_try_at=now + _LEASE, tries=F("tries") + 1) != 1:
        return None
    return Picture.objects.select_related("unit", "source").get(pk=pk)


def _fetch(picture: Picture) -> bool:
    reply = http.fetch(picture.url, accept=_ACCEPT, limits=_LIMITS, allow=tuple(settings.FETCH_ALLOW))
    if content_type(reply.body, "") not in IMAGES:
        _refuse(picture, r.NOT_PICTURE)
        return False
    if _is_ornament(reply.body):
        _refuse(picture, r.TOO_SMALL)
        return False
    try:
        asset = add_asset(
            unit=picture.unit,
            body=reply.body,
            name=r.file_name(picture.url),
            by=picture.source.name,
            is_copy=True,
        )
    except QuotaFull as problem:
        _try_later(picture, problem.message, clock.now())
        return False
    except FileRefused as problem:
        _refuse(picture, problem.message)
        return False
    _settle(picture, PictureState.KEPT, asset=asset)
    return True


def _is_ornament(body: bytes) -> bool:
    """Told from the head of the file; what cannot be read is refused later, with its own sentence."""
    try:
        with Image.open(io.BytesIO(body)) as image:
            return min(image.size) < r.LEAST_SIDE
    except Exception:  # noqa: BLE001 - Pillow raises whatever the format's reader raises
        return False


def _did_not_come(picture: Picture, problem: http.FetchError, now: datetime) -> None:
    if problem.code == "too_large":
        _refuse(picture, r.TOO_LARGE)
    elif problem.status is not None:
        # Pictures are often posted minutes after the article that shows them.
        _try_later(picture, r.STATUS.format(status=problem.status, tries=picture.tries), now)
    elif problem.permanent:
        _refuse(picture, r.NOT_ALLOWED)
    else:
        _try_later(picture, r.NO_ANSWER.format(tries=picture.tries), now)


def _try_later(picture: Picture, reason: str, now: datetime) -> None:
    if picture.tries >= r.MOST_TRIES:
        _refuse(picture, reason)
        return
    _settle(picture, PictureState.WAITING, reason=reason, next_try_at=r.next_try(now=now, tries=picture.tries))


def _refuse(picture: Picture, reason: str) -> None:
    _settle(picture, PictureState.REFUSED, reason=reason)


@transaction.atomic
def _settle(
    picture: Picture,
    state: PictureState,
    *,
    reason: str = "",
    asset: Asset | None = None,
    next_try_at: datetime | None = None,
) -> None:
    # Readings and withdrawals of the source hold the same lock: nobody shows an older text over a newer one.
    Source.objects.select_for_update().get(pk=picture.source_id)
    Picture.objects.filter(pk=picture.pk).update(state=state, reason=reason[:300], asset=asset, next_try_at=next_try_at)
    _show_complete(picture)


def _show_complete(picture: Picture) -> None:
    """Show the items that name the picture, once each of their pictures was asked for: not thirty times for thirty."""
    since = clock.now() - _RECENT
    recent = Q(first_seen_at__gte=since) | Q(changed_at__gte=since)
    names = Q(image_url=picture.url) | Q(content__contains=picture.url) | Q(content__contains=html.escape(picture.url))
    items = list(Item.objects.filter(recent, names, source=picture.source_id, withdrawn_at=None))
    named = {item.pk: {r.digest_of(url) for url in r.addresses_in(item.content, item.image_url)} for item in items}
    every = set[str]().union(*named.values())
    untried = set(
        Picture.objects.filter(
            source=picture.source_id, digest__in=every, state=PictureState.WAITING, tries=0
        ).values_list("digest", flat=True)
    )
    complete = [item for item in items if not named[item.pk] & untried]
    kept, held = kept_pictures(complete), held_files([item.pk for item in complete])
    changed = []
    for item in complete:
        own = {
            kept[key].asset
            for url in r.addresses_in(item.content, item.image_url)
            if (key := (item.source_id, url)) in kept
        }
        if own != held.get(item.pk, set()):
            changed.append(item.pk)
    show(changed)
