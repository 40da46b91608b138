"""Addresses of a former site lead to where the content stands now."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from congtruong.core.models import AuditEntry
from congtruong.portal.models import Redirect
from congtruong.portal.services import add_redirect, add_redirects
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "hoaphuong.hcm.edu.vn"}


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")


def lead(unit: Unit, *pairs: tuple[str, str]) -> int:
    with unit_scope(unit.pk):
        return add_redirects(unit=unit, redirects=pairs, by=BY)


def stored(unit: Unit) -> dict[str, str]:
    return dict(Redirect.objects.filter(unit=unit).values_list("old_path", "new_path"))


@pytest.mark.parametrize(
    ("old", "asked"),
    [
        ("https://cu.edu.vn/2019/09/khai-giang/", "/2019/09/khai-giang"),
        ("https://cu.edu.vn/2019/09/khai-giang/", "/2019/09/Khai-Giang/?utm_source=zalo"),
        ("https://cu.edu.vn/?p=12", "/?p=12"),
        ("https://cu.edu.vn/?p=12", "/?p=12&preview=true"),
        ("https://cu.edu.vn/?p=12", "/index.php?p=12"),
        ("/ChiTiet.aspx?id=5&loai=2", "/chitiet.aspx?loai=2&id=5"),
        ("/index.php?option=com_content&id=7", "/index.php?option=com_content&id=7"),
        ("/tin-t%E1%BB%A9c/b%C3%A0i/", "/tin-tức/bài/"),
        ("/tin-tuc/bai-cu/", "/tin-tuc/bai-cu/"),
    ],
)
def test_old_address_answers_with_the_new_one(client: Client, school: Unit, old: str, asked: str) -> None:
    lead(school, (old, "/tin-tuc/khai-giang/"))

    for method in (client.get, client.head):
        response = method(asked, headers=HOST)
        assert (response.status_code, response["Location"]) == (301, "/tin-tuc/khai-giang/")


def test_other_methods_and_addresses_are_not_there(client: Client, school: Unit) -> None:
    lead(school, ("/cu.html", "/tin-tuc/moi/"))

    assert client.post("/cu.html", headers=HOST).status_code == 404
    assert client.get("/khac.html", headers=HOST).status_code == 404


def test_redirect_of_one_unit_is_none_of_another(client: Client, school: Unit) -> None:
    other = make_unit(host="khac.hcm.edu.vn")
    lead(other, ("/cu.html", "/tin-tuc/moi/"), ("/?p=1", "/tin-tuc/mot/"))

    missing = client.get("/khong-co.html", headers=HOST)
    asked = client.get("/cu.html", headers=HOST)

    assert (asked.status_code, client.get("/?p=1", headers=HOST).status_code) == (404, 200)
    assert asked.content.replace(b"/cu.html", b"") == missing.content.replace(b"/khong-co.html", b"")


def test_home_page_asks_nothing_more_without_such_parameters(client: Client, school: Unit) -> None:
    lead(school, ("/?p=12", "/tin-tuc/moi/"))

    def count(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path, headers=HOST).status_code == 200
        return len(queries)

    assert count("/?utm_source=zalo") == count("/")
    assert count("/?p=13") == count("/") + 1


def test_page_that_is_there_comes_before_any_old_address(client: Client, school: Unit) -> None:
    make_post(school, "Bài mới", slug="bai-moi")
    lead(school, ("/tin-tuc/bai-moi/", "/tin-tuc/khac/"))

    assert client.get("/tin-tuc/bai-moi/", headers=HOST).status_code == 200


def test_adding_again_changes_nothing(school: Unit) -> None:
    pairs = (("/a.html", "/tin-tuc/a/"), ("/b.html", "/tin-tuc/b/"))

    assert (lead(school, *pairs), lead(school, *pairs), lead(school, ("/A.html", "/tin-tuc/c/"))) == (2, 0, 1)
    assert stored(school) == {"/a.html": "/tin-tuc/c/", "/b.html": "/tin-tuc/b/"}
    assert AuditEntry.objects.filter(action="portal.redirect.added").count() == 2


def test_redirects_never_run_in_a_circle(school: Unit) -> None:
    lead(school, ("/a", "/tin-tuc/b/"))
    lead(school, ("/tin-tuc/b/", "/tin-tuc/c/"), ("/tin-tuc/c/", "/tin-tuc/b/"), ("/tin-tuc/d/", "/tin-tuc/d/"))

    paths = stored(school)

    assert all(new.rstrip("/") not in paths for new in paths.values())


@pytest.mark.parametrize("new", ["https://khac.vn/", "//khac.vn/", "/\\khac.vn", "khac", ""])
def test_new_path_stays_on_the_portal(school: Unit, new: str) -> None:
    with unit_scope(school.pk), pytest.raises(ValueError, match="not a path"):
        add_redirect(unit=school, old="/a", new=new, by=BY)

    assert stored(school) == {}


def test_home_page_and_endless_addresses_are_left_out(school: Unit) -> None:
    assert lead(school, ("https://cu.edu.vn/", "/tin-tuc/a/"), ("/" + "a" * 600, "/tin-tuc/a/")) == 0


def test_redirect_reads_as_a_line(school: Unit) -> None:
    lead(school, ("/a", "/tin-tuc/a/"))

    assert str(Redirect.objects.get()) == "/a → /tin-tuc/a/"
