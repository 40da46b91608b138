"""The search page as a visitor meets it."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from congtruong.publication.enums import Channel
from congtruong.units.models import Unit
from tests.factories import make_authority, make_document, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "hoaphuong.hcm.edu.vn.localhost"}


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")


def page(client: Client, query: str) -> str:
    response = client.get(f"/tim-kiem/{query}", headers=HOST)
    assert response.status_code == 200, query
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def results(html: str) -> list[str]:
    found = re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", html)
    return [unescape(re.sub("</?mark>", "", title)) for title in found]


def test_results_mark_the_words_in_the_original_text(client: Client, school: Unit) -> None:
    make_post(school, "Kỳ Tuyển sinh lớp 6", body="<p>Hồ sơ tuyển  sinh gồm đơn &amp; ảnh.</p>")

    html = page(client, "?q=tuyen+sinh")

    assert "Kỳ <mark>Tuyển</mark> <mark>sinh</mark> lớp 6" in html
    assert "Hồ sơ <mark>tuyển</mark> <mark>sinh</mark> gồm đơn &amp; ảnh." in html
    assert "1 kết quả cho “tuyen sinh”" in html


def test_results_name_channel_and_owner_and_lead_to_a_page_here(client: Client, school: Unit) -> None:
    department = make_authority("Sở (mẫu)", short_name="Sở GD")
    place(school, department)
    make_post(department, "Họp giao ban", channel=Channel.INVITATION)
    make_post(school, "Họp phụ huynh")

    html = page(client, "?q=hop")

    assert re.findall(r'<span class="tag">([^<]*)</span>', html) == ["Tin tức", "Thư mời · Sở GD"]
    for link in re.findall(r'<h2><a href="([^"]*)"', html):
        assert client.get(link, headers=HOST).status_code == 200


def test_chips_narrow_to_a_channel_and_keep_the_words(client: Client, school: Unit) -> None:
    make_post(school, "Kế hoạch tin")
    make_document(school, "Kế hoạch năm học")

    assert results(page(client, "?q=ke+hoach&muc=van-ban")) == ["Kế hoạch năm học"]
    html = page(client, "?q=ke+hoach&muc=van-ban&trang=1")
    assert 'href="?q=ke+hoach&amp;muc=tin-tuc"' in html
    assert re.findall(r'<a class="chip" href="([^"]*)" aria-current="page">', html) == ["?q=ke+hoach&amp;muc=van-ban"]


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20", "?muc=tin-tuc"])
def test_without_words_the_page_says_what_to_do(client: Client, school: Unit, query: str) -> None:
    make_post(school)

    html = page(client, query)

    assert "Gõ từ cần tìm, có dấu hoặc không dấu đều được" in html
    assert "kết quả" not in html


def test_nothing_found_says_what_to_try(client: Client, school: Unit) -> None:
    html = page(client, "?q=khongco")

    assert "Chưa tìm thấy" in html
    assert "0 kết quả cho “khongco”" in html


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'; DROP TABLE publication_entry",
        "NEAR(a b)",
        "a*",
        "x:*",
        "& | ! ( )",
        "<script>alert(1)</script>",
        "🎒",
        "\x00",
        "%",
        "a" * 10_000,
        "tuyển " * 3_000,
        "\u202e",
        "{{ 7*7 }}",
    ],
)
def test_any_words_are_harmless(client: Client, school: Unit, words: str) -> None:
    make_post(school, "Tuyển sinh")

    html = page(client, f"?q={quote(words)}")

    assert "<script>" not in html
    assert results(html) == (["Tuyển sinh"] if words.startswith("tuyển") else [])


@pytest.mark.parametrize("query", ["&muc=la", "&trang=0", "&trang=51", "&trang=x", "&trang=-1", "&muc=&trang="])
def test_wrong_values_are_left_out(client: Client, school: Unit, query: str) -> None:
    make_post(school, "Tuyển sinh")

    assert results(page(client, f"?q=tuyen{query}")) == ["Tuyển sinh"]


def test_page_beyond_the_results_is_empty(client: Client, school: Unit) -> None:
    make_post(school, "Tuyển sinh")

    assert results(page(client, "?q=tuyen&trang=50")) == []


def test_many_results_are_paged_without_duplicates_or_gaps(client: Client, school: Unit) -> None:
    made = {make_post(school, f"Tuyển sinh {n}").title for n in range(15)}
    made |= {make_post(school, f"Khác {n}", body="<p>tuyển sinh</p>").title for n in range(8)}

    first, second = results(page(client, "?q=tuyen+sinh")), results(page(client, "?q=tuyen+sinh&trang=2"))

    assert (len(first), len(second), set(first + second)) == (20, 3, made)
    assert 'href="/tim-kiem/?q=tuyen+sinh&amp;trang=2"' in page(client, "?q=tuyen+sinh")


def test_nobody_elses_content_and_no_draft_is_found(client: Client, school: Unit) -> None:
    make_post(make_unit(), "Tuyển sinh nơi khác")
    make_post(school, "Tuyển sinh nháp", publish=False)

    html = page(client, "?q=tuyen+sinh")

    assert (results(html), "0 kết quả" in html) == ([], True)


def test_search_costs_the_same_queries_with_one_and_three_rows(
    client: Client, school: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    department = make_authority()
    place(school, department)

    def counted() -> int:
        with django_assert_max_num_queries(8) as captured:
            page(client, "?q=tuyen")
        return len(captured)

    def add_rows() -> None:
        for owner in (school, department):
            make_post(owner, "Tuyển sinh", slug=f"tuyen-sinh-{len(slugs)}")
            slugs.append(owner.name)

    slugs: list[str] = []
    add_rows()
    with_one = counted()
    add_rows()
    add_rows()

    assert counted() == with_one
