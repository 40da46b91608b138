"""What went to the units below: the list, the board of one thing, what is asked, and the files to take away."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from congtruong.core import clock
from congtruong.delivery.models import Request
from congtruong.delivery.services import ask, confirm, note_seen, reply
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.services import hide_here
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User, Ward
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_authority, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "so.hcm.edu.vn"}
LIST = "/quan-tri/da-gui/"
Signed = Callable[..., Client]


@pytest.fixture
def office() -> Unit:
    return make_authority("Sở Giáo dục (mẫu)", host="so.hcm.edu.vn")


@pytest.fixture
def schools(office: Unit) -> list[Unit]:
    made = [make_unit(f"Trường {name} (mẫu)") for name in ("Bằng Lăng", "Hoa Phượng", "Sao Mai")]
    for unit in made:
        place(unit, office)
    return made


@pytest.fixture
def signed(office: Unit) -> Signed:
    """A browser of somebody with a role, of the office unless said otherwise."""

    def browser(role: Role = Role.EDITOR, unit: Unit | None = None) -> Client:
        home = unit or office
        person = User.objects.create_user(f"{role.value}{home.pk}", full_name=f"Người {role.value}")
        with unit_scope(home.pk):
            grant_role(unit=home, user=person, role=role, by=BY)
        client = Client()
        client.force_login(person)
        return client

    return browser


def published(office: Unit, title: str, channel: Channel = Channel.NOTICE, **fields: Any) -> Entry:
    return Entry.objects.get(object_id=make_post(office, title, channel=channel, **fields).pk)


def asked(office: Unit, entry: Entry, *, asks: str = "doc", days: float | None = 2) -> None:
    due_at = clock.now() + timedelta(days=days) if days is not None else None
    with unit_scope(office.pk):
        ask(unit=office, kind=entry.kind, object_id=entry.object_id, asks=asks, due_at=due_at, by=BY)


def confirmed(school: Unit, entry: Entry, by: str = "Cô Lan") -> None:
    with unit_scope(school.pk):
        confirm(unit=school, entry=entry, by=by)


def page(client: Client, path: str = LIST) -> str:
    answer = client.get(path, headers=HOST)
    assert answer.status_code == 200, path
    return answer.content.decode()


def words(html: str) -> str:
    """The text of the main part, as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.split("<main", 1)[1]))


def units(html: str) -> list[str]:
    return re.findall(r'<th scope="row">([^<]*)', html)


def request_of(office: Unit) -> Request | None:
    with unit_scope(office.pk):
        return Request.objects.filter(unit=office).first()


def test_list_tells_how_many_units_confirmed(office: Unit, schools: list[Unit], signed: Signed) -> None:
    published(office, "Không hỏi gì")
    entry = published(office, "Công văn 12")
    asked(office, entry)
    confirmed(schools[0], entry)

    html = page(signed())

    assert re.findall(r"<h2><a [^>]*>([^<]*)</a></h2>", html) == ["Công văn 12", "Không hỏi gì"]
    assert "1/3 đơn vị đã xác nhận" in words(html)
    assert 'aria-label="Đã xác nhận: 1; Chưa xác nhận: 2"' in html
    assert "Không yêu cầu xác nhận" in words(html)


def test_board_shows_each_unit_with_who_confirmed(office: Unit, schools: list[Unit], signed: Signed) -> None:
    entry = published(office, "Công văn 12")
    asked(office, entry)
    confirmed(schools[1], entry)
    with unit_scope(schools[2].pk):
        note_seen(unit=schools[2], entry=entry, person=User.objects.create_user("xem", full_name="Cô Xem"))
    editor, at = signed(), f"{LIST}{entry.pk}/"

    assert units(page(editor, f"{at}?loc=tat-ca")) == [school.name for school in schools]
    assert units(page(editor, at)) == [schools[0].name, schools[2].name]
    assert units(page(editor, f"{at}?loc=da-xac-nhan")) == [schools[1].name]
    assert units(page(editor, f"{at}?loc=chua-xem")) == [schools[0].name]
    assert units(page(editor, f"{at}?q=sao+mai")) == [schools[2].name]
    ward = Ward.objects.create(name="Bằng Lăng", province="Tỉnh Mẫu")
    Unit.objects.filter(pk=schools[2].pk).update(ward=ward)
    assert units(page(editor, f"{at}?loc=tat-ca&phuong={ward.pk}")) == [schools[2].name]
    assert "Cô Lan," in words(page(editor, f"{at}?loc=tat-ca"))
    assert "Cô Xem" not in page(editor, f"{at}?loc=tat-ca")


