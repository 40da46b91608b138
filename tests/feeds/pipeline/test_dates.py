from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.pipeline.dates import read_date

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HANOI = timezone(timedelta(hours=7))
INSTANTS = st.integers(1, 9_823).flatmap(
    lambda day: st.integers(0, 86_399).map(lambda second: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(day, second))
)


def hanoi(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=HANOI).astimezone(UTC)  # type: ignore[misc, arg-type]


MORNING = hanoi(2023, 10, 6, 8, 5)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("06/10/2023 08:05:00", MORNING),
        ("06/10/2023 08:05:00 SA", MORNING),
        ("06/10/2023 08:05:00 CH", hanoi(2023, 10, 6, 20, 5)),
        ("06/10/2023 8:05:00 AM", MORNING),
        ("06/10/2023 8:05 PM", hanoi(2023, 10, 6, 20, 5)),
        ("06/10/2023 08:05:00 GMT+7", MORNING),
        ("06/10/2023 08:05:00 +07", MORNING),
        ("Thứ sáu, 06/10/2023", hanoi(2023, 10, 6)),
        ("T6, 06 Thg 10 2023", hanoi(2023, 10, 6)),
        ("Fri, 06 Oct 2023 08:05:00 ICT", MORNING),
        ("Fri, 06 Oct 2023 08:05:00", MORNING),
        ("2023-10-06T08:05:00", MORNING),
        ("06-10-2023 08:05", MORNING),
        ("1696554300", MORNING),
        ("2013-xx-27", None),
        ("Fri, 06 Oct 2023 01:10:27 GMT", datetime(2023, 10, 6, 1, 10, 27, tzinfo=UTC)),
        ("2023-10-06T08:05:00+07:00", MORNING),
        ("Fri, 06 Oct 2023 08:05:00 +0700", MORNING),
    ],
)
def test_read_date_understands_the_18_kinds_of_the_field(raw: str, expected: datetime | None) -> None:
    assert read_date(raw, now=NOW) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("06/10/2023 12:05 SA", hanoi(2023, 10, 6, 0, 5)),
        ("06/10/2023 12:05 CH", hanoi(2023, 10, 6, 12, 5)),
        ("06/10/2023 13:05 CH", hanoi(2023, 10, 6, 13, 5)),
        ("06/10/2023 13:05 SA", None),
        ("08:05 06/10/2023", MORNING),
        ("Thứ Sáu, 06/10/2023, 08:05 (GMT+7)", MORNING),
        ("Thứ 6, ngày 06 tháng 10 năm 2023", hanoi(2023, 10, 6)),
        ("Chủ nhật, 08/10/2023 - 09:00", hanoi(2023, 10, 8, 9)),
        ("CN, 08/10/2023", hanoi(2023, 10, 8)),
        ("06 Tháng Mười Hai 2023 08:05", hanoi(2023, 12, 6, 8, 5)),
        ("06 tháng tư 2023", hanoi(2023, 4, 6)),
        ("8 giờ 05 phút, ngày 6/10/2023", MORNING),
        ("8h05 ngày 6/10/2023", MORNING),
        ("06.10.2023", hanoi(2023, 10, 6)),
        ("06/10/23", hanoi(2023, 10, 6)),
        ("1696554300000", MORNING),
        ("20231006T010500Z", MORNING),
        ("2023-10-06 01:05:00.123456Z", MORNING),
        ("Fri Oct  6 08:05:00 2023", MORNING),
        ("October 6th, 2023 8:05 AM", MORNING),
        ("Fri, 06 Oct 23 01:05 UT", MORNING),
        ("Thu, 05 Oct 2023 20:05:00 EST", MORNING),
        ("Fri, 06 Oct 2023 08:05:00 +0700 (ICT)", MORNING),
        ("Fri, 06 Oct 2023 01:05:60 GMT", datetime(2023, 10, 6, 1, 5, 59, tzinfo=UTC)),
        ("24/11/2026 08:00", hanoi(2026, 11, 24, 8)),
        ("24/11/2026 10:00", None),
        ("31/12/1999", None),
        ("10/27/2023", None),
        ("31/02/2023", None),
        ("06/10/2023 25:00", None),
        ("06/10/2023 08:05 XYZ", None),
        ("06/10/2023 08:05 +19:00", None),
        ("06/10/2023 00:05 CH", None),
        ("2023-10-06T01:05:00-03:30", datetime(2023, 10, 6, 4, 35, tzinfo=UTC)),
        ("06/10-2023", None),
        ("hôm qua", None),
        ("2023", None),
        ("", None),
        ("6/10/2023 " * 20, None),
    ],
)
def test_read_date_is_strict_and_day_first(raw: str, expected: datetime | None) -> None:
    assert read_date(raw, now=NOW) == expected


@given(INSTANTS)
def test_read_date_reads_what_standards_write(instant: datetime) -> None:
    written = [instant.isoformat(), format_datetime(instant), str(int(instant.timestamp()))]

    assert [read_date(raw, now=NOW) for raw in written] == [instant] * 3


@given(INSTANTS)
def test_read_date_reads_what_vietnamese_windows_writes(instant: datetime) -> None:
    half = "SA" if instant.hour < 12 else "CH"
    raw = f"{instant:%d/%m/%Y} {instant.hour % 12 or 12}:{instant:%M:%S} {half}"

    assert read_date(raw, now=NOW) == instant.replace(tzinfo=HANOI)


@given(st.text(max_size=40) | st.text(alphabet="0123456789/-: TZthgSACH+,.", max_size=40))
def test_read_date_gives_nothing_or_an_instant_in_range(raw: str) -> None:
    instant = read_date(raw, now=NOW)

    assert instant is None or (
        instant.utcoffset() == timedelta(0) and datetime(2000, 1, 1, tzinfo=UTC) <= instant <= NOW + timedelta(days=1)
    )
