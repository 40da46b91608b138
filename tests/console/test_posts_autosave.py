"""Saving by itself: two writers, a lost session, wrong values; nobody's words replace another's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from congtruong.core import clock
from congtruong.editorial.enums import RevisionKind, State
from congtruong.editorial.models import EditLock, Post, Revision
from congtruong.editorial.services.writing import LOCK_LAPSES
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_image, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "hoaphuong.hcm.edu.vn", "accept": "application/json"}


@pytest.fixture
def school() -> Unit:
    return make_unit(host="hoaphuong.hcm.edu.vn")


def browser(school: Unit, name: str) -> Client:
    user = User.objects.create_user(name, full_name=f"Cô {name.title()}")
    with unit_scope(school.pk):
        grant_role(unit=school, user=user, role=Role.CONTRIBUTOR, by=BY)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lan(school: Unit) -> Client:
    return browser(school, "lan")


@pytest.fixture
def minh(school: Unit) -> Client:
    return browser(school, "minh")


def at(post: Post, tail: str = "tu-luu/") -> str:
    return f"/quan-tri/bai-viet/{post.pk}/{tail}"


def page(title: str, version: int, lock: str = "", **more: Any) -> dict[str, Any]:
    return {"has_page": "1", "title": title, "body": f"<p>{title}</p>", "version": version, "lock": lock, **more}


def send(
    client: Client, post: Post, title: str, version: int, lock: str = "", **more: Any
) -> tuple[int, dict[str, Any]]:
    response = client.post(at(post), page(title, version, lock, **more), headers=HOST)
    return response.status_code, response.json()


def stored(post: Post) -> Post:
    with unit_scope(post.unit_id):
        return Post.objects.get(pk=post.pk)


def kept(post: Post) -> list[tuple[str, str]]:
    with unit_scope(post.unit_id):
        rows = Revision.objects.filter(post=post).order_by("number")
        return [(row.kind, row.content["title"]) for row in rows]


def test_page_is_saved_and_told_what_to_send_next(school: Unit, lan: Client) -> None:
    post = make_post(school, "Một", publish=False)

    status, answer = send(lan, post, "Hai", 1)

    assert (status, sorted(answer), answer["version"]) == (200, ["checks", "lock", "saved_at", "version"], 2)
    assert (stored(post).title, stored(post).body) == ("Hai", "<p>Hai</p>")
    assert send(lan, post, "Ba", 2, answer["lock"])[0] == 200
    assert send(lan, post, "Ba", 3, answer["lock"])[1]["version"] == 3


def test_heartbeat_changes_nothing(school: Unit, lan: Client) -> None:
    post = make_post(school, "Một", publish=False)

    response = lan.post(at(post), {"heartbeat": "1", "version": "1", "lock": ""}, headers=HOST)

    assert (response.status_code, response.json()["version"], stored(post).title) == (200, 1, "Một")
    assert "checks" not in response.json()


def test_saving_by_itself_tells_what_the_checks_say_now(school: Unit, lan: Client) -> None:
    post = make_post(school, "Một", publish=False)

    _, private = send(lan, post, "Hai", 1, body="<p>Em An, CCCD 079205001234.</p>")
    _, untitled = send(lan, post, "", 2, private["lock"], body="<p>Chưa có gì.</p>")
    _, ready = send(lan, post, "Ba", 3, private["lock"], body="<p>Chưa có gì.</p>", summary="Tóm tắt")

    flags = [(each["checks"]["found"], each["checks"]["must_explain"]) for each in (private, untitled, ready)]
    assert flags == [(True, True), (False, False), (False, False)]
    assert "079…34" in private["checks"]["html"]
    assert 'href="#o_title"' in untitled["checks"]["html"]
    assert [each["checks"]["said"] for each in (private, untitled, ready)] == [
        "Trước khi gửi: có thông tin cá nhân, cần lý do vẫn đăng.",
        "Trước khi gửi: còn 1 điều cần sửa.",
        "Trước khi gửi: không còn điều gì phải sửa.",
    ]
    page_of = lan.get(at(post, ""), headers=HOST).content.decode()
    assert " ".join(ready["checks"]["html"].split()) in " ".join(page_of.split())


def test_second_writer_is_told_who_writes(school: Unit, lan: Client, minh: Client) -> None:
    post = make_post(school, "Một", publish=False)
    send(lan, post, "Của Lan", 1)

    beat = minh.post(at(post), {"heartbeat": "1", "version": "2", "lock": ""}, headers=HOST)
    assert (beat.status_code, beat.json()["reason"], beat.json()["holder"]) == (409, "held", "Cô Lan")
    status, answer = send(minh, post, "Của Minh", 2)

    assert (status, answer["reason"], answer["take_over_url"]) == (409, "overtaken", at(post, "tiep-quan/"))
    assert stored(post).title == "Của Lan"
    assert kept(post)[-1] == (RevisionKind.KEPT, "Của Minh")
    html = minh.get(at(post, ""), headers=HOST).content.decode()
    assert "Cô Lan đang sửa bài này" in html
    assert "data-editor" not in html


def test_taking_over_keeps_what_stood_there_and_what_still_arrives(school: Unit, lan: Client, minh: Client) -> None:
    post = make_post(school, "Một", publish=False)
    _, of_lan = send(lan, post, "Của Lan", 1)

    taken = minh.post(at(post, "tiep-quan/"), page("", 1), headers=HOST)
    assert (taken.status_code, taken.json()["version"], taken.json()["url"]) == (200, 2, at(post, ""))
    send(minh, post, "Của Minh", 2, taken.json()["lock"])
    status, answer = send(lan, post, "Của Lan, viết thêm", 2, of_lan["lock"])

    assert (status, answer["reason"], stored(post).title) == (409, "overtaken", "Của Minh")
    assert kept(post) == [
        (RevisionKind.SAVED, "Một"),
        (RevisionKind.SAVED, "Của Lan"),
        (RevisionKind.KEPT, "Của Lan, viết thêm"),
    ]


def test_page_that_slept_never_writes_over_what_it_did_not_see(school: Unit, lan: Client, minh: Client) -> None:
    post = make_post(school, "Một", publish=False)
    _, of_lan = send(lan, post, "Của Lan", 1)
    with unit_scope(school.pk):
        EditLock.objects.update(seen_at=clock.now() - LOCK_LAPSES - timedelta(seconds=1))
    _, of_minh = send(minh, post, "Của Minh", 2)
    minh.post(at(post, "nha/"), {"lock": of_minh["lock"]}, headers=HOST)

    beat = lan.post(at(post), {"heartbeat": "1", "version": "2", "lock": of_lan["lock"]}, headers=HOST)

    assert (beat.status_code, beat.json()["reason"]) == (409, "overtaken")
    assert stored(post).title == "Của Minh"
    assert (RevisionKind.SAVED, "Của Minh") in kept(post)


def test_words_for_an_article_that_went_on_are_kept(school: Unit, lan: Client) -> None:
    post = make_post(school, "Một", publish=False)
    lan.post(at(post, "gui-duyet/"), headers=HOST)

    status, answer = send(lan, post, "Viết tiếp", 1)

    assert (status, answer["reason"], stored(post).state) == (409, "overtaken", State.SUBMITTED)
    assert kept(post)[-1] == (RevisionKind.KEPT, "Viết tiếp")


def test_plain_save_of_an_old_page_is_kept_beside(school: Unit, lan: Client, minh: Client) -> None:
    post = make_post(school, "Một", publish=False)
    lan.post(at(post, "luu/"), page("Của Lan", 1), headers=HOST)
    minh.post(at(post, "luu/"), page("Của Minh", 1), headers=HOST)

    assert stored(post).title == "Của Lan"
    assert kept(post)[-1] == (RevisionKind.KEPT, "Của Minh")


def test_one_wrong_value_does_not_hold_back_the_rest(school: Unit, lan: Client) -> None:
    post = make_post(school, "Một", publish=False)

    status, _ = send(lan, post, "Hai", 1, when="hen", publish_at="sắp tới", source_url="không phải địa chỉ")

    assert (status, stored(post).title, stored(post).publish_at, stored(post).source_url) == (200, "Hai", None, "")


def test_foreign_file_is_refused_with_a_sentence(school: Unit, lan: Client) -> None:
    post = make_post(school, "Một", publish=False)
    foreign = make_image(make_unit())

    status, answer = send(lan, post, "Hai", 1, cover=foreign.pk)

    assert (status, stored(post).title) == (422, "Một")
    assert "không thuộc đơn vị này" in answer["message"]


@pytest.mark.parametrize("tail", ["tu-luu/", "tiep-quan/", "nha/"])
def test_lost_session_is_told_to_the_page(school: Unit, tail: str) -> None:
    post = make_post(school, "Một", publish=False)

    response = Client().post(at(post, tail), page("Hai", 1), headers=HOST)

    assert (response.status_code, response.json()) == (401, {"reason": "signed-out"})
    assert stored(post).title == "Một"


def test_session_tells_whether_somebody_is_signed_in(school: Unit, lan: Client) -> None:
    for client, signed_in in ((lan, True), (Client(), False)):
        answer = client.get("/quan-tri/phien/", headers=HOST).json()
        assert (answer["signed_in"], len(answer["csrf"]) > 30) == (signed_in, True)


def test_released_page_lets_others_write(school: Unit, lan: Client, minh: Client) -> None:
    post = make_post(school, "Một", publish=False)
    _, of_lan = send(lan, post, "Của Lan", 1)

    assert lan.post(at(post, "nha/"), {"lock": of_lan["lock"]}, headers=HOST).status_code == 204

    assert send(minh, post, "Của Minh", 2)[0] == 200
    assert kept(post) == [(RevisionKind.SAVED, "Một"), (RevisionKind.SAVED, "Của Lan")]


def test_reloaded_page_goes_on_with_its_own_lock(school: Unit, lan: Client) -> None:
    post = make_post(school, "Một", publish=False)
    _, answer = send(lan, post, "Hai", 1)

    html = lan.get(at(post, ""), headers=HOST).content.decode()

    assert f'name="lock" value="{answer["lock"]}"' in html


def test_autosave_costs_a_bounded_number_of_queries(
    school: Unit, lan: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    post = make_post(school, "Một", publish=False, cover=make_image(school, alt="x"))
    _, answer = send(lan, post, "Hai", 1)
    with django_assert_max_num_queries(20):
        send(lan, post, "Ba", 2, answer["lock"])
