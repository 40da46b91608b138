"""Which portal answers, whatever a request claims."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from congtruong.units.services import add_host
from tests.factories import BY, make_authority, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

NAME = "Trường THCS Hoa Phượng (mẫu)"
HOST = "hoaphuong.hcm.edu.vn"


def portal() -> None:
    add_host(unit=make_unit(NAME, host=HOST), name="www.hoaphuong.hcm.edu.vn", is_canonical=False, by=BY)


@pytest.mark.parametrize(
    "asked",
    [
        HOST,
        f"{HOST}.localhost",
        f"{HOST}:8000",
        f"{HOST}.",
        f"{HOST}.:8000",
        f"{HOST}.localhost.:8000",
        HOST.upper(),
        f"{HOST.title()}.LOCALHOST:1",
    ],
)
def test_portal_answers_under_every_writing_of_its_name(client: Client, asked: str) -> None:
    portal()

    response = client.get("/", headers={"host": asked})

    assert response.status_code == 200
    assert f"<title>{NAME}</title>" in response.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "khongco.hcm.edu.vn",
        "hcm.edu.vn",
        f"x.{HOST}",
        f"{HOST}.ke-xau.example",
        f"{HOST}:80:80",
        f"{HOST}..example",
        "127.0.0.1",
        "[::1]:8000",
        "localhost",
        "",
        " ",
        "<script>alert(1)</script>",
        "a" * 5000,
        "tên-miền.vn",
        f"{HOST}/%2e%2e",
        f"{HOST}' OR 1=1 --",
    ],
)
def test_unknown_host_gets_a_page_that_helps_and_names_no_unit(client: Client, asked: str) -> None:
    portal()

    response = client.get("/tin-tuc/?trang=2", headers={"host": asked})

    body = response.content.decode()
    assert response.status_code == 421
    assert "<h1>Tên miền này chưa được gắn với cổng nào</h1>" in body
    assert '<a class="btn" href="http://congtruong.test.localhost/">Mở danh bạ các cổng</a>' in body
    for leak in ("Hoa Phượng", "hoaphuong", "ke-xau", "alert(1)", "UNDEFINED"):
        assert leak not in body


def test_unknown_host_page_is_the_same_for_every_name(client: Client) -> None:
    portal()

    bodies = {client.get("/", headers={"host": host}).content for host in ("mot.vn", "hai.vn", f"x.{HOST}")}

    assert len(bodies) == 1


def test_unknown_host_costs_one_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        client.get("/", headers={"host": "khongco.hcm.edu.vn"})


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tin-tuc/?trang=2&tu=h%E1%BB%8Dc%20b%E1%BA%A1",
        "/gioi-thieu/l%E1%BB%8Bch-s%E1%BB%AD/",
        "/khong-co/?a=1&a=2",
    ],
)
@pytest.mark.parametrize(("method", "status"), [("GET", 301), ("HEAD", 301), ("POST", 308), ("PUT", 308)])
def test_other_names_lead_to_the_canonical_one_with_path_and_query(
    client: Client, method: str, status: int, path: str
) -> None:
    portal()

    response = client.generic(method, path, headers={"host": "WWW.hoaphuong.hcm.edu.vn:8000"})

    assert (response.status_code, response["Location"]) == (status, f"http://{HOST}.localhost{path}")


def test_redirect_stays_on_the_portal_when_the_path_looks_like_a_host(client: Client) -> None:
    portal()

    response = client.get("//ke-xau.example/a", headers={"host": "www.hoaphuong.hcm.edu.vn"})

    assert response.status_code == 301
    assert response["Location"].startswith(f"http://{HOST}.localhost/")


def test_redirect_is_built_from_settings(client: Client, settings: Settings) -> None:
    settings.PUBLIC_SCHEME, settings.PREVIEW_SUFFIX = "https", ""
    portal()

    response = client.get(
        "/a/?b=1", headers={"host": "www.hoaphuong.hcm.edu.vn:8000", "x-forwarded-host": "ke-xau.example"}
    )

    assert response["Location"] == f"https://{HOST}/a/?b=1"


def test_unit_without_a_canonical_name_answers_under_what_it_has(client: Client) -> None:
    unit = make_unit(NAME, host=HOST)
    unit.hosts.update(is_canonical=False)

    response = client.get("/", headers={"host": HOST})

    assert (response.status_code, f"<title>{NAME}</title>" in response.content.decode()) == (200, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "nhaben.hcm.edu.vn"},
        {"forwarded": "host=nhaben.hcm.edu.vn"},
        {"x-host": "nhaben.hcm.edu.vn", "x-original-host": "nhaben.hcm.edu.vn", "x-forwarded-server": "a.vn"},
        {"x-forwarded-proto": "https", "x-forwarded-port": "444"},
    ],
)
def test_forwarded_headers_choose_no_portal_and_write_no_address(client: Client, headers: dict[str, str]) -> None:
    portal()
    make_unit("Trường bên cạnh (mẫu)", host="nhaben.hcm.edu.vn")

    plain = client.get("/", headers={"host": HOST})
    claimed = client.get("/", headers={"host": HOST} | headers)
    unknown = client.get("/", headers={"host": "khongco.vn"} | headers)

    assert claimed.content == plain.content
    assert unknown.status_code == 421


@pytest.mark.parametrize("asked", [HOST, f"{HOST}:9999", f"{HOST}.localhost:1", HOST.upper() + "."])
def test_canonical_address_comes_from_settings_not_from_the_request(
    client: Client, settings: Settings, asked: str
) -> None:
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", 8443
    portal()

    body = client.get("/tin-tuc/", headers={"host": asked}).content.decode()

    address = f"https://{HOST}.localhost:8443/tin-tuc/"
    assert f'<link rel="canonical" href="{address}">' in body
    assert f'<meta property="og:url" content="{address}">' in body


@pytest.mark.parametrize("asked", ["congtruong.test", "CongTruong.test:8000", "congtruong.test.localhost"])
def test_central_host_has_addresses_of_its_own(client: Client, asked: str) -> None:
    portal()
    make_authority("Sở Giáo dục và Đào tạo (mẫu)")

    front = client.get("/", headers={"host": asked})

    assert front.status_code == 200
    assert "Sở Giáo dục và Đào tạo (mẫu)" in front.content.decode()
    assert client.get("/tin-tuc/", headers={"host": asked}).status_code == 404
    assert client.get("/tin-tuc/", headers={"host": HOST}).status_code == 200
