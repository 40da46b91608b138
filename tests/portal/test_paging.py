"""Page numbers of long lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.portal.blocks.paging import PAGE_SIZE, Pages

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("total", "count"), [(0, 1), (1, 1), (PAGE_SIZE, 1), (PAGE_SIZE + 1, 2), (PAGE_SIZE * 3, 3), (PAGE_SIZE * 3 + 1, 4)]
)
def test_count_of_pages(total: int, count: int) -> None:
    assert Pages(1, total, "/tin-tuc/").count == count


@pytest.mark.parametrize(("number", "exists"), [(-1, False), (0, False), (1, True), (3, True), (4, False)])
def test_pages_exist_from_the_first_to_the_last(number: int, exists: bool) -> None:
    assert Pages(number, PAGE_SIZE * 3, "/tin-tuc/").exists is exists


def test_an_empty_list_has_its_first_page() -> None:
    pages = Pages(1, 0, "/tin-tuc/")

    assert (pages.exists, pages.offset, pages.following) == (True, 0, "")


@pytest.mark.parametrize(
    ("base", "query", "number", "address"),
    [
        ("/tin-tuc/", "", 1, "/tin-tuc/"),
        ("/tin-tuc/", "", 2, "/tin-tuc/trang/2/"),
        ("/van-ban/?", "", 1, "/van-ban/"),
        ("/van-ban/?", "", 2, "/van-ban/?trang=2"),
        ("/van-ban/?", "so=a&hl=con", 1, "/van-ban/?so=a&hl=con"),
        ("/van-ban/?", "so=a&hl=con", 3, "/van-ban/?so=a&hl=con&trang=3"),
    ],
)
def test_addresses_of_plain_and_filtered_lists(base: str, query: str, number: int, address: str) -> None:
    assert Pages(1, 100, base, query).address(number) == address


@pytest.mark.parametrize(
    ("number", "total", "shown"),
    [
        (1, 20, [1]),
        (1, 60, [1, 2, 3]),
        (1, 200, [1, 2, None, 10]),
        (5, 200, [1, None, 4, 5, 6, None, 10]),
        (10, 200, [1, None, 9, 10]),
        (3, 80, [1, 2, 3, 4]),
    ],
)
def test_steps_show_the_ends_and_the_neighbours(number: int, total: int, shown: list[int | None]) -> None:
    assert [step and step[0] for step in Pages(number, total, "/tin-tuc/").steps] == shown


def test_following_page_ends_with_the_last() -> None:
    assert [Pages(number, 41, "/x/").following for number in (1, 2, 3)] == ["/x/trang/2/", "/x/trang/3/", ""]


@given(total=st.integers(0, 5000), number=st.integers(1, 300))
def test_steps_are_in_order_and_lead_to_pages_that_exist(total: int, number: int) -> None:
    pages = Pages(number, total, "/x/")
    steps = [step for step in pages.steps if step is not None]

    assert [step[0] for step in steps] == sorted({step[0] for step in steps})
    assert all(Pages(step[0], total, "/x/").exists for step in steps)
    assert steps[0][0] == 1
    assert steps[-1][0] == pages.count
    assert len(pages.steps) <= 7


@given(total=st.integers(0, 500))
def test_pages_together_cover_the_list_once(total: int) -> None:
    count = Pages(1, total, "/x/").count
    offsets = [Pages(number, total, "/x/").offset for number in range(1, count + 1)]

    assert [place for offset in offsets for place in range(offset, min(offset + PAGE_SIZE, total))] == list(
        range(total)
    )
