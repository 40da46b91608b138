"""A unit's own record on its screens: contact, name, colours, crest, host names."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from congtruong.console.blocks.settings import palettes
from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.media.models import Asset
from congtruong.portal.registry import contact_duty
from congtruong.units.enums import Role, Theme
from congtruong.units.models import HostName, Unit, User
from congtruong.units.registry import Asked
from congtruong.units.rules.duties import Act, allowed
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_unit, picture

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HOST = "thcshoaphuong.hcm.edu.vn"
CONTACT = {
    "address": "12 đường Hoa Phượng",
    "phone": "(028) 3000 0101",
    "email": "vanthu@hoaphuong.edu.vn",
    "office_hours": "7:00 – 16:30",
    "responsible_name": "Nguyễn Văn A",
    "responsible_title": "Hiệu trưởng",
}


@pytest.fixture
def unit() -> Unit:
    return make_unit("Trường THCS Hoa Phượng (mẫu)", host=HOST, phone="")


def desk(unit: Unit, role: Role | None = Role.HEAD, *, is_staff: bool = False) -> Client:
    user = User.objects.create_user(f"ban-{role}-{is_staff}", full_name="Người thử", is_staff=is_staff)
    if role is not None:
        grant_role(unit=unit, user=user, role=role, by=BY)
    client = Client(headers={"host": HOST})
    client.force_login(user)
    return client


def body_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    body = response.content.decode()
    assert "UNDEFINED" not in body
    return body


@pytest.mark.parametrize(
    ("role", "is_staff", "answers"),
    [
        (Role.HEAD, False, (200, 200, 200)),
        (Role.TECHNICIAN, False, (200, 200, 200)),
        (Role.EDITOR, False, (200, 404, 404)),
        (Role.CONTRIBUTOR, False, (404, 404, 404)),
        (None, True, (200, 200, 200)),
        (None, False, (404, 404, 404)),
    ],
)
def test_settings_open_for_who_keeps_them(
    unit: Unit, role: Role | None, is_staff: bool, answers: tuple[int, int, int]
) -> None:
    client = desk(unit, role, is_staff=is_staff)

    got = tuple(client.get(f"/quan-tri/{path}/").status_code for path in ("lien-he", "cai-dat", "ten-mien"))

    assert got == answers


# --- Contact ----------------------------------------------------------------------------------------------------------


def test_contact_is_one_record_for_page_foot_and_duty(unit: Unit) -> None:
    client = desk(unit, Role.EDITOR)
    asked = Asked(unit, User.objects.get(), frozenset({Act.CONTACT}), clock.now())
    assert [duty.title for duty in contact_duty(asked)] == ["Kiểm tra thông tin liên hệ"]

    response = client.post("/quan-tri/lien-he/", CONTACT)

    unit.refresh_from_db()
    assert response.status_code == 302
    assert unit.contact_checked_at is not None
    assert Client(headers={"host": HOST}).get("/").content.decode().count("(028) 3000 0101") >= 2
    assert contact_duty(Asked(unit, User.objects.get(), frozenset({Act.CONTACT}), clock.now())) == []
    entry = AuditEntry.objects.get(action="units.contact.changed")
    assert entry.detail["changes"]["điện thoại cố định"] == ["", "(028) 3000 0101"]
    assert "Đủ thông tin" in body_of(client, "/quan-tri/lien-he/")


def test_contact_is_asked_for_again_after_half_a_year_and_confirmed_without_a_change(unit: Unit) -> None:
    client = desk(unit, Role.EDITOR)
    client.post("/quan-tri/lien-he/", CONTACT)
    unit.refresh_from_db()
    later = clock.now() + timedelta(days=184)
    duty = contact_duty(Asked(unit, User.objects.get(), frozenset({Act.CONTACT}), later))

    client.post("/quan-tri/lien-he/da-kiem-tra/")

    assert [d.due_at is not None and d.due_at < later for d in duty] == [True]
    assert contact_duty(Asked(unit, User.objects.get(), frozenset({Act.WRITE}), later)) == []
    assert AuditEntry.objects.filter(action="units.contact.changed").count() == 1
    assert AuditEntry.objects.filter(action="units.contact.checked").count() == 2


@pytest.mark.parametrize("wrong", [{"email": "khong-phai"}, {"phone": ""}, {"address": "x" * 201}])
def test_wrong_contact_is_refused_and_keeps_what_was_typed(unit: Unit, wrong: dict[str, str]) -> None:
    response = desk(unit).post("/quan-tri/lien-he/", CONTACT | wrong)

    unit.refresh_from_db()
    assert response.status_code == 422
    assert "Nguyễn Văn A" in response.content.decode()
    assert unit.responsible_name == ""


# --- Name, colours, crest ---------------------------------------------------------------------------------------------


def test_palettes_are_those_of_the_style_sheet_and_readable() -> None:
    found = {palette.key: palette.contrast for palette in palettes()}

    assert set(found) == set(Theme.values)
    assert {key: round(value, 1) for key, value in found.items()} == {
        "phuong": 6.5,
        "la": 6.5,
        "bien": 7.2,
        "tim": 7.4,
        "nang": 5.8,
    }


def test_settings_change_what_visitors_see_and_the_trail_keeps_both(unit: Unit) -> None:
    client = desk(unit, Role.TECHNICIAN)
    data = {"short_name": "THCS Hoa Phượng", "tagline": "Trường của niềm vui", "theme": "tim", "crest": "hieu-phoa"}

    assert client.post("/quan-tri/cai-dat/", data).status_code == 302

    body = Client(headers={"host": HOST}).get("/").content.decode()
    assert 'data-theme="tim"' in body
    assert "hieu-phoa" in body
    unit.refresh_from_db()
    assert "thcs hoa phuong" in unit.search_name
    entry = AuditEntry.objects.get(action="units.settings.changed")
    assert entry.detail["changes"]["màu giao diện"] == ["Xanh biển", "Tím bằng lăng"]
    assert entry.detail["changes"]["huy hiệu"] == ["Chưa có", "Hoa"]


@pytest.mark.parametrize("wrong", [{"theme": "la-mat"}, {"crest": "../../a"}, {"theme": ""}])
def test_unknown_colours_and_crests_are_refused(unit: Unit, wrong: dict[str, str]) -> None:
    response = desk(unit).post("/quan-tri/cai-dat/", {"theme": "la", "crest": ""} | wrong)

    unit.refresh_from_db()
    assert (response.status_code, unit.theme) == (422, Theme.SEA)


def test_own_crest_replaces_the_shipped_one_and_goes_again(unit: Unit) -> None:
    client = desk(unit, Role.TECHNICIAN)
    file = SimpleUploadedFile("logo.png", picture(200, 200), "image/png")

    response = client.post("/quan-tri/cai-dat/huy-hieu/", {"file": file})

    with unit_scope(unit.pk):
        asset = Asset.objects.get()
    shown = Client(headers={"host": HOST}).get("/").content.decode()
    assert response.status_code == 302
    assert shown.count(f"/tep/{asset.key}/") == 2
    assert Client(headers={"host": HOST}).get(shown.split('rel="icon" href="')[1].split('"')[0]).status_code == 200
    body_of(client, "/quan-tri/cai-dat/")
    client.post("/quan-tri/cai-dat/huy-hieu/bo/")
    assert f"/tep/{asset.key}/" not in Client(headers={"host": HOST}).get("/").content.decode()


@pytest.mark.parametrize("body", [b"", b"khong phai anh", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"])
def test_files_that_are_no_images_become_no_crest(unit: Unit, body: bytes) -> None:
    response = desk(unit).post("/quan-tri/cai-dat/huy-hieu/", {"file": SimpleUploadedFile("logo.png", body)})

    assert response.status_code == 422
    with unit_scope(unit.pk):
        assert not Asset.objects.exists()


# --- Host names -------------------------------------------------------------------------------------------------------


def test_host_names_are_judged_and_only_operators_change_them(unit: Unit) -> None:
    head, operator = desk(unit), desk(unit, None, is_staff=True)

    body = body_of(head, "/quan-tri/ten-mien/")
    refused = head.post("/quan-tri/ten-mien/them/", {"name": "moi.hcm.edu.vn"})
    added = operator.post("/quan-tri/ten-mien/them/", {"name": "Moi.hcm.edu.vn."})
    canonical = HostName.objects.get(is_canonical=True)
    kept = operator.post(f"/quan-tri/ten-mien/{canonical.pk}/bo/")
    host = HostName.objects.get(name="moi.hcm.edu.vn")
    also_refused = head.post(f"/quan-tri/ten-mien/{host.pk}/bo/")
    with_two = body_of(operator, "/quan-tri/ten-mien/")
    removed = operator.post(f"/quan-tri/ten-mien/{host.pk}/bo/")

    assert "Đúng quy định đặt tên" in body
    assert "Thêm tên miền</h2>" not in body
    assert "Chưa đúng quy định đặt tên" in with_two
    codes = [answer.status_code for answer in (refused, added, kept, also_refused, removed)]
    assert codes == [404, 302, 302, 404, 302]
    assert list(HostName.objects.values_list("name", flat=True)) == [HOST]
    acts = AuditEntry.objects.filter(unit_id=unit.pk, action__startswith="units.host.", actor="Người thử")
    assert sorted(acts.values_list("action", flat=True)) == ["units.host.added", "units.host.removed"]


def test_host_of_another_unit_is_neither_taken_nor_removed(unit: Unit) -> None:
    other = make_unit(host="ban.hcm.edu.vn")
    operator = desk(unit, None, is_staff=True)

    taken = operator.post("/quan-tri/ten-mien/them/", {"name": "ban.hcm.edu.vn"})
    removed = operator.post(f"/quan-tri/ten-mien/{HostName.objects.get(unit=other).pk}/bo/")

    assert (taken.status_code, removed.status_code) == (422, 404)
    assert HostName.objects.get(name="ban.hcm.edu.vn").unit == other


def test_operators_keep_settings_but_arrange_nothing() -> None:
    acts = allowed(frozenset(), is_operator=True)

    assert (Act.SETTINGS in acts, Act.STRUCTURE in acts, Act.YEAR in acts) == (True, False, False)