def test_board_says_which_units_hide_it_and_why(office: Unit, schools: list[Unit], signed: Signed) -> None:
    entry = published(office, "Tin chung", Channel.NEWS)
    with unit_scope(schools[0].pk):
        hide_here(unit=schools[0], entry=entry, reason="Không thuộc cấp học", by="Cô Lan")
    editor = signed()

    html = page(editor, f"{LIST}{entry.pk}/?loc=da-an")
    assert units(html) == [schools[0].name]
    assert "Lý do: “Không thuộc cấp học”" in words(html)
    assert "1 đơn vị đang ẩn khỏi cổng của mình" in words(page(editor))


def test_board_of_an_invitation_counts_answers_and_people(office: Unit, schools: list[Unit], signed: Signed) -> None:
    entry = published(office, "Họp giao ban", Channel.INVITATION, starts_at=clock.now() + timedelta(days=9))
    asked(office, entry, asks="tra_loi")
    for school, answer, people in ((schools[0], "co", 3), (schools[1], "khong", None)):
        with unit_scope(school.pk):
            reply(unit=school, entry=entry, answer=answer, people=people, note="Ghi chú", by="Cô Lan")
    editor, at = signed(), f"{LIST}{entry.pk}/"

    html = page(editor, f"{at}?loc=tat-ca")
    assert 'aria-label="Có mặt: 1; Không dự được: 1; Chưa trả lời: 1"' in html
    assert "Có mặt · 3 người “Ghi chú”" in words(html)
    assert units(page(editor, f"{at}?loc=co")) == [schools[0].name]
    assert units(page(editor, f"{at}?loc=khong")) == [schools[1].name]


def test_unit_without_a_portal_here_has_no_account(office: Unit, signed: Signed) -> None:
    outside = make_unit("Trường ngoài (mẫu)")
    outside.hosts.all().delete()
    place(outside, office)
    entry = published(office, "Công văn 12")
    asked(office, entry)

    assert "Chưa có tài khoản" in words(page(signed(), f"{LIST}{entry.pk}/"))


def test_asking_changing_the_deadline_asking_again_and_stopping(
    office: Unit, schools: list[Unit], signed: Signed
) -> None:
    entry = published(office, "Công văn 12")
    editor, at = signed(), f"{LIST}{entry.pk}/"
    day = clock.today() + timedelta(days=5)

    editor.post(f"{at}yeu-cau/", {"asks": "doc", "due_at": f"{day:%d/%m/%Y}"}, headers=HOST)
    made = request_of(office)
    assert made is not None
    assert (made.asks, made.asked_by) == ("doc", "Người duyet")
    assert made.due_at == clock.end_of(day) - timedelta(minutes=1)
    assert f"Hạn: {day:%d/%m/%Y}" in words(page(editor, at))

    editor.post(f"{at}yeu-cau/", {"asks": "doc", "due_at": f"17:00, {day:%d/%m/%Y}"}, headers=HOST)
    moved = request_of(office)
    assert moved is not None
    assert moved.due_at == clock.end_of(day) - timedelta(hours=7)
    assert moved.asked_at == made.asked_at

    confirmed(schools[0], entry)
    editor.post(f"{at}yeu-cau/", {"asks": "doc", "due_at": "", "again": "1"}, headers=HOST)
    assert "0/3 đơn vị đã xác nhận" in words(page(editor, at))

    editor.post(f"{at}thoi-yeu-cau/", headers=HOST)
    assert request_of(office) is None


@pytest.mark.parametrize(
    ("due_at", "problem"),
    [("ngày mai", "Cần nhập ngày, ví dụ: 27/11/2026"), ("01/01/2020", "Hạn xác nhận phải sau thời điểm hiện tại")],
)
def test_deadline_with_a_problem_keeps_what_was_typed(
    office: Unit, schools: list[Unit], signed: Signed, due_at: str, problem: str
) -> None:
    entry = published(office, "Công văn 12")

    answer = signed().post(f"{LIST}{entry.pk}/yeu-cau/", {"asks": "doc", "due_at": due_at}, headers=HOST)

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert f'value="{due_at}"' in answer.content.decode()
    assert request_of(office) is None


