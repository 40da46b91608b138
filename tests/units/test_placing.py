"""Writes to the dated tree on the database, and the closure they keep."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from congtruong.core.models import AuditEntry
from congtruong.units import errors
from congtruong.units.enums import Kind, OversightKind
from congtruong.units.models import Oversight, Reach, Unit
from congtruong.units.rules.tree import Span
from congtruong.units.services.placing import end_oversight, place_unit, rebuild_reach
from tests.factories import make_authority, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

BY = "Nguyễn Văn A"
REFORM = date(2025, 7, 1)
ReachRow = tuple[int, int, bool, date, date | None]


def put(
    unit: Unit,
    authority: Unit,
    from_on: date,
    to_on: date | None = None,
    *,
    kind: OversightKind = OversightKind.MANAGING,
) -> Oversight:
    return place_unit(
        unit=unit, authority=authority, kind=kind, from_on=from_on, to_on=to_on, reason="Quyết định thử", by=BY
    )


def spans_of(unit: Unit, kind: OversightKind = OversightKind.MANAGING) -> list[tuple[int, date, date | None]]:
    rows = Oversight.objects.filter(unit=unit, kind=kind)
    return list(rows.order_by("from_on").values_list("authority_id", "from_on", "to_on"))


def closure() -> set[ReachRow]:
    return set(Reach.objects.values_list("unit_id", "authority_id", "is_managing", "from_on", "to_on"))


def test_place_unit_ends_the_open_span_the_day_before() -> None:
    unit, district, ward = make_unit(), make_authority(), make_authority()
    put(unit, district, date(2003, 11, 5))

    put(unit, ward, REFORM)

    assert spans_of(unit) == [(district.pk, date(2003, 11, 5), date(2025, 6, 30)), (ward.pk, REFORM, None)]
    assert closure() == {
        (unit.pk, district.pk, True, date(2003, 11, 5), date(2025, 6, 30)),
        (unit.pk, ward.pk, True, REFORM, None),
    }


def test_place_unit_leaves_the_other_chain_alone() -> None:
    unit, department, ward = make_unit(), make_authority(), make_authority()
    put(unit, department, date(2020, 1, 1), kind=OversightKind.PROFESSIONAL)

    put(unit, ward, REFORM)

    assert spans_of(unit, OversightKind.PROFESSIONAL) == [(department.pk, date(2020, 1, 1), None)]
    assert spans_of(unit) == [(ward.pk, REFORM, None)]


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [
        (date(2021, 1, 1), date(2021, 1, 1)),
        (date(2019, 1, 1), date(2020, 1, 1)),
        (date(2022, 12, 31), date(2023, 6, 1)),
        (date(2019, 1, 1), None),
        (date(2020, 1, 1), None),
        (date(2020, 1, 1), date(2022, 12, 31)),
        (date(2022, 12, 31), None),
    ],
)
def test_place_unit_refuses_days_that_are_taken_and_changes_nothing(from_on: date, to_on: date | None) -> None:
    unit, first, second = make_unit(), make_authority(), make_authority()
    put(unit, first, date(2020, 1, 1), date(2022, 12, 31))
    before, trail = closure(), AuditEntry.objects.count()

    with pytest.raises(errors.PlacedTwice):
        put(unit, second, from_on, to_on)

    assert spans_of(unit) == [(first.pk, date(2020, 1, 1), date(2022, 12, 31))]
    assert closure() == before
    assert AuditEntry.objects.count() == trail


def test_place_unit_refused_for_a_later_span_keeps_the_open_one_open() -> None:
    unit, first, second, third = make_unit(), make_authority(), make_authority(), make_authority()
    put(unit, second, date(2030, 1, 1), date(2030, 12, 31))
    put(unit, first, date(2020, 1, 1), date(2029, 12, 31))
    put(unit, third, date(2031, 1, 1))

    with pytest.raises(errors.PlacedTwice):
        put(unit, first, date(2029, 6, 1))

    assert spans_of(unit)[-1] == (third.pk, date(2031, 1, 1), None)


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [(date(2019, 1, 1), date(2019, 12, 31)), (date(2023, 1, 1), date(2023, 1, 1)), (date(2023, 1, 1), None)],
)
def test_place_unit_accepts_the_days_beside_a_closed_span(from_on: date, to_on: date | None) -> None:
    unit, first, second = make_unit(), make_authority(), make_authority()
    put(unit, first, date(2020, 1, 1), date(2022, 12, 31))

    edge = put(unit, second, from_on, to_on)

    assert (edge.authority_id, edge.from_on, edge.to_on) == (second.pk, from_on, to_on)
    assert len(spans_of(unit)) == 2


@pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.is_authority])
def test_place_unit_refuses_a_unit_that_is_no_authority(kind: Kind) -> None:
    unit, other = make_unit(), make_unit(kind=kind)

    with pytest.raises(errors.NotAnAuthority):
        put(unit, other, REFORM)

    assert not Oversight.objects.exists()


def test_place_unit_refuses_an_authority_under_itself_directly_and_through_others() -> None:
    top, middle, low = make_authority(), make_authority(), make_authority()
    put(middle, top, REFORM)
    put(low, middle, REFORM)
    before = closure()

    for unit, authority in ((top, top), (top, middle), (top, low)):
        with pytest.raises(errors.PlacedUnderItself):
            put(unit, authority, REFORM)

    assert closure() == before


def test_place_unit_moving_an_authority_recomputes_everything_below_it() -> None:
    old_top, new_top, middle, office = (make_authority() for _ in range(4))
    school, kindergarten = make_unit(), make_unit()
    put(middle, old_top, date(2020, 1, 1))
    put(office, middle, date(2020, 1, 1))
    put(school, office, date(2021, 1, 1))
    put(kindergarten, middle, date(2022, 1, 1), kind=OversightKind.PROFESSIONAL)

    put(middle, new_top, REFORM)

    last = date(2025, 6, 30)
    assert {row for row in closure() if row[1] in {old_top.pk, new_top.pk}} == {
        (middle.pk, old_top.pk, True, date(2020, 1, 1), last),
        (middle.pk, new_top.pk, True, REFORM, None),
        (office.pk, old_top.pk, True, date(2020, 1, 1), last),
        (office.pk, new_top.pk, True, REFORM, None),
        (school.pk, old_top.pk, True, date(2021, 1, 1), last),
        (school.pk, new_top.pk, True, REFORM, None),
        (kindergarten.pk, old_top.pk, False, date(2022, 1, 1), last),
        (kindergarten.pk, new_top.pk, False, REFORM, None),
    }


def test_place_unit_and_end_oversight_write_the_trail() -> None:
    unit = make_unit("Trường THCS Hoa Phượng (mẫu)")
    ward = make_authority("UBND phường Bình Tân (mẫu)", kind=Kind.WARD_COMMITTEE)

    edge = put(unit, ward, REFORM)
    end_oversight(edge=edge, to_on=date(2026, 6, 30), reason="Giải thể", by=BY)

    trail = AuditEntry.objects.filter(unit_id=unit.pk, actor=BY).order_by("pk")
    assert list(trail.values_list("action", "subject", "detail")) == [
        (
            "units.unit.placed",
            "Trường THCS Hoa Phượng (mẫu) ← UBND phường Bình Tân (mẫu)",
            {"kind": "quan_ly", "from_on": "2025-07-01", "reason": "Quyết định thử"},
        ),
        (
            "units.unit.released",
            "Trường THCS Hoa Phượng (mẫu) ← UBND phường Bình Tân (mẫu) (Quản lý trực tiếp)",
            {"to_on": "2026-06-30", "reason": "Giải thể"},
        ),
    ]


def test_end_oversight_closes_the_closure_of_all_below() -> None:
    top, middle, school = make_authority(), make_authority(), make_unit()
    edge = put(middle, top, REFORM)
    put(school, middle, REFORM)

    end_oversight(edge=edge, to_on=date(2026, 6, 30), reason="Giải thể", by=BY)

    assert closure() == {
        (middle.pk, top.pk, True, REFORM, date(2026, 6, 30)),
        (school.pk, middle.pk, True, REFORM, None),
        (school.pk, top.pk, True, REFORM, date(2026, 6, 30)),
    }


def test_end_oversight_refuses_days_of_the_next_span() -> None:
    unit, district, ward = make_unit(), make_authority(), make_authority()
    edge = put(unit, district, date(2020, 1, 1))
    put(unit, ward, REFORM)
    edge.refresh_from_db()

    with pytest.raises(errors.PlacedTwice):
        end_oversight(edge=edge, to_on=REFORM, reason="Nhầm", by=BY)

    assert spans_of(unit) == [(district.pk, date(2020, 1, 1), date(2025, 6, 30)), (ward.pk, REFORM, None)]


def test_rebuild_reach_of_all_restores_a_lost_closure_and_counts_its_rows() -> None:
    top, middle, school = make_authority(), make_authority(), make_unit()
    put(middle, top, REFORM)
    put(school, middle, REFORM)
    wanted = closure()
    Reach.objects.all().delete()
    Reach.objects.create(unit=top, authority=school, from_on=REFORM, to_on=None, is_managing=True)

    assert rebuild_reach() == 3
    assert closure() == wanted


PLACES = 5
moments = st.integers(0, 40).map(lambda months: date(2023, 1, 1) + timedelta(days=30 * months))
lengths = st.none() | st.integers(0, 400)
placements = st.tuples(
    st.integers(0, PLACES - 1), st.integers(0, PLACES - 1), st.sampled_from(OversightKind), moments, lengths
)
endings = st.tuples(st.integers(0, 20), st.integers(0, 400))
acts = st.lists(st.one_of(placements, placements, endings), min_size=4, max_size=14)


def act(units: list[Unit], step: tuple[object, ...]) -> None:
    """One random write; a refused one must leave everything as it was."""
    before = closure(), set(Oversight.objects.values_list())
    try:
        match step:
            case (int(number), int(days)):
                known = list(Oversight.objects.order_by("pk"))
                if known:
                    edge = known[number % len(known)]
                    end_oversight(edge=edge, to_on=edge.from_on + timedelta(days=days), reason="thử", by=BY)
            case (int(low), int(high), OversightKind() as kind, date() as start, length):
                end = start + timedelta(days=length) if isinstance(length, int) else None
                put(units[low], units[high], start, end, kind=kind)
            case _:
                raise AssertionError(step)
    except (errors.PlacedTwice, errors.PlacedUnderItself):
        assert (closure(), set(Oversight.objects.values_list())) == before


# Shrinking would run thousands of sequences against the database; a failing one is short enough to read.
@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(acts)
def test_closure_kept_step_by_step_equals_the_closure_built_anew(steps: list[tuple[object, ...]]) -> None:
    with transaction.atomic():
        units = [make_authority() for _ in range(PLACES)]
        for step in steps:
            act(units, step)

        kept = closure()
        rebuild_reach()

        assert kept == closure()
        for unit in units:
            for kind in OversightKind:
                chain = [Span(start, end) for _, start, end in spans_of(unit, kind)]
                assert all(one & other is None for one in chain for other in chain if one is not other)
        transaction.set_rollback(True)
