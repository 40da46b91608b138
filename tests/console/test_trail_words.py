"""Every act that the product writes into the trail has a sentence."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from congtruong.console.blocks.trail import KINDS, SENTENCES

pytestmark = pytest.mark.unit

PACKAGE = Path(__file__).resolve().parents[2] / "congtruong"
APPS = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
_ACTION = re.compile(r"([a-z]+)\.[a-z_]+\.[a-z_]+")
_BEGINNING = re.compile(r"([a-z]+)\.[a-z_]+\.")


def constants(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def actions_in(source: str) -> set[str]:
    """Actions as they stand in a module, also those put together from a beginning and the callers' words."""
    tree = ast.parse(source)
    found = {text for text in constants(tree) if (hit := _ACTION.fullmatch(text)) and hit[1] in APPS}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        beginnings = [
            str(part.values[0].value)
            for part in ast.walk(function)
            if isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant)
        ]
        for beginning in beginnings:
            hit = _BEGINNING.fullmatch(beginning)
            if hit and hit[1] in APPS:
                found |= {beginning + word for word in words_given(tree, function.name)}
    return found


def words_given(tree: ast.AST, name: str) -> set[str]:
    """First arguments of every call of a function, both sides of a choice."""
    words: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name and node.args:
            first = node.args[0]
            sides = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            words |= {side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)}
    return words


ACTIONS = {
    action
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "trail.py" or path.parent.name != "blocks"
    for action in actions_in(path.read_text(encoding="utf-8"))
}


def test_actions_in_finds_whole_and_put_together_ones() -> None:
    source = (
        'record("editorial.post.saved")\n'
        'def _end(event):\n    record(f"editorial.post.{event}")\n'
        '_end("pinned" if x else "unpinned")\n_end("published")\nother("a.b.c")'
    )

    assert actions_in(source) == {
        "editorial.post.saved",
        "editorial.post.pinned",
        "editorial.post.unpinned",
        "editorial.post.published",
    }


def test_every_action_has_a_sentence() -> None:
    assert sorted(ACTIONS - set(SENTENCES)) == []


def test_every_action_belongs_to_a_kind_of_work() -> None:
    beginnings = tuple(prefix for _, prefixes in KINDS.values() for prefix in prefixes)

    assert [action for action in sorted(ACTIONS) if not action.startswith((*beginnings, "units."))] == []
