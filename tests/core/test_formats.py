"""Dates and numbers as Vietnamese readers write them; Django's own locale reads 05/09 as 9 May."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "written", ["05/09/2026", "5/9/2026", "05-09-2026", "05.09.2026", "05/09/26", "2026-09-05", " 05/09/2026 "]
)
def test_date_field_reads_the_day_first(written: str) -> None:
    assert forms.DateField().clean(written) == date(2026, 9, 5)


@pytest.mark.parametrize("written", ["09/31/2026", "31/06/2026", "2026/09/05", "5 tháng 9", "05/09"])
def test_date_field_refuses_other_writings(written: str) -> None:
    with pytest.raises(forms.ValidationError):
        forms.DateField().clean(written)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)))
def test_every_written_date_reads_back(day: date) -> None:
    written = formats.date_format(day)

    assert written == f"{day:%d/%m/%Y}"
    assert forms.DateField().clean(written) == day


@pytest.mark.parametrize("written", ["05/09/2026 14:30", "14:30, 05/09/2026", "2026-09-05T14:30"])
def test_datetime_field_reads_vietnamese_time(written: str) -> None:
    read = forms.DateTimeField().clean(written)

    assert read is not None
    assert read.isoformat() == "2026-09-05T14:30:00+07:00"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ day }}", "05/09/2026"),
        ("{{ day|date }}", "05/09/2026"),
        ("{{ day|date:'SHORT_DATE_FORMAT' }}", "05/09/2026"),
        ("{{ at }}", "14:30, 05/09/2026"),
        ("{{ at|date:'DATETIME_FORMAT' }}", "14:30, 05/09/2026"),
        ("{{ at|date:'SHORT_DATETIME_FORMAT' }}", "14:30, 05/09/2026"),
        ("{{ hour|time }}", "07:05"),
        ("{{ share }}", "90,5"),
        ("{{ sum|floatformat:'0g' }}", "1.240.000"),
    ],
)
def test_templates_write_vietnamese_formats(source: str, text: str) -> None:
    values = {
        "day": date(2026, 9, 5),
        "at": datetime(2026, 9, 5, 7, 30, tzinfo=UTC),
        "hour": time(7, 5),
        "share": Decimal("90.5"),
        "sum": 1_240_000,
    }

    assert Template(source).render(Context(values)) == text


def test_week_starts_on_monday() -> None:
    assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
