"""Who shows a file, and what follows from it: whether visitors may fetch it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from congtruong.media import errors, phrases
from congtruong.media.enums import Consent
from congtruong.media.models import Asset, Usage
from congtruong.units.models import Unit


# Part of its caller's transaction: a savepoint of its own would cost two queries each time.
@transaction.atomic(savepoint=False)
def set_usages(
    *,
    unit: Unit,
    kind: str,
    object_id: int,
    label: str,
    assets: Iterable[int],
    live: Iterable[int] = (),
    publishes: bool = True,
) -> None:
    """Say which files an object of the unit shows (`assets`), and which of them to visitors (`live`).

    Replaces what was said of this object before; files that nothing shows to visitors any more become private. The
    caller holds a lock on the object. At most five queries, two when nothing changes. Raises `AnotherUnit` for ids that
    are none of this unit's and `ConsentMissing` for photos that may not become public.

    With `publishes=False` the object publishes nothing now: a live photo whose consent was withdrawn meanwhile stays
    hidden and is no reason to refuse, so that its article can still be worked on.
    """
    shown = set(live)
    wanted = set(assets) | shown
    label = label[:200]
    of_object = Usage.objects.filter(unit=unit, kind=kind, object_id=object_id)
    before = Exists(of_object.filter(asset=OuterRef("pk")))
    # Locked in one order, so that two objects with the same files wait for each other instead of dying.
    rows = Asset.objects.filter(Q(pk__in=wanted) | before, unit=unit).order_by("pk").select_for_update(of=("self",))
    affected = {asset.pk: asset for asset in rows}
    if wanted - affected.keys():
        raise errors.AnotherUnit
    if publishes:
        _check_consent([affected[pk] for pk in sorted(shown)])
    shown = {pk for pk in shown if not affected[pk].is_blocked}

    stored = list(Usage.objects.filter(unit=unit, asset__in=affected))
    own = {usage.asset_id: usage for usage in stored if (usage.kind, usage.object_id) == (kind, object_id)}
    live_elsewhere = {
        usage.asset_id for usage in stored if usage.is_live and usage.pk not in {u.pk for u in own.values()}
    }
    changed = [
        Usage(unit=unit, asset_id=pk, kind=kind, object_id=object_id, label=label, is_live=pk in shown)
        for pk in sorted(wanted)
        if pk not in own or (own[pk].label, own[pk].is_live) != (label, pk in shown)
    ]
    if changed:
        Usage.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["unit", "kind", "object_id", "asset"],
            update_fields=["label", "is_live"],
        )
    if own.keys() - wanted:
        of_object.exclude(asset__in=wanted).delete()
    public = shown | live_elsewhere
    if any(asset.is_public != (pk in public) for pk, asset in affected.items()):
        Asset.objects.filter(pk__in=affected).update(
            is_public=Exists(Usage.objects.filter(asset=OuterRef("pk"), is_live=True))
        )


def _check_consent(assets: list[Asset]) -> None:
    for consent, phrase in ((Consent.STOPPED, phrases.CONSENT_STOPPED), (Consent.WAITING, phrases.CONSENT_MISSING)):
        names = [asset.name for asset in assets if asset.consent == consent]
        if names:
            raise errors.ConsentMissing(phrase.format(names="”, “".join(names)))
