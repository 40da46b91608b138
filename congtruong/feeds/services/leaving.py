"""What becomes of items whose feed is not read any more: they stay as they are, or are taken off the portals.

Rows stay in both cases. Other units may have grouped their copies with them, and what was taken down must be known, or
reading the same address again would bring it back.
"""

from django.db.models import Exists, OuterRef, Subquery

from congtruong.core import clock
from congtruong.feeds.models import Feed, Item, Sighting
from congtruong.feeds.queries.items import channels_of
from congtruong.feeds.services.showing import held_files, show, use_files
from congtruong.publication.enums import EntryKind
from congtruong.publication.services import withdraw

REASON = "Đơn vị đã bỏ nguồn tin này."


def drop_feed(*, feed: Feed, keeps_items: bool) -> int:
    """Delete a feed whose source is locked; returns how many items only it brought.

    Items that stand in other feeds of the source go on there.
    """
    elsewhere = Sighting.objects.filter(item=OuterRef("pk")).exclude(feed=feed)
    of_feed = Item.objects.filter(source=feed.source_id).filter(
        Exists(Sighting.objects.filter(item=OuterRef("pk"), feed=feed))
    )
    shared = list(of_feed.filter(Exists(elsewhere)).values_list("pk", flat=True))
    alone = list(of_feed.exclude(Exists(elsewhere)).values_list("pk", flat=True))
    _keep_channels(alone)
    # The feed that brought an item first is the one that may change it: that is another one now.
    Item.objects.filter(pk__in=shared, origin=feed).update(origin=Subquery(elsewhere.order_by("pk").values("feed")[:1]))
    feed.delete()
    show(shared)
    if not keeps_items:
        _take_down(alone)
    return len(alone)


def _keep_channels(item_ids: list[int]) -> None:
    """Where an item stands is known from its feeds; from now on by itself."""
    several = []
    by_channel: dict[str, list[int]] = {}
    for item_id, channels in channels_of(item_ids).items():
        by_channel.setdefault(channels[0], []).append(item_id)
        if len(channels) > 1:
            several.append(item_id)
    for channel, ids in by_channel.items():
        Item.objects.filter(pk__in=ids).update(chosen_channel=channel)
    show(several)


def _take_down(item_ids: list[int]) -> None:
    items = list(Item.objects.select_related("unit").filter(pk__in=item_ids, withdrawn_at=None))
    Item.objects.filter(pk__in=[item.pk for item in items]).update(withdrawn_at=clock.now(), withdrawn_reason=REASON)
    held = held_files([item.pk for item in items])
    for item in items:
        withdraw(kind=EntryKind.ITEM, object_id=item.pk)
        if held.get(item.pk):
            use_files(item, held[item.pk], is_live=False)


def aim_items(*, feed: Feed) -> None:
    """Items that a feed brought are for the schools it is for now."""
    changed = Item.objects.filter(origin=feed).exclude(levels=feed.levels)
    ids = list(changed.values_list("pk", flat=True))
    Item.objects.filter(pk__in=ids).update(levels=feed.levels)
    show(ids)
