"""Nobody raises himself or others: over all pages, whatever is posted."""

from itertools import product
from typing import Any

import pytest

from congtruong.units.enums import Role
from congtruong.units.models import User
from congtruong.units.rules.duties import grantable
from tests.isolation.asking import Door, accounts, ask, memberships, undone
from tests.isolation.declared import CENTRAL, DESK
from tests.isolation.pages import Page, own
from tests.isolation.world import PEOPLE, World

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

# Fields that no form has, and that would make somebody more than he is.
_GREEDY: dict[str, Any] = {
    "is_staff": "1",
    "is_superuser": "1",
    "is_active": "1",
    "groups": "1",
    "user_permissions": "1",
    "must_change_password": "",
    "unit": "{unit}",
    "unit_id": "{unit}",
    "user": "{user}",
    "user_id": "{user}",
    "username": "vanhanh",
    "giver": "{user}",
    "by": "Người vận hành",
    "state": "da-dang",
    "is_public": "1",
}
_DUTIES = {"role": Role.HEAD.value, "roles": [role.value for role in Role]}


@pytest.mark.parametrize("role", [*PEOPLE, "anonymous"])
def test_no_page_gives_more_rights_than_may_be_given(world: World, role: str) -> None:
    tag = PEOPLE[role][0] if role in PEOPLE else "a"
    person = world.people.get(role)
    others = {"unit": str(world.tenants["b"].unit.pk), "user": str(person.pk if person else 0)}
    greedy = {key: value.format(**others) for key, value in _GREEDY.items()}
    givable = grantable(world.roles(role, tag), is_operator=False, to_authority=tag == "oa")
    before, people = memberships(), accounts()
    found: list[object] = []
    for host, name, page in _written(world, role, tag):
        for more in (greedy, greedy | _DUTIES):
            path, body = own(page, world.tenants[tag].ids)
            with undone():
                answer = ask(world, role, host, "POST", path, more | body if more is greedy else body | more)
                if answer.wrote.keys() & {"units_user", "units_membership"}:
                    found += _raised(name, before, people, tag, world, givable, person)

    assert found == [], "\n".join(map(str, found))


def _written(world: World, role: str, tag: str) -> list[tuple[Door, str, Page]]:
    pages = [(Door(world.tenants[tag]), name, page) for name, page in DESK if page.lets_in(world, role, tag)]
    pages += [(Door(None), name, page) for name, page in CENTRAL if page.lets_in(world, role, "")]
    return [each for each in pages if "POST" in each[2].answers]


def _raised(
    name: str,
    before: set[tuple[int, int, str]],
    people: list[tuple[Any, ...]],
    tag: str,
    world: World,
    givable: frozenset[Role],
    person: User | None,
) -> list[object]:
    """What became more than it may."""
    unit = world.tenants[tag].unit.pk
    offered = {Role.EDITOR.value} if name == "console:invitation" else set()
    gained = memberships() - before
    found: list[object] = [
        (name, "gave", each)
        for each in gained
        if each[0] != unit
        or not ((each[2] in {*givable} and (not person or each[1] != person.pk)) or each[2] in offered)
    ]
    known = {row[0] for row in people}
    found += [(name, "account", row) for row in accounts() if row[0] in known and row not in people]
    found += [(name, "new account", row) for row in accounts() if row[0] not in known and (row[1] or row[2])]
    return found


def test_head_changes_the_duties_of_lower_people_only(world: World) -> None:
    """Himself, the other head, a stranger, an operator: whatever is wished for them, nothing comes of it."""
    school, ids = world.tenants["a"], world.tenants["a"].ids
    head, before = world.people["head"].pk, memberships()
    targets = [head, ids["chief"], ids["member"], world.people["outsider"].pk, world.people["operator"].pk]
    wishes = [[role.value] for role in Role] + [[role.value for role in Role], [Role.EDITOR.value, Role.HEAD.value]]
    givable = grantable({Role.HEAD}, is_operator=False, to_authority=False)
    changed = set()
    for target, roles in product(targets, wishes):
        with undone():
            ask(world, "head", Door(school), "POST", f"/quan-tri/thanh-vien/{target}/", {"roles": roles})
            now = memberships()
            assert {role for _, _, role in now - before} <= {role.value for role in givable}, (target, roles)
            changed |= {person for _, person, _ in now ^ before}
    for target, step in product(targets, ("bo/", "mat-khau/")):
        with undone():
            passwords = dict(User.objects.values_list("pk", "password"))
            ask(world, "head", Door(school), "POST", f"/quan-tri/thanh-vien/{target}/{step}", {"once": f"{target}"})
            changed |= {person for _, person, _ in memberships() ^ before}
            now_passwords = dict(User.objects.values_list("pk", "password"))
            changed |= {pk for pk, password in passwords.items() if now_passwords[pk] != password}

    assert changed == {ids["member"]}


def test_invitation_of_another_unit_opens_nothing_here(world: World) -> None:
    """The secret of `b` below `a`, and that of `a` taken up by who made none: only the duty offered, only at home."""
    before = memberships()
    with undone():
        secret = world.tenants["b"].ids["secret"]
        for role in ("head", "outsider", "supervisor"):
            answer = ask(world, role, Door(world.tenants["a"]), "POST", f"/quan-tri/loi-moi/{secret}/")
            assert (answer.status, memberships()) == (410, before)
    with undone():
        secret = world.tenants["a"].ids["secret"]
        ask(world, "supervisor", Door(world.tenants["a"]), "POST", f"/quan-tri/loi-moi/{secret}/")
        taken = memberships() - before
        ask(world, "outsider", Door(world.tenants["a"]), "POST", f"/quan-tri/loi-moi/{secret}/")

        assert taken == {(world.tenants["a"].unit.pk, world.people["supervisor"].pk, Role.EDITOR.value)}
        assert memberships() - before == taken
