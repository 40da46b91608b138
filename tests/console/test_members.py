"""The screens about the people of a unit, and who may open them."""

import re
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from congtruong.core.models import AuditEntry
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.queries import free_username, open_invitations, roles_in
from congtruong.units.rules.usernames import username_for
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role, invite
from tests.factories import BY, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HOST = "hoaphuong.hcm.edu.vn"


@pytest.fixture
def unit() -> Unit:
    return make_unit("Trường THCS Hoa Phượng (mẫu)", host=HOST)


def person(name: str, unit: Unit | None = None, *roles: Role, **fields: Any) -> User:
    user = User.objects.create_user(name, full_name=fields.pop("full_name", f"Người {name}"), **fields)
    for role in roles:
        assert unit is not None
        grant_role(unit=unit, user=user, role=role, by=BY)
    return user


def signed_in(user: User) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(user)
    return client


def roles_of(unit: Unit, user: User) -> set[Role]:
    with unit_scope(unit.pk):
        return set(roles_in(unit, user))


def everything(unit: Unit, member: User, invitation_id: int) -> list[tuple[str, str]]:
    return [
        ("get", "/quan-tri/thanh-vien/"),
        ("get", "/quan-tri/thanh-vien/them/"),
        ("get", "/quan-tri/thanh-vien/moi/"),
        ("get", f"/quan-tri/thanh-vien/{member.pk}/"),
        ("post", f"/quan-tri/thanh-vien/{member.pk}/"),
        ("post", f"/quan-tri/thanh-vien/{member.pk}/bo/"),
        ("post", f"/quan-tri/thanh-vien/{member.pk}/mat-khau/"),
        ("post", f"/quan-tri/thanh-vien/loi-moi/{invitation_id}/huy/"),
    ]


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.EDITOR, Role.TECHNICIAN, None])
def test_only_heads_and_operators_reach_these_screens(unit: Unit, role: Role | None) -> None:
    head, member = person("truong", unit, Role.HEAD), person("dong", unit, Role.CONTRIBUTOR)
    invitation, _ = invite(unit=unit, name="Lan", role=Role.EDITOR, giver=head, by=BY)
    outsider = person("ngoai", make_unit(), Role.HEAD) if role is None else person("khac", unit, role)
    client = signed_in(outsider)

    answers = {getattr(client, method)(path).status_code for method, path in everything(unit, member, invitation.pk)}

    assert answers == {404}
    assert roles_of(unit, member) == {Role.CONTRIBUTOR}
    with unit_scope(unit.pk):
        assert len(open_invitations(unit, invitation.made_at)) == 1


def test_list_shows_people_of_this_unit_with_their_duties_here(unit: Unit) -> None:
    other = make_unit()
    head = person("truong", unit, Role.HEAD)
    both = person("haitruong", unit, Role.EDITOR)
    grant_role(unit=other, user=both, role=Role.TECHNICIAN, by=BY)
    person("nguoila", other, Role.HEAD)

    body = signed_in(head).get("/quan-tri/thanh-vien/").content.decode()

    assert "Người haitruong" in body
    assert "Biên tập, duyệt bài" in body
    assert "Phụ trách kỹ thuật" not in body
    assert "Người nguoila" not in body
    assert "UNDEFINED" not in body


def test_list_costs_the_same_queries_with_one_and_ten_people(unit: Unit, django_assert_max_num_queries: Any) -> None:
    head = person("truong", unit, Role.HEAD)
    client = signed_in(head)

    def counted() -> int:
        with django_assert_max_num_queries(16) as captured:
            assert client.get("/quan-tri/thanh-vien/").status_code == 200
        return len(captured)

    first = counted()
    for number in range(9):
        person(f"nguoi{number}", unit, Role.CONTRIBUTOR, Role.EDITOR)

    assert counted() == first


