"""Albums, weeks and timetables on the editor's page."""

import io
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from congtruong.console.forms import structured
from congtruong.console.forms.structured import structured_for, warnings_of
from congtruong.core import clock
from congtruong.editorial.models import Post, PostFile
from congtruong.media.models import Asset
from congtruong.portal.queries import old_yearly_pages
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_file, make_image, make_post, make_unit, picture

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = "hoaphuong.hcm.edu.vn"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def school(monkeypatch: pytest.MonkeyPatch) -> Unit:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 25))
    return make_unit(host=HOST)


@pytest.fixture
def editor(school: Unit, client: Client) -> User:
    person = User.objects.create_user("bientap", password="mat-khau-thu-2026", full_name="Cô Trần Thị B")
    grant_role(unit=school, user=person, role=Role.EDITOR, by=BY)
    client.force_login(person)
    return person


def draft(unit: Unit, channel: Channel, title: str = "", **fields: Any) -> Post:
    return make_post(unit, title or f"Bài {channel}", channel=channel, body="<p>Chữ</p>", publish=False, **fields)


def address(post: Post, step: str = "") -> str:
    return f"/quan-tri/bai-viet/{post.pk}/{step}"


def opened(client: Client, post: Post, query: str = "") -> str:
    response = client.get(address(post) + query, headers={"host": f"{HOST}.localhost"})
    assert response.status_code == 200
    return unescape(str(response.content.decode()))


def sent(client: Client, post: Post, step: Any = "luu/", **data: Any) -> Any:
    data = {"has_page": "1", "version": post.version, "title": post.title, "body": post.body, **data}
    return client.post(address(post, step), data, headers={"host": f"{HOST}.localhost"})


def stored(post: Post) -> Post:
    with unit_scope(post.unit_id):
        return Post.objects.get(pk=post.pk)


