"""The headings of a channel. The caller has entered the unit's scope."""

from django.db import transaction
from django.db.models import Max

from congtruong.core import audit
from congtruong.core.text import slug, squeeze
from congtruong.editorial import errors
from congtruong.editorial.models import Category
from congtruong.publication.enums import Channel
from congtruong.publication.services import forget_category
from congtruong.units.models import Unit


@transaction.atomic
def add_category(*, unit: Unit, channel: Channel, name: str, by: str) -> Category:
    """A new heading, last in order. Raises `CategoryUnnamed` or `CategoryExists`."""
    name = _free_name(unit, channel, name)
    own = Category.objects.filter(unit=unit, channel=channel)
    last = own.aggregate(last=Max("order"))["last"]
    category = Category(unit=unit, channel=channel, name=name, slug=_free_slug(unit, channel, name))
    category.order = 0 if last is None else last + 1
    category.save(force_insert=True)
    _record("added", category, by)
    return category


@transaction.atomic
def rename_category(*, category: Category, name: str, by: str) -> Category:
    """Its address stays. Raises `CategoryUnnamed` or `CategoryExists`."""
    category.name = _free_name(category.unit, Channel(category.channel), name, but=category)
    category.save(update_fields=["name"])
    _record("renamed", category, by)
    return category


@transaction.atomic
def move_category(*, category: Category, up: bool, by: str) -> None:
    """One place up or down among the headings of its channel; at the end nothing happens."""
    rows = list(Category.objects.filter(unit=category.unit_id, channel=category.channel).select_for_update())
    here = next(number for number, row in enumerate(rows) if row.pk == category.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for number, row in enumerate(rows):
        row.order = number
    Category.objects.bulk_update(rows, ["order"])
    _record("moved", category, by)


@transaction.atomic
def delete_category(*, category: Category, by: str) -> None:
    """Its articles, drafts and published ones, stand under no heading from now on."""
    forget_category(unit_id=category.unit_id, channel=Channel(category.channel), category=category.slug)
    _record("deleted", category, by)
    category.delete()


def _free_name(unit: Unit, channel: Channel, name: str, but: Category | None = None) -> str:
    name = squeeze(name)[:80]
    if not name:
        raise errors.CategoryUnnamed
    others = Category.objects.filter(unit=unit, channel=channel).exclude(pk=but.pk if but is not None else 0)
    if name.casefold() in {other.casefold() for other in others.values_list("name", flat=True)}:
        raise errors.CategoryExists(name)
    return name


def _free_slug(unit: Unit, channel: Channel, name: str) -> str:
    wanted = slug(name, most=70)
    taken = set(Category.objects.filter(unit=unit, channel=channel).values_list("slug", flat=True))
    number = 1
    made = wanted
    while made in taken:
        number += 1
        made = f"{wanted}-{number}"
    return made


def _record(event: str, category: Category, by: str) -> None:
    audit.record(
        f"editorial.category.{event}",
        unit_id=category.unit_id,
        subject=category.name,
        by=by,
        channel=category.channel,
    )
