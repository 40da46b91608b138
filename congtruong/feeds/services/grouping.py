"""Documents that several authorities publish: the copy is grouped with its original, never removed.

The copy stays on the portal of who copied it. Below both, where it would stand a second time, the original stands alone
and names who else published it.
"""

from collections.abc import Collection, Iterable, Mapping

from congtruong.core import audit, clock
from congtruong.feeds.models import Item
from congtruong.feeds.queries.items import channels_of
from congtruong.feeds.rules.symbols import is_same_document, same_year, symbol_in
from congtruong.feeds.services.showing import show
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit
from congtruong.units.queries import authorities_below, authority_spans
from congtruong.units.scoping import unit_scope

BY = "Hệ thống đọc nguồn tin"


def group(*, unit: Unit, item_ids: Collection[int]) -> None:
    """Note the symbols of these items, whose originals are above and whose copies are below.

    Part of the transaction that stores them. Nothing is asked of the tree unless a document with a symbol is new.
    """
    documents = _with_symbols(item_ids)
    if not documents or not unit.is_authority:
        return
    _behind_originals(unit, documents)
    _before_copies(unit, [item for item in documents if item.copy_of_id is None])


def _with_symbols(item_ids: Collection[int]) -> list[Item]:
    channels = channels_of(item_ids)
    marked, changed = [], []
    for item in Item.objects.filter(pk__in=item_ids, withdrawn_at=None):
        symbol = symbol_in(item.title) if Channel.DOCUMENT in channels.get(item.pk, ()) else ""
        if symbol != item.symbol:
            # Another document now: what it was a copy of says nothing any more.
            item.symbol, item.copy_of_id = symbol, None
            changed.append(item)
        if symbol:
            marked.append(item)
    if changed:
        Item.objects.bulk_update(changed, ["symbol", "copy_of"])
    return marked


def _behind_originals(unit: Unit, documents: Iterable[Item]) -> None:
    single = {item.pk: item for item in documents if item.copy_of_id is None}
    above = [authority for authority, span in authority_spans(unit) if clock.today() in span]
    if not single or not above:
        return
    with unit_scope(unit.pk, *above):
        found = Item.objects.filter(unit__in=above, symbol__in={item.symbol for item in single.values()})
        originals = _by_symbol(found.filter(copy_of=None, withdrawn_at=None))
    for item in single.values():
        original = next((one for one in originals.get(item.symbol, ()) if _is_copy(item, one)), None)
        if original is not None:
            _tie(item, original)


def _before_copies(unit: Unit, originals: Collection[Item]) -> None:
    """Copies that were read before their original."""
    below = authorities_below(unit, clock.today()) if originals else []
    if not below:
        return
    with unit_scope(unit.pk, *below):
        found = Item.objects.filter(unit__in=below, symbol__in={item.symbol for item in originals})
        copies = _by_symbol(found.filter(copy_of=None, withdrawn_at=None))
        tied = []
        for original in originals:
            for item in copies.get(original.symbol, ()):
                if _is_copy(item, original):
                    _tie(item, original)
                    tied.append(item.pk)
        show(tied)


def _by_symbol(items: Iterable[Item]) -> Mapping[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.symbol, []).append(item)
    return found


def _is_copy(item: Item, original: Item) -> bool:
    """Whether everybody who would read the copy reads the original."""
    reaches = original.levels == 0 or (item.levels != 0 and item.levels & ~original.levels == 0)
    days = [clock.day_of(one.published_at or one.first_seen_at) for one in (item, original)]
    return reaches and same_year(*days) and is_same_document(item.title, original.title, item.symbol)


def _tie(item: Item, original: Item) -> None:
    item.copy_of_id = original.pk
    Item.objects.filter(pk=item.pk).update(copy_of=original.pk)
    audit.record("feeds.item.grouped", unit_id=item.unit_id, subject=item.title, by=BY, item_id=item.pk)
