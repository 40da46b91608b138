"""Relations between models follow the rows of the import layers.

import-linter does not see a foreign key written as a string, so every relation is compared with the same rows.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models.fields.related import RelatedField

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "congtruong"


@dataclass(frozen=True)
class Relation:
    """`model` of `app` points at something in `target`; apps by their short names."""

    app: str
    model: str
    target: str


def rows_of(layers: Sequence[str]) -> dict[str, int]:
    """Row of each app, the lowest row being 0; one line of the configuration is one row."""
    return {app.strip(" ()"): row for row, line in enumerate(reversed(layers)) for app in line.split("|")}


def wrong_relations(relations: Iterable[Relation], rows: dict[str, int]) -> list[str]:
    """Relations that point to the same or a higher row of another app, and apps that stand in no row."""
    wrong = []
    for relation in relations:
        if relation.app == relation.target:
            continue
        missing = {relation.app, relation.target} - rows.keys()
        if missing:
            wrong.append(f"{relation.model}: {', '.join(sorted(missing))} stands in no row")
        elif rows[relation.target] >= rows[relation.app]:
            wrong.append(f"{relation.model} points from {relation.app} up or across to {relation.target}")
    return wrong


def own_app(model: Any) -> str | None:
    package, _, rest = model.__module__.partition(".")
    return rest.split(".")[0] if package == PACKAGE else None


def relations_of(models: Iterable[Any]) -> list[Relation]:
    found = []
    for model in models:
        for field in model._meta.get_fields(include_hidden=True):
            if not isinstance(field, RelatedField) or not isinstance(field.related_model, type):
                continue
            app, target = own_app(model), own_app(field.related_model)
            if app and target:
                found.append(Relation(app, f"{model.__name__}.{field.name}", target))
    return found


def configured_layers() -> list[str]:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configuration["tool"]["importlinter"]["contracts"]
    return next(list(contract["layers"]) for contract in contracts if contract["containers"] == [PACKAGE])


ROWS = rows_of(["desk", "left | (right)", "ground"])


@pytest.mark.parametrize(
    ("relation", "wrong"),
    [
        (Relation("left", "A.b", "ground"), []),
        (Relation("desk", "A.b", "ground"), []),
        (Relation("left", "A.b", "left"), []),
        (Relation("ground", "A.b", "left"), ["A.b points from ground up or across to left"]),
        (Relation("left", "A.b", "right"), ["A.b points from left up or across to right"]),
        (Relation("left", "A.b", "loft"), ["A.b: loft stands in no row"]),
    ],
)
def test_wrong_relations_names_what_points_up_or_across(relation: Relation, wrong: list[str]) -> None:
    assert wrong_relations([relation], ROWS) == wrong


def test_relations_are_found_in_models() -> None:
    relations = relations_of(apps.get_models())

    assert Relation("editorial", "Post.cover", "media") in relations
    assert Relation("units", "Oversight.authority", "units") in relations
    assert Relation("units", "Membership.user", "units") in relations


def test_relations_of_models_point_down() -> None:
    relations = relations_of(apps.get_models(include_auto_created=True))

    assert wrong_relations(relations, rows_of(configured_layers())) == []
