"""Items of a unit's sources through the staff pages."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from congtruong.core import clock
from congtruong.feeds.enums import PictureState
from congtruong.feeds.models import Feed, Item, Picture
from congtruong.feeds.pipeline.model import Enclosure
from congtruong.feeds.rules.pictures import digest_of
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.enums import Kind, OversightKind, Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_authority, place
from tests.feeds.test_items import SAID, TITLE, feed_of, read, the_item

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "so.hcm.edu.vn"}
LIST = "/quan-tri/tin-tu-nguon/"


@pytest.fixture
def department() -> Unit:
    return make_authority("Sở (mẫu)", host="so.hcm.edu.vn")


@pytest.fixture
def editor(department: Unit) -> Client:
    return signed(department, Role.EDITOR)


def signed(unit: Unit, role: Role) -> Client:
    user = User.objects.create_user(f"nguoi-{unit.pk}-{role.value}", full_name="Nguyễn Văn A")
    with unit_scope(unit.pk):
        grant_role(unit=unit, user=user, role=role, by=BY)
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, path: str = "") -> str:
    response = client.get(LIST + path, headers=HOST)
    assert response.status_code == 200
    return response.content.decode()


def listed(client: Client, query: str = "") -> list[str]:
    return re.findall(r'<h2><a href="[^"]*">([^<]*)</a>', page(client, query))


def some(department: Unit) -> Feed:
    feed = feed_of(department)
    said = [replace(SAID, guid=f"n{n}", link=f"https://so.example.vn/{n}", title=f"Tin số {n}") for n in range(3)]
    read(feed, *said)
    read(
        feed_of(department, "/moi", Channel.INVITATION),
        replace(SAID, guid="m", title="Mời họp", link="https://so.example.vn/m"),
    )
    return feed


def test_list_is_narrowed_by_words_source_channel_and_state(department: Unit, editor: Client) -> None:
    feed = some(department)
    read(feed, replace(SAID, guid="n1", link="https://so.example.vn/1", title="Tin số một"))
    with unit_scope(department.pk):
        gone = Item.objects.get(title="Tin số 2")
    editor.post(f"{LIST}{gone.pk}/go/", {"reason": "nhầm"}, headers=HOST)

    assert set(listed(editor)) == {"Tin số 0", "Tin số một", "Tin số 2", "Mời họp"}
    assert listed(editor, "?q=so+mot") == ["Tin số một"]
    assert listed(editor, "?tt=da-go") == ["Tin số 2"]
    assert listed(editor, "?tt=da-go&q=số 2") == ["Tin số 2"]
    assert listed(editor, "?tt=da-cap-nhat") == ["Tin số một"]
    assert listed(editor, "?muc=thu-moi") == ["Mời họp"]
    assert listed(editor, f"?nguon={feed.source_id + 1}") == []
    assert listed(editor, "?nguon=x&tt=y&trang=0") == listed(editor)
    assert "Không có tin nào khớp" in page(editor, "?q=khongco")


def test_list_says_what_to_do_while_there_is_nothing(department: Unit, editor: Client) -> None:
    assert "Chưa có nguồn tin nào" in page(editor)
    feed_of(department)
    assert "Chưa có tin nào" in page(editor)


def test_list_costs_the_same_for_one_item_and_for_thirty(
    department: Unit, editor: Client, django_assert_max_num_queries: Any
) -> None:
    feed = feed_of(department)
    costs = []
    for count in (1, 30):
        read(
            feed, *(replace(SAID, guid=f"n{n}", link=f"https://so.example.vn/{n}", title=f"T{n}") for n in range(count))
        )
        with django_assert_max_num_queries(25) as captured:
            page(editor)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_withdrawing_asks_for_a_reason_and_reaches_the_portal(department: Unit, editor: Client) -> None:
    read(feed_of(department), SAID)
    item = the_item(department)

    empty = editor.post(f"{LIST}{item.pk}/go/", {"reason": "  "}, headers=HOST)
    assert (empty.status_code, Entry.objects.count()) == (422, 1)
    assert "Cần ghi lý do." in empty.content.decode()

    done = editor.post(f"{LIST}{item.pk}/go/", {"reason": "Đăng nhầm"}, headers=HOST)
    assert (done.status_code, Entry.objects.count()) == (302, 0)
    shown = page(editor, f"{item.pk}/")
    assert "Lý do: Đăng nhầm" in shown
    assert "Đăng lại tin" in shown

    back = editor.post(f"{LIST}{item.pk}/dang-lai/", {"reason": "Đúng rồi"}, headers=HOST)
    assert (back.status_code, Entry.objects.count()) == (302, 1)
    assert editor.get(f"{LIST}{item.pk}/dang-lai/", headers=HOST).status_code == 302


def test_item_tells_its_origin_pictures_and_files(department: Unit, editor: Client) -> None:
    said = replace(
        SAID,
        content="<p>Lời</p>" + "".join(f'<img src="https://so.example.vn/{name}.jpg" alt="">' for name in "ab"),
        enclosures=(Enclosure("https://so.example.vn/c.pdf", "application/pdf", 2048),),
    )
    feed = feed_of(department)
    read(feed, said)
    with unit_scope(department.pk):
        row = Picture.objects.filter(digest=digest_of("https://so.example.vn/b.jpg"))
        row.update(state=PictureState.REFUSED, reason="Ảnh lớn hơn 8 MB.", next_try_at=None)
        item = the_item(department)

    shown = page(editor, f"{item.pk}/")

    assert feed.url in shown
    assert "Mã tin: n1" in shown
    assert re.findall(r"</svg> (Đang chờ tải|Không nhận|Chưa kiểm tra)<", shown) == [
        "Đang chờ tải",
        "Không nhận",
        "Chưa kiểm tra",
    ]
    assert "Ảnh lớn hơn 8 MB." in shown
    assert 'src="https://so.example.vn' not in shown


def test_versions_are_compared_word_by_word(department: Unit, editor: Client) -> None:
    feed = feed_of(department)
    read(feed, SAID)
    read(feed, replace(SAID, title="Họp lúc 9 giờ", content="<p>Mời họp sớm.</p>"))
    read(feed, replace(SAID, title="Họp lúc 9 giờ", content="<p>Mời họp muộn.</p>"))
    item = the_item(department)

    first, second = page(editor, f"{item.pk}/so-sanh/1/"), page(editor, f"{item.pk}/so-sanh/2/")

    assert ("Họp lúc 8 giờ</del>" in first, "Bản 1 → Bản 2" in first) == (True, True)
    assert ("sớm.</del>" in second, "Bản 2 → Bản đang hiện" in second) == (True, True)
    assert editor.get(f"{LIST}{item.pk}/so-sanh/3/", headers=HOST).status_code == 404
    assert "Bản 2: Họp lúc 9 giờ" in page(editor, f"{item.pk}/")


def test_channel_is_changed_and_given_back(department: Unit, editor: Client) -> None:
    read(feed_of(department), SAID)
    at = f"{LIST}{the_item(department).pk}/chuyen-muc/"

    for sent, expected in (("thu-moi", "thu-moi"), ("hinh-anh", "thu-moi"), ("", "thong-bao")):
        editor.post(at, {"channel": sent}, headers=HOST)
        assert list(Entry.objects.values_list("channel", flat=True)) == [expected]


def test_copy_names_its_original(department: Unit) -> None:
    ward = make_authority("UBND phường (mẫu)", kind=Kind.WARD_COMMITTEE, host="phuong.hcm.edu.vn")
    place(ward, department, kind=OversightKind.PROFESSIONAL)
    read(feed_of(department, channel=Channel.DOCUMENT), replace(SAID, title=TITLE))
    read(feed_of(ward, channel=Channel.DOCUMENT), replace(SAID, title=TITLE))

    at = f"{LIST}{the_item(ward).pk}/"
    shown = signed(ward, Role.EDITOR).get(at, headers={"host": "phuong.hcm.edu.vn"}).content.decode()

    assert "Văn bản này là bản sao của Sở (mẫu)." in shown


@pytest.mark.parametrize("tail", ["", "go/", "dang-lai/", "so-sanh/1/"])
def test_outsider_finds_nothing(department: Unit, tail: str) -> None:
    other = make_authority("Sở khác (mẫu)", host="khac.hcm.edu.vn")
    read(feed_of(department), SAID)
    item = the_item(department)
    outsider = signed(other, Role.HEAD)

    for host in ("so.hcm.edu.vn", "khac.hcm.edu.vn"):
        assert outsider.get(f"{LIST}{item.pk}/{tail}", headers={"host": host}).status_code == 404
        posted = outsider.post(f"{LIST}{item.pk}/{tail}", {"reason": "x"}, headers={"host": host})
        assert posted.status_code in {404, 405}
    assert Entry.objects.count() == 1


def test_contributor_may_not(department: Unit) -> None:
    read(feed_of(department), SAID)

    assert signed(department, Role.CONTRIBUTOR).get(LIST, headers=HOST).status_code == 404
    assert the_item(department).first_seen_at <= clock.now()
