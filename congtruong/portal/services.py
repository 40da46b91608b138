"""Writes to what a portal arranges for itself."""

from django.db import transaction

from congtruong.core.icons import ICONS
from congtruong.portal.models import QuickLink
from congtruong.units.models import Unit

MOST_LINKS = 6


@transaction.atomic
def set_quick_links(*, unit: Unit, links: list[tuple[str, str, str]]) -> list[QuickLink]:
    """Replace a unit's frequent errands by (label, icon, path), at most six. Unknown icons are refused."""
    unknown = [icon for _, icon, _ in links if icon not in ICONS]
    if unknown:
        raise ValueError(f"unknown icons: {unknown}")
    QuickLink.objects.filter(unit=unit).delete()
    return QuickLink.objects.bulk_create(
        QuickLink(unit=unit, label=label, icon=icon, path=path, order=order)
        for order, (label, icon, path) in enumerate(links[:MOST_LINKS])
    )
