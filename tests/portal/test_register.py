"""Văn bản: the register of documents with its filters."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from congtruong.core import clock
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.services import Published, Register, publish
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_document, make_file, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "hoaphuong.hcm.edu.vn.localhost"}


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")


@pytest.fixture
def register(school: Unit) -> Unit:
    """Three documents of the school, one of its department; things that are no documents or not its own."""
    department = make_authority("Sở (mẫu)", host="so.hcm.edu.vn")
    place(school, department)
    today = clock.today()
    make_document(school, "Kế hoạch năm học", symbol="204/KH-THCSHP", type="Kế hoạch", issued_on=date(2024, 9, 1))
    make_document(
        school,
        "Tuyển sinh đầu cấp",
        symbol="158/TB-THCD",
        type="Thông báo",
        issued_on=date(2025, 5, 5),
        expires_on=date(2025, 8, 31),
    )
    make_document(
        school,
        "Quy chế mới",
        symbol="201/QĐ-THCSHP",
        type="Quy định",
        issued_on=date(2025, 6, 6),
        effective_on=today + timedelta(days=30),
    )
    make_document(
        department, "Hướng dẫn của Sở", symbol="9/SGDĐT", type="Công văn", issuer="Sở (mẫu)", issued_on=date(2023, 1, 3)
    )
    make_document(school, "Nháp văn bản", publish=False)
    make_document(make_unit(), "Văn bản trường khác")
    make_post(school, "Tin có chữ kế hoạch")
    return school


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/van-ban/{query}", headers=HOST)
    assert response.status_code == 200, query
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def symbols(client: Client, query: str = "") -> list[str]:
    return re.findall(r'class="symbol"><a [^>]*>([^<]*)', page(client, query))


ALL = ["201/QĐ-THCSHP", "158/TB-THCD", "204/KH-THCSHP", "9/SGDĐT"]


def test_register_lists_own_and_upstream_documents_by_day_of_issue(client: Client, register: Unit) -> None:
    html = page(client)

    assert symbols(client) == ALL
    assert "4 văn bản" in html
    assert re.findall(r'<time datetime="[^"]*">([^<]*)</time>', html) == [
        "06/06/2025",
        "05/05/2025",
        "01/09/2024",
        "03/01/2023",
    ]
    assert re.findall(r'<span class="status">([^<]*)</span>', html) == ["Hết hiệu lực"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?so=ke+hoach", ["204/KH-THCSHP"]),
        ("?so=K%E1%BA%BF+ho%E1%BA%A1ch", ["204/KH-THCSHP"]),
        ("?so=tuyen+sinh", ["158/TB-THCD"]),
        ("?so=204/KH-THCSHP", ["204/KH-THCSHP"]),
        ("?so=204%2Fkh", ["204/KH-THCSHP"]),
        ("?so=THCSHP", ["201/QĐ-THCSHP", "204/KH-THCSHP"]),
        ("?so=qd", ["201/QĐ-THCSHP"]),
        ("?so=qđ", ["201/QĐ-THCSHP"]),
        ("?so=khong+co+gi", []),
        ("?loai=Quy+%C4%91%E1%BB%8Bnh", ["201/QĐ-THCSHP"]),
        ("?nam=2025", ["201/QĐ-THCSHP", "158/TB-THCD"]),
        ("?nam=2023", ["9/SGDĐT"]),
        ("?nam=2019", []),
        ("?cq=S%E1%BB%9F+%28m%E1%BA%ABu%29", ["9/SGDĐT"]),
        ("?hl=con", ["204/KH-THCSHP", "9/SGDĐT"]),
        ("?hl=het", ["158/TB-THCD"]),
        ("?hl=chua", ["201/QĐ-THCSHP"]),
        ("?hl=khong-ro", []),
        ("?nam=2025&hl=het&so=tuyen", ["158/TB-THCD"]),
        ("?nam=2024&hl=het", []),
    ],
)
def test_register_is_narrowed_by_words_type_year_issuer_and_validity(
    client: Client, register: Unit, query: str, found: list[str]
) -> None:
    assert symbols(client, query) == found
    assert f"{len(found)} văn bản phù hợp" in page(client, query)


@pytest.mark.parametrize(
    "query",
    [
        "?nam=abc",
        "?nam=99999999999999999999",
        "?nam=1944",
        "?hl=la",
        "?trang=0",
        "?trang=-3",
        "?trang=99",
        "?trang=x",
        "?trang=999999999999",
        "?so=",
        "?so=%00",
        "?so=%E2%80%9C%E2%80%9D",
        "?loai=" + "x" * 61,
        "?cq=" + "x" * 201,
        "?la=1",
        "?nam=&hl=&loai=&cq=",
        "?nam=%ff",
        "?" + "&".join(f"so{n}=1" for n in range(50)),
    ],
)
def test_wrong_filter_values_are_left_out(client: Client, register: Unit, query: str) -> None:
    assert symbols(client, query) == ALL


def test_good_filters_count_beside_wrong_ones(client: Client, register: Unit) -> None:
    assert symbols(client, "?nam=2023&hl=la&trang=x") == ["9/SGDĐT"]


def test_filters_offer_what_occurs(client: Client, register: Unit) -> None:
    html = page(client, "?nam=2025&hl=het")

    def options(name: str) -> list[str]:
        select = html.split(f'name="{name}">', 1)[1].split("</select>")[0]
        return [unescape(each) for each in re.findall(r"<option[^>]*>([^<]*)</option>", select)]

    assert options("loai") == ["Tất cả", "Công văn", "Kế hoạch", "Quy định", "Thông báo"]
    assert options("nam") == ["Tất cả", "2025", "2024", "2023"]
    assert options("cq") == ["Tất cả", "Sở (mẫu)", "Trường Hoa Phượng (mẫu)"]
    assert options("hl") == ["Tất cả", "Chưa có hiệu lực", "Còn hiệu lực", "Hết hiệu lực", "Không xác định"]
    assert re.findall(r"<option[^>]* selected>([^<]*)<", html) == ["2025", "Hết hiệu lực"]


def test_what_was_typed_comes_back_escaped(client: Client, register: Unit) -> None:
    html = page(client, "?so=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>" not in html
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in html


def test_empty_register_says_so(client: Client, school: Unit) -> None:
    assert "Không có văn bản phù hợp" in page(client)
    assert "0 văn bản" in page(client)


def test_register_names_the_files_of_each_document(client: Client, school: Unit) -> None:
    asset = make_file(school)
    with unit_scope(school.pk):
        publish(
            content=Published(
                unit_id=school.pk,
                kind=EntryKind.POST,
                object_id=1,
                channels=(Channel.DOCUMENT,),
                title="Có tệp",
                published_at=clock.now(),
                files=[{"key": asset.key, "name": asset.name, "label": "Bản chính", "type": "PDF", "size": 12}],
            )
        )

    assert f'<a href="/tep/{asset.key}/van-ban.pdf">PDF<span class="sr"> của Có tệp</span></a>' in page(client)


def test_document_from_a_feed_stands_at_its_day_of_publication(client: Client, school: Unit) -> None:
    def show(number: int, **fields: Any) -> None:
        values: dict[str, Any] = {"title": f"Số {number}", "published_at": datetime(2026, 9, 7, tzinfo=UTC), **fields}
        with unit_scope(school.pk):
            publish(
                content=Published(
                    unit_id=school.pk, kind=EntryKind.ITEM, object_id=number, channels=(Channel.DOCUMENT,), **values
                )
            )

    show(1, register=Register(symbol="1/CV", issued_on=date(2026, 9, 8)))
    show(2, register=Register(symbol="2/CV"))
    show(3, register=Register(symbol="3/CV", issued_on=date(2026, 9, 6)))

    assert symbols(client) == ["1/CV", "2/CV", "3/CV"]
    assert symbols(client, "?nam=2026") == ["1/CV", "2/CV", "3/CV"]
    assert symbols(client, "?hl=khong-ro") == ["2/CV"]


def test_long_register_is_paged_and_keeps_its_filters(client: Client, school: Unit) -> None:
    for number in range(1, 24):
        make_document(school, symbol=f"{number}/KH", issued_on=date(2026, 1, 1) + timedelta(days=number))

    first, second = symbols(client, "?nam=2026"), symbols(client, "?nam=2026&trang=2")

    assert first + second == [f"{number}/KH" for number in range(23, 0, -1)]
    assert len(first) == 20
    assert 'href="/van-ban/?nam=2026&amp;trang=2"' in page(client, "?nam=2026")


def test_register_costs_the_same_queries_with_one_and_three_rows(
    client: Client, school: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def counted() -> int:
        with django_assert_max_num_queries(8) as captured:
            page(client)
        return len(captured)

    make_document(school)
    with_one = counted()
    make_document(school)
    make_document(school)

    assert counted() == with_one
