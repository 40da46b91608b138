"""Old addresses and where their content stands now."""

from collections.abc import Iterable

from django.db import transaction

from congtruong.core import audit
from congtruong.portal.models import Redirect
from congtruong.portal.rules.old_addresses import old_address
from congtruong.units.models import Unit


@transaction.atomic
def add_redirects(*, unit: Unit, redirects: Iterable[tuple[str, str]], by: str) -> int:
    """Let (old address, new path) lead visitors on; returns how many were new or changed.

    Old addresses that are too long or lead to themselves are left out. A new path that was an old one is so no more:
    redirects never run in a circle.
    """
    wanted: dict[str, str] = {}
    for old, new in redirects:
        if not _is_path(new):
            raise ValueError(f"not a path of the portal: {new}")
        address = old_address(old)
        if address not in {"", "/", old_address(new)}:
            wanted[address] = new
    living = {old_address(new) for new in wanted.values()}
    for address in living & wanted.keys():
        del wanted[address]
    own = Redirect.objects.filter(unit=unit)
    own.filter(old_path__in=living).delete()
    known = dict(own.filter(old_path__in=wanted).values_list("old_path", "new_path"))
    changed = {old: new for old, new in wanted.items() if known.get(old) != new}
    Redirect.objects.bulk_create(
        (Redirect(unit=unit, old_path=old, new_path=new) for old, new in changed.items()),
        update_conflicts=True,
        unique_fields=["unit", "old_path"],
        update_fields=["new_path"],
    )
    if changed:
        audit.record("portal.redirect.added", unit_id=unit.pk, subject=next(iter(changed)), by=by, count=len(changed))
    return len(changed)


def add_redirect(*, unit: Unit, old: str, new: str, by: str) -> int:
    """One old address; see `add_redirects`."""
    return add_redirects(unit=unit, redirects=[(old, new)], by=by)


def _is_path(path: str) -> bool:
    return path.startswith("/") and not path.startswith("//") and "\\" not in path
