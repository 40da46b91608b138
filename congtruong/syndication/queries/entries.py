"""What stands in a feed. Entries are public: no scope is needed to read them."""

from datetime import date, datetime

from congtruong.publication.models import Entry
from congtruong.publication.queries import Source, Window, own, read_windows
from congtruong.syndication.enums import level_of
from congtruong.syndication.models import Stand
from congtruong.syndication.rules.topics import Address
from congtruong.units.models import Unit
from congtruong.units.queries import authority_spans
from congtruong.units.rules.tree import Span
from congtruong.units.scoping import unit_scope

_ALWAYS = Span(date.min, None)


def sources_of(unit: Unit, address: Address) -> list[Source]:
    """Whose entries a feed holds: the unit's own, or what it and those above it broadcast to a level; one query.

    Of what is meant for certain units only, a level feed holds what is meant for all below the authority.
    """
    if not address.level:
        return own(unit)
    level = level_of(address.level)
    above = [Source(authority_id, span, level, reader=unit.pk) for authority_id, span in authority_spans(unit)]
    return [Source(unit.pk, _ALWAYS, level, reader=unit.pk), *above]


def feed_entries(address: Address, sources: list[Source], *, most: int) -> list[Entry]:
    """The newest entries without their texts, each once; two queries."""
    windows = [Window(channel.value, channel, sources, most) for channel in address.channels]
    found: dict[int, Entry] = {}
    for entries in read_windows(windows).values():
        for entry in entries:
            if entry.is_primary or entry.content_id not in found:
                found[entry.content_id] = entry
    return sorted(found.values(), key=lambda entry: (entry.published_at, entry.content_id), reverse=True)[:most]


def bodies_of(entries: list[Entry]) -> dict[int, str]:
    """The text of each entry by the id of the row that holds it; one query."""
    ids = [entry.content_id for entry in entries]
    return dict(Entry.objects.filter(pk__in=ids).values_list("pk", "body"))


def changed_at(sources: list[Source]) -> datetime | None:
    """When anything of these owners last changed in public; one query."""
    owners = {source.unit_id for source in sources}
    with unit_scope(*owners):
        return max(Stand.objects.values_list("changed_at", flat=True), default=None)
