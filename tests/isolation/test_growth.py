"""Pages of a unit cost the same among 3 units and among 60, with 3 articles and with 60."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congtruong.editorial.enums import State
from congtruong.editorial.models import Post
from congtruong.publication.enums import Channel
from congtruong.units.enums import Kind, Role
from congtruong.units.models import Membership, Unit, User
from congtruong.units.scoping import unit_scope
from tests.isolation.asking import Door, ask
from tests.isolation.world import World

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_PAGES = (
    *("", "them/", "bai-viet/", "bai-viet/{draft}/", "bai-viet/{document}/", "cho-duyet/", "bai-viet/muc/"),
    *("thu-vien/", "thu-vien/chon/", "thanh-vien/", "thanh-vien/{member}/", "thanh-vien/them/", "nhat-ky/"),
    *("cai-dat/", "lien-he/", "menu/", "menu/{menu_item}/", "trang/", "trang-chu/", "luot-xem/", "nam-hoc/"),
    *("chuyen-du-lieu/", "ten-mien/"),
)
# Clock times, and how long ago something was.
_TIMES = re.compile(r"\d{2}:\d{2}|\d+ (?:giây|phút) trước")


def _cost(world: World, path: str, *, is_mounted: bool = False) -> tuple[int, int]:
    """Queries and bytes of a page, as the head of the board gets it."""
    door = Door(world.tenants["a"], is_mounted=is_mounted)
    with CaptureQueriesContext(connection) as queries:
        answer = ask(world, "head", door, "GET", f"/quan-tri/{path}".format(**world.tenants["a"].ids))
    assert answer.status == 200, path
    return len(queries), len(_TIMES.sub("", answer.body.decode()))


def _more_units(count: int) -> None:
    """Schools with a head and articles that wait, as the others have them."""
    made = Unit.objects.bulk_create(
        Unit(kind=Kind.LOWER_SECONDARY, name=f"Trường thêm {n}", search_name=f"truong them {n}") for n in range(count)
    )
    people = User.objects.bulk_create(User(username=f"them{n}", full_name=f"Cô Thêm {n}") for n in range(count))
    for unit, person in zip(made, people, strict=True):
        with unit_scope(unit.pk):
            Membership.objects.create(unit=unit, user=person, role=Role.HEAD, granted_by="thử")
            _more_posts(unit, 2)


def _more_posts(unit: Unit, count: int, channel: Channel = Channel.NEWS) -> None:
    Post.objects.bulk_create(
        Post(unit=unit, channel=channel, title=f"Bài thêm {n}", slug=f"them-{n}", school_year=2026, state=State.DRAFT)
        for n in range(count)
    )


def test_staff_pages_cost_the_same_among_many_units(world: World) -> None:
    before = {path: _cost(world, path) for path in _PAGES}
    mounted = _cost(world, "bai-viet/", is_mounted=True)

    _more_units(57)

    assert {path: _cost(world, path) for path in _PAGES} == before
    assert _cost(world, "bai-viet/", is_mounted=True) == mounted


def test_editing_costs_the_same_with_many_articles(world: World) -> None:
    paths = ("bai-viet/{draft}/", "bai-viet/{draft}/lich-su/", "bai-viet/{draft}/xem-thu/", "thu-vien/{image}/")
    before = {path: _cost(world, path) for path in paths}

    with unit_scope(world.tenants["a"].unit.pk):
        _more_posts(world.tenants["a"].unit, 57)

    assert {path: _cost(world, path) for path in paths} == before


def test_lists_cost_the_same_queries_with_many_articles(world: World) -> None:
    with unit_scope(world.tenants["a"].unit.pk):
        _more_posts(world.tenants["a"].unit, 3)
    paths = ("", "bai-viet/", "cho-duyet/", "trang/")
    before = {path: _cost(world, path)[0] for path in paths}

    with unit_scope(world.tenants["a"].unit.pk):
        _more_posts(world.tenants["a"].unit, 57, Channel.PAGE)

    assert {path: _cost(world, path)[0] for path in paths} == before
