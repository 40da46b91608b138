"""Albums, resources, questions, weekly calendars and timetables as visitors see them."""

import json
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from congtruong.core import clock
from congtruong.editorial.models import Category, Post
from congtruong.editorial.services import withdraw_post
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_authority, make_file, make_image, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SCHOOL, OTHER = "hoaphuong.hcm.edu.vn", "khac.hcm.edu.vn"
LISTS = ("/hinh-anh/", "/tai-nguyen/", "/hoi-dap/", "/lich-tuan/", "/tkb/")
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host=SCHOOL)


@pytest.fixture
def other() -> Unit:
    return make_unit("Trường khác (mẫu)", host=OTHER)


@pytest.fixture
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: WEDNESDAY)


def get(client: Client, path: str, host: str = SCHOOL) -> Any:
    return client.get(path, headers={"host": f"{host}.localhost"})


def shown(client: Client, path: str, host: str = SCHOOL) -> str:
    """The words of a page with their marks, entities read."""
    response = get(client, path, host)
    assert response.status_code == 200, path
    return unescape(str(response.content.decode()))


def main_of(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", main_of(page)).split())


def make_album(unit: Unit, title: str, count: int = 2, **fields: Any) -> Post:
    images = [
        make_image(unit, f"{title}-{n}.png", alt=f"{title} {n}", colour=(n * 20, len(title), 9)) for n in range(count)
    ]
    facts = {"images": [{"asset": image.pk, "caption": f"Chú thích {n}"} for n, image in enumerate(images)]}
    return make_post(unit, title, channel=Channel.ALBUM, facts=facts, body=fields.pop("body", ""), **fields)


def make_week(unit: Unit, monday: str, *rows: dict[str, Any]) -> Post:
    listed = rows or (
        {"day": 0, "time": "07:30", "what": f"Chào cờ {monday}", "where": "Sân trường", "who": "Toàn trường"},
    )
    facts = {"monday": monday, "rows": list(listed)}
    return make_post(unit, f"Lịch tuần {monday}", channel=Channel.WEEK, facts=facts, body="")


TABLES = [
    {
        "name": "6A1",
        "head": ["Tiết", "Thứ Hai", "Thứ Ba", "Thứ Tư"],
        "rows": [["1", "Chào cờ", "Toán", "Ngữ văn"], ["2", "Toán", "", "Tin học"]],
    },
    {"name": "6A2", "head": ["Tiết", "Thứ Hai"], "rows": [["1", "Âm nhạc"]]},
    {"name": "7/1", "head": ["Buổi", "Tiết", "Thứ Hai"], "rows": [["Chiều", "1", "Thể dục"]]},
]


def make_timetable(unit: Unit, valid_from: str = "2026-11-23", **fields: Any) -> Post:
    facts = {"valid_from": valid_from, "tables": fields.pop("tables", TABLES)}
    title = fields.pop("title", f"Thời khóa biểu từ {valid_from}")
    return make_post(unit, title, channel=Channel.TIMETABLE, facts=facts, body="", **fields)


def make_category(unit: Unit, channel: Channel, name: str, slug: str, order: int) -> Category:
    with unit_scope(unit.pk):
        return Category.objects.create(unit=unit, channel=channel, name=name, slug=slug, order=order)


# --- Every collection -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/hinh-anh/", "Chưa có album nào"),
        ("/tai-nguyen/", "Chưa có tài nguyên nào"),
        ("/hoi-dap/", "Chưa có câu hỏi nào"),
        ("/lich-tuan/", "Chưa có lịch tuần nào"),
        ("/tkb/", "Chưa có thời khóa biểu nào"),
    ],
)
def test_empty_collection_says_so_and_leads_on(client: Client, school: Unit, path: str, said: str) -> None:
    page = main_of(shown(client, path))

    assert f"<h2>{said}</h2>" in page
    assert 'class="more"' in page


def _album(unit: Unit, n: int) -> Post:
    return make_album(unit, f"Album {n}", 1)


def _resource(unit: Unit, n: int) -> Post:
    file = make_file(unit, f"mau-{n}.pdf", f"%PDF-1.4 {n}".encode())
    return make_post(unit, f"Biểu mẫu {n}", channel=Channel.RESOURCE, files=[(file, "")])


def _question(unit: Unit, n: int) -> Post:
    return make_post(unit, f"Hỏi {n}?", channel=Channel.QUESTION, body=f"<p>Đáp {n}</p>")


def _week(unit: Unit, n: int) -> Post:
    return make_week(unit, f"2026-11-{2 + 7 * (n % 4):02d}")


def _timetable(unit: Unit, n: int) -> Post:
    return make_timetable(unit, f"2026-11-{n + 1:02d}")


MAKERS = list(zip(LISTS, (_album, _resource, _question, _week, _timetable), strict=True))


