"""What came from above: who sees it, what the unit answers, and what stands on its own portal."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.delivery.models import Receipt
from congtruong.delivery.services import ask
from congtruong.publication.enums import Channel, ChoiceAct
from congtruong.publication.models import Choice, Entry, Hiding
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_authority, make_file, make_image, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "hoaphuong.hcm.edu.vn"}
LIST = "/quan-tri/tu-cap-tren/"
Signed = Callable[..., Client]


@pytest.fixture
def office() -> Unit:
    return make_authority("Sở Giáo dục (mẫu)", host="so.hcm.edu.vn")


@pytest.fixture
def school(office: Unit) -> Unit:
    unit = make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")
    place(unit, office)
    return unit


@pytest.fixture
def signed(school: Unit) -> Signed:
    """A browser of somebody with a role, of the school unless said otherwise."""

    def browser(role: Role = Role.EDITOR, unit: Unit | None = None) -> Client:
        home = unit or school
        person = User.objects.create_user(f"{role.value}{home.pk}", full_name=f"Người {role.value}")
        with unit_scope(home.pk):
            grant_role(unit=home, user=person, role=role, by=BY)
        client = Client()
        client.force_login(person)
        return client

    return browser


def published(office: Unit, title: str = "", channel: Channel = Channel.NOTICE, **fields: Any) -> Entry:
    post = make_post(office, title, channel=channel, **fields)
    return Entry.objects.get(kind="post", object_id=post.pk)


def asked(office: Unit, entry: Entry, *, asks: str = "doc", days: float | None = 2, again: bool = False) -> None:
    due_at = clock.now() + timedelta(days=days) if days is not None else None
    with unit_scope(office.pk):
        ask(unit=office, kind=entry.kind, object_id=entry.object_id, asks=asks, due_at=due_at, by=BY, again=again)


def receipt(school: Unit) -> Receipt:
    with unit_scope(school.pk):
        return Receipt.objects.get()


def page(client: Client, path: str = LIST) -> str:
    answer = client.get(path, headers=HOST)
    assert answer.status_code == 200, path
    return answer.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r"<h2><a [^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]*)</a></h2>", html)


def states(html: str) -> list[str]:
    main = html.split("<main", 1)[1]
    return [re.sub(r"<[^>]*>", "", each).strip() for each in re.findall(r'class="status [^>]*>(.*?)</span>', main)]


def said(client: Client, answer: Any) -> list[str]:
    html = client.get(answer["Location"], headers=HOST).content.decode()
    return re.findall(r'<div class="callout callout-(?:ok|warn)" role="status">.*?<p>(.*?)</p>', html)


def test_list_shows_what_authorities_sent_newest_first(office: Unit, school: Unit, signed: Signed) -> None:
    now = clock.now()
    published(office, "Tin cũ", Channel.NEWS, at=now - timedelta(days=3))
    published(office, "Thông báo mới", at=now)
    make_post(school, "Bài của trường")
    editor = signed()

    assert titles(page(editor)) == ["Thông báo mới", "Tin cũ"]
    assert titles(page(editor, f"{LIST}?muc=tin-tuc")) == ["Tin cũ"]
    assert states(page(editor)) == ["Chưa đọc", "Chưa đọc"]


def test_lists_narrow_to_what_waits_and_what_nobody_opened(office: Unit, signed: Signed) -> None:
    waits, read = published(office, "Cần xác nhận"), published(office, "Đã mở")
    asked(office, waits)
    editor = signed()
    page(editor, f"{LIST}{read.pk}/")

    assert titles(page(editor, f"{LIST}?loc=can-xac-nhan")) == ["Cần xác nhận"]
    assert titles(page(editor, f"{LIST}?loc=chua-doc")) == ["Cần xác nhận"]
    assert re.findall(r'chip-count">(\d+)', page(editor)) == ["1", "1"]
    assert sorted(states(page(editor))) == ["Cần xác nhận · còn 2 ngày", "Đã đọc"]


def test_what_is_most_urgent_stands_first_among_what_waits(office: Unit, signed: Signed) -> None:
    for title, days in (("Sau", 5), ("Gần", 1), ("Không hạn", None)):
        asked(office, published(office, title), days=days)

    assert titles(page(signed(), f"{LIST}?loc=can-xac-nhan")) == ["Gần", "Sau", "Không hạn"]


def test_opening_notes_the_first_reading_only(office: Unit, school: Unit, signed: Signed) -> None:
    entry = published(office, "Công văn")
    editor, head = signed(), signed(Role.HEAD)
    ahead = editor.get(f"{LIST}{entry.pk}/", headers=HOST | {"sec-purpose": "prefetch;prerender"})
    with unit_scope(school.pk):
        assert (ahead.status_code, Receipt.objects.count()) == (200, 0)

    page(editor, f"{LIST}{entry.pk}/")
    first = receipt(school)
    page(head, f"{LIST}{entry.pk}/")

    assert (first.seen_by, first.confirmed_at) == ("Người duyet", None)
    assert (receipt(school).seen_by, receipt(school).seen_at) == ("Người duyet", first.seen_at)


def test_one_tap_confirms_for_the_unit(office: Unit, school: Unit, signed: Signed) -> None:
    entry = published(office, "Công văn")
    asked(office, entry)
    editor = signed()
    assert "Xác nhận đã đọc</button>" in page(editor, f"{LIST}{entry.pk}/")

    answer = editor.post(f"{LIST}{entry.pk}/xac-nhan/", headers=HOST)

    assert (answer.status_code, said(editor, answer)) == (302, ["Đã xác nhận “Công văn”."])
    assert receipt(school).confirmed_by == "Người duyet"
    assert states(page(editor)) == ["Đã xác nhận"]
    assert "Xác nhận đã đọc</button>" not in page(editor, f"{LIST}{entry.pk}/")
    with unit_scope(school.pk):
        assert AuditEntry.objects.filter(unit_id=school.pk, action="delivery.receipt.confirmed").count() == 1


def test_confirmation_is_due_again_when_asked_again(office: Unit, signed: Signed) -> None:
    entry = published(office, "Công văn")
    asked(office, entry)
    editor = signed()
    editor.post(f"{LIST}{entry.pk}/xac-nhan/", headers=HOST)
    asked(office, entry, again=True)

    html = page(editor, f"{LIST}{entry.pk}/")
    assert "cần xác nhận lại" in html
    assert states(html)[0] == "Cần xác nhận · còn 2 ngày"


def test_overdue_is_said_in_words(office: Unit, signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(office, published(office, "Công văn"), days=1)
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert states(page(signed()))[0] == "Cần xác nhận · quá hạn 2 ngày"


def test_invitation_is_answered_and_answered_otherwise(office: Unit, school: Unit, signed: Signed) -> None:
    soon = clock.now() + timedelta(days=9)
    entry = published(office, "Họp giao ban", Channel.INVITATION, starts_at=soon, place="Hội trường A")
    asked(office, entry, asks="tra_loi")
    editor, at = signed(), f"{LIST}{entry.pk}/"
    assert "Hội trường A" in page(editor, at)

    editor.post(f"{at}tra-loi/", {"answer": "co", "people": "3", "note": "Đến muộn"}, headers=HOST)
    made = receipt(school)
    assert (made.answer, made.people, made.note, made.answered_by) == ("co", 3, "Đến muộn", "Người duyet")
    assert states(page(editor)) == ["Có mặt · 3 người"]

    editor.post(f"{at}tra-loi/", {"answer": "khong", "people": "3", "note": ""}, headers=HOST)
    assert (receipt(school).answer, receipt(school).people) == ("khong", None)
    assert states(page(editor)) == ["Không dự được"]


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"note": "Xin phép"}, "Cần chọn “Có mặt” hoặc “Không dự được”."),
        ({"answer": "co", "note": "Xin phép"}, "Cần nhập số người dự."),
        ({"answer": "co", "people": "nhiều", "note": "Xin phép"}, "Cần nhập số."),
    ],
)
def test_answer_with_a_problem_keeps_what_was_typed(
    office: Unit, school: Unit, signed: Signed, sent: dict[str, str], problem: str
) -> None:
    entry = published(office, "Họp", Channel.INVITATION, starts_at=clock.now() + timedelta(days=9))
    asked(office, entry, asks="tra_loi")

    answer = signed().post(f"{LIST}{entry.pk}/tra-loi/", sent, headers=HOST)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert problem in html
    assert ">Xin phép</textarea>" in html.replace("\n", "")
    with unit_scope(school.pk):
        assert not Receipt.objects.exclude(answer="").exists()


def test_answer_after_the_event_began_is_refused_with_a_sentence(
    office: Unit, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = published(office, "Họp", Channel.INVITATION, starts_at=clock.now() + timedelta(days=1))
    asked(office, entry, asks="tra_loi", days=0.5)
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    editor = signed()

    answer = editor.post(f"{LIST}{entry.pk}/tra-loi/", {"answer": "co", "people": "2"}, headers=HOST)

    assert answer.status_code == 422
    assert "Đã hết hạn trả lời" in answer.content.decode()


def test_pinning_hiding_and_undoing(office: Unit, school: Unit, signed: Signed) -> None:
    entry = published(office, "Tin chung", Channel.NEWS)
    editor, at = signed(), f"{LIST}{entry.pk}/"

    editor.post(f"{at}ghim/", headers=HOST)
    assert Choice.objects.get(unit=school).act == ChoiceAct.PIN
    assert "Đang ghim" in page(editor)

    editor.post(f"{at}an/", {"reason": "Không thuộc cấp học"}, headers=HOST)
    assert Choice.objects.get(unit=school).act == ChoiceAct.HIDE
    assert editor.get(f"/nguon/{entry.pk}/{entry.slug}/", headers=HOST).status_code == 404
    assert "Không thuộc cấp học" in page(editor, at)

    editor.post(f"{at}nhu-da-gui/", headers=HOST)
    assert not Choice.objects.filter(unit=school).exists()
    assert editor.get(f"/nguon/{entry.pk}/{entry.slug}/", headers=HOST).status_code == 200


def test_hiding_needs_a_reason_and_no_open_request(office: Unit, school: Unit, signed: Signed) -> None:
    entry = published(office, "Công văn")
    editor, at = signed(), f"{LIST}{entry.pk}/"

    without = editor.post(f"{at}an/", {"reason": "  "}, headers=HOST)
    asked(office, entry)
    demanded = editor.post(f"{at}an/", {"reason": "Trùng với bài của trường"}, headers=HOST)

    assert (without.status_code, demanded.status_code) == (422, 422)
    assert "Cần ghi lý do ẩn" in without.content.decode()
    assert "chưa ẩn được" in demanded.content.decode()
    assert "Trùng với bài của trường</textarea>" in demanded.content.decode()
    with unit_scope(school.pk):
        assert not Hiding.objects.exists()


def test_text_files_and_pictures_are_read_through_the_console(office: Unit, school: Unit, signed: Signed) -> None:
    image, paper = make_image(office, alt="Sân trường"), make_file(office, "ke-hoach.pdf")
    body = f'<figure class="image"><img src="/tep/{image.key}/40.webp" alt="Sân trường"></figure><p>Nội dung.</p>'
    entry = published(office, "Kế hoạch", Channel.NEWS, body=body, files=[(paper, "Kế hoạch năm học")])
    editor = signed()
    html = page(editor, f"{LIST}{entry.pk}/")
    mounted = Client()
    mounted.cookies = editor.cookies
    central = mounted.get(f"/tai/hoaphuong.hcm.edu.vn{LIST}{entry.pk}/", headers={"host": "congtruong.test"})

    assert '"/tep/' not in html
    links = re.findall(rf'(?:src|href)="({LIST}tai-ve/[^"]+)"', html)
    assert len(links) >= 2
    assert {editor.get(link, headers=HOST).status_code for link in links} == {200}
    assert central.status_code == 200
    assert f'src="/tai/hoaphuong.hcm.edu.vn{LIST}tai-ve/' in central.content.decode()


def test_calendar_of_an_invitation(office: Unit, signed: Signed) -> None:
    entry = published(office, "Họp giao ban", Channel.INVITATION, starts_at=clock.now() + timedelta(days=9))
    notice = published(office, "Thông báo")
    editor = signed()

    answer = editor.get(f"{LIST}{entry.pk}/tai-ve/lich/", headers=HOST)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY:" in answer.content
    assert editor.get(f"{LIST}{notice.pk}/tai-ve/lich/", headers=HOST).status_code == 404


def test_what_waits_is_a_duty_of_the_day(office: Unit, signed: Signed) -> None:
    for number in range(7):
        asked(office, published(office, f"Công văn {number}"), days=number + 1)
    editor = signed()
    html = editor.get("/quan-tri/", headers=HOST).content.decode()

    assert re.findall(r"<h2>(Xác nhận đã đọc: [^<]*)</h2>", html) == [
        f"Xác nhận đã đọc: Công văn {number}" for number in range(5)
    ]
    assert "Và 2 việc khác từ cấp trên" in html
    assert (
        "từ cấp trên" not in signed(Role.CONTRIBUTOR).get("/quan-tri/", headers=HOST).content.decode().split("<main")[1]
    )


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.TECHNICIAN])
def test_who_does_not_receive_finds_nothing(office: Unit, signed: Signed, role: Role) -> None:
    entry = published(office, "Công văn")
    client = signed(role)

    assert client.get(LIST, headers=HOST).status_code == 404
    assert client.get(f"{LIST}{entry.pk}/", headers=HOST).status_code == 404


def test_what_others_were_sent_does_not_exist_here(office: Unit, school: Unit, signed: Signed) -> None:
    other_office = make_authority("Sở khác (mẫu)", host="sokhac.hcm.edu.vn")
    other = make_unit("Trường Bằng Lăng (mẫu)", host="banglang.hcm.edu.vn")
    place(other, other_office)
    theirs, own = published(other_office, "Của nơi khác"), make_post(school, "Của trường")
    own_entry = Entry.objects.get(object_id=own.pk)
    paper = make_file(other_office, "noi-bo.pdf")
    editor = signed()

    assert titles(page(editor)) == []
    for path in ("", "an/", "tai-ve/lich/"):
        assert editor.get(f"{LIST}{theirs.pk}/{path}", headers=HOST).status_code == 404
        assert editor.get(f"{LIST}{own_entry.pk}/{path}", headers=HOST).status_code == 404
    for path in ("xac-nhan/", "tra-loi/", "ghim/", "an/", "nhu-da-gui/"):
        assert (
            editor.post(f"{LIST}{theirs.pk}/{path}", {"reason": "x", "answer": "co"}, headers=HOST).status_code == 404
        )
    assert editor.get(f"{LIST}tai-ve/{paper.key}/noi-bo.pdf", headers=HOST).status_code == 404
    with unit_scope(school.pk, other.pk, office.pk):
        assert not Receipt.objects.exists()


def test_pages_cost_the_same_with_many_things_from_above(office: Unit, school: Unit, signed: Signed) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            entry = published(office, f"Công văn {number}")
            asked(office, entry, days=number + 1)

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(path, headers=HOST).status_code == 200
        return len(queries)

    editor = signed()
    fill(range(6))
    item = f"{LIST}{Entry.objects.first().pk}/"  # type: ignore[union-attr]
    page(editor, item)
    paths = ("/quan-tri/", LIST, f"{LIST}?loc=can-xac-nhan", f"{LIST}?loc=chua-doc&muc=thong-bao", item)
    before = {path: cost(path) for path in paths}
    fill(range(6, 30))

    assert {path: cost(path) for path in paths} == before