def test_new_colleague_gets_an_account_and_the_password_is_shown_once(unit: Unit) -> None:
    head = person("truong", unit, Role.HEAD)
    client = signed_in(head)
    data = {"full_name": " Lê  Thị Cúc", "honorific": "cô", "email": "", "roles": ["bien_tap_vien"], "once": "a1"}

    body = client.post("/quan-tri/thanh-vien/them/", data).content.decode()

    made = User.objects.get(username="cuclt.hoaphuong")
    found = re.search(r'secret-word">([^<]+)<', body)
    assert found is not None
    assert authenticate(username=made.username, password=found[1]) == made
    assert (made.full_name, made.must_change_password) == ("Lê Thị Cúc", True)
    assert roles_of(unit, made) == {Role.CONTRIBUTOR}
    assert found[1] not in str(list(AuditEntry.objects.values()))
    assert found[1] not in str(dict(client.session))
    assert found[1] not in client.get("/quan-tri/thanh-vien/").content.decode()


def test_reloading_the_page_with_the_password_makes_no_second_account(unit: Unit) -> None:
    client = signed_in(person("truong", unit, Role.HEAD))
    data = {"full_name": "Lê Thị Cúc", "roles": ["bien_tap_vien"], "once": "a1"}

    client.post("/quan-tri/thanh-vien/them/", data)
    again = client.post("/quan-tri/thanh-vien/them/", data)

    assert again.status_code == 302
    assert User.objects.filter(full_name="Lê Thị Cúc").count() == 1


@pytest.mark.parametrize("roles", [[], ["truong_ban"], ["giam_sat"], ["bien_tap_vien", "truong_ban"], ["la"]])
def test_head_cannot_make_an_account_with_duties_he_may_not_give(unit: Unit, roles: list[str]) -> None:
    client = signed_in(person("truong", unit, Role.HEAD))
    before = User.objects.count()

    response = client.post("/quan-tri/thanh-vien/them/", {"full_name": "Lê Thị Cúc", "roles": roles, "once": "a"})

    assert response.status_code == 422
    assert User.objects.count() == before


def test_operator_names_the_first_head_through_the_central_console(unit: Unit) -> None:
    operator = person("vanhanh", is_staff=True)
    client = Client(headers={"host": "congtruong.test"})
    client.force_login(operator)
    data = {"full_name": "Nguyễn Văn An", "roles": ["truong_ban"], "once": "a"}

    response = client.post(f"/tai/{HOST}/quan-tri/thanh-vien/them/", data)

    made = User.objects.get(username="annv.hoaphuong")
    assert response.status_code == 200
    assert roles_of(unit, made) == {Role.HEAD}
    assert f"http://{HOST}" in response.content.decode()
    acts = AuditEntry.objects.filter(unit_id=unit.pk, actor_id=operator.pk).values_list("action", flat=True)
    assert set(acts) == {"console.member.taken_on", "units.membership.granted"}


def test_head_changes_duties_and_may_not_touch_another_head(unit: Unit) -> None:
    head, second = person("truong", unit, Role.HEAD), person("pho", unit, Role.HEAD)
    member = person("dong", unit, Role.CONTRIBUTOR)
    client = signed_in(head)

    changed = client.post(f"/quan-tri/thanh-vien/{member.pk}/", {"roles": ["duyet"]})
    refused = client.post(f"/quan-tri/thanh-vien/{second.pk}/", {"roles": ["duyet"]})
    own = client.post(f"/quan-tri/thanh-vien/{head.pk}/", {"roles": ["duyet"]})

    assert (changed.status_code, refused.status_code, own.status_code) == (302, 422, 422)
    assert roles_of(unit, member) == {Role.EDITOR}
    assert roles_of(unit, second) == roles_of(unit, head) == {Role.HEAD}


def test_removed_person_loses_the_console_at_once(unit: Unit) -> None:
    head, member = person("truong", unit, Role.HEAD), person("dong", unit, Role.EDITOR)
    theirs = signed_in(member)
    assert theirs.get("/quan-tri/nhat-ky/").status_code == 200

    signed_in(head).post(f"/quan-tri/thanh-vien/{member.pk}/bo/")

    assert theirs.get("/quan-tri/nhat-ky/").status_code == 404
    assert User.objects.filter(pk=member.pk, is_active=True).exists()


