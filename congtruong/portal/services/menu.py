"""The menu of a portal, once its unit arranges it itself."""

from dataclasses import dataclass

from django.db import transaction

from congtruong.core import audit
from congtruong.core.text import squeeze
from congtruong.editorial.models import Post
from congtruong.portal import errors, phrases
from congtruong.portal.models import MenuItem
from congtruong.portal.rules.targets import clean_target
from congtruong.portal.services.ordering import next_order, swap
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope

MOST_LABEL, MOST_TOP, MOST_BELOW = 30, 12, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a person set for a menu item: `page_id` or `target` or neither. `own_host` makes own addresses paths."""

    label: str
    page_id: int | None = None
    target: str = ""
    parent_id: int | None = None
    is_hidden: bool = False
    own_host: str = ""


@transaction.atomic
def start_menu(*, unit: Unit, items: list[tuple[str, str]], by: str) -> None:
    """Begin with (label, path), the menu visitors saw until now. Does nothing when the unit has a menu of its own."""
    with unit_scope(unit.pk):
        _lock(unit)
        if MenuItem.objects.filter(unit=unit).exists():
            return
        MenuItem.objects.bulk_create(
            MenuItem(unit=unit, label=label, target=path, order=order) for order, (label, path) in enumerate(items)
        )
        audit.record("portal.menu.started", unit_id=unit.pk, subject=unit.name, by=by)


@transaction.atomic
def add_menu_item(*, unit: Unit, word: Word, by: str) -> MenuItem:
    """Put a word at the end of its level. Raises what `_fill` raises, or `MenuFull`."""
    with unit_scope(unit.pk):
        _lock(unit)
        item = MenuItem(unit=unit)
        _fill(item, word, is_new=True)
        item.order = next_order(MenuItem.objects.filter(unit=unit, parent=item.parent_id))
        item.save()
        audit.record(
            "portal.menu.added", unit_id=unit.pk, subject=item.label, by=by, target=item.target or _page_name(item)
        )
    return item


@transaction.atomic
def change_menu_item(*, unit: Unit, item: MenuItem, word: Word, by: str) -> MenuItem:
    """Raises what `_fill` raises, or `MenuFull`."""
    with unit_scope(unit.pk):
        _lock(unit)
        item = _own_item(unit, item)
        before, parent_before = _shown(item), item.parent_id
        _fill(item, word)
        if item.parent_id != parent_before:
            item.order = next_order(MenuItem.objects.filter(unit=unit, parent=item.parent_id))
        item.save()
        after = _shown(item)
        changes = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
        if changes:
            audit.record("portal.menu.changed", unit_id=unit.pk, subject=before["tên hiển thị"], by=by, changes=changes)
    return item


@transaction.atomic
def move_menu_item(*, unit: Unit, item: MenuItem, step: int, by: str) -> None:
    """One place up (-1) or down (+1) on its level."""
    with unit_scope(unit.pk):
        _lock(unit)
        item = _own_item(unit, item)
        if swap(MenuItem.objects.filter(unit=unit, parent=item.parent_id), item, step):
            audit.record("portal.menu.moved", unit_id=unit.pk, subject=item.label, by=by)


@transaction.atomic
def remove_menu_item(*, unit: Unit, item: MenuItem, by: str) -> None:
    """Take a word out, with those below it."""
    with unit_scope(unit.pk):
        _lock(unit)
        item = _own_item(unit, item)
        below = list(MenuItem.objects.filter(parent=item.pk).values_list("label", flat=True))
        audit.record("portal.menu.removed", unit_id=unit.pk, subject=item.label, by=by, label=", ".join(below))
        item.delete()


@transaction.atomic
def reset_menu(*, unit: Unit, by: str) -> None:
    """Give up the unit's own menu: visitors see that of the product again."""
    with unit_scope(unit.pk):
        _lock(unit)
        own = MenuItem.objects.filter(unit=unit)
        before = list(own.filter(parent=None).values_list("label", flat=True))
        if before:
            own.delete()
            changes = {"menu": [", ".join(before), ""]}
            audit.record("portal.menu.reset", unit_id=unit.pk, subject=unit.name, by=by, changes=changes)


def _lock(unit: Unit) -> None:
    Unit.objects.select_for_update(of=("self",)).only("pk").get(pk=unit.pk)


def _own_item(unit: Unit, item: MenuItem) -> MenuItem:
    if item.unit_id != unit.pk:
        raise errors.AnotherUnit
    found = MenuItem.objects.select_related("page", "parent").filter(pk=item.pk).first()
    if found is None:
        raise errors.AnotherUnit
    return found


def _fill(item: MenuItem, word: Word, *, is_new: bool = False) -> None:
    """Raises `LabelInvalid`, `TargetInvalid`, `AnotherUnit`, `MenuTooDeep`, `MenuFull`."""
    item.label = squeeze(word.label)
    if not 0 < len(item.label) <= MOST_LABEL:
        raise errors.LabelInvalid(phrases.LABEL_INVALID.format(most=MOST_LABEL))
    _fill_target(item, word)
    _fill_parent(item, word, is_new=is_new)
    item.is_hidden = word.is_hidden


def _fill_target(item: MenuItem, word: Word) -> None:
    item.page, item.target = None, ""
    if word.page_id is not None:
        item.page = Post.objects.filter(unit=item.unit_id, channel=Channel.PAGE, pk=word.page_id).first()
        if item.page is None:
            raise errors.AnotherUnit
    elif word.target:
        item.target = clean_target(word.target, own_host=word.own_host)


def _fill_parent(item: MenuItem, word: Word, *, is_new: bool) -> None:
    is_moved = is_new or item.parent_id != word.parent_id
    parent = None
    if word.parent_id is not None:
        parent = MenuItem.objects.filter(unit=item.unit_id, pk=word.parent_id).first()
        if parent is None:
            raise errors.AnotherUnit
        has_children = not is_new and MenuItem.objects.filter(parent=item.pk).exists()
        if parent.parent_id is not None or parent.pk == item.pk or has_children:
            raise errors.MenuTooDeep
    most = MOST_TOP if parent is None else MOST_BELOW
    if is_moved and MenuItem.objects.filter(unit=item.unit_id, parent=parent).count() >= most:
        raise errors.MenuFull(phrases.MENU_FULL.format(most=most))
    item.parent = parent


def _page_name(item: MenuItem) -> str:
    return item.page.title if item.page is not None else ""


def _shown(item: MenuItem) -> dict[str, str]:
    """An item as the trail keeps it."""
    return {
        "tên hiển thị": item.label,
        "dẫn đến": item.target or _page_name(item),
        "thuộc mục": item.parent.label if item.parent is not None else "",
        "tạm ẩn": "Có" if item.is_hidden else "Không",
    }
