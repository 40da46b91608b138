"""Targets and a unit's choices on its public pages: gone everywhere or nowhere, at the same cost."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from congtruong.core import clock
from congtruong.editorial.models import Post
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.services import hide_here, pin_here
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_authority, make_document, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SCHOOL, SISTER, DEPARTMENT = "hoaphuong.hcm.edu.vn", "maivang.hcm.edu.vn", "so.hcm.edu.vn"
PAGES = ("/", "/thong-bao/", "/thong-bao/nguon/cap-tren/", "/tim-kiem/?q=hoi+thao", "/van-ban/", "/sitemap.xml")


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host=SCHOOL)


@pytest.fixture
def sister() -> Unit:
    return make_unit("Trường Mai Vàng (mẫu)", host=SISTER)


@pytest.fixture
def department(school: Unit, sister: Unit) -> Unit:
    unit = make_authority("Sở (mẫu)", host=DEPARTMENT)
    for below in (school, sister):
        place(below, unit)
    return unit


def get(client: Client, path: str, host: str = SCHOOL) -> Any:
    return client.get(path, headers={"host": f"{host}.localhost"})


def entry_of(post: Post) -> Entry:
    return Entry.objects.get(kind="post", object_id=post.pk)


def address(entry: Entry) -> str:
    return f"/nguon/{entry.pk}/{entry.slug}/"


def places(client: Client, entry: Entry, host: str = SCHOOL) -> list[str]:
    """Pages of a portal that lead to it."""
    return [path for path in PAGES if address(entry) in get(client, path, host).content.decode()]


LISTS = ["/", "/thong-bao/", "/thong-bao/nguon/cap-tren/", "/tim-kiem/?q=hoi+thao"]


def test_what_is_meant_for_one_school_stands_on_its_portal_only(client: Client, department: Unit, school: Unit) -> None:
    entry = entry_of(make_post(department, "Hội thảo riêng", channel=Channel.NOTICE, targets=(school.pk,)))

    assert places(client, entry) == LISTS
    assert places(client, entry, SISTER) == []
    assert [get(client, address(entry), host).status_code for host in (SCHOOL, SISTER)] == [200, 404]
    assert get(client, entry.path, DEPARTMENT).status_code == 200


def test_what_a_school_hides_is_nowhere_on_its_portal_and_everywhere_else(
    client: Client, department: Unit, school: Unit
) -> None:
    entry = entry_of(make_post(department, "Hội thảo chung", channel=Channel.NOTICE))
    document = entry_of(make_document(department, "Văn bản hội thảo"))
    assert places(client, entry) == LISTS
    assert "/van-ban/" in places(client, document)

    with unit_scope(school.pk):
        for one in (entry, document):
            hide_here(unit=school, entry=one, reason="Không liên quan", by=BY)

    assert places(client, entry) == []
    assert places(client, document) == []
    assert places(client, entry, SISTER) == LISTS
    for one in (entry, document):
        assert [get(client, address(one), host).status_code for host in (SCHOOL, SISTER)] == [404, 200]


def titles(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/nguon/[^"]*">([^<]*)</a></h3>', html)


def test_what_a_school_pins_comes_first_in_its_list_and_column(client: Client, department: Unit, school: Unit) -> None:
    start = datetime(2026, 9, 1, 5, tzinfo=UTC)
    posts = [
        make_post(department, f"Thông báo {n}", channel=Channel.NOTICE, at=start + timedelta(days=n)) for n in range(5)
    ]
    with unit_scope(school.pk):
        pin_here(unit=school, entry=entry_of(posts[0]), by=BY)

    page = get(client, "/thong-bao/").content.decode()
    assert titles(page) == [f"Thông báo {n}" for n in (0, 4, 3, 2, 1)]
    assert re.findall(r'<h2 id="thang-\d+">([^<]*)</h2>', page) == ["Được ghim", "Tháng 09/2026"]
    assert titles(get(client, "/thong-bao/", SISTER).content.decode()) == [f"Thông báo {n}" for n in (4, 3, 2, 1, 0)]

    def column(host: str) -> list[str]:
        return re.findall(r">(Thông báo \d)<", get(client, "/", host).content.decode())

    assert (column(SCHOOL), column(SISTER)) == (
        ["Thông báo 0", "Thông báo 4", "Thông báo 3"],
        ["Thông báo 4", "Thông báo 3", "Thông báo 2"],
    )


def test_a_pinned_document_leads_the_register(client: Client, department: Unit, school: Unit) -> None:
    old, _ = (
        make_document(department, f"Văn bản {n}", symbol=f"{n}/CV", issued_on=clock.today() - timedelta(days=9 - n))
        for n in range(2)
    )

    def symbols(host: str) -> list[str]:
        return re.findall(r">(\d/CV)<", get(client, "/van-ban/", host).content.decode())

    with unit_scope(school.pk):
        pin_here(unit=school, entry=entry_of(old), by=BY)

    assert (symbols(SCHOOL), symbols(SISTER)) == (["0/CV", "1/CV"], ["1/CV", "0/CV"])


def test_choices_and_targets_cost_no_query(client: Client, department: Unit, school: Unit) -> None:
    posts = [make_post(department, f"Hội thảo {n}", channel=Channel.NOTICE) for n in range(6)]
    make_document(department)

    def measure() -> list[int]:
        found = []
        for path in (*PAGES, address(entry_of(posts[5]))):
            with CaptureQueriesContext(connection) as captured:
                assert get(client, path).status_code == 200
            found.append(len([query for query in captured if "set_config" not in query["sql"]]))
        return found

    measure()
    plain = measure()
    with unit_scope(school.pk):
        hide_here(unit=school, entry=entry_of(posts[0]), reason="Trùng", by=BY)
        for post in posts[1:3]:
            pin_here(unit=school, entry=entry_of(post), by=BY)
    for _ in range(3):
        make_post(department, channel=Channel.NOTICE, targets=(school.pk,))

    assert measure() == plain


def test_an_invitation_from_above_goes_into_the_visitors_calendar(
    client: Client, department: Unit, school: Unit
) -> None:
    starts_at = clock.now() + timedelta(days=3)
    post = make_post(
        department,
        "Hội nghị",
        channel=Channel.INVITATION,
        starts_at=starts_at,
        place="Hội trường",
        targets=(school.pk,),
    )
    entry = entry_of(post)
    calendar = f"/nguon/{entry.pk}/{entry.slug}.ics"

    assert f'href="{calendar}"' in get(client, address(entry)).content.decode()
    response = get(client, calendar)
    body = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:Hội nghị" in body
    assert "LOCATION:Hội trường" in body
    assert f"UID:nguon-{entry.pk}@{SCHOOL}" in body.replace("\r\n ", "")
    assert [
        get(client, path, host).status_code for path, host in ((calendar, SISTER), (f"{calendar[:-5]}.ics", SCHOOL))
    ] == [
        404,
        404,
    ]


def test_only_dated_things_have_a_calendar_file(client: Client, department: Unit) -> None:
    entry = entry_of(make_post(department, "Nhắc nhở", channel=Channel.INVITATION))

    assert ".ics" not in get(client, address(entry)).content.decode()
    assert get(client, f"/nguon/{entry.pk}/{entry.slug}.ics").status_code == 404
