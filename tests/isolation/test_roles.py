"""Every page of the console × every role × every method: who gets what, and what nobody gets to see."""

import pytest

from tests.isolation.asking import METHODS, Answer, Door, ask, undone
from tests.isolation.declared import CENTRAL, DESK
from tests.isolation.declared_accounts import ACCOUNTS
from tests.isolation.pages import Who, own
from tests.isolation.seeing import leaks
from tests.isolation.world import ROLES, World

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_NOWHERE = "/quan-tri/khong-he-co/"
# Who may not use a page is refused before the method is looked at: the outsider tries them all.
_REFUSED = ("GET", "POST")
# An account knows no unit: its pages are asked for on a unit's host by few, on the central host by everybody.
_WITH_ACCOUNT = {("anonymous", "a"), ("head", "a"), ("outsider", "a")}
_OF_ACCOUNTS = {name for name, _ in ACCOUNTS}
# Each role in school `a`, and those who belong elsewhere where they belong.
PLACES = [*((role, "a") for role in ROLES), ("outsider", "b"), ("supervisor", "oa"), ("contracts", "oa")]


@pytest.mark.parametrize(("role", "tag"), PLACES)
def test_pages_of_a_unit_answer_as_declared(world: World, role: str, tag: str) -> None:
    door, ids = Door(world.tenants[tag]), world.tenants[tag].ids
    nothing = {method: ask(world, role, door, method, _NOWHERE) for method in METHODS}
    found: list[object] = []
    for name, page in DESK:
        if name in _OF_ACCOUNTS and (role, tag) not in _WITH_ACCOUNT:
            continue
        path, _ = own(page, ids)
        may = role != "anonymous" and page.lets_in(world, role, tag)
        is_refused = not may and page.who is not Who.ANYBODY and (role, tag) != ("outsider", "a")
        # At home those from elsewhere prove that the objects are there; methods are tried in school `a`.
        accepted = METHODS if tag == "a" else tuple(page.answers)
        for method in _REFUSED if is_refused else accepted:
            with undone():
                body = own(page, ids)[1]
                answer = ask(world, role, door, method, path, body, page.headers)
            wanted = page.status(world, role, tag, method)
            case = (name, page.path, method)
            if answer.status != wanted:
                found.append((*case, answer.status, "instead of", wanted))
            if seen := leaks(world, role, tag, page, answer):
                found.append((*case, seen))
            if not may and page.who is not Who.ANYBODY and (problem := _tells(answer, nothing[method], role)):
                found.append((*case, problem))
            if method not in {"POST", "PUT"} and answer.wrote:
                found.append((*case, dict(answer.wrote)))
        for more in page.more if may else ():
            answer = ask(world, role, door, "GET", more.format(**ids))
            if answer.status != page.status(world, role, tag, "GET") or leaks(world, role, tag, page, answer):
                found.append((name, more, answer.status, leaks(world, role, tag, page, answer)))

    assert found == [], "\n".join(map(str, found))


def _tells(answer: Answer, nothing: Answer, role: str) -> str:
    """What a refusal says beyond that there is nothing here."""
    if answer.wrote:
        return f"wrote {dict(answer.wrote)}"
    if role == "anonymous":
        location = dict(answer.headers).get("Location", "")
        is_asked_to_sign_in = "tai-khoan/dang-nhap/" in location or answer.status == 401
        return "" if is_asked_to_sign_in else f"leads to {location!r}"
    # Which addresses the product has is no secret; whether the page looked at the session may show in a header.
    is_same = (answer.status, answer.body) == (nothing.status, nothing.body)
    return "" if is_same else "is not the page that does not exist"


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_the_central_host_answer_as_declared(world: World, role: str) -> None:
    door = Door(None)
    nothing = {method: ask(world, role, door, method, _NOWHERE) for method in METHODS}
    ids = world.tenants["a"].ids
    found: list[object] = []
    for name, page in CENTRAL:
        path, _ = own(page, ids)
        may = role != "anonymous" and page.lets_in(world, role, "")
        for method in METHODS:
            with undone():
                answer = ask(world, role, door, method, path, own(page, ids)[1], page.headers)
            wanted = page.status(world, role, "", method)
            if answer.status != wanted:
                found.append((name, method, answer.status, "instead of", wanted))
            if seen := leaks(world, role, "", page, answer):
                found.append((name, method, seen))
            if not may and page.who is not Who.ANYBODY and (problem := _tells(answer, nothing[method], role)):
                found.append((name, method, problem))

    assert found == [], "\n".join(map(str, found))


def test_consoles_of_units_stand_on_the_central_host_under_their_own_name_only(world: World) -> None:
    """Neither does the central host answer for a unit without its name, nor a unit for the central host."""
    school, head = world.tenants["a"], "head"
    names = {name for name, _ in CENTRAL}
    outside = [own(page, school.ids)[0] for name, page in DESK if name not in names]
    operators = [own(page, school.ids)[0] for name, page in CENTRAL if page.who is Who.OPERATOR]

    misplaced = [path for path in outside if ask(world, head, Door(None), "GET", path).status != 404]
    misplaced += [path for path in operators if ask(world, "operator", Door(school), "GET", path).status != 404]

    assert misplaced == []
