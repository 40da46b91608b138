"""What staff decide about an item of their sources."""

from django.db import transaction

from congtruong.core import audit
from congtruong.feeds import errors
from congtruong.feeds.models import Item, Source
from congtruong.feeds.services.grouping import group
from congtruong.feeds.services.showing import show
from congtruong.publication.enums import FEED_CHANNELS, Channel


@transaction.atomic
def choose_channel(*, item: Item, channel: Channel | None, by: str) -> Item:
    """Let an item stand in this channel whatever its feeds say; None leaves it to them again.

    Raises `NoChannel` for None where no feed lists the item any more.
    """
    if channel is not None and channel not in FEED_CHANNELS:
        raise ValueError(f"no channel of feeds: {channel}")
    Source.objects.select_for_update().get(pk=item.source_id)
    item = Item.objects.select_related("unit", "source").get(pk=item.pk)
    chosen = channel.value if channel is not None else ""
    if item.chosen_channel == chosen:
        return item
    if not chosen and not item.sightings.exists():
        raise errors.NoChannel
    before, item.chosen_channel = item.chosen_channel, chosen
    item.save(update_fields=["chosen_channel"])
    group(unit=item.unit, item_ids=[item.pk])
    show([item.pk])
    audit.record(
        "feeds.item.moved",
        unit_id=item.unit_id,
        subject=item.title,
        by=by,
        item_id=item.pk,
        before=Channel(before).label if before else "",
        after=channel.label if channel is not None else "",
    )
    return item
