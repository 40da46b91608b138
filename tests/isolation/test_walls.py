"""The walls below the pages: every private table of two units, with the first wall open."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django_scopes import scopes_disabled

from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager, unit_scope
from tests.isolation.asking import Door, ask, undone
from tests.isolation.declared import DESK
from tests.isolation.pages import swaps
from tests.isolation.seeing import leaks
from tests.isolation.world import World
from tests.structure.test_scoping import WRITTEN_IN_SCOPE, private_models, unit_models

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

PRIVATE: list[Any] = private_models()
GUARDED: list[Any] = [model for model in unit_models() if model in PRIVATE or model._meta.label in WRITTEN_IN_SCOPE]


def _has_second_wall() -> bool:
    assert connection.vendor in {"sqlite", "postgresql"}
    return connection.vendor == "postgresql"


def _owners(model: Any) -> set[int]:
    return set(model._base_manager.values_list("unit_id", flat=True))


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model._meta.label)
def test_world_holds_rows_of_both_schools_in_every_table(world: World, model: Any) -> None:
    """Otherwise the crawl proves nothing of the table: give it a row in tests/isolation/world.py."""
    schools = {world.tenants[tag].unit.pk for tag in ("a", "b")}
    with unit_scope(*schools):
        assert _owners(model) & schools == schools


@pytest.mark.parametrize("model", PRIVATE, ids=lambda model: model._meta.label)
def test_first_wall_shows_each_unit_its_own_rows(world: World, model: Any) -> None:
    for tag in ("a", "b"):
        unit = world.tenants[tag].unit.pk
        with unit_scope(unit):
            assert set(model.objects.values_list("unit_id", flat=True)) == {unit}


@pytest.mark.parametrize("model", PRIVATE, ids=lambda model: model._meta.label)
def test_second_wall_stands_when_the_first_is_open(world: World, model: Any) -> None:
    """SQLite has no such wall: there everything is open once the managers are."""
    ours, theirs = world.tenants["a"].unit.pk, world.tenants["b"].unit.pk
    with scopes_disabled():
        nobodys = _owners(model)
    with unit_scope(ours):
        seen = _owners(model)
        with undone():
            changed = model._base_manager.filter(unit=theirs).update(unit=theirs)
        stolen = _outcome(lambda: model._base_manager.filter(unit=ours).update(unit=theirs))
        added = _outcome(lambda: _copy_for(model, theirs))

    if _has_second_wall():
        assert (nobodys, seen, changed) == (set(), {ours}, 0)
        assert (stolen, added) == ("refused", "refused")
    else:
        assert {ours, theirs} <= nobodys & seen
        assert changed > 0


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model._meta.label)
def test_second_wall_keeps_others_from_writing(world: World, model: Any) -> None:
    ours, theirs = world.tenants["a"].unit.pk, world.tenants["b"].unit.pk
    with unit_scope(ours), undone():
        changed = model._base_manager.filter(unit=theirs).update(unit=theirs)
    with unit_scope(ours):
        added = _outcome(lambda: _copy_for(model, theirs))

    if _has_second_wall():
        assert (changed, added) == (0, "refused")
    else:
        assert changed > 0


def _outcome(act: Any) -> str:
    """Whether row-level security refused; anything else that went wrong is not what is asked here."""
    try:
        with undone(), transaction.atomic():
            act()
    except DatabaseError as error:
        return "refused" if "row-level security" in str(error) else "failed otherwise"
    return "done"


def _copy_for(model: Any, unit_id: int) -> None:
    row = model._base_manager.filter(unit__isnull=False).first()
    row.pk, row.unit_id = None, unit_id
    models.Model.save_base(row, force_insert=True)


def test_pages_find_nothing_foreign_when_the_managers_show_everything(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the first wall gone every page still asks for its own unit, and on PostgreSQL finds no other."""

    def open_queryset(manager: Any) -> models.QuerySet[Any]:
        return models.Manager.get_queryset(manager)

    door, found = Door(world.tenants["a"]), list[object]()
    ours, theirs = world.tenants["a"].ids, world.tenants["b"].ids
    monkeypatch.setattr(ScopedManager, "get_queryset", open_queryset)
    for name, page in DESK:
        for foreign in swaps(page, ours, theirs) if page.lets_in(world, "head", "a") else ():
            for method in ("GET", "POST") if foreign.in_path else ("POST",):
                if method not in page.answers:
                    continue
                with undone():
                    answer = ask(world, "head", door, method, foreign.path, foreign.body, page.headers)
                wanted = (page.missing,) if foreign.in_path else page.refused
                if "?" not in foreign.path and answer.status not in wanted:
                    found.append((name, foreign.where, method, answer.status))
                typed = "mark-b-draft" in f"{foreign.body}".lower()
                if seen := {mark for mark in leaks(world, "head", "a", page, answer) if mark[0] == "b" and not typed}:
                    found.append((name, foreign.where, method, seen))

    assert found == [], "\n".join(map(str, found))


def test_unit_of_the_world_is_no_other(world: World) -> None:
    assert len({tenant.unit.pk for tenant in world.tenants.values()}) == 4
    assert Unit.objects.count() == 6