@pytest.mark.parametrize(("path", "make"), MAKERS)
def test_list_asks_as_much_for_three_as_for_one(
    client: Client,
    school: Unit,
    path: str,
    make: Callable[[Unit, int], Post],
    django_assert_max_num_queries: Any,
) -> None:
    def cost() -> int:
        with django_assert_max_num_queries(12) as captured:
            shown(client, path)
        return len(captured)

    make(school, 0)
    first = cost()
    for n in (1, 2):
        make(school, n)

    assert cost() == first


@pytest.mark.parametrize(("path", "make"), MAKERS)
def test_collection_of_another_unit_is_not_there(
    client: Client, school: Unit, other: Unit, path: str, make: Callable[[Unit, int], Post]
) -> None:
    post = make(other, 1)
    address = f"{path}{post.slug}/"

    assert post.title in words(shown(client, address, OTHER))
    assert get(client, address).status_code == 404
    assert post.title not in shown(client, path)


def test_collections_of_an_authority_stay_on_its_own_portal(client: Client, school: Unit) -> None:
    department = make_authority("Sở (mẫu)", host=OTHER)
    place(school, department)
    _question(department, 7)

    assert "Hỏi 7?" in shown(client, "/hoi-dap/", OTHER)
    assert "Hỏi 7?" not in shown(client, "/hoi-dap/")


def test_withdrawn_calendar_is_gone_at_once(client: Client, school: Unit) -> None:
    post = make_week(school, "2026-11-23")
    with unit_scope(school.pk):
        withdraw_post(post=post, reason="Sai", by=BY)

    assert "Chưa có lịch tuần nào" in shown(client, "/lich-tuan/")


def test_maps_and_search_name_only_what_the_unit_has(client: Client, school: Unit) -> None:
    _question(school, 1)

    found = [path for path in LISTS if f"<loc>http://{SCHOOL}.localhost{path}</loc>" in shown(client, "/sitemap.xml")]
    assert found == ["/hoi-dap/"]
    listed = shown(client, "/so-do-trang/")
    assert [path for path in LISTS if f'<a href="{path}">' in main_of(listed)] == ["/hoi-dap/"]
    chips = main_of(shown(client, "/tim-kiem/?q=hoi"))
    assert [path for path in LISTS if f"muc={path.strip('/')}" in chips] == ["/hoi-dap/"]
    assert "Hỏi 1?" in words(shown(client, "/tim-kiem/?q=hoi&muc=hoi-dap"))


# --- Albums -----------------------------------------------------------------------------------------------------------


def test_album_list_counts_photos_and_videos_and_shows_the_first_photo(client: Client, school: Unit) -> None:
    video = '<figure class="media"><oembed url="https://www.youtube.com/watch?v=abcdefghijk"></oembed></figure>'
    make_album(school, "Khai giảng", 3, body=video)

    page = main_of(shown(client, "/hinh-anh/"))
    entry = Entry.objects.get()

    assert "3 ảnh · 1 video ·" in page
    assert entry.image is not None
    assert entry.image["key"] == entry.facts["images"][0]["key"]
    assert f'src="/tep/{entry.image["key"]}/' in page


def test_album_shows_its_photos_in_order_with_captions_and_large_copies(client: Client, school: Unit) -> None:
    post = make_album(school, "Trung thu", 3)

    page = main_of(shown(client, f"/hinh-anh/{post.slug}/"))
    images = Entry.objects.get().facts["images"]

    assert re.findall(r'<a href="(/tep/[^"]+)"><picture>', page.replace("\n", "").replace("  ", "")) == [
        f"/tep/{image['key']}/{image['renditions'][-1]['name']}" for image in images
    ]
    assert re.findall(r"<figcaption>([^<]+)", page) == ["Chú thích 0", "Chú thích 1", "Chú thích 2"]
    assert re.findall(r'alt="(Trung thu \d)"', page) == ["Trung thu 0", "Trung thu 1", "Trung thu 2"]
    for image in images:
        assert get(client, f"/tep/{image['key']}/{image['renditions'][-1]['name']}").status_code == 200


def test_albums_have_pages_and_no_page_beyond(client: Client, school: Unit) -> None:
    for n in range(21):
        make_post(school, f"Album số {n}", channel=Channel.ALBUM)

    assert main_of(shown(client, "/hinh-anh/")).count('<article class="card">') == 20
    assert main_of(shown(client, "/hinh-anh/trang/2/")).count('<article class="card">') == 1
    assert [get(client, f"/hinh-anh/trang/{n}/").status_code for n in (0, 1, 3)] == [404, 404, 404]


# --- Resources --------------------------------------------------------------------------------------------------------


