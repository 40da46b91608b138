"""The import layers of pyproject.toml cover every app there is, and no other."""

import tomllib
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
# Parts that are no app with models and services of its own.
NOT_LAYERED_INSIDE = {"core", "config"}


def packages() -> set[str]:
    return {path.parent.name for path in (ROOT / "congtruong").glob("*/__init__.py")}


def contract(name: str) -> dict[str, list[str]]:
    return next(entry for entry in CONTRACTS if entry["id"] == name)


def test_every_package_stands_in_one_row() -> None:
    rows = [app.strip() for line in contract("apps")["layers"] for app in line.split("|")]

    assert sorted(rows) == sorted(packages())


def test_every_app_is_layered_inside() -> None:
    inside = {container.removeprefix("congtruong.") for container in contract("inside")["containers"]}

    assert inside == packages() - NOT_LAYERED_INSIDE


def test_every_app_is_installed() -> None:
    installed = {app.removeprefix("congtruong.") for app in settings.INSTALLED_APPS if app.startswith("congtruong.")}

    assert installed == packages() - {"config"}


def test_sources_keep_to_the_sizes_of_the_house() -> None:
    longest = 400
    too_long = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "congtruong").rglob("*.py")
        if "migrations" not in path.parts and len(path.read_text(encoding="utf-8").splitlines()) > longest
    }

    assert too_long == set()
