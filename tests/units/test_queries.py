"""Reads of the register."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from congtruong.units.enums import Kind, Level, OversightKind, Ownership
from congtruong.units.models import Unit, Ward
from congtruong.units.queries import (
    authority_spans,
    authority_today,
    canonical_hosts,
    directory,
    last_day_of,
    unit_by_host,
    units_below,
    unplaced_units,
)
from congtruong.units.rules.tree import Span
from congtruong.units.services import add_host
from tests.factories import BY, make_authority, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

LAST_OF_DISTRICTS = date(2025, 6, 30)
REFORM = date(2025, 7, 1)


class BinhTan:
    """A school before and after the reform of 2025, with the authorities above it."""

    def __init__(self) -> None:
        self.department = make_authority("Sở Giáo dục và Đào tạo (mẫu)")
        self.district = make_authority(
            "Phòng GD&ĐT Bình Tân (mẫu)", kind=Kind.DISTRICT_OFFICE, closed_on=LAST_OF_DISTRICTS
        )
        self.ward = make_authority("UBND phường Bình Tân (mẫu)", kind=Kind.WARD_COMMITTEE)
        self.school = make_unit("Trường THCS Hoa Phượng (mẫu)")
        started = date(2020, 1, 1)
        place(self.district, self.department, from_on=started, to_on=LAST_OF_DISTRICTS)
        place(self.school, self.district, from_on=started, to_on=LAST_OF_DISTRICTS)
        place(self.school, self.ward, from_on=REFORM)
        place(self.school, self.department, kind=OversightKind.PROFESSIONAL, from_on=REFORM)


@pytest.fixture
def place_of_work() -> BinhTan:
    return BinhTan()


def test_unit_by_host_finds_the_unit_with_its_wards_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ward = Ward.objects.create(name="Bình Tân", province="Thành phố Hồ Chí Minh")
    unit = make_unit(host="hoaphuong.hcm.edu.vn", ward=ward)

    with django_assert_num_queries(1):
        host = unit_by_host("hoaphuong.hcm.edu.vn")
        assert host is not None
        assert (host.unit, host.unit.ward, host.unit.old_ward) == (unit, ward, None)


@pytest.mark.parametrize("name", ["", "hoaphuong", "HOAPHUONG.hcm.edu.vn", "%", "x.hoaphuong.hcm.edu.vn"])
def test_unit_by_host_knows_whole_names_only(name: str) -> None:
    make_unit(host="hoaphuong.hcm.edu.vn")

    assert unit_by_host(name) is None


def test_canonical_hosts_leaves_out_other_names_and_units_without_one() -> None:
    one, two, without = make_unit(host="mot.hcm.edu.vn"), make_unit(host="hai.hcm.edu.vn"), make_unit()
    add_host(unit=one, name="cu.hcm.edu.vn", is_canonical=False, by=BY)
    without.hosts.all().delete()

    assert canonical_hosts([one.pk, two.pk, without.pk]) == {one.pk: "mot.hcm.edu.vn", two.pk: "hai.hcm.edu.vn"}
    assert canonical_hosts([two.pk]) == {two.pk: "hai.hcm.edu.vn"}


def test_authority_spans_joins_both_chains(place_of_work: BinhTan) -> None:
    at = place_of_work
    districts, since = Span(date(2020, 1, 1), LAST_OF_DISTRICTS), date(2020, 1, 1)

    # The department stood above through the district office, then directly: one span.
    assert sorted(authority_spans(at.school)) == sorted(
        [(at.department.pk, Span(since, None)), (at.district.pk, districts), (at.ward.pk, Span(REFORM, None))]
    )


def test_authority_today_names_the_professional_one_while_no_other_is_known(place_of_work: BinhTan) -> None:
    at, unknown = place_of_work, make_unit()
    place(unknown, at.department, kind=OversightKind.PROFESSIONAL, from_on=REFORM)

    assert authority_today(at.school, REFORM) == at.ward
    assert authority_today(unknown, REFORM) == at.department
    assert authority_today(unknown, LAST_OF_DISTRICTS) is None


def test_units_below_are_open_schools_of_that_day(place_of_work: BinhTan) -> None:
    at = place_of_work
    closed, elsewhere = make_unit(closed_on=date(2026, 1, 1)), make_unit()
    place(closed, at.ward, from_on=REFORM)
    place(elsewhere, make_authority(), from_on=REFORM)

    assert list(units_below(at.department, LAST_OF_DISTRICTS)) == [at.school]
    assert list(units_below(at.district, LAST_OF_DISTRICTS)) == [at.school]
    assert list(units_below(at.district, REFORM)) == []
    assert list(units_below(at.ward, REFORM)) == [at.school]
    assert list(units_below(at.department, REFORM)) == [at.school]


def test_units_below_names_a_unit_once_that_is_reached_twice(place_of_work: BinhTan) -> None:
    at = place_of_work
    place(at.ward, at.department, from_on=REFORM)

    assert list(units_below(at.department, REFORM)) == [at.school]


def test_last_day_of_a_dissolved_authority_is_its_last(place_of_work: BinhTan) -> None:
    assert last_day_of(place_of_work.district, date(2026, 9, 5)) == LAST_OF_DISTRICTS
    assert last_day_of(place_of_work.district, date(2025, 1, 1)) == date(2025, 1, 1)
    assert last_day_of(place_of_work.ward, date(2026, 9, 5)) == date(2026, 9, 5)


@pytest.fixture
def listed() -> dict[str, Unit]:
    ward = Ward.objects.create(name="Bình Tân", province="Thành phố Hồ Chí Minh")
    both = int(Level.PRIMARY | Level.LOWER_SECONDARY)
    return {
        "sen": make_unit("Trường Mầm non Sen Hồng (mẫu)", kind=Kind.PRESCHOOL, ward=ward),
        "an": make_unit("Trường Tiểu học Ân Nghĩa (mẫu)", kind=Kind.PRIMARY, ownership=Ownership.PRIVATE),
        "mix": make_unit("Trường TH và THCS Hồng Bàng (mẫu)", kind=Kind.MULTI_LEVEL, levels=both, ward=ward),
    }


@pytest.mark.parametrize(
    ("narrowing", "names"),
    [
        ({}, ["sen", "mix", "an"]),
        ({"words": "hồng"}, ["sen", "mix"]),
        ({"words": "HONG bang"}, ["mix"]),
        ({"words": "bàng hồng"}, ["mix"]),
        ({"words": "%"}, []),
        ({"words": "_"}, []),
        ({"level": Level.PRIMARY}, ["mix", "an"]),
        ({"level": Level.LOWER_SECONDARY}, ["mix"]),
        ({"level": Level.UPPER_SECONDARY}, []),
        ({"ownership": Ownership.PRIVATE}, ["an"]),
        ({"without_ward": True}, ["an"]),
    ],
)
def test_directory_narrows_a_list(listed: dict[str, Unit], narrowing: dict[str, str], names: list[str]) -> None:
    found = directory(Unit.objects.all(), **narrowing)  # type: ignore[arg-type]

    assert list(found) == [listed[name] for name in names]


def test_directory_narrows_by_ward(listed: dict[str, Unit]) -> None:
    assert list(directory(Unit.objects.all(), ward_id=listed["sen"].ward_id)) == [listed["sen"], listed["mix"]]


def test_unplaced_units_are_open_schools_without_a_managing_authority(place_of_work: BinhTan) -> None:
    lost = make_unit("Trường chưa rõ phường (mẫu)")
    place(lost, place_of_work.department, kind=OversightKind.PROFESSIONAL, from_on=REFORM)
    make_unit(closed_on=date(2020, 1, 1))

    assert list(unplaced_units(REFORM)) == [lost]
    assert set(unplaced_units(date(2019, 12, 31))) == {lost, place_of_work.school}