def test_resources_stand_under_their_headings_with_type_and_size(client: Client, school: Unit) -> None:
    forms = make_category(school, Channel.RESOURCE, "Biểu mẫu", "bieu-mau", 2)
    lessons = make_category(school, Channel.RESOURCE, "Học liệu", "hoc-lieu", 1)
    file = make_file(school, "don-xin-nghi.pdf", b"%PDF-1.4 " + b"x" * 3000)
    make_post(school, "Đơn xin nghỉ", channel=Channel.RESOURCE, category_id=forms.pk, files=[(file, "Đơn mẫu")])
    make_post(school, "Bài giảng", channel=Channel.RESOURCE, category_id=lessons.pk)
    make_post(school, "Chưa xếp", channel=Channel.RESOURCE)

    page = main_of(shown(client, "/tai-nguyen/"))

    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", page) == ["Học liệu", "Biểu mẫu", "Mục khác"]
    assert "Đơn mẫu<small>PDF · 3 KB</small>" in page
    assert words(shown(client, "/tai-nguyen/?muc=bieu-mau")).count("Đăng ngày") == 1


def test_heading_with_many_resources_shows_the_latest_and_leads_to_the_rest(client: Client, school: Unit) -> None:
    forms = make_category(school, Channel.RESOURCE, "Biểu mẫu", "bieu-mau", 1)
    for n in range(22):
        make_post(school, f"Mẫu số {n:02d}", channel=Channel.RESOURCE, category_id=forms.pk)

    page = main_of(shown(client, "/tai-nguyen/"))

    assert re.findall(r">Mẫu số (\d\d)<", page) == [f"{n:02d}" for n in range(21, 13, -1)]
    assert '<a class="more" href="?muc=bieu-mau">Xem tất cả 22' in page
    assert re.findall(r">Mẫu số (\d\d)<", main_of(shown(client, "/tai-nguyen/?muc=bieu-mau&trang=2"))) == ["01", "00"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=nghi+hoc", ["Đơn xin nghỉ học"]),
        ("q=NGHỈ", ["Đơn xin nghỉ học"]),
        ("q=khong-co", []),
        ("muc=la", ["Thực đơn", "Đơn xin nghỉ học"]),
    ],
)
def test_resources_are_found_by_words_with_or_without_marks(
    client: Client, school: Unit, query: str, titles: list[str]
) -> None:
    for title in ("Đơn xin nghỉ học", "Thực đơn"):
        make_post(school, title, channel=Channel.RESOURCE)

    assert re.findall(r'<h3><a href="[^"]+">([^<]+)', main_of(shown(client, f"/tai-nguyen/?{query}"))) == titles


# --- Questions --------------------------------------------------------------------------------------------------------


def test_questions_open_in_place_and_are_told_to_machines(client: Client, school: Unit) -> None:
    intake = make_category(school, Channel.QUESTION, "Tuyển sinh", "tuyen-sinh", 1)
    make_post(school, "Học phí?", channel=Channel.QUESTION, body="<p>Không thu.</p>")
    make_post(
        school, "Khi nào nhận hồ sơ?", channel=Channel.QUESTION, body="<p>Tháng <b>7</b>.</p>", category_id=intake.pk
    )

    page = shown(client, "/hoi-dap/")

    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", main_of(page))[:2] == ["Tuyển sinh", "Mục khác"]
    assert re.findall(r"<summary><span>([^<]+)", page) == ["Khi nào nhận hồ sơ?", "Học phí?"]
    raw = get(client, "/hoi-dap/").content.decode()
    told = json.loads(re.search(r'ld\+json">(.+?)</script>', raw)[1])  # type: ignore[index]
    assert (told["@type"], [(q["name"], q["acceptedAnswer"]["text"]) for q in told["mainEntity"]]) == (
        "FAQPage",
        [("Khi nào nhận hồ sơ?", "Tháng 7 ."), ("Học phí?", "Không thu.")],
    )


# --- Weeks ------------------------------------------------------------------------------------------------------------


def test_calendar_shows_this_week_with_today_marked_and_its_neighbours(
    client: Client, school: Unit, wednesday: None
) -> None:
    before, after = make_week(school, "2026-11-16"), make_week(school, "2026-11-30")
    make_week(
        school,
        "2026-11-23",
        {"day": 2, "time": "14:00", "what": "Họp tổ Toán", "where": "Phòng 5", "who": "Tổ Toán"},
        {"day": 0, "time": "", "what": "Trực ban", "where": "", "who": ""},
        {"day": 2, "time": "16:00", "what": "Họp Chi bộ", "where": "", "who": ""},
    )

    page = main_of(shown(client, "/lich-tuan/"))

    assert "Lịch tuần 2026-11-23" in page
    assert re.findall(r'<time datetime="([\d-]+)">(Thứ [^<]+)', page) == [
        ("2026-11-23", "Thứ Hai"),
        ("2026-11-25", "Thứ Tư"),
    ]
    assert re.findall(r'class="week-what">([^<]+)', page) == ["Trực ban", "Họp tổ Toán", "Họp Chi bộ"]
    assert page.count('<tbody class="week-today">') == page.count('<span class="tag">Hôm nay</span>') == 1
    assert f'href="/lich-tuan/{before.slug}/">' in page.split("Tuần trước")[0]
    assert f'href="/lich-tuan/{after.slug}/">' in page.split("Tuần sau")[0]


