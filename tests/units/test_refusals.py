"""Wrong input to the register is refused with a sentence, and nothing changes."""

from datetime import date

import pytest

from congtruong.units import errors
from congtruong.units.enums import OversightKind
from congtruong.units.models import HostName, Oversight
from congtruong.units.services import add_host, end_oversight, place_unit
from tests.factories import make_authority, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.mark.parametrize(
    "name", ["", "khong", "có dấu.edu.vn", "a b.vn", "-a.vn", "a..vn", "http://a.vn", "a" * 250 + ".vn"]
)
def test_host_name_that_no_browser_could_ask_for_is_refused(name: str) -> None:
    unit = make_unit()

    with pytest.raises(errors.HostInvalid):
        add_host(unit=unit, name=name, is_canonical=False, by="thử")

    assert HostName.objects.count() == 1


def test_the_only_canonical_host_stays_canonical() -> None:
    unit = make_unit(host="chinh.hcm.edu.vn")

    add_host(unit=unit, name="chinh.hcm.edu.vn", is_canonical=False, by="thử")

    assert HostName.objects.get().is_canonical


def test_span_that_ends_before_it_begins_is_refused() -> None:
    unit, authority = make_unit(), make_authority()

    with pytest.raises(errors.DatesReversed):
        place_unit(
            unit=unit,
            authority=authority,
            kind=OversightKind.MANAGING,
            from_on=date(2025, 7, 1),
            to_on=date(2025, 6, 30),
            reason="thử",
            by="thử",
        )

    assert not Oversight.objects.exists()


def test_oversight_cannot_end_before_it_began() -> None:
    unit, authority = make_unit(), make_authority()
    place(unit, authority, from_on=date(2025, 7, 1))

    with pytest.raises(errors.DatesReversed):
        end_oversight(edge=Oversight.objects.get(), to_on=date(2025, 6, 30), reason="thử", by="thử")

    assert Oversight.objects.get().to_on is None
