"""The turn of the school year: what it does, in which order, and that nothing is lost or done twice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.editorial.enums import State
from congtruong.editorial.models import Post
from congtruong.editorial.services import archive_post
from congtruong.portal import errors
from congtruong.portal.models import SchoolYear
from congtruong.portal.queries import offered_year
from congtruong.portal.registry import year_duty
from congtruong.portal.services import roll_over, start_year, unfinished_years, years
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit, User
from congtruong.units.registry import Asked
from congtruong.units.rules.duties import Act
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_authority, make_document, make_page, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
SUMMER = date(2027, 8, 16)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2027, 4, 30), 2026), (date(2027, 5, 1), 2027), (date(2027, 8, 1), 2027), (date(2028, 1, 5), 2027)],
)
def test_coming_year_is_offered_from_may_on(day: date, year: int) -> None:
    assert offered_year(day) == year


def old(unit: Unit, title: str, channel: Channel = Channel.NEWS, **fields: Any) -> Post:
    return make_post(unit, title, channel=channel, school_year=2026, **fields)


def begun(unit: Unit) -> SchoolYear:
    with unit_scope(unit.pk):
        return SchoolYear.objects.get(unit=unit)


def started(unit: Unit) -> None:
    start_year(unit=unit, year=2027, by="Hiệu trưởng", today=SUMMER)


def test_old_calendars_are_put_away_pins_go_and_yearly_pages_begin_anew() -> None:
    unit, other = make_unit(), make_unit()
    week, news = old(unit, "Tuần 35", Channel.WEEK), old(unit, "Tin ghim", is_pinned=True)
    draft = old(unit, "Tuần nháp", Channel.WEEK, publish=False)
    page = make_page(unit, "Cơ cấu năm học 2026 – 2027", facts={"yearly": True}, school_year=2026)
    lasting = make_page(unit, "Lịch sử", school_year=2026)
    theirs = old(other, "Tuần bạn", Channel.WEEK)
    fresh = make_post(unit, "Tuần 1", channel=Channel.WEEK, school_year=2027)

    started(unit)
    roll_over(unit_id=unit.pk, year=2027)

    row = begun(unit)
    assert (row.archived, row.unpinned, row.copied) == (2, 1, 1)
    assert row.finished_at is not None
    with unit_scope(unit.pk, other.pk):
        states = {post.pk: State(post.state) for post in Post.objects.all()}
        assert states[week.pk] == states[draft.pk] == State.ARCHIVED
        assert states[fresh.pk] == states[theirs.pk] == states[lasting.pk] == states[page.pk] == State.PUBLISHED
        copy = Post.objects.get(school_year=2027, channel=Channel.PAGE)
        assert (copy.title, copy.state, copy.facts["copied_from"]) == (
            "Cơ cấu năm học 2027 – 2028",
            State.DRAFT,
            page.pk,
        )
    assert not Entry.objects.filter(object_id__in=[week.pk]).exists()
    assert not Entry.objects.get(object_id=news.pk).is_pinned
    unit.refresh_from_db()
    assert (unit.school_year, unit.contact_checked_at) == (2027, None)
    acts = AuditEntry.objects.filter(unit_id=unit.pk, action__startswith="portal.year.").order_by("pk")
    assert [(act.action, act.actor) for act in acts] == [
        ("portal.year.started", "Hiệu trưởng"),
        ("portal.year.closed", "Chuyển năm học"),
    ]


def test_year_is_begun_once_and_only_the_one_offered() -> None:
    unit = make_unit()
    started(unit)

    for year in (2027, 2026, 2028):
        with pytest.raises(errors.YearNotOffered):
            start_year(unit=unit, year=year, by=BY, today=SUMMER)

    assert begun(unit).year == 2027


def test_killed_run_is_found_again_and_repeats_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = make_unit()
    for number in range(3):
        old(unit, f"Tuần {number}", Channel.WEEK)
        make_page(unit, f"Trang {number}", facts={"yearly": True}, school_year=2026)
    started(unit)
    real, calls = archive_post, []

    def dying(**given: Any) -> Any:
        calls.append(given["post"].pk)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(years, "archive_post", dying)
    with pytest.raises(KeyboardInterrupt):
        roll_over(unit_id=unit.pk, year=2027)
    assert (begun(unit).archived, begun(unit).finished_at) == (1, None)
    soon, later = clock.now(), clock.now() + timedelta(minutes=3)

    assert (unfinished_years(now=soon), unfinished_years(now=later)) == ([], [(unit.pk, 2027)])
    for _ in range(2):
        roll_over(unit_id=unit.pk, year=2027)

    row = begun(unit)
    assert (row.archived, row.copied) == (3, 3)
    assert unfinished_years(now=later) == []
    with unit_scope(unit.pk):
        assert Post.objects.filter(school_year=2027).count() == 3


def test_what_waits_for_approval_is_left_to_people() -> None:
    unit = make_unit()
    week = old(unit, "Tuần chờ", Channel.WEEK, publish=False)
    with unit_scope(unit.pk):
        Post.objects.filter(pk=week.pk).update(state=State.SUBMITTED)
    started(unit)

    roll_over(unit_id=unit.pk, year=2027)

    with unit_scope(unit.pk):
        assert Post.objects.get(pk=week.pk).state == State.SUBMITTED
    assert (begun(unit).archived, begun(unit).finished_at is None) == (0, False)


# --- Duties -----------------------------------------------------------------------------------------------------------


def duties(unit: Unit, day: date, *acts: Act) -> list[str]:
    person, _ = User.objects.get_or_create(username="ai")
    with unit_scope(unit.pk):
        asked = Asked(unit, person, frozenset(acts), datetime(day.year, day.month, day.day, 5, tzinfo=UTC))
        return [duty.title for duty in year_duty(asked)]


def test_year_is_a_duty_of_the_head_from_mid_august() -> None:
    unit = make_unit()

    assert duties(unit, date(2027, 8, 14), Act.YEAR, Act.WRITE) == []
    assert duties(unit, SUMMER, Act.YEAR, Act.WRITE) == ["Bắt đầu năm học 2027 – 2028"]
    assert duties(unit, SUMMER, Act.WRITE) == []
    assert duties(make_authority(), SUMMER, Act.YEAR, Act.WRITE) == []


def test_begun_year_asks_for_timetable_and_plan_until_they_are_there() -> None:
    unit = make_unit()
    started(unit)
    both = duties(unit, SUMMER, Act.WRITE)

    make_post(unit, "Thời khóa biểu", channel=Channel.TIMETABLE, school_year=2027)
    document = make_document(unit, "Kế hoạch giáo dục", type="Kế hoạch")
    with unit_scope(unit.pk):
        Entry.objects.filter(object_id=document.pk).update(school_year=2027)

    assert both == ["Đăng thời khóa biểu năm học 2027 – 2028", "Đăng kế hoạch năm học 2027 – 2028"]
    assert duties(unit, SUMMER, Act.WRITE) == []
