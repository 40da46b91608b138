"""The repair of what a portal shows."""

from django.db import transaction

from congtruong.editorial import services as editorial
from congtruong.feeds import services as feeds
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope


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
