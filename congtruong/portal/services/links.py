"""The frequent errands on a home page, and the sites elsewhere that a unit recommends."""

from django.db import transaction

from congtruong.core import audit
from congtruong.core.icons import ICONS
from congtruong.core.text import squeeze
from congtruong.portal import errors, phrases
from congtruong.portal.models import Link, QuickLink
from congtruong.portal.rules.targets import clean_target
from congtruong.portal.services.ordering import next_order, swap
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope

MOST_QUICK, MOST_LINKS = 6, 40


@transaction.atomic
def set_quick_links(*, unit: Unit, links: list[tuple[str, str, str]], by: str = "") -> list[QuickLink]:
    """Replace a unit's frequent errands by (label, icon, path), at most six. Unknown icons are refused.

    With `by`, the trail keeps what stood there before.
    """
    unknown = [icon for _, icon, _ in links if icon not in ICONS]
    if unknown:
        raise ValueError(f"unknown icons: {unknown}")
    elsewhere = [path for _, _, path in links if not path.startswith("/") or path.startswith("//")]
    if elsewhere:
        raise ValueError(f"not a path of the portal: {elsewhere}")
    with unit_scope(unit.pk):
        before = [(link.label, link.icon, link.path) for link in QuickLink.objects.filter(unit=unit)]
        wanted = links[:MOST_QUICK]
        QuickLink.objects.filter(unit=unit).delete()
        made = QuickLink.objects.bulk_create(
            QuickLink(unit=unit, label=label, icon=icon, path=path, order=order)
            for order, (label, icon, path) in enumerate(wanted)
        )
        if by and before != wanted:
            changes = {"việc thường tìm": [_listed(before), _listed(wanted)]}
            audit.record("portal.quick_links.changed", unit_id=unit.pk, subject=unit.name, by=by, changes=changes)
    return made


def _listed(links: list[tuple[str, str, str]]) -> str:
    return ", ".join(f"{label} ({path})" for label, _, path in links)


@transaction.atomic
def add_link(*, unit: Unit, label: str, url: str, group: str, by: str) -> Link:
    """Recommend a site elsewhere. Raises `TargetInvalid`, `LabelInvalid`, `LinkTwice`, `LinksFull`."""
    with unit_scope(unit.pk):
        own = Link.objects.filter(unit=unit)
        if own.count() >= MOST_LINKS:
            raise errors.LinksFull(phrases.LINKS_FULL.format(most=MOST_LINKS))
        link = Link(unit=unit, order=next_order(own))
        _fill(link, label, url, group)
        link.save()
        audit.record("portal.link.added", unit_id=unit.pk, subject=link.label, by=by, target=link.url)
    return link


@transaction.atomic
def change_link(*, unit: Unit, link: Link, label: str, url: str, group: str, by: str) -> Link:
    """Raises `AnotherUnit` and what `add_link` raises."""
    with unit_scope(unit.pk):
        link = _own_link(unit, link)
        before = (link.label, link.url, link.group)
        _fill(link, label, url, group)
        after = (link.label, link.url, link.group)
        if after != before:
            link.save()
            names = ("tên hiển thị", "địa chỉ", "nhóm")
            changes = {name: [old, new] for name, old, new in zip(names, before, after, strict=True) if old != new}
            audit.record("portal.link.changed", unit_id=unit.pk, subject=before[0], by=by, changes=changes)
    return link


@transaction.atomic
def move_link(*, unit: Unit, link: Link, step: int, by: str) -> None:
    """One place up (-1) or down (+1)."""
    with unit_scope(unit.pk):
        link = _own_link(unit, link)
        if swap(Link.objects.filter(unit=unit), link, step):
            audit.record("portal.link.moved", unit_id=unit.pk, subject=link.label, by=by)


@transaction.atomic
def remove_link(*, unit: Unit, link: Link, by: str) -> None:
    with unit_scope(unit.pk):
        link = _own_link(unit, link)
        audit.record("portal.link.removed", unit_id=unit.pk, subject=link.label, by=by, target=link.url)
        link.delete()


def _own_link(unit: Unit, link: Link) -> Link:
    if link.unit_id != unit.pk:
        raise errors.AnotherUnit
    return Link.objects.select_for_update(of=("self",)).get(pk=link.pk)


def _fill(link: Link, label: str, url: str, group: str) -> None:
    link.label, link.url, link.group = squeeze(label), clean_target(url), squeeze(group)[:60]
    if not 0 < len(link.label) <= 80:
        raise errors.LabelInvalid(phrases.LABEL_INVALID.format(most=80))
    if Link.objects.filter(unit=link.unit_id, url=link.url).exclude(pk=link.pk).exists():
        raise errors.LinkTwice
