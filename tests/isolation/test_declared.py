"""Nothing of the console is left out of the crawl."""

from typing import Any

import pytest
from django.urls import resolve

from tests.isolation.declared import CENTRAL, DESK
from tests.isolation.pages import own
from tests.isolation.world import World
from tests.test_isolation import CENTRAL as PUBLIC_CENTRAL
from tests.test_isolation import PORTAL, named_patterns

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_UNIT, _CENTRAL = "congtruong.config.urls", "congtruong.config.central_urls"


@pytest.mark.parametrize(
    ("urlconf", "declared"),
    [
        (_UNIT, set(PORTAL) | {name for name, _ in DESK}),
        (_CENTRAL, set(PUBLIC_CENTRAL) | {name for name, _ in CENTRAL}),
    ],
)
def test_every_address_is_declared(urlconf: str, declared: set[str]) -> None:
    found = {name for name, _ in named_patterns(urlconf)}

    assert found - declared == set(), (
        "declare staff pages in tests/isolation/declared_*.py, public ones in tests/test_isolation.py"
    )
    assert declared - found == set(), "these addresses are gone: take their declarations away"


def test_declared_paths_are_those_of_their_addresses(world: World) -> None:
    ids = world.tenants["a"].ids
    wanted = [(_UNIT, name, own(page, ids)[0]) for name, page in DESK]
    wanted += [(_UNIT, name, path.format(**ids)) for name, page in DESK for path in page.more]
    wanted += [(_CENTRAL, name, own(page, ids)[0]) for name, page in CENTRAL]

    found = [(urlconf, resolve(path.split("?")[0], urlconf).view_name, path) for urlconf, _, path in wanted]

    assert found == wanted


def test_ids_of_the_schools_are_of_the_same_kind_and_differ(world: World) -> None:
    """What is put in the place of an own id must be able to be taken for it."""
    ours, theirs, never = world.tenants["a"].ids, world.tenants["b"].ids, world.missing

    assert set(ours) == set(theirs) == set(never)
    kinds: dict[str, set[type[Any]]] = {
        name: {type(ours[name]), type(theirs[name]), type(never[name])} for name in ours
    }
    assert [name for name, types in kinds.items() if len(types) > 1] == []
    same = [name for name in ours if ours[name] in {theirs[name], never[name]}]
    assert same == []