def problems(response: Any) -> list[str]:
    page = unescape(response.content.decode())
    listed = page.split('id="loi"', 1)[1].split("</ul>", 1)[0]
    assert response.status_code == 422
    return [re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<li>(.+?)</li>", listed)]


def workbook(name: str = "tkb.xlsx", sheets: dict[str, list[list[Any]]] | None = None) -> SimpleUploadedFile:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in (sheets or {"6A1": [["Tiết", "Thứ 2", "Thứ 3", "Thứ 4"], [1, "Toán", "Văn", "Anh"]]}).items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile(name, buffer.getvalue(), XLSX)


def test_only_four_channels_have_more_than_a_text() -> None:
    assert [c for c in Channel if structured_for(c)] == [Channel.PAGE, Channel.ALBUM, Channel.WEEK, Channel.TIMETABLE]


# --- Albums -----------------------------------------------------------------------------------------------------------


def test_album_keeps_order_and_captions_and_takes_new_photos(client: Client, school: Unit, editor: User) -> None:
    first, second, third = (make_image(school, f"{n}.png", colour=(n, 9, 9), alt=f"Ảnh {n}") for n in range(3))
    post = draft(school, Channel.ALBUM)
    upload = SimpleUploadedFile("moi.png", picture(colour="blue"), "image/png")

    response = sent(
        client,
        post,
        has_album="1",
        album_image=[first.pk, second.pk, third.pk],
        album_caption=["  Một ", "Hai", "Ba"],
        album_place=["3", "1", "2"],
        album_drop=[third.pk],
        album_upload=[upload],
    )

    assert response.status_code == 302
    with unit_scope(school.pk):
        new = Asset.objects.get(name="moi.png")
    assert stored(post).facts["images"] == [
        {"asset": second.pk, "caption": "Hai"},
        {"asset": first.pk, "caption": "Một"},
        {"asset": new.pk, "caption": ""},
    ]
    page = opened(client, post)
    assert re.findall(r'name="album_image" value="(\d+)"', page) == [str(a.pk) for a in (second, first, new)]
    assert "Còn 1 ảnh chưa có mô tả" in page


def test_album_is_published_with_its_photos(client: Client, school: Unit, editor: User) -> None:
    photo = make_image(school, alt="Sân trường")
    post = draft(school, Channel.ALBUM)
    data = {"has_album": "1", "album_image": [photo.pk], "album_caption": ["Chào cờ"], "album_place": ["1"]}

    assert sent(client, post, "dang/", **data).status_code == 302

    entry = Entry.objects.get()
    assert [(image["key"], image["caption"]) for image in entry.facts["images"]] == [(photo.key, "Chào cờ")]
    public = client.get(entry.path, headers={"host": f"{HOST}.localhost"}).content.decode()
    assert "Chào cờ" in public


def test_album_refuses_files_that_are_no_photos_and_says_which(client: Client, school: Unit, editor: User) -> None:
    post = draft(school, Channel.ALBUM)
    upload = [SimpleUploadedFile("don.pdf", b"%PDF-1.4 x"), SimpleUploadedFile("phim.mp4", b"\0\0\0\x18ftypmp42")]

    assert len(problems(sent(client, post, has_album="1", album_upload=upload))) == 2
    assert stored(post).facts == {}


def test_album_takes_no_photo_of_another_unit(client: Client, school: Unit, editor: User) -> None:
    theirs = make_image(make_unit(), alt="Của trường khác")
    post = draft(school, Channel.ALBUM)

    response = sent(client, post, has_album="1", album_image=[theirs.pk], album_caption=[""], album_place=["1"])

    assert response.status_code == 422
    assert "Của trường khác" not in response.content.decode()
    assert stored(post).facts == {}


def test_album_has_a_limit(client: Client, school: Unit, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structured, "MOST_PHOTOS", 1)
    photos = [make_image(school, f"{n}.png", colour=(n, 1, 1)) for n in range(2)]
    post = draft(school, Channel.ALBUM)

    response = sent(client, post, has_album="1", album_image=[p.pk for p in photos])

    assert problems(response) == ["Một album có nhiều nhất 1 ảnh. Hãy bỏ bớt ảnh hoặc chia thành hai album."]


def test_page_sent_without_its_part_changes_no_facts(client: Client, school: Unit, editor: User) -> None:
    photo = make_image(school, alt="x")
    for channel, facts in (
        (Channel.ALBUM, {"images": [{"asset": photo.pk, "caption": "Cũ"}]}),
        (Channel.WEEK, {"monday": "2026-11-23", "rows": []}),
        (Channel.TIMETABLE, {"valid_from": "2026-11-23", "tables": []}),
    ):
        post = draft(school, channel, facts=facts)
        assert sent(client, post, summary="Mới").status_code == 302
        assert (stored(post).summary, stored(post).facts) == ("Mới", facts)


# --- Weeks ------------------------------------------------------------------------------------------------------------

LINES: dict[str, list[str]] = {
    "week_day": ["2", "0", "0", "1", ""],
    "week_time": ["14h", "9 giờ 30", "7h30", "", "8:00"],
    "week_what": ["Họp  tổ", "Dự giờ", "Chào cờ", "", "Không có thứ"],
    "week_where": ["Phòng 5", "", "Sân", "", ""],
    "week_who": ["Tổ Toán", "", "", "", ""],
}


def test_week_names_itself_and_sorts_its_lines(client: Client, school: Unit, editor: User) -> None:
    post = draft(school, Channel.WEEK, "Gì đó")

    assert sent(client, post, has_week="1", week_monday="2026-12-02", **LINES).status_code == 302

    saved = stored(post)
    assert saved.title == "Lịch công tác từ 30/11/2026 đến 06/12/2026"
    assert saved.facts["monday"] == "2026-11-30"
    assert [(row["day"], row["time"], row["what"]) for row in saved.facts["rows"]] == [
        (0, "07:30", "Chào cờ"),
        (0, "09:30", "Dự giờ"),
        (2, "14:00", "Họp tổ"),
    ]


def test_week_that_has_a_calendar_already_is_refused_and_the_lines_stay(
    client: Client, school: Unit, editor: User
) -> None:
    draft(school, Channel.WEEK, "Tuần này", facts={"monday": "2026-11-23", "rows": []})
    post = draft(school, Channel.WEEK)

    response = sent(client, post, has_week="1", week_monday="2026-11-25", **LINES)

    assert problems(response) == ["Tuần từ 23/11/2026 đã có lịch khác. Hãy sửa lịch đó, hoặc chọn tuần khác."]
    assert "Họp tổ" in unescape(response.content.decode())
    assert stored(post).facts == {}


def test_week_needs_a_day(client: Client, school: Unit, editor: User) -> None:
    post = draft(school, Channel.WEEK)

    assert problems(sent(client, post, has_week="1", week_monday="thứ hai", **LINES)) == [
        "Cần chọn một ngày trong tuần của lịch."
    ]


def test_new_week_is_the_next_without_a_calendar_and_can_take_over_the_last_one(
    client: Client, school: Unit, editor: User
) -> None:
    other = make_unit()
    draft(other, Channel.WEEK, facts={"monday": "2026-11-30", "rows": [{"day": 0, "what": "Của trường khác"}]})
    row = {"day": 4, "time": "15:00", "what": "Sinh hoạt lớp", "where": "", "who": ""}
    draft(school, Channel.WEEK, "Tuần trước", facts={"monday": "2026-11-23", "rows": [row]})
    post = draft(school, Channel.WEEK)

    page, copied = opened(client, post), opened(client, post, "?chep=1")

    assert 'name="week_monday" value="2026-11-30"' in page
    assert ("Sinh hoạt lớp" in page, "Sinh hoạt lớp" in copied) == (False, True)
    assert "Chép việc của tuần từ 23/11/2026" in page
    assert "Của trường khác" not in page + copied
    assert stored(post).facts == {}


# --- Timetables -------------------------------------------------------------------------------------------------------


def test_timetable_is_read_from_excel_and_the_file_is_attached(client: Client, school: Unit, editor: User) -> None:
    post = draft(school, Channel.TIMETABLE, files=[(make_file(school), "Ghi chú")])

    response = sent(client, post, has_timetable="1", tkb_from="2026-11-30", tkb_file=workbook(), title="")

    assert response.status_code == 302
    saved = stored(post)
    assert (saved.title, saved.facts["valid_from"]) == ("Thời khóa biểu áp dụng từ 30/11/2026", "2026-11-30")
    assert saved.facts["tables"] == [
        {"name": "6A1", "head": ["Tiết", "Thứ Hai", "Thứ Ba", "Thứ Tư"], "rows": [["1", "Toán", "Văn", "Anh"]]}
    ]
    page = opened(client, post)
    assert "Đã đọc được 1 bảng" in page
    with unit_scope(school.pk):
        names = list(PostFile.objects.filter(post=post).values_list("asset__name", flat=True))
    assert names == ["tkb.xlsx", "van-ban.pdf"]


def test_new_file_takes_the_place_of_the_old_one(client: Client, school: Unit, editor: User) -> None:
    post = draft(school, Channel.TIMETABLE)
    sent(client, post, has_timetable="1", tkb_from="2026-11-30", tkb_file=workbook())
    post = stored(post)
    other = workbook("tkb-2.xlsx", {"7A1": [["Tiết", "Thứ 2", "Thứ 3", "Thứ 4"], [1, "Sử", "Địa", "Lý"]]})

    assert sent(client, post, has_timetable="1", tkb_from="2026-11-30", tkb_file=other).status_code == 302

    with unit_scope(school.pk):
        names = list(PostFile.objects.filter(post=post).values_list("asset__name", flat=True))
    assert ([table["name"] for table in stored(post).facts["tables"]], names) == (["7A1"], ["tkb-2.xlsx"])


def test_timetable_comes_from_the_library_as_well(client: Client, school: Unit, editor: User) -> None:
    chosen = make_file(school, "chon.xlsx", workbook().read())
    theirs = make_file(make_unit(), "la.xlsx", workbook().read())
    post = draft(school, Channel.TIMETABLE)
    page = opened(client, post)
    assert ("chon.xlsx" in page, "la.xlsx" in page) == (True, False)

    refused = sent(client, post, has_timetable="1", tkb_from="2026-11-30", tkb_asset=theirs.pk)
    assert problems(refused) == ["Lựa chọn này không dùng được. Hãy chọn lại trong danh sách."]
    assert sent(client, post, has_timetable="1", tkb_from="2026-11-30", tkb_asset=chosen.pk).status_code == 302
    assert len(stored(post).facts["tables"]) == 1


def test_timetable_without_day_or_file_says_what_is_missing(client: Client, school: Unit, editor: User) -> None:
    post = draft(school, Channel.TIMETABLE)

    assert problems(sent(client, post, has_timetable="1")) == ["Cần chọn ngày bắt đầu áp dụng thời khóa biểu."]
    assert problems(sent(client, post, has_timetable="1", tkb_from="30/11/2026")) == [
        "Cần chọn tệp Excel có thời khóa biểu."
    ]


def test_file_that_is_no_timetable_is_refused(
    client: Client, school: Unit, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = draft(school, Channel.TIMETABLE)
    pdf = SimpleUploadedFile("tkb.pdf", b"%PDF-1.4 x")
    day = {"has_timetable": "1", "tkb_from": "2026-11-30"}

    assert problems(sent(client, post, **day, tkb_file=pdf))[0].startswith("“tkb.pdf” không phải tệp Excel .xlsx.")
    empty = workbook("trong.xlsx", {"Trang": []})
    assert problems(sent(client, post, **day, tkb_file=empty)) == [
        "“trong.xlsx” không có bảng nào. Hãy kiểm tra lại tệp."
    ]
    monkeypatch.setattr(structured, "MOST_CELLS", 3)
    assert "quá nhiều ô" in problems(sent(client, post, **day, tkb_file=workbook()))[0]
    assert stored(post).facts == {}


def test_tables_of_one_name_are_told_apart(client: Client, school: Unit, editor: User) -> None:
    head = ["Tiết", "Thứ 2", "Thứ 3", "Thứ 4"]
    title = ["Thời khóa biểu lớp 6A1"]
    sheets: dict[str, list[list[Any]]] = {
        "Sáng": [title, head, [1, "Toán", "", ""]],
        "Chiều": [title, head, [1, "Văn", "", ""]],
    }
    post = draft(school, Channel.TIMETABLE)

    sent(client, post, has_timetable="1", tkb_from="2026-11-30", tkb_file=workbook(sheets=sheets))

    assert [table["name"] for table in stored(post).facts["tables"]] == ["6A1", "6A1 (2)"]
    assert "Có nhiều bảng cùng tên “6A1”." in opened(client, post)


def test_warnings_name_tables_that_look_odd() -> None:
    plain = {"name": "Trang 1", "head": ["Ca", "Việc"], "rows": [["1", ""]]}

    assert warnings_of([plain]) == [
        "Bảng “Trang 1” không có hàng ghi các thứ trong tuần, nên sẽ hiện đúng như trong tệp.",
        "Bảng “Trang 1” chưa có tiết học nào.",
    ]


# --- For others -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", [Channel.ALBUM, Channel.WEEK, Channel.TIMETABLE])
def test_page_of_another_unit_is_not_there(client: Client, school: Unit, editor: User, channel: Channel) -> None:
    theirs = draft(make_unit(), channel)

    assert client.get(address(theirs), headers={"host": f"{HOST}.localhost"}).status_code == 404


def test_captions_and_lines_are_searched_for_personal_data(client: Client, school: Unit, editor: User) -> None:
    post = draft(school, Channel.WEEK)
    lines = {name: [values[0]] for name, values in LINES.items()} | {"week_who": ["CCCD 079203001234"]}

    response = sent(client, post, "dang/", has_week="1", week_monday="2026-11-30", **lines)

    assert (response.status_code, Entry.objects.count()) == (422, 0)


# --- Pages of one school year -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("editor")
def test_page_marked_for_one_school_year_is_copied_for_the_next(client: Client, school: Unit) -> None:
    page = draft(school, Channel.PAGE, "Kế hoạch năm học 2025 – 2026", school_year=2025)
    assert "is_yearly" in opened(client, page)
    assert "checked" not in re.findall(r'<input[^>]*name="is_yearly"[^>]*>', opened(client, page))[0]

    sent(client, page, is_yearly="on", has_yearly="1", school_year="2025")
    assert stored(page).facts == {"yearly": True}
    sent(client, stored(page), "dang/", is_yearly="on", has_yearly="1", school_year="2025")

    with unit_scope(school.pk):
        assert [post.pk for post in old_yearly_pages(school, 2026)] == [page.pk]


@pytest.mark.usefixtures("editor")
def test_mark_is_taken_off_and_stays_when_its_part_was_not_sent(client: Client, school: Unit) -> None:
    page = draft(school, Channel.PAGE, "Kế hoạch", facts={"yearly": True})

    sent(client, page, title="Kế hoạch mới")
    assert stored(page).facts == {"yearly": True}

    sent(client, stored(page), has_yearly="1")
    assert stored(page).facts == {}
