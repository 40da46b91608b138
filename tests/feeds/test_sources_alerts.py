"""Who is told of feeds in trouble, and that it is told once."""

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congtruong.core import clock
from congtruong.feeds.models import Feed, Source
from congtruong.feeds.queries.health import alarms_of, failing_below
from congtruong.feeds.services.alerting import alert_due
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.registry import Asked, Duty, duties_of
from congtruong.units.rules.duties import Act
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_authority, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_feed(unit: Unit, **state: Any) -> Feed:
    with unit_scope(unit.pk):
        source, _ = Source.objects.get_or_create(unit=unit, name="Trang cũ", homepage="https://cu.example/")
        number = Feed.objects.count()
        return Feed.objects.create(
            unit=unit,
            source=source,
            url=f"https://cu.example/rss/{number}",
            channel="tin-tuc",
            next_check_at=clock.now(),
            **state,
        )


def failing(unit: Unit, since: timedelta = HOUR, **state: Any) -> Feed:
    known = {"failures": 3, "failing_since": clock.now() - since, "error_code": "timeout", "error_message": "Chậm quá."}
    return make_feed(unit, **(known | state))


def person(unit: Unit, role: Role, name: str, **fields: Any) -> User:
    user = User.objects.create_user(name, full_name=name, email=fields.pop("email", f"{name}@x.vn"), **fields)
    grant_role(unit=unit, user=user, role=role, by=BY)
    return user


def told(feed: Feed) -> datetime | None:
    with unit_scope(feed.unit_id):
        return Feed.objects.get(pk=feed.pk).alerted_at


@pytest.fixture
def unit() -> Unit:
    unit = make_authority("Sở (mẫu)", host="so.hcm.edu.vn")
    person(unit, Role.EDITOR, "bientap")
    return unit


def test_one_letter_tells_the_unit_of_all_its_feeds(unit: Unit, mailoutbox: list[EmailMessage]) -> None:
    person(unit, Role.TECHNICIAN, "kythuat")
    person(unit, Role.CONTRIBUTOR, "soanbai")
    person(unit, Role.EDITOR, "khongthu", email="")
    person(unit, Role.EDITOR, "nghiviec", is_active=False)
    one, two = failing(unit), failing(unit)
    fine = failing(unit, failures=2)

    assert alert_due(now=clock.now()) == 2

    (letter,) = mailoutbox
    assert sorted(letter.to) == ["bientap@x.vn", "kythuat@x.vn"]
    assert letter.subject == "[Cổng Trường] 2 kênh tin cần Thầy/Cô xem"
    for part in (one.url, two.url, "Chậm quá.", "so.hcm.edu.vn", "/quan-tri/nguon-tin/"):
        assert part in letter.body
    assert fine.url not in letter.body


def test_a_trouble_is_told_once_and_a_new_one_again(unit: Unit, mailoutbox: list[EmailMessage]) -> None:
    feed, now = failing(unit), clock.now()
    alert_due(now=now)
    alert_due(now=now + HOUR)
    assert len(mailoutbox) == 1

    with unit_scope(unit.pk):
        Feed.objects.filter(pk=feed.pk).update(failing_since=now + 2 * HOUR)
    alert_due(now=now + 3 * HOUR)
    assert len(mailoutbox) == 1
    alert_due(now=now + 25 * HOUR)
    assert len(mailoutbox) == 2


def test_schools_are_told_after_three_days(mailoutbox: list[EmailMessage]) -> None:
    school = make_unit(host="truong.hcm.edu.vn")
    person(school, Role.HEAD, "truong")
    failing(school, DAY, failures=40)

    assert alert_due(now=clock.now()) == 0
    assert alert_due(now=clock.now() + 2 * DAY) == 1
    assert "Trang cũ" in mailoutbox[0].subject