def test_files_hold_the_units_of_the_filter_and_no_formula(office: Unit, schools: list[Unit], signed: Signed) -> None:
    entry = published(office, "Họp giao ban", Channel.INVITATION, starts_at=clock.now() + timedelta(days=9))
    asked(office, entry, asks="tra_loi")
    with unit_scope(schools[0].pk):
        reply(unit=schools[0], entry=entry, answer="co", people=2, note='=HYPERLINK("http://x")', by="+Cô Lan")
    editor, at = signed(), f"{LIST}{entry.pk}/tai-ve/"

    csv = editor.get(f"{at}csv/?loc=co", headers=HOST)
    lines = csv.content.decode("utf-8-sig").splitlines()
    book = load_workbook(io.BytesIO(editor.get(f"{at}xlsx/?loc=tat-ca", headers=HOST).content))
    sheet = book.active
    assert sheet is not None
    cells = list(sheet.iter_rows())

    assert (len(lines), lines[1].split(",")[0]) == (2, schools[0].name)
    assert "'+Cô Lan" in lines[1]
    assert "'=HYPERLINK" in lines[1]
    assert [row[0].value for row in cells[1:]] == [school.name for school in schools]
    noted = cells[1][7]
    assert (noted.value, noted.data_type) == ('=HYPERLINK("http://x")', "s")
    assert csv["Content-Disposition"].startswith('attachment; filename="don-vi-hop-giao-ban-')


def test_deadline_that_is_near_is_a_duty_of_the_office(office: Unit, schools: list[Unit], signed: Signed) -> None:
    near, far = published(office, "Gần hạn"), published(office, "Còn lâu")
    asked(office, near, days=1)
    asked(office, far, days=9)
    confirmed(schools[0], near)

    html = signed(Role.SUPERVISOR).get("/quan-tri/", headers=HOST).content.decode()

    assert re.findall(r"<h2>([^<]*đơn vị[^<]*)</h2>", html) == ["2 đơn vị chưa xác nhận: Gần hạn"]
    for school in schools[1:]:
        confirmed(school, near)
    assert "đơn vị chưa xác nhận" not in signed().get("/quan-tri/", headers=HOST).content.decode()


def test_board_says_when_every_unit_confirmed(office: Unit, schools: list[Unit], signed: Signed) -> None:
    entry = published(office, "Công văn 12")
    asked(office, entry)
    for school in schools:
        confirmed(school, entry)

    html = page(signed(), f"{LIST}{entry.pk}/")
    assert (units(html), "Mọi đơn vị đã xác nhận" in words(html)) == ([], True)


def test_supervisor_follows_and_asks_nothing(office: Unit, schools: list[Unit], signed: Signed) -> None:
    entry = published(office, "Công văn 12")
    officer, at = signed(Role.SUPERVISOR), f"{LIST}{entry.pk}/"

    assert "Gửi yêu cầu" not in page(officer, at)
    assert officer.post(f"{at}yeu-cau/", {"asks": "doc"}, headers=HOST).status_code == 404
    assert officer.post(f"{at}thoi-yeu-cau/", headers=HOST).status_code == 404
    assert request_of(office) is None


def test_schools_and_strangers_have_no_such_pages(office: Unit, schools: list[Unit], signed: Signed) -> None:
    entry = published(office, "Công văn 12")
    school = schools[0]
    own = Entry.objects.get(object_id=make_post(school, "Của trường").pk)
    other = make_authority("Sở khác (mẫu)", host="sokhac.hcm.edu.vn")
    head, stranger = signed(Role.HEAD, school), signed(Role.HEAD, other)
    at_school = {"host": school.hosts.get().name}

    for path in ("", f"{own.pk}/", f"{own.pk}/tai-ve/csv/"):
        assert head.get(f"{LIST}{path}", headers=at_school).status_code == 404
    for path in ("", "tai-ve/csv/", "tai-ve/xlsx/"):
        assert stranger.get(f"{LIST}{entry.pk}/{path}", headers={"host": "sokhac.hcm.edu.vn"}).status_code == 404
    for path in ("yeu-cau/", "thoi-yeu-cau/"):
        answer = stranger.post(f"{LIST}{entry.pk}/{path}", {"asks": "doc"}, headers={"host": "sokhac.hcm.edu.vn"})
        assert answer.status_code == 404
    assert stranger.get(LIST, headers=HOST).status_code == 404
    assert request_of(office) is None


def test_pages_cost_the_same_with_many_units_and_things(office: Unit, schools: list[Unit], signed: Signed) -> None:
    entry = published(office, "Công văn 12")
    asked(office, entry, days=1)
    editor, at = signed(), f"{LIST}{entry.pk}/"
    paths = ("/quan-tri/", LIST, at, f"{at}?loc=chua-xac-nhan&q=truong", f"{at}tai-ve/csv/")

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(path, headers=HOST).status_code == 200
        return len(queries)

    before = {path: cost(path) for path in paths}
    for number in range(12):
        more = published(office, f"Công văn thêm {number}")
        asked(office, more, days=1)
    for number in range(57):
        unit = make_unit(f"Trường thêm {number}")
        place(unit, office)

    assert {path: cost(path) for path in paths} == before
    assert len(units(page(editor, at))) == 50
    assert len(units(page(editor, f"{at}?trang=2"))) == 10