def test_person_of_another_unit_does_not_exist_here(unit: Unit) -> None:
    other = make_unit()
    head, stranger = person("truong", unit, Role.HEAD), person("la", other, Role.EDITOR, full_name="Người lạ mặt")
    client = signed_in(head)

    for path in ("", "bo/", "mat-khau/"):
        for answer in (
            client.get(f"/quan-tri/thanh-vien/{stranger.pk}/{path}"),
            client.post(f"/quan-tri/thanh-vien/{stranger.pk}/{path}", {"roles": ["duyet"], "once": "b"}),
        ):
            assert answer.status_code == 404
            assert "Người lạ mặt" not in answer.content.decode()
    assert roles_of(other, stranger) == {Role.EDITOR}


def test_password_is_renewed_here_and_refused_where_it_opens_another_door(unit: Unit) -> None:
    head, member = person("truong", unit, Role.HEAD), person("dong", unit, Role.EDITOR, password="mat-khau-cu-2026")
    busy = person("haitruong", unit, Role.EDITOR, password="mat-khau-cu-2026")
    grant_role(unit=make_unit(), user=busy, role=Role.CONTRIBUTOR, by=BY)
    client = signed_in(head)

    done = client.post(f"/quan-tri/thanh-vien/{member.pk}/mat-khau/", {"once": "a"})
    refused = client.post(f"/quan-tri/thanh-vien/{busy.pk}/mat-khau/", {"once": "b"})

    assert (done.status_code, refused.status_code) == (200, 422)
    assert authenticate(username="dong", password="mat-khau-cu-2026") is None
    assert authenticate(username="haitruong", password="mat-khau-cu-2026") == busy
    assert "chỉ người vận hành" in refused.content.decode()


def test_invitation_is_made_shown_once_and_taken_up_by_somebody_else(unit: Unit) -> None:
    head, guest = person("truong", unit, Role.HEAD), person("khach")
    client, theirs = signed_in(head), signed_in(guest)

    made = client.post("/quan-tri/thanh-vien/moi/", {"name": "Cô Lan", "role": "duyet", "once": "a"}).content.decode()
    found = re.search(r'value="[^"]*(/quan-tri/loi-moi/[^"]+/)"', made)
    assert found is not None
    offered = theirs.get(found[1])
    taken = theirs.post(found[1])
    again = signed_in(person("muon")).post(found[1])

    assert (offered.status_code, taken.status_code, again.status_code) == (200, 302, 410)
    assert roles_of(unit, guest) == {Role.EDITOR}
    assert found[1].split("/")[3] not in client.get("/quan-tri/thanh-vien/").content.decode()


def test_invitation_of_another_unit_is_unknown_here(unit: Unit) -> None:
    other = make_unit()
    head, guest = person("truong", other, Role.HEAD), person("khach")
    invitation, secret = invite(unit=other, name="Cô Lan", role=Role.EDITOR, giver=head, by=BY)

    answer = signed_in(guest).post(f"/quan-tri/loi-moi/{secret}/")
    revoked = signed_in(person("nha", unit, Role.HEAD)).post(f"/quan-tri/thanh-vien/loi-moi/{invitation.pk}/huy/")

    assert (answer.status_code, revoked.status_code) == (410, 404)
    assert roles_of(unit, guest) == roles_of(other, guest) == set()
    assert other.name not in answer.content.decode()


def test_invitation_asks_strangers_to_sign_in(unit: Unit) -> None:
    answer = Client(headers={"host": HOST}).get("/quan-tri/loi-moi/abc/")

    assert answer.status_code == 302
    assert "loi-moi/abc" in answer["Location"]


# --- User names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "host", "wanted"),
    [
        ("Lê Thị Cúc", "thcshoaphuong.hcm.edu.vn", "cuclt.thcshoaphuong"),
        ("Đỗ Đức", "a.vn", "ducd.a"),
        ("Nguyễn", "", "nguyen"),
        ("!!", "a.vn", ""),
    ],
)
def test_user_names_come_from_the_name_and_the_unit(name: str, host: str, wanted: str) -> None:
    assert username_for(name, host) == wanted


def test_taken_user_names_are_numbered() -> None:
    for taken in ("cuclt.a", "CUCLT2.a", "cuclt.b"):
        person(taken)

    assert free_username("Lê Thị Cúc", "a.vn") == "cuclt3.a"
