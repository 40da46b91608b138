"""Drafts, autosave under a lock, versions: no word that was accepted is lost, nobody's words replace another's."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.editorial import errors
from congtruong.editorial.enums import RevisionKind, State
from congtruong.editorial.models import EditLock, Post, Revision
from congtruong.editorial.services import (
    APPROVER,
    Content,
    RegisterContent,
    Writing,
    approve_post,
    autosave,
    create_draft,
    discard_changes,
    release,
    restore,
    save_draft,
    submit_post,
    take_over,
)
from congtruong.editorial.services.writing import LOCK_LAPSES
from congtruong.media.services import delete_asset
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit, User
from congtruong.units.rules.duties import Act
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_file, make_image, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

WRITER = frozenset({Act.WRITE})


@pytest.fixture
def unit() -> Unit:
    return make_unit()


@pytest.fixture
def lan() -> User:
    return User.objects.create_user("lan", full_name="Cô Lan")


@pytest.fixture
def minh() -> User:
    return User.objects.create_user("minh", full_name="Thầy Minh")


def send(post: Post, user: User, before: Writing | None = None, **changes: Any) -> Writing:
    """What the page of a writer sends: everything on it, with the version and the key it got last."""
    with unit_scope(post.unit_id):
        return autosave(
            post=post,
            content=Content.of(Post.objects.get(pk=post.pk)).replaced(**changes) if changes else None,
            version=before.version if before else Post.objects.get(pk=post.pk).version,
            token=before.token if before else "",
            user=user,
            acts=WRITER,
            by=str(user),
        )


def titles(post: Post) -> list[tuple[str, str]]:
    with unit_scope(post.unit_id):
        return [(r.kind, r.content["title"]) for r in Revision.objects.filter(post=post).order_by("number")]


def stored(post: Post) -> Post:
    with unit_scope(post.unit_id):
        return Post.objects.get(pk=post.pk)


def test_new_draft_is_the_writers_and_of_this_school_year(unit: Unit, lan: User) -> None:
    with unit_scope(unit.pk):
        post = create_draft(unit=unit, channel=Channel.NEWS, writer=lan, by=str(lan))

    assert (post.state, post.writer, post.author) == (State.DRAFT, lan, "Cô Lan")
    assert post.school_year == clock.school_year(clock.today())
    assert titles(post) == []


def test_autosave_stores_and_makes_no_version_of_its_own(unit: Unit, lan: User) -> None:
    post = make_post(unit, "Một", publish=False)
    first = send(post, lan, title="Hai")
    second = send(post, lan, first, title="Ba")

    assert (stored(post).title, second.token, second.version) == ("Ba", first.token, first.version + 1)
    assert titles(post) == [(RevisionKind.SAVED, "Một")]


def test_autosave_of_the_same_words_changes_nothing(unit: Unit, lan: User) -> None:
    post = make_post(unit, "Một", publish=False)
    first = send(post, lan, title="Hai")
    updated_at = stored(post).updated_at

    assert (send(post, lan, first, title="Hai").version, stored(post).updated_at) == (first.version, updated_at)


def test_second_writer_is_told_who_writes_and_his_words_are_kept(unit: Unit, lan: User, minh: User) -> None:
    post = make_post(unit, "Một", publish=False)
    send(post, lan, title="Của Lan")

    with pytest.raises(errors.LockHeld) as held:
        send(post, minh)
    with pytest.raises(errors.Overtaken) as kept:
        send(post, minh, title="Của Minh")

    assert (held.value.holder, kept.value.number) == ("Cô Lan", 2)
    assert stored(post).title == "Của Lan"
    assert titles(post) == [(RevisionKind.SAVED, "Một"), (RevisionKind.KEPT, "Của Minh")]


def test_taking_over_keeps_what_the_other_page_still_sends(unit: Unit, lan: User, minh: User) -> None:
    post = make_post(unit, "Một", publish=False)
    of_lan = send(post, lan, title="Của Lan")
    with unit_scope(unit.pk):
        of_minh = take_over(post=post, user=minh, acts=WRITER, by=str(minh))
    of_minh = send(post, minh, of_minh, title="Của Minh")

    for _ in range(2):
        with pytest.raises(errors.Overtaken):
            send(post, lan, of_lan, title="Của Lan, viết thêm")

    assert stored(post).title == "Của Minh"
    assert titles(post)[1:] == [(RevisionKind.SAVED, "Của Lan"), (RevisionKind.KEPT, "Của Lan, viết thêm")]
    trail = AuditEntry.objects.get(action="editorial.post.taken_over")
    assert (trail.actor, trail.detail["held_by"]) == ("Thầy Minh", "Cô Lan")


def test_silent_page_loses_its_lock_and_not_its_words(unit: Unit, lan: User, minh: User) -> None:
    post = make_post(unit, "Một", publish=False)
    of_lan = send(post, lan, title="Của Lan")
    with unit_scope(unit.pk):
        EditLock.objects.update(seen_at=clock.now() - LOCK_LAPSES - timedelta(seconds=1))
    send(post, minh, title="Của Minh")

    with pytest.raises(errors.Overtaken):
        send(post, lan, of_lan, title="Của Lan, sau giờ nghỉ")

    assert stored(post).title == "Của Minh"
    assert titles(post)[-1] == (RevisionKind.KEPT, "Của Lan, sau giờ nghỉ")


def test_released_lock_is_free_for_the_next(unit: Unit, lan: User, minh: User) -> None:
    post = make_post(unit, publish=False)
    of_lan = send(post, lan)
    with unit_scope(unit.pk):
        release(post=post, token="khóa của ai khác")
    with pytest.raises(errors.LockHeld):
        send(post, minh)

    with unit_scope(unit.pk):
        release(post=post, token=of_lan.token)
    assert send(post, minh).token != of_lan.token


def test_words_that_arrive_after_the_article_was_sent_on_are_kept(unit: Unit, lan: User) -> None:
    post = make_post(unit, "Một", publish=False)
    writing = send(post, lan, title="Hai")
    with unit_scope(unit.pk):
        submit_post(post=post, acts=WRITER, by=str(lan))

    with pytest.raises(errors.NotOpen):
        send(post, lan, writing)
    with pytest.raises(errors.Overtaken):
        send(post, lan, writing, title="Ba")
    assert (stored(post).title, titles(post)[-1]) == ("Hai", (RevisionKind.KEPT, "Ba"))


def test_saving_from_an_old_page_is_kept_beside(unit: Unit) -> None:
    post = make_post(unit, "Một", publish=False)
    with unit_scope(unit.pk):
        old = Post.objects.get(pk=post.pk).version
        content = Content.of(post)
        save_draft(post=post, content=content.replaced(title="Hai"), acts=WRITER, by="A", version=old)
        with pytest.raises(errors.Overtaken):
            save_draft(post=post, content=content.replaced(title="Ba"), acts=WRITER, by="B", version=old)

    assert stored(post).title == "Hai"
    assert titles(post) == [(RevisionKind.SAVED, "Một"), (RevisionKind.SAVED, "Hai"), (RevisionKind.KEPT, "Ba")]


def test_restoring_brings_an_old_version_back_and_keeps_the_present_one(unit: Unit) -> None:
    image = make_image(unit)
    post = make_post(unit, "Một", cover=image, publish=False)
    with unit_scope(unit.pk):
        save_draft(post=post, content=Content.of(post).replaced(title="Hai", cover_id=None), acts=WRITER, by=BY)
        first = Revision.objects.get(post=post, number=1)
        restored = restore(post=post, revision=first, acts=WRITER, by="Cô Lan")

    assert (restored.title, restored.cover_id) == ("Một", image.pk)
    assert [title for _, title in titles(post)] == ["Một", "Hai", "Một"]


def test_restoring_leaves_out_files_that_are_gone(unit: Unit) -> None:
    file, image = make_file(unit), make_image(unit)
    post = make_post(unit, files=[(file, "")], cover=image, publish=False)
    with unit_scope(unit.pk):
        empty = Content.of(post).replaced(files=(), cover_id=None)
        save_draft(post=post, content=empty, acts=WRITER, by=BY)
        for asset in (file, image):
            delete_asset(asset=asset, by=BY)
        restored = restore(post=post, revision=Revision.objects.get(post=post, number=1), acts=WRITER, by=BY)
        assert (Content.of(restored).files, restored.cover_id) == ((), None)


def test_version_of_another_post_cannot_be_restored(unit: Unit) -> None:
    post, other = make_post(unit, publish=False), make_post(unit, publish=False)
    with unit_scope(unit.pk):
        foreign = Revision.objects.get(post=other)
        with pytest.raises(errors.AnotherUnit):
            restore(post=post, revision=foreign, acts=WRITER, by=BY)


def test_discarded_changes_stay_in_the_history(unit: Unit) -> None:
    post = make_post(unit, "Đang đăng")
    with unit_scope(unit.pk):
        save_draft(post=post, content=Content.of(post).replaced(title="Sửa dở"), acts=WRITER, by=BY)
        post = discard_changes(post=post, acts=WRITER, by=BY)

    assert (post.title, post.state) == ("Đang đăng", State.PUBLISHED)
    assert (RevisionKind.SAVED, "Sửa dở") in titles(post)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED, State.SCHEDULED, State.ARCHIVED])
def test_writer_cannot_change_what_is_with_the_approver(unit: Unit, lan: User, state: State) -> None:
    post = make_post(unit, "Một", publish=False)
    with unit_scope(unit.pk):
        Post.objects.filter(pk=post.pk).update(state=state, publish_at=clock.now() + timedelta(days=1))
        revision = Revision.objects.get(post=post)
        for act in (
            lambda: save_draft(post=post, content=Content.of(post).replaced(title="Hai"), acts=WRITER, by=BY),
            lambda: restore(post=post, revision=revision, acts=WRITER, by=BY),
            lambda: take_over(post=post, user=lan, acts=WRITER, by=BY),
        ):
            with pytest.raises(errors.NotOpen):
                act()

    assert stored(post).title == "Một"


def test_whoever_has_no_writing_duty_writes_nothing(unit: Unit) -> None:
    post = make_post(unit, "Một", publish=False)
    with unit_scope(unit.pk), pytest.raises(errors.NotOpen):
        save_draft(post=post, content=Content.of(post), acts=frozenset({Act.SETTINGS, Act.MEMBERS}), by=BY)


def test_approver_may_mend_what_waits_and_it_goes_on_waiting(unit: Unit) -> None:
    post = make_post(unit, "Một", publish=False)
    with unit_scope(unit.pk):
        submit_post(post=post, acts=WRITER, by=BY)
        content = Content.of(post).replaced(title="Hai")
        post = save_draft(post=post, content=content, acts=APPROVER, by="Thầy Minh")
        assert (post.title, post.state) == ("Hai", State.SUBMITTED)
        approve_post(post=post, acts=APPROVER, by="Thầy Minh")


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_CONTENTS = st.builds(
    Content,
    title=_TEXT,
    body=_TEXT,
    school_year=st.integers(2000, 2100),
    is_pinned=st.booleans(),
    # Before 1976 clocks in Việt Nam were put back now and then: an hour came twice.
    starts_at=st.none() | st.datetimes(min_value=datetime(1976, 1, 1), timezones=st.just(clock.VIETNAM)),  # noqa: DTZ001
    files=st.lists(st.tuples(st.integers(1, 9), _TEXT), max_size=3).map(tuple),
    facts=st.dictionaries(_TEXT, _TEXT | st.integers(-9, 9), max_size=3),
    register=st.none()
    | st.builds(
        RegisterContent,
        symbol=_TEXT,
        issued_on=st.none() | st.dates(),
        recipients=st.lists(_TEXT, max_size=3).map(tuple),
        relations=st.just(({"kind": "thay-the", "symbol": "1/QĐ", "post": None},)),
    ),
)


@given(_CONTENTS)
def test_version_reads_back_as_it_was_written(content: Content) -> None:
    assert Content.from_json(content.as_json()) == content
