"""The unit's own record, its host names, its roles."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from congtruong.core.models import AuditEntry
from congtruong.units import errors
from congtruong.units.enums import Kind, Role
from congtruong.units.models import HostName, Membership, Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import add_host, grant_role, save_unit
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

BY = "Nguyễn Văn A"


def trail() -> list[tuple[str, int | None, str]]:
    return list(AuditEntry.objects.filter(actor=BY).order_by("pk").values_list("action", "unit_id", "subject"))


def hosts_of(unit: Unit) -> dict[str, bool]:
    return dict(HostName.objects.filter(unit=unit).values_list("name", "is_canonical"))


def test_save_unit_keeps_names_composed_and_folded_for_search() -> None:
    name = unicodedata.normalize("NFD", "  Trường  Mầm non\nHướng Dương ")
    unit = Unit(kind=Kind.PRESCHOOL, name=name, short_name=" MN  Hướng Dương")

    save_unit(unit=unit, by=BY)

    unit.refresh_from_db()
    assert (unit.name, unit.short_name) == ("Trường Mầm non Hướng Dương", "MN Hướng Dương")
    assert unit.search_name == "truong mam non huong duong mn huong duong"


def test_save_unit_writes_whether_it_was_added_or_changed() -> None:
    unit = save_unit(unit=Unit(kind=Kind.PRIMARY, name="Trường Tiểu học A (mẫu)"), by=BY)
    unit.name = "Trường Tiểu học B (mẫu)"
    save_unit(unit=unit, by=BY)

    assert trail() == [
        ("units.unit.added", unit.pk, "Trường Tiểu học A (mẫu)"),
        ("units.unit.changed", unit.pk, "Trường Tiểu học B (mẫu)"),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("kind", "dai_hoc"),
        ("budget_code", "4123456"),
        ("budget_code", "112345"),
        ("tax_code", "12345"),
        ("email", "khong-phai-thu"),
    ],
)
def test_save_unit_refuses_what_cannot_be_right(field: str, value: str) -> None:
    unit = make_unit()
    setattr(unit, field, value)

    with pytest.raises(ValidationError) as refusal:
        save_unit(unit=unit, by=BY)

    assert set(refusal.value.message_dict) == {field}
    assert trail() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget_code", "1023456"),
        ("tax_code", "0301234567"),
        ("tax_code", "0301234567-001"),
        ("tax_code", "079123456789"),
    ],
)
def test_save_unit_accepts_codes_of_the_state(field: str, value: str) -> None:
    unit = make_unit()
    setattr(unit, field, value)

    save_unit(unit=unit, by=BY)

    assert Unit.objects.filter(**{field: value}).get() == unit


def test_add_host_makes_the_old_canonical_name_a_redirect() -> None:
    unit = make_unit(host="cu.hcm.edu.vn")

    add_host(unit=unit, name=" MOI.HCM.edu.vn. ", is_canonical=True, by=BY)

    assert hosts_of(unit) == {"cu.hcm.edu.vn": False, "moi.hcm.edu.vn": True}
    assert trail() == [("units.host.added", unit.pk, "moi.hcm.edu.vn")]


def test_add_host_of_another_name_leaves_the_canonical_one() -> None:
    unit = make_unit(host="chinh.hcm.edu.vn")

    add_host(unit=unit, name="phu.hcm.edu.vn", is_canonical=False, by=BY)

    assert hosts_of(unit) == {"chinh.hcm.edu.vn": True, "phu.hcm.edu.vn": False}


def test_add_host_twice_changes_the_row_that_is_there() -> None:
    unit = make_unit(host="chinh.hcm.edu.vn")
    add_host(unit=unit, name="phu.hcm.edu.vn", is_canonical=False, by=BY)

    add_host(unit=unit, name="phu.hcm.edu.vn", is_canonical=True, by=BY)

    assert hosts_of(unit) == {"chinh.hcm.edu.vn": False, "phu.hcm.edu.vn": True}
    assert [action for action, *_ in trail()] == ["units.host.added", "units.host.changed"]


@pytest.mark.parametrize("name", ["nha-ben.hcm.edu.vn", "NHA-BEN.hcm.edu.vn."])
def test_add_host_refuses_a_name_of_another_unit_and_changes_nothing(name: str) -> None:
    neighbour, unit = make_unit(host="nha-ben.hcm.edu.vn"), make_unit(host="chinh.hcm.edu.vn")

    with pytest.raises(errors.HostTaken):
        add_host(unit=unit, name=name, is_canonical=True, by=BY)

    assert (hosts_of(neighbour), hosts_of(unit)) == ({"nha-ben.hcm.edu.vn": True}, {"chinh.hcm.edu.vn": True})
    assert trail() == []


def test_grant_role_gives_it_once_and_says_so_once() -> None:
    unit, other = make_unit(), make_unit()
    person = User.objects.create_user("vanthu")

    first = grant_role(unit=unit, user=person, role=Role.EDITOR, by=BY)
    second = grant_role(unit=unit, user=person, role=Role.EDITOR, by=BY)

    assert first == second
    assert trail() == [("units.membership.granted", unit.pk, "vanthu: Biên tập, duyệt bài")]
    with unit_scope(unit.pk):
        assert list(Membership.objects.values_list("user", "role", "granted_by")) == [(person.pk, Role.EDITOR, BY)]
    with unit_scope(other.pk):
        assert not Membership.objects.exists()


def test_grant_role_in_two_units_makes_two_roles() -> None:
    person = User.objects.create_user("vanthu")
    units = [make_unit(), make_unit()]

    for unit in units:
        grant_role(unit=unit, user=person, role=Role.HEAD, by=BY)

    with unit_scope(*(unit.pk for unit in units)):
        assert list(Membership.objects.order_by("pk").values_list("unit", "role")) == [
            (units[0].pk, Role.HEAD),
            (units[1].pk, Role.HEAD),
        ]
