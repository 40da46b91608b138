"""The public form of items: what stands on the portals is written anew whenever an item changed."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from congtruong.feeds.enums import PictureState
from congtruong.feeds.models import Item, Picture
from congtruong.feeds.queries.items import channels_of
from congtruong.feeds.rules.attachments import for_readers
from congtruong.feeds.rules.pictures import Kept, addresses_in, alts_in, card_image, digest_of, with_own
from congtruong.media.models import Usage
from congtruong.media.services import set_usages
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.services import Published, Register, publish
from congtruong.units.models import Unit

# As `media.Usage` names who shows a file.
USAGE = "item"


def show(item_ids: Iterable[int], *, new: Collection[int] = ()) -> None:
    """Publish these items as they are now; withdrawn ones are left alone. `new` are those that never were public."""
    ids = list(dict.fromkeys(item_ids))
    if not ids:
        return
    items = Item.objects.select_related("source", "unit").filter(withdrawn_at=None).in_bulk(ids)
    channels = channels_of(ids)
    kept = kept_pictures(items.values())
    held = held_files([pk for pk in ids if pk not in new])
    for item_id in ids:
        item = items.get(item_id)
        if item is None:
            continue
        mine = {url: kept[item.source_id, url] for url in _pictures(item) if (item.source_id, url) in kept}
        publish(content=published(item, channels.get(item_id, ()), mine), is_new=item_id in new)
        assets = {one.asset for one in mine.values()}
        if assets != held.get(item_id, set()):
            use_files(item, assets, is_live=True)


def published(item: Item, channels: Collection[Channel], kept: Mapping[str, Kept]) -> Published:
    """How an item looks in public. `kept` are its pictures that are our own files, by their address at the source."""
    moments = [moment for moment in (item.published_at, item.first_seen_at) if moment is not None]
    is_document = Channel.DOCUMENT in channels
    body = with_own(item.content, kept)
    image = card_image(_pictures(item), kept, alts_in(item.content))
    files = [for_readers(file) for file in item.enclosures]
    facts: dict[str, Any] = {"enclosures": files} if files else {}
    if image is not None and f'"/tep/{image["key"]}/' in body:
        facts["image_in_text"] = True
    return Published(
        unit_id=item.unit_id,
        kind=EntryKind.ITEM,
        object_id=item.pk,
        channels=tuple(channels),
        title=item.title,
        summary=item.summary,
        body=body,
        author=item.author,
        source_name=item.source.name,
        source_url=item.link,
        image=image,
        facts=facts,
        published_at=min(moments),
        changed_at=item.changed_at,
        # A copy stays on its own portal: below, the original stands already.
        is_broadcast=item.unit.is_authority and item.copy_of_id is None,
        levels=item.levels,
        register=Register(symbol=item.symbol, issuer=item.source.name) if is_document else Register(),
    )


def kept_pictures(items: Collection[Item]) -> dict[tuple[int, str], Kept]:
    """Pictures of these items that are our own files and may be seen, by source and address; one query or none."""
    named = {(item.source_id, url) for item in items for url in _pictures(item)}
    if not named:
        return {}
    rows = Picture.objects.filter(
        source__in={source for source, _ in named},
        digest__in={digest_of(url) for _, url in named},
        state=PictureState.KEPT,
        asset__isnull=False,
    ).select_related("asset")
    kept = {}
    for row in rows:
        asset = row.asset
        if asset is not None and not asset.is_blocked:
            kept[row.source_id, row.url] = Kept(
                asset.pk, asset.key, asset.width or 0, asset.height or 0, asset.renditions
            )
    return kept


def held_files(item_ids: Collection[int]) -> dict[int, set[int]]:
    """Files that items are known to show visitors; one query or none."""
    held: dict[int, set[int]] = {}
    if item_ids:
        rows = Usage.objects.filter(kind=USAGE, object_id__in=item_ids, is_live=True)
        for item_id, asset_id in rows.values_list("object_id", "asset_id"):
            held.setdefault(item_id, set()).add(asset_id)
    return held


def use_files(item: Item, assets: Collection[int], *, is_live: bool) -> None:
    """Say which files an item shows, so that visitors may fetch them, or may not any more."""
    set_usages(
        unit=item.unit,
        kind=USAGE,
        object_id=item.pk,
        label=item.title,
        assets=assets,
        live=assets if is_live else (),
        publishes=False,
    )


def _pictures(item: Item) -> list[str]:
    return addresses_in(item.content, item.image_url)


@transaction.atomic
def show_again(*, unit: Unit) -> set[tuple[EntryKind, int]]:
    """Write the public form of every item of a unit's sources anew; returns what is public."""
    ids = list(Item.objects.filter(unit=unit, withdrawn_at=None).values_list("pk", flat=True))
    show(ids)
    return {(EntryKind.ITEM, pk) for pk in ids}
