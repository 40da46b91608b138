"""What a visitor's browser may tell."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from congtruong.core import clock
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from congtruong.visits.models import VisitCount
from congtruong.visits.services import collector
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SCHOOL = "hoaphuong.hcm.edu.vn"
HERE = {"host": f"{SCHOOL}.localhost", "origin": f"https://{SCHOOL}.localhost"}


@pytest.fixture
def school() -> Iterator[Unit]:
    collector.write()
    yield make_unit(host=SCHOOL)
    collector.write()


def tell(client: Client, path: str | bytes = "/", **headers: str) -> Any:
    return client.post("/luot-xem/", path, content_type="text/plain", headers={**HERE, **headers})


def counted(unit: Unit) -> dict[str, int]:
    collector.write()
    with unit_scope(unit.pk):
        return dict(VisitCount.objects.filter(day=clock.today()).values_list("path", "count"))


def test_reading_counts_and_answers_nothing(client: Client, school: Unit) -> None:
    responses = [tell(client), tell(client), tell(client, "/lien-he/")]

    assert {(r.status_code, r.content, bool(r.cookies)) for r in responses} == {(204, b"", False)}
    assert counted(school) == {"/": 2, "/lien-he/": 1}


def test_endpoint_waits_for_no_table_but_the_register_of_hosts(
    client: Client, school: Unit, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        tell(client)


@pytest.mark.parametrize(
    "headers",
    [
        {"dnt": "1"},
        {"sec-gpc": "1"},
        {"origin": "https://ke-xau.example"},
        {"origin": ""},
        {"origin": "null"},
        {"origin": f"https://{SCHOOL}.localhost.ke-xau.example"},
    ],
)
def test_who_wants_no_counting_or_comes_from_elsewhere_is_not_counted(
    client: Client, school: Unit, headers: dict[str, str]
) -> None:
    assert tell(client, **headers).status_code == 204
    assert counted(school) == {}


@pytest.mark.parametrize("path", ["", "/khong-co/", "/quan-tri/", "x" * 400, "/tin-tuc/\x00/", b"\xff\xfe", "//a/"])
def test_what_is_no_page_is_not_counted(client: Client, school: Unit, path: str | bytes) -> None:
    assert tell(client, path).status_code == 204
    assert counted(school) == {}


def test_reading_belongs_to_the_portal_that_was_read(client: Client, school: Unit) -> None:
    other = make_unit(host="khac.hcm.edu.vn")
    tell(client, "/", host="khac.hcm.edu.vn.localhost", origin="https://khac.hcm.edu.vn.localhost")

    assert (counted(school), counted(other)) == ({}, {"/": 1})


def test_only_post_counts(client: Client, school: Unit) -> None:
    assert client.get("/luot-xem/", headers=HERE).status_code == 405
    assert counted(school) == {}


def test_public_pages_load_the_script_and_console_pages_do_not(client: Client, school: Unit) -> None:
    page = client.get("/", headers=HERE).content.decode()
    sign_in = client.get("/quan-tri/", headers=HERE, follow=True).content.decode()

    assert ('<script type="module" src="/static/js/visits.js"></script>' in page, "visits.js" in sign_in) == (
        True,
        False,
    )
