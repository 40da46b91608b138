"""Writes to what a portal arranges for itself, and the repair of what it shows."""

from django.db import transaction

from congtruong.core.icons import ICONS
from congtruong.editorial import services as editorial
from congtruong.feeds import services as feeds
from congtruong.portal.models import QuickLink
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope

MOST_LINKS = 6


@transaction.atomic
def rebuild_entries(*, unit: Unit) -> tuple[int, int]:
    """Make the public read model of a unit anew from its own tables; returns (shown, removed).

    Needed only after the shape of `Entry` changed or somebody wrote around the services.
    """
    with unit_scope(unit.pk):
        shown = editorial.show_again(unit=unit) | feeds.show_again(unit=unit)
        stale = [
            entry.pk
            for entry in Entry.objects.filter(unit=unit).only("pk", "kind", "object_id")
            if (entry.kind, entry.object_id) not in shown
        ]
        removed, _ = Entry.objects.filter(pk__in=stale).delete()
    return len(shown), removed


@transaction.atomic
def set_quick_links(*, unit: Unit, links: list[tuple[str, str, str]]) -> list[QuickLink]:
    """Replace a unit's frequent errands by (label, icon, path), at most six. Unknown icons are refused."""
    unknown = [icon for _, icon, _ in links if icon not in ICONS]
    if unknown:
        raise ValueError(f"unknown icons: {unknown}")
    elsewhere = [path for _, _, path in links if not path.startswith("/") or path.startswith("//")]
    if elsewhere:
        raise ValueError(f"not a path of the portal: {elsewhere}")
    QuickLink.objects.filter(unit=unit).delete()
    return QuickLink.objects.bulk_create(
        QuickLink(unit=unit, label=label, icon=icon, path=path, order=order)
        for order, (label, icon, path) in enumerate(links[:MOST_LINKS])
    )
