"""Who may do what on the first staff pages of the central host."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from congtruong.units.enums import Kind, OversightKind, Role
from congtruong.units.models import Oversight, User
from congtruong.units.services import grant_role
from tests.factories import make_authority, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HOST = {"host": "congtruong.test"}
PASSWORD = "mat-khau-thu-2026"
PLACE = "/quan-tri/chua-xac-dinh/ghi/"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("vanthu", "vanthu@truong.edu.vn", PASSWORD, full_name="Cô Lê Thị C")


@pytest.fixture
def operator() -> User:
    return User.objects.create_user("vanhanh", password=PASSWORD, is_staff=True)


def test_today_asks_strangers_to_sign_in(client: Client) -> None:
    response = client.get("/quan-tri/", headers=HOST)

    assert (response.status_code, response["Location"]) == (302, "/quan-tri/tai-khoan/dang-nhap/?next=/quan-tri/")


def test_today_shows_own_units_only(client: Client, person: User) -> None:
    mine, other = make_unit("Trường của tôi (mẫu)"), make_unit("Trường bạn (mẫu)")
    grant_role(unit=mine, user=person, role=Role.CONTRIBUTOR, by="thử")
    stranger = User.objects.create_user("khac", password=PASSWORD)
    grant_role(unit=other, user=stranger, role=Role.HEAD, by="thử")
    client.force_login(person)

    body = client.get("/quan-tri/", headers=HOST).content.decode()

    assert "Trường của tôi (mẫu)" in body
    assert "Trường bạn (mẫu)" not in body


def test_operator_places_a_unit_and_it_leaves_the_list(client: Client, operator: User) -> None:
    unit = make_unit("Trường chưa rõ (mẫu)")
    ward = make_authority("UBND phường Mẫu", kind=Kind.WARD_COMMITTEE)
    client.force_login(operator)

    response = client.post(PLACE, {"unit": [unit.pk], "authority": ward.pk}, headers=HOST, follow=True)

    edge = Oversight.objects.get(unit=unit)
    assert (edge.authority, edge.kind, edge.from_on) == (ward, OversightKind.MANAGING, date(2025, 7, 1))
    assert "Đã ghi 1 trường thuộc UBND phường Mẫu." in response.content.decode()


@pytest.mark.parametrize("choice", ["", "999999", "abc"])
def test_operator_without_a_ward_is_told_so_and_nothing_changes(client: Client, operator: User, choice: str) -> None:
    unit = make_unit()
    client.force_login(operator)

    response = client.post(PLACE, {"unit": [unit.pk], "authority": choice}, headers=HOST, follow=True)

    assert "Cần chọn phường quản lý." in response.content.decode()
    assert not Oversight.objects.exists()


def test_placing_is_all_or_nothing_and_refuses_what_is_placed_already(client: Client, operator: User) -> None:
    unit, placed = make_unit(), make_unit()
    ward, other = (make_authority(kind=Kind.WARD_COMMITTEE) for _ in range(2))
    place(placed, other)
    client.force_login(operator)

    response = client.post(PLACE, {"unit": [unit.pk, placed.pk], "authority": ward.pk}, headers=HOST, follow=True)

    assert "Có trường đã được xác định phường từ trước." in response.content.decode()
    assert list(Oversight.objects.values_list("unit", "authority")) == [(placed.pk, other.pk)]


def test_list_of_unplaced_schools_does_not_grow_with_their_number(
    client: Client, operator: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(operator)

    def reading() -> tuple[int, int]:
        with django_assert_max_num_queries(12) as captured:
            body = client.get("/quan-tri/chua-xac-dinh/", headers=HOST).content.decode()
        return len(captured), body.count('name="unit"')

    make_unit()
    first = reading()
    for _ in range(24):
        make_unit()

    assert (first, reading()) == ((first[0], 1), (first[0], 20))


def test_only_ward_committees_can_be_chosen(client: Client, operator: User) -> None:
    unit, school = make_unit(), make_unit()
    client.force_login(operator)

    client.post(PLACE, {"unit": [unit.pk], "authority": school.pk}, headers=HOST)

    assert not Oversight.objects.exists()


def test_operator_pages_do_not_exist_for_staff(client: Client, person: User) -> None:
    unit = make_unit("Trường kín (mẫu)")
    ward = make_authority(kind=Kind.WARD_COMMITTEE)
    client.force_login(person)

    listed = client.get("/quan-tri/chua-xac-dinh/", headers=HOST)
    placed = client.post(PLACE, {"unit": [unit.pk], "authority": ward.pk}, headers=HOST)

    assert (listed.status_code, placed.status_code) == (404, 404)
    assert "Trường kín" not in listed.content.decode()
    assert not Oversight.objects.exists()


def test_signing_in_again_after_a_lost_session_leads_to_the_list(client: Client, operator: User) -> None:
    client.force_login(operator)

    response = client.get(PLACE, headers=HOST)

    assert (response.status_code, response["Location"]) == (302, "/quan-tri/chua-xac-dinh/")
