"""Whom an authority's article is meant for and what it asks of the units: fields of the writing page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from congtruong.core import clock
from congtruong.delivery.models import Request
from congtruong.editorial.models import Post
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry, Target
from congtruong.units.enums import Kind, Level, Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_authority, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "so.hcm.edu.vn"}
LIST = "/quan-tri/bai-viet/"
FIND = f"{LIST}noi-nhan/"


@pytest.fixture
def office() -> Unit:
    return make_authority("Sở Giáo dục (mẫu)", host="so.hcm.edu.vn")


@pytest.fixture
def ward(office: Unit) -> Unit:
    unit = make_authority("UBND phường Bằng Lăng (mẫu)", kind=Kind.WARD_COMMITTEE)
    place(unit, office)
    return unit


@pytest.fixture
def school(ward: Unit) -> Unit:
    unit = make_unit("Trường THCS Hoa Phượng (mẫu)")
    place(unit, ward)
    return unit


@pytest.fixture
def editor(office: Unit) -> Client:
    return signed(office)


def signed(unit: Unit, role: Role = Role.EDITOR) -> Client:
    person = User.objects.create_user(f"{role.value}{unit.pk}", full_name="Người soạn")
    with unit_scope(unit.pk):
        grant_role(unit=unit, user=person, role=role, by=BY)
    client = Client()
    client.force_login(person)
    return client


def draft(office: Unit, title: str = "Công văn", channel: Channel = Channel.NOTICE) -> Post:
    return make_post(office, title, channel=channel, publish=False)


def html_of(client: Client, post: Post) -> str:
    return client.get(f"{LIST}{post.pk}/", headers=HOST).content.decode()


def written(post: Post, **more: Any) -> dict[str, Any]:
    """The page as a browser sends it; `target` and `levels` are the ticks."""
    return {
        "has_page": "1",
        "version": str(stored(post).version),
        "title": post.title,
        "body": "<p>Nội dung.</p>",
        "when": "ngay",
        "has_targets": "1",
        "has_levels": "1",
        "asks": "",
        "asks_due_at": "",
    } | more


def stored(post: Post) -> Post:
    with unit_scope(post.unit_id):
        return Post.objects.get(pk=post.pk)


def ticked(html: str, name: str = "target") -> list[str]:
    return re.findall(rf'name="{name}" value="(\d+)" checked', html)


def test_chosen_places_levels_and_request_are_saved_and_shown(
    office: Unit, ward: Unit, school: Unit, editor: Client
) -> None:
    post, day = draft(office), clock.today() + timedelta(days=5)
    sent = written(
        post,
        target=[str(ward.pk), str(school.pk)],
        levels=["4"],
        asks="doc",
        asks_due_at=f"{day:%d/%m/%Y}",
    )

    assert editor.post(f"{LIST}{post.pk}/luu/", sent, headers=HOST).status_code == 302
    kept = stored(post)
    html = html_of(editor, post)

    assert (kept.targets, kept.levels, kept.asks) == ([ward.pk, school.pk], int(Level.LOWER_SECONDARY), "doc")
    assert kept.asks_due_at == clock.end_of(day) - timedelta(minutes=1)
    assert (ticked(html), ticked(html, "levels")) == ([str(ward.pk), str(school.pk)], ["4"])
    assert 'name="asks" value="doc" checked' in html
    assert f'value="23:59, {day:%d/%m/%Y}"' in html


def test_publishing_sends_to_the_chosen_units_and_asks_them(office: Unit, school: Unit, editor: Client) -> None:
    post, other = draft(office), make_unit("Trường khác (mẫu)")
    place(other, office)
    sent = written(post, target=[str(school.pk)], asks="doc")

    editor.post(f"{LIST}{post.pk}/dang/", sent, headers=HOST)

    entry = Entry.objects.get(object_id=post.pk)
    assert list(Target.objects.values_list("target_id", flat=True)) == [school.pk]
    with unit_scope(office.pk):
        assert Request.objects.get().asks == "doc"
    path = f"/nguon/{entry.pk}/{entry.slug}/"
    answers = [editor.get(path, headers={"host": unit.hosts.get().name}).status_code for unit in (school, other)]
    assert answers == [200, 404]


def test_page_saves_itself_with_the_chosen_places(office: Unit, school: Unit, editor: Client) -> None:
    post = draft(office)
    sent = written(post, target=[str(school.pk)], asks="doc")

    answer = editor.post(f"{LIST}{post.pk}/tu-luu/", sent, headers=HOST | {"accept": "application/json"})

    assert answer.status_code == 200
    assert (stored(post).targets, stored(post).asks) == ([school.pk], "doc")


def test_nothing_ticked_means_everybody_below(office: Unit, school: Unit, editor: Client) -> None:
    post = draft(office)
    editor.post(f"{LIST}{post.pk}/luu/", written(post, target=[str(school.pk)]), headers=HOST)
    editor.post(f"{LIST}{post.pk}/luu/", written(post), headers=HOST)

    assert stored(post).targets == []


def test_unit_of_somebody_else_is_refused_and_not_named(office: Unit, school: Unit, editor: Client) -> None:
    stranger = make_unit("Trường Ngàn Sao (mẫu)")
    post = draft(office)

    answer = editor.post(f"{LIST}{post.pk}/luu/", written(post, target=[str(stranger.pk)]), headers=HOST)

    assert (answer.status_code, stored(post).targets) == (422, [])
    assert "Ngàn Sao" not in answer.content.decode()


def test_problem_elsewhere_keeps_what_was_ticked(office: Unit, ward: Unit, school: Unit, editor: Client) -> None:
    post = draft(office)
    sent = written(post, target=[str(ward.pk), str(school.pk)], levels=["2"], asks="doc", asks_due_at="ngày mai")

    answer = editor.post(f"{LIST}{post.pk}/luu/", sent, headers=HOST)
    html = answer.content.decode()

    assert answer.status_code == 422
    assert (ticked(html), ticked(html, "levels")) == ([str(ward.pk), str(school.pk)], ["2"])
    assert ('name="asks" value="doc" checked' in html, 'value="ngày mai"' in html) == (True, True)


def test_units_are_found_by_name_as_data(office: Unit, school: Unit, editor: Client) -> None:
    make_unit("Trường THCS Hoa Phượng khác (mẫu)")
    found = editor.get(f"{FIND}?q=hoa+phuong", headers=HOST).json()

    assert found == {"items": [{"id": school.pk, "name": school.name, "more": ""}], "has_more": False}
    assert editor.get(f"{FIND}?q=khong+co", headers=HOST).json() == {"items": [], "has_more": False}


def test_units_are_found_without_scripts_and_nothing_is_lost(office: Unit, school: Unit, editor: Client) -> None:
    post, chosen = draft(office), make_unit("Trường Sao Mai (mẫu)")
    place(chosen, office)
    sent = written(post, title="Tựa chưa lưu", target=[str(chosen.pk)], target_q="hoa phuong", asks="doc")

    answer = editor.post(f"{LIST}{post.pk}/noi-nhan/", sent, headers=HOST)
    html = answer.content.decode()

    assert (answer.status_code, stored(post).title) == (200, "Công văn")
    assert "Tựa chưa lưu" in html
    assert "Chưa lưu được" not in html
    assert ticked(html) == [str(chosen.pk)]
    assert str(school.pk) in re.findall(r'name="target" value="(\d+)">', html)


def test_only_invitations_ask_whether_units_come(office: Unit, school: Unit, editor: Client) -> None:
    notice, invitation = draft(office), draft(office, "Họp", Channel.INVITATION)
    page, album = draft(office, "Trang", Channel.PAGE), draft(office, "Ảnh", Channel.ALBUM)

    asks = re.compile(r'name="asks" value="([a-z_]*)"')
    assert asks.findall(html_of(editor, notice)) == ["", "doc"]
    assert asks.findall(html_of(editor, invitation)) == ["", "doc", "tra_loi"]
    assert [asks.findall(html_of(editor, post)) for post in (page, album)] == [[], []]


def test_schools_choose_nobody(office: Unit, school: Unit) -> None:
    writer, post = signed(school), make_post(school, "Bài", publish=False)
    host = {"host": school.hosts.get().name}
    other = make_unit("Trường Sao Mai (mẫu)")

    assert "Gửi đến đơn vị nào" not in writer.get(f"{LIST}{post.pk}/", headers=host).content.decode()
    writer.post(f"{LIST}{post.pk}/luu/", written(post, target=[str(other.pk)], asks="doc"), headers=host)
    assert (stored(post).targets, stored(post).asks) == ([], "")
    assert writer.get(f"{FIND}?q=truong", headers=host).status_code == 404
    assert writer.post(f"{LIST}{post.pk}/noi-nhan/", written(post), headers=host).status_code == 404


def test_writing_page_costs_the_same_with_many_units_below(office: Unit, school: Unit, editor: Client) -> None:
    post = draft(office)

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            size = len(re.sub(r"\d{2}:\d{2}", "", html_of(editor, post)))
        return len(queries), size

    html_of(editor, post)
    before = cost()
    for number in range(57):
        place(make_unit(f"Trường thêm {number}"), office)

    assert cost() == before
    assert len(editor.get(f"{FIND}?q=truong+them", headers=HOST).json()["items"]) == 20
    assert editor.get(f"{FIND}?q=truong+them", headers=HOST).json()["has_more"]
