"""Whom an authority's article is meant for, and what it asks of them: written, frozen, published."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congtruong.core import clock
from congtruong.delivery.errors import DueInPast
from congtruong.delivery.models import Request
from congtruong.delivery.services import ask
from congtruong.editorial import errors
from congtruong.editorial.models import Post
from congtruong.editorial.services import (
    APPROVER,
    Content,
    RegisterContent,
    approve_post,
    run_due,
    save_draft,
    withdraw_post,
)
from congtruong.editorial.services.content import Content as Kept
from congtruong.publication import registry
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry, Target
from congtruong.publication.queries import visible
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_authority, make_document, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def department() -> Unit:
    return make_authority()


@pytest.fixture
def schools(department: Unit) -> list[Unit]:
    units = [make_unit() for _ in range(2)]
    for unit in units:
        place(unit, department)
    return units


def seen(unit: Unit) -> list[str]:
    return list(visible(unit, Entry.objects.all()).values_list("title", flat=True))


def change(post: Post, **changes: Any) -> Post:
    with unit_scope(post.unit_id):
        return save_draft(post=post, content=Content.of(post).replaced(**changes), acts=APPROVER, by=BY)


def republish(post: Post, **changes: Any) -> Post:
    changed = change(post, **changes)
    with unit_scope(post.unit_id):
        return approve_post(post=changed, acts=APPROVER, by=BY)


def test_what_is_chosen_is_kept_in_the_version_and_published_with_it(department: Unit, schools: list[Unit]) -> None:
    due = clock.now() + timedelta(days=3)
    post = make_post(
        department,
        "Báo cáo",
        channel=Channel.NOTICE,
        targets=(schools[0].pk, schools[0].pk),
        asks="doc",
        asks_due_at=due,
    )

    assert [seen(unit) for unit in schools] == [["Báo cáo"], []]
    request = Request.objects.get()
    assert (request.unit, request.object_id, request.asks, request.due_at) == (department, post.pk, "doc", due)
    with unit_scope(department.pk):
        assert post.live is not None
        kept = Kept.from_json(post.live.content)
        post.refresh_from_db()
        written = Content.of(post)
    for content in (kept, written):
        assert (content.targets, content.asks, content.asks_due_at) == ((schools[0].pk,), "doc", due)

    change(post, targets=(schools[1].pk,))
    assert [seen(unit) for unit in schools] == [["Báo cáo"], []]
    republish(post, targets=(schools[1].pk,))
    assert [seen(unit) for unit in schools] == [[], ["Báo cáo"]]


def test_only_units_that_were_ever_below_are_named(department: Unit, schools: list[Unit]) -> None:
    stranger, moved = make_unit(), make_unit()
    place(stranger, make_authority())
    place(moved, department, to_on=clock.today() - timedelta(days=1))
    post = make_post(department, "Báo cáo", channel=Channel.NOTICE, targets=(moved.pk,))

    for owner_post, target in ((post, stranger), (make_post(schools[0]), schools[1])):
        with pytest.raises(errors.TargetNotBelow):
            change(owner_post, targets=(target.pk,))
    assert list(Target.objects.values_list("target_id", flat=True)) == [moved.pk]


def test_the_pages_of_an_authority_and_what_a_school_writes_ask_nothing(department: Unit, schools: list[Unit]) -> None:
    make_post(department, channel=Channel.PAGE, targets=(schools[0].pk,), asks="doc")
    make_post(schools[0], channel=Channel.NOTICE, asks="doc")

    assert (Request.objects.count(), Target.objects.count()) == (0, 0)


def test_a_request_follows_the_article_and_one_made_elsewhere_is_left_alone(department: Unit) -> None:
    post = make_post(department, channel=Channel.NOTICE, asks="doc")
    first = Request.objects.get()
    post = republish(post, title="Sửa chữ")
    assert Request.objects.get().asked_at == first.asked_at
    post = republish(post, asks="tra_loi")
    assert (Request.objects.get().asks, Request.objects.get().asked_at) == ("tra_loi", first.asked_at)
    post = republish(post, asks="")
    assert not Request.objects.exists()

    with unit_scope(department.pk):
        ask(unit=department, kind="post", object_id=post.pk, asks="doc", due_at=None, by=BY)
    republish(post, title="Sửa lần nữa")
    assert Request.objects.get().asks == "doc"


def test_units_are_given_time(department: Unit) -> None:
    now = clock.now()
    post = make_post(
        department, channel=Channel.NOTICE, asks="doc", asks_due_at=now - timedelta(minutes=1), publish=False
    )
    with unit_scope(department.pk), pytest.raises(DueInPast):
        approve_post(post=post, acts=APPROVER, by=BY)
    planned = change(post, asks_due_at=now + timedelta(hours=1), publish_at=now + timedelta(hours=2))
    with unit_scope(department.pk), pytest.raises(DueInPast):
        approve_post(post=planned, acts=APPROVER, by=BY)
    assert not Entry.objects.exists()


def test_a_planned_article_that_came_late_is_published_with_its_term(department: Unit) -> None:
    now = clock.now()
    post = make_post(
        department,
        channel=Channel.NOTICE,
        asks="doc",
        asks_due_at=now + timedelta(hours=2),
        publish_at=now + timedelta(hours=1),
        publish=False,
    )
    with unit_scope(department.pk):
        approve_post(post=post, acts=APPROVER, by=BY)
        Post.objects.filter(pk=post.pk).update(
            asks_due_at=now - timedelta(hours=1), publish_at=now - timedelta(hours=2)
        )

    assert run_due(now=now) == 1
    assert Request.objects.get().due_at == now - timedelta(hours=1)


def test_an_article_whose_term_is_over_may_still_be_corrected(department: Unit) -> None:
    post = make_post(department, channel=Channel.NOTICE, asks="doc", asks_due_at=clock.now() + timedelta(days=1))
    over = clock.now() - timedelta(minutes=1)
    with unit_scope(department.pk):
        assert post.live is not None
        post.live.content["asks_due_at"] = over.isoformat()
        post.live.save()
        Post.objects.filter(pk=post.pk).update(asks_due_at=over)
        Request.objects.update(due_at=over)
        post.refresh_from_db()

    republish(post, title="Đã sửa")

    assert Entry.objects.get().title == "Đã sửa"


def test_what_comes_back_is_new_again(department: Unit, schools: list[Unit]) -> None:
    post = make_post(department, channel=Channel.NOTICE, targets=(schools[0].pk,))
    first = Entry.objects.get().shown_at
    with unit_scope(department.pk):
        withdrawn = withdraw_post(post=post, reason="Sai", by=BY)
        approve_post(post=withdrawn, acts=APPROVER, by=BY)

    again = Entry.objects.get()
    assert first is not None
    assert again.shown_at is not None
    assert again.shown_at > first
    assert [len(seen(unit)) for unit in schools] == [1, 0]


def test_publishing_stays_within_its_queries_with_listeners_targets_and_a_request(
    department: Unit, schools: list[Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_consumers", ["hub"])
    old = make_document(department, "Quy chế cũ", symbol="1/QC")
    relations = ({"kind": "thay-the", "symbol": "1/QC", "post": old.pk},)
    plain = make_post(department, "Thường", channel=Channel.NOTICE, publish=False)
    document = make_document(department, "Quy chế mới", relations=relations, publish=False)
    aimed = make_post(department, channel=Channel.NOTICE, targets=(schools[0].pk,), asks="doc", publish=False)

    def queries(post: Post) -> int:
        with unit_scope(department.pk), CaptureQueriesContext(connection) as captured:
            approve_post(post=post, acts=APPROVER, by=BY)
        return len([query for query in captured if "set_config" not in query["sql"]])

    assert isinstance(document.document.relations, list)
    assert RegisterContent.of(document.document).relations == relations
    assert [queries(post) for post in (plain, document, aimed)] == [10, 15, 18]
