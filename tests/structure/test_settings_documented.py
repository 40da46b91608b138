"""docs/configuration.md names every environment variable the settings read, and no other."""

import ast
import re
from pathlib import Path

import pytest

from congtruong.config import env

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "congtruong" / "config" / "settings.py"
DOCUMENT = ROOT / "docs" / "configuration.md"


def variables_read(source: str) -> set[str]:
    """Full names of the variables read with `env.<reader>("NAME", …)`; a name that is no literal fails."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "env":
            name = node.args[0]
            assert isinstance(name, ast.Constant), f"line {node.lineno}: write the name of the variable as a text"
            names.add(env.PREFIX + str(name.value))
    return names


def test_variables_read_finds_every_reader() -> None:
    source = (
        'A = env.text("ONE", "")\nif env.flag("TWO", False):\n    B = [env.path("THREE", X)]\nC = other.text("FOUR")'
    )

    assert variables_read(source) == {"CONGTRUONG_ONE", "CONGTRUONG_TWO", "CONGTRUONG_THREE"}


def test_configuration_document_names_exactly_the_variables_read() -> None:
    assert DOCUMENT.is_file(), "docs/configuration.md explains every variable"
    documented = set(re.findall(rf"\b{env.PREFIX}[A-Z0-9_]+\b", DOCUMENT.read_text(encoding="utf-8")))

    assert documented == variables_read(SETTINGS.read_text(encoding="utf-8"))
