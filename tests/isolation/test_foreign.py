"""Ids of another unit: in addresses and bodies they answer like ids that never were, and nothing comes of them."""

from collections.abc import Callable

import pytest

from tests.isolation.asking import Answer, Door, ask, rows_of, strangers_in, undone
from tests.isolation.declared import DESK
from tests.isolation.pages import Page, Swap, swaps
from tests.isolation.seeing import leaks
from tests.isolation.world import World

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

Report = Callable[..., None]


# Below /tai/<host>/ of the central host stand the same views: the role that may do everything stands for the others.
@pytest.mark.parametrize(
    ("role", "is_mounted"),
    [("head", False), ("head", True), *((role, False) for role in ("contributor", "editor", "technician", "operator"))],
)
def test_ids_of_another_unit_are_ids_that_never_were(world: World, role: str, *, is_mounted: bool) -> None:
    door, found, tried = Door(world.tenants["a"], is_mounted=is_mounted), list[object](), 0
    before = rows_of(world.tenants["b"])
    for name, page in DESK:
        if not page.lets_in(world, role, "a"):
            continue
        ours, theirs = world.tenants["a"].ids, world.tenants["b"].ids
        pairs = zip(swaps(page, ours, theirs), swaps(page, ours, world.missing), strict=True)
        for foreign, missing in pairs:
            methods = [method for method in ("GET", "POST") if method in page.answers]
            if foreign.path == missing.path:
                methods = ["POST"]
            elif "?" in foreign.path:
                methods = ["GET"]
            for method in methods:
                tried += 1
                problem = _problem(world, role, door, page, method, foreign, missing, before)
                if problem:
                    found.append((name, foreign.where, method, problem))

    assert found == [], "\n".join(map(str, found))
    assert tried > (10 if role == "operator" else 20)


def _problem(
    world: World, role: str, door: Door, page: Page, method: str, foreign: Swap, missing: Swap, before: object
) -> object:
    """What is wrong with the answers, or with what they left behind."""
    ours, theirs = world.tenants["a"], world.tenants["b"]
    with undone():
        never = ask(world, role, door, method, missing.path, missing.body, page.headers)
    with undone():
        answer = ask(world, role, door, method, foreign.path, foreign.body, page.headers)
        if answer.wrote and rows_of(theirs) != before:
            return "changed rows of the other unit"
        if answer.wrote and (refers := strangers_in(ours, theirs)):
            return f"refers to rows of the other unit: {refers}"
    if foreign.in_path and (answer.status != page.missing or answer.wrote):
        return f"{answer.status} instead of {page.missing}, wrote {dict(answer.wrote)}"
    if foreign.path == missing.path and answer.status not in page.refused:
        return f"{answer.status} instead of one of {page.refused}"
    if seen := {mark for mark in leaks(world, role, "a", page, answer) if mark[0] != "a"} - _sent(foreign):
        return f"shows {seen}"
    return "" if _same(answer, never, foreign, missing) else "tells it from an id that never was"


def _sent(foreign: Swap) -> set[tuple[str, str]]:
    """Marks that the person typed himself."""
    typed = f"{foreign.path} {foreign.body}".lower()
    return {("b", "draft")} if "mark-b-draft" in typed else set()


def _same(answer: Answer, never: Answer, foreign: Swap, missing: Swap) -> bool:
    if answer == never:
        return True
    # A form that is shown again repeats what was typed.
    typed = [str(each) for swap in (foreign, missing) for each in _ids(swap, foreign, missing)]
    bodies = {_neutral(each.body, typed) for each in (answer, never)}
    heads = {_neutral(repr((each.headers, each.said)).encode(), typed) for each in (answer, never)}
    return answer.status == never.status and len(bodies) == len(heads) == 1


def _ids(swap: Swap, foreign: Swap, missing: Swap) -> list[object]:
    differing = [key for key in foreign.body if foreign.body[key] != missing.body[key]]
    values = [swap.body[key] for key in differing]
    flat = [one for each in values for one in (each if isinstance(each, list) else [each])]
    if foreign.path != missing.path:
        flat.append(swap.path)
        flat.append(swap.path.rsplit("=", 1)[-1])
    return flat


def _neutral(content: bytes, typed: list[str]) -> bytes:
    for each in sorted(typed, key=len, reverse=True):
        content = content.replace(each.encode(), b"ID")
    return content
