"""Pages of a unit cost the same among a few units and among 2,500, with 20 articles and with 2,000."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congtruong.editorial.enums import State
from congtruong.editorial.models import Post
from congtruong.publication.enums import Channel
from congtruong.units.enums import Kind, Role
from congtruong.units.models import Membership, Unit, User
from congtruong.units.scoping import everywhere, unit_scope
from tests.isolation.asking import Door, ask, undone
from tests.isolation.world import World

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_PAGES = (
    *("", "them/", "bai-viet/", "bai-viet/{draft}/", "bai-viet/{document}/", "cho-duyet/", "bai-viet/muc/"),
    *("thu-vien/", "thu-vien/chon/", "thanh-vien/", "thanh-vien/{member}/", "thanh-vien/them/", "nhat-ky/"),
    *("cai-dat/", "lien-he/", "menu/", "menu/{menu_item}/", "trang/", "trang-chu/", "luot-xem/", "nam-hoc/"),
    *("chuyen-du-lieu/", "ten-mien/"),
)
MANY_UNITS, FEW_POSTS, MANY_POSTS = 2_500, 20, 2_000
# Counts and clock times, and how long ago something was.
_NUMBERS = re.compile(r"\d+ (?:giây|phút) trước|\d[\d.:]*")


def _cost(world: World, path: str, *, is_mounted: bool = False) -> tuple[int, int]:
    """Queries and characters of a page, apart from numbers, as the head of the board gets it."""
    door = Door(world.tenants["a"], is_mounted=is_mounted)
    with CaptureQueriesContext(connection) as queries:
        answer = ask(world, "head", door, "GET", f"/quan-tri/{path}".format(**world.tenants["a"].ids))
    assert answer.status == 200, path
    return len(queries), len(_NUMBERS.sub("", answer.body.decode()))


def _more_units(count: int) -> None:
    """Schools with a head and articles that wait, as the others have them."""
    made = Unit.objects.bulk_create(
        Unit(kind=Kind.LOWER_SECONDARY, name=f"Trường thêm {n}", search_name=f"truong them {n}") for n in range(count)
    )
    people = User.objects.bulk_create(User(username=f"them{n}", full_name=f"Cô Thêm {n}") for n in range(count))
    with everywhere("the test fills a whole province at once"):
        Membership.objects.bulk_create(
            Membership(unit=unit, user=person, role=Role.HEAD, granted_by="thử")
            for unit, person in zip(made, people, strict=True)
        )
        Post.objects.bulk_create(_post(unit, n) for unit in made for n in range(2))


def _until(unit: Unit, count: int, channel: Channel = Channel.NEWS) -> None:
    """More articles, every other one waiting for approval, until the unit has so many."""
    with unit_scope(unit.pk):
        has = Post.objects.filter(unit=unit).count()
        Post.objects.bulk_create(_post(unit, n, channel) for n in range(has, count))
        assert Post.objects.filter(unit=unit).count() == count


def _post(unit: Unit, n: int, channel: Channel = Channel.NEWS) -> Post:
    state = State.SUBMITTED if n % 2 else State.DRAFT
    return Post(unit=unit, channel=channel, title=f"Bài thêm {n}", slug=f"them-{n}", school_year=2026, state=state)


def _publishing(world: World) -> tuple[int, bytes]:
    """Queries of publishing an article that waits, and where the answer leads; nothing of it stays."""
    tenant = world.tenants["a"]
    with undone(), CaptureQueriesContext(connection) as queries:
        path = "/quan-tri/bai-viet/{submitted}/dang/".format(**tenant.ids)
        answer = ask(world, "head", Door(tenant), "POST", path, {"seen": "1", "guard_reason": "Đã được đồng ý"})
        assert (answer.status, _live(tenant.unit, tenant.ids["submitted"])) == (302, True)
    return len(queries), answer.body


def _live(unit: Unit, post_id: int) -> bool:
    with unit_scope(unit.pk):
        return Post.objects.filter(pk=post_id, live__isnull=False).exists()


def test_staff_pages_cost_the_same_among_many_units(world: World) -> None:
    before = {path: _cost(world, path) for path in _PAGES}
    mounted = _cost(world, "bai-viet/", is_mounted=True)

    publishing = _publishing(world)

    _more_units(MANY_UNITS - Unit.objects.count())

    assert {path: _cost(world, path) for path in _PAGES} == before
    assert _cost(world, "bai-viet/", is_mounted=True) == mounted
    assert (_publishing(world), Unit.objects.count()) == (publishing, MANY_UNITS)


def test_editing_costs_the_same_with_many_articles(world: World) -> None:
    paths = (
        *("bai-viet/{draft}/", "bai-viet/{draft}/lich-su/", "bai-viet/{draft}/xem-thu/", "thu-vien/{image}/"),
        *("cho-duyet/{submitted}/", "bai-viet/{published}/go/"),
    )
    _until(world.tenants["a"].unit, FEW_POSTS)
    before = {path: _cost(world, path) for path in paths}
    publishing = _publishing(world)

    _until(world.tenants["a"].unit, MANY_POSTS)

    assert {path: _cost(world, path) for path in paths} == before
    assert _publishing(world) == publishing


def test_lists_cost_the_same_queries_with_many_articles(world: World) -> None:
    _until(world.tenants["a"].unit, FEW_POSTS)
    paths = ("", "bai-viet/", "cho-duyet/", "trang/")
    before = {path: _cost(world, path)[0] for path in paths}

    _until(world.tenants["a"].unit, MANY_POSTS // 2)
    _until(world.tenants["a"].unit, MANY_POSTS, Channel.PAGE)

    assert {path: _cost(world, path)[0] for path in paths} == before
