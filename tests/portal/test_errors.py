"""Pages for what went wrong: they help, and they give nothing away."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, RequestFactory

from congtruong.portal.views.errors import server_error
from tests.factories import make_unit

pytestmark = pytest.mark.integration

HOST = {"host": "hoaphuong.hcm.edu.vn.localhost"}


def main_part(body: bytes) -> str:
    return body.decode().split("<main", 1)[1].split("</main>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/khong-co/", "/index.php", "/wp-login.php", "/tin-tuc", "/%00", "/a" * 500, "/🎒/"])
def test_page_that_is_not_there_helps_to_go_on(client: Client, path: str) -> None:
    make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")

    response = client.get(path, headers=HOST)

    html = main_part(response.content)
    assert (response.status_code, response.content.count(b"<h1")) == (404, 1)
    assert "Không tìm thấy trang này" in html
    assert 'action="/tim-kiem/"' in html
    assert 'href="/"' in html
    assert "Trường Hoa Phượng (mẫu)" in response.content.decode()
    assert "UNDEFINED" not in response.content.decode()


@pytest.mark.django_db
def test_page_that_is_not_there_echoes_nothing_unescaped(client: Client) -> None:
    make_unit(host="hoaphuong.hcm.edu.vn")

    body = client.get('/<script>"x/', headers=HOST).content.decode()

    assert "<script>" not in body.replace('<script type="application/ld+json">', "")
    assert '"x' not in body


@pytest.mark.django_db
def test_central_host_has_its_own_page_for_what_is_not_there(client: Client) -> None:
    response = client.get("/khong-co/", headers={"host": "congtruong.test"})

    assert (response.status_code, response.content.count(b"<h1")) == (404, 1)
    assert "Không tìm thấy trang này" in main_part(response.content)


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["la.example.vn", "hoaphuong.hcm.edu.vn.example.com", "", "127.0.0.1", "[::1]:80"])
def test_unknown_host_names_no_unit(client: Client, host: str) -> None:
    make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")

    response = client.get("/", headers={"host": host})

    assert response.status_code == 421
    assert "Tên miền này chưa được gắn với cổng nào" in main_part(response.content)
    assert "Hoa Phượng" not in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/tin-tuc/", "/khong-co/"])
def test_failure_is_answered_without_the_database(path: str) -> None:
    """No `django_db`: a query here would fail the test."""
    response = server_error(RequestFactory().get(path))

    html = response.content.decode()
    assert (response.status_code, html.count("<h1")) == (500, 1)
    assert "Hệ thống đang bận" in html
    assert "thử tải lại sau một phút" in html
    assert "UNDEFINED" not in html


@pytest.mark.django_db
def test_failure_inside_a_page_shows_the_page_for_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    make_unit(host="hoaphuong.hcm.edu.vn")
    visitor = Client(raise_request_exception=False)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail of the database")

    monkeypatch.setattr("congtruong.portal.views.fixed.pages_of", broken)
    response = visitor.get("/gioi-thieu/", headers=HOST)

    assert response.status_code == 500
    assert "Hệ thống đang bận" in main_part(response.content)
    assert "secret detail" not in response.content.decode()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("problem", [SuspiciousOperation, PermissionDenied])
def test_request_that_cannot_be_used_is_answered_in_vietnamese(
    monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    make_unit(host="hoaphuong.hcm.edu.vn")
    visitor = Client(raise_request_exception=False)

    def refused(*_: object, **__: object) -> None:
        raise problem("internal reason")

    monkeypatch.setattr("congtruong.portal.views.fixed.pages_of", refused)
    response = visitor.get("/gioi-thieu/", headers=HOST)

    assert response.status_code == 400
    assert "Không đọc được yêu cầu này" in main_part(response.content)
    assert "internal reason" not in response.content.decode()
