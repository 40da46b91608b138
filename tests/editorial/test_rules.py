"""The state of a document on a day, and the same rule as the database says it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.editorial.enums import Validity
from congtruong.editorial.rules import validity
from congtruong.portal.queries import _validity
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.services import Published, Register, publish
from congtruong.units.scoping import unit_scope
from tests.factories import make_unit

TODAY = date(2026, 9, 7)
BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
near = st.one_of(st.none(), st.integers(-2, 2).map(lambda number: TODAY + timedelta(days=number)))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("issued_on", "effective_on", "expires_on", "state"),
    [
        (None, None, None, Validity.UNKNOWN),
        (None, None, BEFORE, Validity.UNKNOWN),
        (BEFORE, None, None, Validity.IN_FORCE),
        (TODAY, None, None, Validity.IN_FORCE),
        (AFTER, None, None, Validity.NOT_YET),
        (BEFORE, AFTER, None, Validity.NOT_YET),
        (AFTER, BEFORE, None, Validity.IN_FORCE),
        (None, TODAY, None, Validity.IN_FORCE),
        (BEFORE, BEFORE, TODAY, Validity.IN_FORCE),
        (BEFORE, BEFORE, BEFORE, Validity.ENDED),
        (BEFORE, None, BEFORE, Validity.ENDED),
        (BEFORE, AFTER, AFTER, Validity.NOT_YET),
    ],
)
def test_validity_counts_both_ends_and_starts_at_issue_without_another_date(
    issued_on: date | None, effective_on: date | None, expires_on: date | None, state: Validity
) -> None:
    assert validity(on=TODAY, issued_on=issued_on, effective_on=effective_on, expires_on=expires_on) == state


@pytest.mark.unit
@given(on=st.dates(), issued_on=st.dates(), effective_on=st.one_of(st.none(), st.dates()), expires_on=st.dates())
def test_validity_never_returns_once_it_ended(
    on: date, issued_on: date, effective_on: date | None, expires_on: date
) -> None:
    states = [
        validity(on=day, issued_on=issued_on, effective_on=effective_on, expires_on=expires_on)
        for day in (on, min(on, date.max - timedelta(days=1)) + timedelta(days=1))
    ]

    order = [Validity.NOT_YET, Validity.IN_FORCE, Validity.ENDED]
    assert order.index(states[0]) <= order.index(states[1])


@pytest.mark.integration
@pytest.mark.django_db
def test_validity_is_the_same_in_python_and_in_the_database() -> None:
    unit = make_unit()

    @given(issued_on=near, effective_on=near, expires_on=near)
    def check(issued_on: date | None, effective_on: date | None, expires_on: date | None) -> None:
        register = Register(issued_on=issued_on, effective_on=effective_on, expires_on=expires_on)
        with unit_scope(unit.pk):
            publish(
                content=Published(
                    unit_id=unit.pk,
                    kind=EntryKind.POST,
                    object_id=1,
                    channels=(Channel.DOCUMENT,),
                    title="Văn bản",
                    published_at=datetime(2026, 9, 7, tzinfo=UTC),
                    register=register,
                )
            )

        in_database = [state for state in Validity if Entry.objects.filter(_validity(state, TODAY)).exists()]

        assert in_database == [
            validity(on=TODAY, issued_on=issued_on, effective_on=effective_on, expires_on=expires_on)
        ]

    check()
