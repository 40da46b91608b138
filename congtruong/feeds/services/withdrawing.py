"""Taking items off the portals: what a person withdrew is never revived by a reading, only by a person."""

from django.db import transaction

from congtruong.core import audit, clock
from congtruong.core.text import squeeze
from congtruong.feeds.models import Feed, Item, Source
from congtruong.feeds.services import pictures
from congtruong.feeds.services.showing import held_files, show, use_files
from congtruong.publication.enums import EntryKind
from congtruong.publication.services import withdraw


@transaction.atomic
def withdraw_item(*, item: Item, reason: str, by: str) -> Item:
    """Take an item off every portal, its pictures with it unless another item shows them.

    It stays known, so that no later reading revives it. Does nothing the second time.
    """
    item = _locked(item)
    if item.withdrawn_at is not None:
        return item
    item.withdrawn_at, item.withdrawn_reason = clock.now(), squeeze(reason)[:500]
    item.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    withdraw(kind=EntryKind.ITEM, object_id=item.pk)
    assets = held_files([item.pk]).get(item.pk)
    if assets:
        use_files(item, assets, is_live=False)
    _record("feeds.item.withdrawn", item, by, reason)
    return item


@transaction.atomic
def restore_item(*, item: Item, reason: str, by: str) -> Item:
    """Show a withdrawn item again, as its source last said it. Does nothing to one that is not withdrawn."""
    item = _locked(item)
    if item.withdrawn_at is None:
        return item
    item.withdrawn_at, item.withdrawn_reason = None, ""
    item.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    pictures.expect(item_ids=[item.pk], now=clock.now())
    show([item.pk])
    if item.origin_id is not None:
        # Its text was not followed meanwhile: the next reading compares it, whether the feed changed or not.
        Feed.objects.filter(pk=item.origin_id).update(body_sha256="", etag="", last_modified="")
    _record("feeds.item.restored", item, by, reason)
    return item


def _locked(item: Item) -> Item:
    """The item as it is now; readings of its source wait."""
    Source.objects.select_for_update().get(pk=item.source_id)
    return Item.objects.select_related("unit", "source").get(pk=item.pk)


def _record(event: str, item: Item, by: str, reason: str) -> None:
    audit.record(event, unit_id=item.unit_id, subject=item.title, by=by, item_id=item.pk, reason=squeeze(reason)[:500])