def test_silence_and_moves_are_told_too(unit: Unit, mailoutbox: list[EmailMessage]) -> None:
    now = clock.now()
    make_feed(unit, last_success_at=now, expected_by=now - HOUR)
    move = {"moving_to": "https://moi.example/rss", "moving_since": now - 3 * DAY, "moving_seen": 3}
    make_feed(unit, last_success_at=now, **move)
    make_feed(unit, last_success_at=now, **(move | {"moving_seen": 2}))
    make_feed(unit, last_success_at=now, expected_by=now - HOUR, is_paused=True)

    assert alert_due(now=now) == 2
    assert "Im lặng bất thường" in mailoutbox[0].body
    assert "moi.example" in mailoutbox[0].body


def test_a_mail_server_that_is_away_loses_nothing(
    unit: Unit, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    feed = failing(unit)

    def away(*_: object, **__: object) -> None:
        raise SMTPServerDisconnected("away")

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", away)
        assert alert_due(now=clock.now()) == 0
    assert told(feed) is None

    assert alert_due(now=clock.now()) == 1
    assert len(mailoutbox) == 1


def test_nobody_is_told_without_mail(unit: Unit, settings: Any, mailoutbox: list[EmailMessage]) -> None:
    settings.SENDS_MAIL = False
    feed = failing(unit)

    assert alert_due(now=clock.now()) == 0
    assert (mailoutbox, told(feed)) == ([], None)


# --- Duties -----------------------------------------------------------------------------------------------------------


def duties(unit: Unit, *acts: Act) -> list[Duty]:
    somebody, _ = User.objects.get_or_create(username="ai")
    with unit_scope(unit.pk):
        asked = Asked(unit=unit, person=somebody, acts=frozenset(acts), now=clock.now())
        return [duty for duty in duties_of(asked) if duty.url_name in {"console:feed", "console:sources-below"}]


def test_a_feed_in_trouble_is_a_duty_of_who_looks_after_sources(unit: Unit) -> None:
    feed, other = failing(unit), make_unit()
    failing(other, 9 * DAY)

    (duty,) = duties(unit, Act.SOURCES)

    assert duty.title == "Nguồn “Trang cũ” – Tin tức: lỗi 3 lần liên tiếp"
    assert (duty.url_name, duty.url_args) == ("console:feed", (feed.pk,))
    assert duties(unit, Act.WRITE, Act.SETTINGS) == []


def test_alarms_cost_one_query_whatever_their_number(unit: Unit) -> None:
    def cost() -> int:
        with unit_scope(unit.pk), CaptureQueriesContext(connection) as queries:
            alarms_of(unit, now=clock.now())
        return len([query for query in queries if "set_config" not in query["sql"]])

    failing(unit)
    before = cost()
    failing(unit)
    failing(unit)

    assert (before, cost()) == (1, 1)


def test_an_authority_sees_feeds_of_units_below_that_fail_for_days(unit: Unit) -> None:
    school, stranger = make_unit("Trường dưới"), make_unit("Trường lạ")
    place(school, unit)
    long = failing(school, 4 * DAY)
    failing(school, 2 * DAY)
    failing(school, 9 * DAY, is_paused=True)
    failing(stranger, 9 * DAY)

    with unit_scope(unit.pk):
        rows = failing_below(unit, now=clock.now(), day=clock.today())
    (duty,) = duties(unit, Act.FOLLOW)

    assert [(row.unit.name, row.url, row.sentence) for row in rows] == [("Trường dưới", long.url, "Chậm quá.")]
    assert duty.title.startswith("1 nguồn tin của đơn vị trực thuộc")
    assert duties(school, Act.FOLLOW) == []
    assert duties(unit, Act.WRITE) == []


def test_looking_below_costs_the_same_for_one_unit_and_for_three(unit: Unit) -> None:
    def cost() -> int:
        with unit_scope(unit.pk), CaptureQueriesContext(connection) as queries:
            failing_below(unit, now=clock.now(), day=clock.today())
        return len([query for query in queries if "set_config" not in query["sql"]])

    place(make_unit(), unit)
    before = cost()
    for _ in range(2):
        school = make_unit()
        place(school, unit)
        failing(school, 4 * DAY)

    assert cost() == before == 3