def test_without_a_calendar_for_this_week_the_latest_is_shown(client: Client, school: Unit, wednesday: None) -> None:
    make_week(school, "2026-11-02")
    make_week(school, "2026-11-09")

    page = words(shown(client, "/lich-tuan/"))

    assert "Chào cờ 2026-11-09" in page
    assert "Tuần gần nhất có lịch" in page
    assert "Tuần sau" not in page


def test_every_week_has_a_page_of_its_own(client: Client, school: Unit, wednesday: None) -> None:
    post = make_week(school, "2026-11-02")
    make_week(school, "2026-11-23")

    page = words(shown(client, f"/lich-tuan/{post.slug}/"))

    assert "Chào cờ 2026-11-02" in page
    assert ("Hôm nay" in page, "Tuần này" in page, "Tuần trước" in page, "Tuần sau" in page) == (
        False,
        False,
        False,
        True,
    )


# --- Timetables -------------------------------------------------------------------------------------------------------


def test_timetables_stand_by_school_year_and_say_which_one_applies(
    client: Client, school: Unit, wednesday: None
) -> None:
    make_timetable(school, "2026-09-07", school_year=2026, title="TKB số 1")
    make_timetable(school, "2026-11-23", school_year=2026, title="TKB số 2")
    make_timetable(school, "2026-12-07", school_year=2026, title="TKB số 3")
    make_timetable(school, "2025-09-08", school_year=2025, title="TKB năm trước")

    page = main_of(shown(client, "/tkb/"))

    assert re.findall(r"Năm học ([\d – ]+)", page) == ["2026 – 2027", "2025 – 2026"]
    assert re.findall(r"<span>(TKB[^<]+)<small>", page) == ["TKB số 3", "TKB số 2", "TKB số 1", "TKB năm trước"]
    assert page.count("Đang áp dụng") == 1
    assert "Đang áp dụng" in page.split("TKB số 2")[1].split("TKB số 1")[0]


def test_timetable_shows_the_chosen_class_day_by_day(client: Client, school: Unit, wednesday: None) -> None:
    path = f"/tkb/{make_timetable(school).slug}/"

    page = main_of(shown(client, path))

    assert re.findall(r'href="\?lop=([^"]+)"( aria-current="page")?>([^<]+)', page) == [
        ("6A1", ' aria-current="page"', "6A1"),
        ("6A2", "", "6A2"),
        ("7%2F1", "", "7/1"),
    ]
    assert re.findall(r'<p id="khoi-\d">([^<]+)', page) == ["Khối 6", "Khối 7"]
    table = page.split("<table")[1]
    assert re.findall(r'scope="col">([^<]+)', table) == ["Thứ", "Tiết 1", "Tiết 2"]
    assert re.findall(r'<td data-h="([^"]+)">([^<]+)', table) == [
        ("Tiết 1", "Chào cờ"),
        ("Tiết 2", "Toán"),
        ("Tiết 1", "Toán"),
        ("Tiết 1", "Ngữ văn"),
        ("Tiết 2", "Tin học"),
    ]
    assert re.findall(r'class="tkb-today">\s*<th scope="row">([^<]+)', table) == ["Thứ Tư "]
    assert "Chiều, tiết 1" in main_of(shown(client, f"{path}?lop=7%2F1"))
    assert "Thời khóa biểu 6A1" in main_of(shown(client, f"{path}?lop=khong-co"))


def test_table_that_is_no_timetable_is_shown_as_it_was(client: Client, school: Unit) -> None:
    tables = [{"name": "Trang 1", "head": ["Ca", "Việc"], "rows": [["1", "Trực cổng"], ["2", "Trực sân"]]}]
    path = f"/tkb/{make_timetable(school, tables=tables).slug}/"

    page = main_of(shown(client, path))

    assert re.findall(r"<tr><th[^>]*>([^<]+)</th><td>([^<]+)", page) == [("1", "Trực cổng"), ("2", "Trực sân")]
    assert "lop=" not in page


def test_facts_that_say_nothing_still_make_a_page(client: Client, school: Unit) -> None:
    for channel in (Channel.WEEK, Channel.TIMETABLE, Channel.ALBUM):
        post = make_post(school, f"Trống {channel}", channel=channel, body="<p>Xem tệp.</p>")
        assert "Xem tệp." in words(shown(client, f"/{channel}/{post.slug}/"))
