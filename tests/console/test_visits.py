"""The screen of readings."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from congtruong.console.blocks.visit_chart import chart
from congtruong.core import clock
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from congtruong.visits.models import VisitCount
from tests.factories import BY, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = "hoaphuong.hcm.edu.vn"
PATH = "/quan-tri/luot-xem/"
TODAY = date(2026, 11, 25)


@pytest.fixture
def school(monkeypatch: pytest.MonkeyPatch) -> Unit:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    return make_unit(host=HOST)


@pytest.fixture
def reader(school: Unit) -> User:
    person = User.objects.create_user("vanthu", password="mat-khau-thu-2026", full_name="Cô Lê Thị C")
    grant_role(unit=school, user=person, role=Role.CONTRIBUTOR, by=BY)
    return person


def count(unit: Unit, day: date, path: str, number: int, channel: str = "") -> None:
    with unit_scope(unit.pk):
        VisitCount.objects.create(unit=unit, day=day, path=path, channel=channel, count=number)


def get(client: Client, path: str = PATH) -> Any:
    return client.get(path, headers={"host": f"{HOST}.localhost"})


def rows(page: str, heading: str) -> list[tuple[str, str]]:
    """Cells of the table below a heading."""
    table = page.split(f">{heading}</h2>", 1)[1].split("</table>", 1)[0]
    found = re.findall(r'<th scope="row">(.+?)</th><td>([^<]+)', table)
    return [(re.sub(r"<[^>]+>", "", name), number) for name, number in found]


def test_totals_pages_and_channels(client: Client, school: Unit, reader: User) -> None:
    post = make_post(school, "Khai giảng")
    path = f"/tin-tuc/{post.slug}/"
    count(school, TODAY, path, 1500, "tin-tuc")
    count(school, date(2026, 11, 20), "/", 20)
    count(school, date(2026, 11, 1), "/tin-tuc/da-go/", 300, "tin-tuc")
    count(school, date(2026, 8, 1), "/", 4000)
    count(school, date(2026, 7, 31), "/", 50000)
    count(make_unit(), TODAY, "/", 600000)
    client.force_login(reader)

    page = get(client).content.decode()

    assert re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)", page)[:4] == [
        ("Hôm nay", "1.500"),
        ("7 ngày qua", "1.520"),
        ("30 ngày qua", "1.820"),
        ("Năm học 2026 – 2027", "5.820"),
    ]
    assert rows(page, "Trang được xem nhiều") == [
        ("Khai giảng", "1.500"),
        ("/tin-tuc/da-go/", "300"),
        ("Trang chủ", "20"),
    ]
    assert rows(page, "Theo chuyên mục") == [("Tin tức", "1.800"), ("Trang chủ và trang khác", "20")]
    assert "Từ 27/10/2026 đến 25/11/2026 có 1.820 lượt xem; nhiều nhất ngày 25/11/2026: 1.500 lượt." in page
    bars = re.findall(r'<rect class="chart-bar" x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"', page)
    assert (len(bars), all(re.fullmatch(r"\d+\.\d", size) for bar in bars for size in bar)) == (30, True)
    year = get(client, f"{PATH}?ky=nam").content.decode()
    assert rows(year, "Trang được xem nhiều")[0] == ("Trang chủ", "4.020")


def test_screen_without_readings_says_so(client: Client, school: Unit, reader: User) -> None:
    client.force_login(reader)

    page = get(client, f"{PATH}?ky=lung-tung").content.decode()

    assert "<h2>Chưa có lượt xem nào</h2>" in page
    assert "Chưa có lượt xem nào trong những ngày này." in page
    assert "chart-bar" not in page


def test_screen_costs_the_same_with_more_pages(
    client: Client, school: Unit, reader: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(reader)

    def cost() -> int:
        with django_assert_max_num_queries(20) as captured:
            get(client)
        return len(captured)

    posts = [make_post(school) for _ in range(3)]
    count(school, TODAY, f"/tin-tuc/{posts[0].slug}/", 1, "tin-tuc")
    first = cost()
    for post in posts[1:]:
        count(school, TODAY, f"/tin-tuc/{post.slug}/", 1, "tin-tuc")

    assert cost() == first


def test_screen_is_not_there_for_people_of_other_units(client: Client, school: Unit) -> None:
    stranger = User.objects.create_user("khac", password="mat-khau-thu-2026")
    grant_role(unit=make_unit(), user=stranger, role=Role.HEAD, by=BY)
    client.force_login(stranger)

    assert get(client).status_code == 404


@pytest.mark.parametrize(
    ("most", "shown"), [(0, ["0", "1"]), (1, ["0", "1"]), (7, ["0", "5", "10"]), (1500, ["0", "1.000", "2.000"])]
)
def test_chart_ends_at_a_round_number(most: int, shown: list[str]) -> None:
    made = chart([(TODAY, most)])

    assert [line.text for line in made.lines] == shown
    assert [day.text for day in made.days] == ["25/11"]
    assert float(made.bars[0].y) + float(made.bars[0].height) == float(made.lines[0].y)
