"""Old addresses of what came in as a draft: they lead on once somebody has published it."""

from django.db import transaction

from congtruong.transfer.enums import Outcome
from congtruong.transfer.models import Imported
from congtruong.transfer.services.importing import lead_on
from congtruong.units.scoping import everywhere, unit_scope

_AT_ONCE = 500
_BY = "Chuyển dữ liệu"


def lead_on_drafts() -> int:
    """Make the redirects of drafts that are public by now; returns how many. The address of a draft tells nobody."""
    with everywhere("the scheduler looks for imported drafts that were published since"):
        waiting = Imported.objects.filter(outcome=Outcome.DRAFT, post__live__isnull=False)
        found = list(waiting.values_list("unit_id", "pk")[:_AT_ONCE])
    for unit_id, pk in found:
        with unit_scope(unit_id), transaction.atomic():
            row = Imported.objects.select_related("unit", "post").select_for_update(of=("self",)).get(pk=pk)
            if row.post is not None and row.post.live_id is not None:
                lead_on(row.unit, row.post, row.old_urls, by=_BY)
                row.outcome = Outcome.PUBLISHED
                row.save(update_fields=["outcome"])
    return len(found)
