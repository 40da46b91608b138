"""One published thing, on its owner's portal and on those below."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from congtruong.core import clock
from congtruong.editorial.services import withdraw_post
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.services import Published, publish
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import (
    BY,
    make_authority,
    make_document,
    make_file,
    make_image,
    make_page,
    make_post,
    make_unit,
    place,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SCHOOL, DEPARTMENT, OTHER = "hoaphuong.hcm.edu.vn", "so.hcm.edu.vn", "khac.hcm.edu.vn"


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host=SCHOOL)


@pytest.fixture
def department(school: Unit) -> Unit:
    department = make_authority("Sở (mẫu)", host=DEPARTMENT)
    place(school, department)
    return department


def get(client: Client, path: str, host: str = SCHOOL) -> Any:
    return client.get(path, headers={"host": f"{host}.localhost"})


def shown(client: Client, path: str, host: str = SCHOOL) -> str:
    response = get(client, path, host)
    assert response.status_code == 200, path
    return str(response.content.decode())


def nowhere(client: Client, path: str, host: str = SCHOOL) -> tuple[int, bytes]:
    """Status and body of an answer, apart from the address that was asked."""
    response = get(client, path, host)
    return response.status_code, response.content.replace(path.encode(), b"PATH")


def item(unit: Unit, **fields: Any) -> Entry:
    values: dict[str, Any] = {
        "object_id": 1,
        "channels": (Channel.NOTICE,),
        "title": "Tin của nguồn",
        "published_at": clock.now(),
        "is_broadcast": True,
        **fields,
    }
    with unit_scope(unit.pk):
        return publish(content=Published(unit_id=unit.pk, kind=EntryKind.ITEM, **values))


def test_article_shows_text_picture_author_time_and_files(client: Client, school: Unit) -> None:
    image, attached = make_image(school, alt="Sân trường"), make_file(school, "mau-don.pdf")
    at = datetime(2026, 9, 5, 1, 30, tzinfo=UTC)
    make_post(
        school,
        "Khai giảng",
        at=at,
        body="<p>Thân bài</p>",
        author="Lê Thị C",
        cover=image,
        cover_caption="Lễ chào cờ",
        files=[(attached, "Mẫu đơn")],
    )

    html = shown(client, "/tin-tuc/khai-giang/")

    assert '<div class="prose"><p>Thân bài</p></div>' in html
    assert "Đăng lúc" in html
    assert "08:30, 05/09/2026" in html
    assert "Người viết: Lê Thị C" in html
    assert f'src="/tep/{image.key}/40.webp"' in html
    assert 'alt="Sân trường"' in html
    assert "<figcaption>Lễ chào cờ</figcaption>" in html
    assert f'href="/tep/{attached.key}/mau-don.pdf"' in html
    assert "Tệp tại nguồn" not in html


def test_article_opens_with_a_written_summary_and_never_says_its_text_twice(client: Client, school: Unit) -> None:
    make_post(school, "Khai giảng", body="<h2>Lễ chào cờ</h2><p>Thân bài của trường.</p>")
    make_post(school, "Ngày hội", summary="Tóm tắt của trường.", body="<p>Thân bài.</p>")

    without, written = shown(client, "/tin-tuc/khai-giang/"), shown(client, "/tin-tuc/ngay-hoi/")

    article = without.partition("<article>")[2].partition("</article>")[0]
    assert (article.count("Thân bài của trường."), 'class="lead"' in article) == (1, False)
    assert '<meta name="description" content="Thân bài của trường.">' in without
    assert '<p class="lead">Tóm tắt của trường.</p>' in written


def test_article_is_described_for_machines(client: Client, school: Unit) -> None:
    image = make_image(school)
    make_post(school, "Khai giảng", at=datetime(2026, 9, 5, tzinfo=UTC), author="Lê Thị C", cover=image)

    (text,) = re.findall(r"ld\+json\">(.*?)</script>", shown(client, "/tin-tuc/khai-giang/"))

    assert json.loads(text) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Khai giảng",
        "datePublished": "2026-09-05T00:00:00+00:00",
        "dateModified": "2026-09-05T00:00:00+00:00",
        "inLanguage": "vi",
        "publisher": {"@type": "Organization", "name": "Trường Hoa Phượng (mẫu)"},
        "mainEntityOfPage": f"http://{SCHOOL}.localhost/tin-tuc/khai-giang/",
        "author": {"@type": "Person", "name": "Lê Thị C"},
        "image": f"http://{SCHOOL}.localhost/tep/{image.key}/40.webp",
    }


def test_invitation_shows_time_and_place(client: Client, school: Unit) -> None:
    starts_at = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    make_post(school, "Họp", channel=Channel.INVITATION, starts_at=starts_at, place="Hội trường A")

    html = shown(client, "/thu-moi/hop/")

    assert "<dt>Thời gian</dt><dd>14:30, Thứ Sáu, 20/11/2026</dd>" in html
    assert "<dt>Địa điểm</dt><dd>Hội trường A</dd>" in html


def test_document_shows_its_register_data(client: Client, school: Unit) -> None:
    make_document(
        school,
        "Kế hoạch năm học",
        symbol="204/KH-THCSHP",
        issuer="Trường Hoa Phượng",
        issued_on=date(2026, 9, 1),
        effective_on=date(2026, 9, 2),
        signer="Trần Văn A",
        signer_title="Hiệu trưởng",
        recipients=["Như trên", "Lưu: VT"],
    )

    html = shown(client, "/van-ban/ke-hoach-nam-hoc/")
    facts = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", html))

    assert {name: unescape(value) for name, value in facts.items()}.items() >= {
        "Số, ký hiệu": "204/KH-THCSHP",
        "Loại văn bản": "Công văn",
        "Cơ quan ban hành": "Trường Hoa Phượng",
        "Ngày ban hành": "01/09/2026",
        "Ngày có hiệu lực": "02/09/2026",
        "Hiệu lực": "Còn hiệu lực",
        "Người ký": "Trần Văn A, Hiệu trưởng",
        "Nơi nhận": "Như trên; Lưu: VT",
        "Năm học": "2026 – 2027",
    }.items()
    assert "ngày 01 tháng 09 năm 2026" in html


def test_document_that_ended_says_so(client: Client, school: Unit) -> None:
    make_document(school, "Cũ", issued_on=date(2020, 1, 1), expires_on=date(2020, 12, 31))
    make_document(school, "Mới", issued_on=date(2020, 1, 1))

    assert "Văn bản đã hết hiệu lực" in shown(client, "/van-ban/cu/")
    assert "31/12/2020" in shown(client, "/van-ban/cu/")
    assert "Văn bản đã hết hiệu lực" not in shown(client, "/van-ban/moi/")


def test_page_stands_beside_its_neighbours(client: Client, school: Unit) -> None:
    parent = make_page(school, "Tổ chức", order=2)
    make_page(school, "Ban Giám hiệu", parent=parent, order=1)
    make_page(school, "Lịch sử", order=1, body="<p>Thành lập năm 1990</p>")

    html = shown(client, "/gioi-thieu/lich-su/")

    nav = html.split('aria-label="Các trang giới thiệu"', 1)[1].split("</nav>")[0]
    assert re.findall(r"<span>([^<]*)</span>", nav) == ["Lịch sử", "Tổ chức", "Ban Giám hiệu"]
    assert re.findall(r'href="([^"]*)" aria-current="page"', nav) == ["/gioi-thieu/lich-su/"]
    assert "<p>Thành lập năm 1990</p>" in html


def test_other_entries_of_the_channel_stand_beside_without_this_one(client: Client, school: Unit) -> None:
    for number in range(7):
        make_post(school, f"Tin {number}", at=datetime(2026, 9, number + 1, tzinfo=UTC))

    aside = shown(client, "/tin-tuc/tin-5/").split("<aside", 1)[1].split("</aside>")[0]

    assert re.findall(r"<h3><a [^>]*>([^<]*)</a>", aside) == ["Tin 6", "Tin 4", "Tin 3", "Tin 2"]


def test_entry_of_another_unit_answers_exactly_like_one_that_never_was(client: Client, school: Unit) -> None:
    other = make_unit(host=OTHER)
    make_post(other, "Tin riêng")
    make_document(other, "Văn bản riêng")
    make_page(other, "Trang riêng")
    posts = {entry.path: entry.pk for entry in Entry.objects.all()}
    without_number = nowhere(client, "/nguon/999999/tin-rieng/")

    assert sorted(posts) == ["/gioi-thieu/trang-rieng/", "/tin-tuc/tin-rieng/", "/van-ban/van-ban-rieng/"]
    for path, pk in posts.items():
        missing = nowhere(client, f"/{path.split('/')[1]}/khong-he-co/")
        assert (get(client, path, OTHER).status_code, missing[0]) == (200, 404)
        assert nowhere(client, path) == missing
        assert nowhere(client, f"/nguon/{pk}/tin-rieng/") == without_number


def test_draft_and_withdrawn_post_answer_like_one_that_never_was(client: Client, school: Unit) -> None:
    make_post(school, "Bản nháp", publish=False)
    post = make_post(school, "Đã gỡ")
    pk = Entry.objects.get().pk
    with unit_scope(school.pk):
        withdraw_post(post=post, reason="Sai", by=BY)
    missing = nowhere(client, "/tin-tuc/khong-he-co/")

    assert nowhere(client, "/tin-tuc/ban-nhap/") == missing
    assert nowhere(client, "/tin-tuc/da-go/") == missing
    assert nowhere(client, f"/nguon/{pk}/da-go/") == nowhere(client, "/nguon/999999/da-go/")


@pytest.mark.parametrize(
    "path",
    [
        "/tin-tuc/khai-giang",
        "/thong-bao/khai-giang/",
        "/tin-tuc/Khai-giang/",
        "/tin-tuc/khai_giang/",
        "/tin-tuc/khai-giang/x/",
        "/nguon/0/a/",
        "/nguon/-1/a/",
        "/nguon/99999999999999999999999/a/",
        f"/nguon/{'9' * 5000}/a/",
        "/nguon/1/",
    ],
)
def test_addresses_that_are_nearly_right_do_not_exist(client: Client, school: Unit, path: str) -> None:
    make_post(school, "Khai giảng")

    assert get(client, path).status_code == 404


def test_upstream_item_is_read_here_with_its_source(client: Client, school: Unit, department: Unit) -> None:
    entry = item(
        department,
        source_name="Sở Giáo dục",
        source_url="https://so.example.vn/tin/1",
        body="<p>Toàn văn</p>",
        facts={"enclosures": [{"url": "https://so.example.vn/t%E1%BB%87p.pdf", "type": "", "length": 2048}]},
    )

    html = shown(client, f"/nguon/{entry.pk}/tin-cua-nguon/")

    assert "<strong>Nguồn: Sở Giáo dục.</strong>" in html
    assert '<a href="https://so.example.vn/tin/1" rel="noopener">Xem bản gốc</a>' in html
    assert '<link rel="canonical" href="https://so.example.vn/tin/1">' in html
    assert "<p>Toàn văn</p>" in html
    assert "tệp.pdf<small>2 KB</small>" in html


def test_upstream_post_leads_to_the_portal_of_its_owner(client: Client, school: Unit, department: Unit) -> None:
    make_post(department, "Từ Sở", channel=Channel.NOTICE)
    entry = Entry.objects.get()

    html = shown(client, f"/nguon/{entry.pk}/tu-so/")

    original = f"http://{DEPARTMENT}.localhost/thong-bao/tu-so/"
    assert "<strong>Nguồn: Sở (mẫu).</strong>" in html
    assert f'<a href="{original}" rel="noopener">Xem bản gốc</a>' in html
    assert f'<link rel="canonical" href="{original}">' in html
    assert "<strong>Nguồn:" not in shown(client, "/thong-bao/tu-so/", DEPARTMENT)


def test_repost_names_its_source_on_its_own_portal(client: Client, school: Unit) -> None:
    make_post(school, "Đăng lại", source_name="Báo Ví dụ", source_url="https://bao.example.vn/1")

    html = shown(client, "/tin-tuc/dang-lai/")

    assert "<strong>Nguồn: Báo Ví dụ.</strong>" in html
    assert '<a href="https://bao.example.vn/1" rel="noopener">Xem bản gốc</a>' in html
    assert f'<link rel="canonical" href="http://{SCHOOL}.localhost/tin-tuc/dang-lai/">' in html


def test_wrong_words_in_the_address_lead_to_the_right_ones(client: Client, school: Unit, department: Unit) -> None:
    entry = item(department)

    response = get(client, f"/nguon/{entry.pk}/chu-cu/")

    assert (response.status_code, response["Location"]) == (301, f"/nguon/{entry.pk}/tin-cua-nguon/")


def test_own_entry_asked_by_number_leads_to_its_own_address(client: Client, school: Unit) -> None:
    make_post(school, "Khai giảng")

    response = get(client, f"/nguon/{Entry.objects.get().pk}/khai-giang/")

    assert (response.status_code, response["Location"]) == (301, "/tin-tuc/khai-giang/")


def test_item_found_under_another_channel_leads_to_its_content(client: Client, school: Unit, department: Unit) -> None:
    primary = item(department, channels=(Channel.INVITATION, Channel.NEWS), body="<p>Toàn văn</p>")
    second = Entry.objects.get(is_primary=False)

    response = get(client, f"/nguon/{second.pk}/tin-cua-nguon/")

    assert (response.status_code, response["Location"]) == (301, f"/nguon/{primary.pk}/tin-cua-nguon/")
    assert "<p>Toàn văn</p>" in shown(client, f"/nguon/{primary.pk}/tin-cua-nguon/")


def test_upstream_entry_that_is_not_meant_for_here_does_not_exist(
    client: Client, school: Unit, department: Unit
) -> None:
    stranger = make_authority()
    hidden = [
        item(department, object_id=1, is_broadcast=False),
        item(department, object_id=2, levels=1),
        item(department, object_id=3, published_at=datetime(2019, 12, 31, 16, 59, tzinfo=UTC)),
        item(stranger, object_id=4),
    ]
    missing = nowhere(client, "/nguon/999999/tin-cua-nguon/")

    assert [nowhere(client, f"/nguon/{entry.pk}/tin-cua-nguon/") for entry in hidden] == [missing] * 4
    seen = item(department, object_id=5, published_at=datetime(2019, 12, 31, 17, 0, tzinfo=UTC))
    assert get(client, f"/nguon/{seen.pk}/tin-cua-nguon/").status_code == 200


def test_entry_costs_the_same_queries_with_one_and_many_neighbours(
    client: Client, school: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def counted() -> int:
        with django_assert_max_num_queries(8) as captured:
            get(client, "/tin-tuc/khai-giang/")
        return len(captured)

    make_post(school, "Khai giảng", files=[(make_file(school), "")])
    make_post(school)
    with_one = counted()
    for _ in range(3):
        make_post(school, at=clock.now() - timedelta(days=1))

    assert counted() == with_one


def test_video_loads_nothing_until_it_is_played_and_only_its_page_may_frame_it(client: Client) -> None:
    unit = make_unit(host=SCHOOL)
    body = '<figure class="media"><oembed url="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></oembed></figure>'
    make_post(unit, "Có video", body=body)
    make_post(unit, "Không video")

    with_video = client.get("/tin-tuc/co-video/", headers={"host": f"{SCHOOL}.localhost"})
    without = client.get("/tin-tuc/khong-video/", headers={"host": f"{SCHOOL}.localhost"})

    html = with_video.content.decode()
    assert ("<iframe" in html, "youtube-nocookie" in html) == (False, False)
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"' in html
    assert "frame-src https://www.youtube-nocookie.com" in with_video["Content-Security-Policy"]
    assert "youtube" not in without["Content-Security-Policy"]
