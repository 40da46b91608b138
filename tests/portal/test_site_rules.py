"""Pure rules of what a unit arranges, and the menu every public page reads."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from congtruong.portal import errors
from congtruong.portal.blocks.shell import NavItem, own_nav
from congtruong.portal.enums import ALWAYS_SHOWN, OF_AUTHORITIES, HomeBlock
from congtruong.portal.models import MenuItem
from congtruong.portal.queries import MenuRow
from congtruong.portal.rules.home import arrangement, blocks_for, moved
from congtruong.portal.rules.targets import clean_target
from congtruong.portal.services import Word, add_link, add_menu_item, change_menu_item, move_link, start_menu
from congtruong.units.models import Unit
from tests.factories import BY, make_page, make_unit

_CHOICES = st.lists(st.tuples(st.sampled_from([*HomeBlock.values, "la", ""]), st.booleans()))


@pytest.mark.unit
@given(stored=_CHOICES, is_authority=st.booleans())
def test_arrangement_holds_every_part_once_whatever_was_stored(
    stored: list[tuple[str, bool]], is_authority: bool
) -> None:
    made = arrangement(stored, is_authority=is_authority)

    assert sorted(block for block, _ in made) == sorted(blocks_for(is_authority=is_authority))
    assert all(is_on for block, is_on in made if block in ALWAYS_SHOWN)
    assert arrangement(made, is_authority=is_authority) == made


@pytest.mark.unit
def test_parts_of_authorities_are_theirs_alone_and_new_parts_come_at_their_place() -> None:
    stored = [("lien-he", True), ("noi-bat", False)]

    order = [block for block, _ in arrangement(stored, is_authority=False)]

    assert not OF_AUTHORITIES & set(order)
    assert order[:2] == [HomeBlock.CONTACT, HomeBlock.HERO]
    assert order.index(HomeBlock.QUICK) == 2


@pytest.mark.unit
@given(st.sampled_from(HomeBlock), st.sampled_from([-1, 1]))
def test_moving_there_and_back_changes_nothing_but_at_the_ends(block: HomeBlock, step: int) -> None:
    order = list(HomeBlock)

    there = moved(order, block, step)

    assert sorted(there) == sorted(order)
    assert there == order or moved(there, block, -step) == order


@pytest.mark.unit
@pytest.mark.parametrize(
    ("given_address", "wanted"),
    [
        ("/thong-bao/", "/thong-bao/"),
        (" /tim-kiem/?q=a ", "/tim-kiem/?q=a"),
        ("https://so.example.vn/a?b=1", "https://so.example.vn/a?b=1"),
        ("https://a.hcm.edu.vn/tin-tuc/", "/tin-tuc/"),
        ("http://a.hcm.edu.vn", "/"),
    ],
)
def test_addresses_are_kept_as_paths_or_encrypted(given_address: str, wanted: str) -> None:
    assert clean_target(given_address, own_host="a.hcm.edu.vn") == wanted


@pytest.mark.unit
@pytest.mark.parametrize(
    "address",
    [
        "",
        "tin-tuc",
        "//a.vn/",
        "/\\a.vn",
        "http://b.vn/",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "https://user:pass@a.vn/",
        "https://a",
        "https://[a/",
        "https://a.hcm.edu.vn//b.vn/",
        "/a b",
        "/" + "a" * 300,
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(errors.TargetInvalid):
        clean_target(address, own_host="a.hcm.edu.vn")


@pytest.mark.unit
def test_menu_leaves_out_what_leads_nowhere_and_what_stands_below_hidden_items() -> None:
    rows = [
        MenuRow(1, None, "Nhóm", ""),
        MenuRow(2, 1, "Con", "/con/"),
        MenuRow(3, 1, "Trang đã gỡ", ""),
        MenuRow(4, None, "Trống", ""),
        MenuRow(5, 99, "Dưới mục ẩn", "/a/"),
    ]

    assert own_nav(rows) == (NavItem("Nhóm", "", (NavItem("Con", "/con/"),)),)


@pytest.fixture
def unit() -> Unit:
    return make_unit(host="a.hcm.edu.vn")


@pytest.mark.integration
@pytest.mark.django_db
def test_menu_has_two_levels_and_a_limit(unit: Unit) -> None:
    top = add_menu_item(unit=unit, word=Word(label="Nhóm"), by=BY)
    child = add_menu_item(unit=unit, word=Word(label="Con", target="/a/", parent_id=top.pk), by=BY)
    other = add_menu_item(unit=unit, word=Word(label="Khác", target="/b/"), by=BY)

    for item, word in (
        (top, Word(label="Nhóm", parent_id=other.pk)),
        (other, Word(label="Khác", parent_id=child.pk)),
        (other, Word(label="Khác", parent_id=other.pk)),
    ):
        with pytest.raises(errors.MenuTooDeep):
            change_menu_item(unit=unit, item=item, word=word, by=BY)
    for number in range(10):
        add_menu_item(unit=unit, word=Word(label=f"Mục {number}", target="/a/"), by=BY)
    with pytest.raises(errors.MenuFull):
        add_menu_item(unit=unit, word=Word(label="Thêm", target="/a/"), by=BY)
    with pytest.raises(errors.LabelInvalid):
        change_menu_item(unit=unit, item=other, word=Word(label="x" * 31), by=BY)


@pytest.mark.integration
@pytest.mark.django_db
def test_foreign_pages_and_items_are_refused_on_write(unit: Unit) -> None:
    other = make_unit()
    page, item = make_page(other), add_menu_item(unit=other, word=Word(label="Của bạn", target="/a/"), by=BY)
    link = add_link(unit=other, label="Của bạn", url="https://a.example/", group="", by=BY)

    for word in (Word(label="Lấy", page_id=page.pk), Word(label="Lấy", target="/a/", parent_id=item.pk)):
        with pytest.raises(errors.AnotherUnit):
            add_menu_item(unit=unit, word=word, by=BY)
    with pytest.raises(errors.AnotherUnit):
        change_menu_item(unit=unit, item=item, word=Word(label="Đổi"), by=BY)
    with pytest.raises(errors.AnotherUnit):
        move_link(unit=unit, link=link, step=1, by=BY)

    assert list(MenuItem.objects.values_list("unit", "label")) == [(other.pk, "Của bạn")]


@pytest.mark.integration
@pytest.mark.django_db
def test_menu_and_links_cost_one_query_however_many_there_are(
    client: Client, unit: Unit, django_assert_max_num_queries: Any
) -> None:
    def counted() -> int:
        with django_assert_max_num_queries(10) as captured:
            client.get("/lien-he/", headers={"host": "a.hcm.edu.vn"})
        return len(captured)

    first = counted()
    start_menu(unit=unit, items=[("Một", "/a/"), ("Hai", "/b/")], by=BY)
    page = make_page(unit, "Trang")
    for number in range(6):
        add_menu_item(unit=unit, word=Word(label=f"Trang {number}", page_id=page.pk), by=BY)
        add_link(unit=unit, label=f"Nơi {number}", url=f"https://a.example/{number}", group="", by=BY)

    assert counted() == first
