"""From draft to public and back: who may take which step, what a time to come does, what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.core.personal_data import find_in_text
from congtruong.editorial import errors
from congtruong.editorial.enums import RevisionKind, State
from congtruong.editorial.models import EditLock, Post, Revision
from congtruong.editorial.rules import may_edit, may_take
from congtruong.editorial.services import (
    APPROVER,
    Content,
    approve_post,
    archive_post,
    autosave,
    pin_post,
    recall_post,
    reopen_post,
    return_post,
    run_due,
    save_draft,
    submit_post,
    withdraw_post,
)
from congtruong.media.errors import ConsentMissing
from congtruong.media.models import Asset
from congtruong.publication.models import Entry
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.rules.duties import Act, allowed
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_file, make_image, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

WRITER = frozenset({Act.WRITE})


@pytest.fixture
def unit() -> Unit:
    return make_unit()


def in_scope(post: Post, act: Callable[..., Post], **options: Any) -> Post:
    with unit_scope(post.unit_id):
        return act(post=post, **options)


def submit(post: Post, **options: Any) -> Post:
    return in_scope(post, submit_post, acts=WRITER, by="Cô Lan", **options)


def approve(post: Post, **options: Any) -> Post:
    return in_scope(post, approve_post, acts=APPROVER, by="Thầy Minh", **options)


def trail(unit: Unit) -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(unit_id=unit.pk, action__startswith="editorial.").order_by("pk")
    return [(row.action.removeprefix("editorial.post."), row.actor) for row in rows]


def kinds(post: Post) -> list[str]:
    with unit_scope(post.unit_id):
        return list(Revision.objects.filter(post=post).order_by("number").values_list("kind", flat=True))


def test_article_goes_from_the_writer_over_the_approver_to_the_public(unit: Unit) -> None:
    post = submit(make_post(unit, publish=False))
    assert (post.state, post.submitted_by, Entry.objects.count()) == (State.SUBMITTED, "Cô Lan", 0)

    post = in_scope(post, return_post, reason="Bổ sung giờ mời phụ huynh", acts=APPROVER, by="Thầy Minh")
    assert (post.state, post.return_reason) == (State.RETURNED, "Bổ sung giờ mời phụ huynh")

    post = approve(submit(post))
    assert (post.state, post.return_reason, Entry.objects.count()) == (State.PUBLISHED, "", 1)
    assert trail(unit) == [
        ("created", BY),
        ("submitted", "Cô Lan"),
        ("returned", "Thầy Minh"),
        ("submitted", "Cô Lan"),
        ("published", "Thầy Minh"),
    ]
    assert kinds(post) == [RevisionKind.SAVED, RevisionKind.SUBMITTED, RevisionKind.SUBMITTED, RevisionKind.PUBLISHED]


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_returning_needs_a_reason(unit: Unit, reason: str) -> None:
    post = submit(make_post(unit, publish=False))
    with pytest.raises(errors.ReasonMissing):
        in_scope(post, return_post, reason=reason, acts=APPROVER, by=BY)


def test_writer_takes_his_article_back_before_anybody_decided(unit: Unit) -> None:
    post = submit(make_post(unit, publish=False))
    post = in_scope(post, recall_post, acts=WRITER, by="Cô Lan")
    assert post.state == State.DRAFT

    approve(submit(post))
    with pytest.raises(errors.StepNotPossible):
        in_scope(post, recall_post, acts=WRITER, by="Cô Lan")


STEPS: dict[str, Callable[..., Post]] = {
    "approve": approve_post,
    "archive": archive_post,
    "reopen": reopen_post,
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.TECHNICIAN, Role.SUPERVISOR, Role.CONTRACT_OFFICER])
def test_only_who_approves_takes_the_steps_of_approval(unit: Unit, step: str, role: Role) -> None:
    post = submit(make_post(unit, publish=False))
    with pytest.raises(errors.StepNotPossible):
        in_scope(post, STEPS[step], acts=allowed({role}, is_operator=False), by=BY)

    assert not Entry.objects.exists()


def test_operator_of_the_system_approves_nothing() -> None:
    acts = allowed((), is_operator=True)

    assert [state for state in State if may_edit(state, acts)] == []
    steps = ("submit", "recall", "return", "approve", "archive", "reopen")
    assert [step for step in steps for state in State if may_take(step, state, acts)] == []


def test_step_from_a_page_that_shows_an_old_state_is_refused(unit: Unit) -> None:
    post = make_post(unit, publish=False)
    old = Post(pk=post.pk, unit=unit, state=State.SUBMITTED)
    with pytest.raises(errors.StepNotPossible):
        in_scope(old, return_post, reason="Muộn", acts=APPROVER, by=BY)


def test_scheduled_article_appears_at_its_time_and_expires_at_its_end(unit: Unit) -> None:
    now = clock.now()
    soon, later = now + timedelta(hours=1), now + timedelta(hours=2)
    post = approve(submit(make_post(unit, publish_at=soon, expires_at=later, publish=False)))
    assert (post.state, Entry.objects.count(), run_due(now=now)) == (State.SCHEDULED, 0, 0)

    assert run_due(now=soon) == 1
    assert [entry.published_at for entry in Entry.objects.all()] == [soon]
    assert run_due(now=soon) == 0

    assert run_due(now=later) == 1
    with unit_scope(unit.pk):
        post.refresh_from_db()
    assert (post.state, Entry.objects.count(), run_due(now=later)) == (State.EXPIRED, 0, 0)
    assert trail(unit)[-2:] == [("published", "Hẹn giờ"), ("expired", "Hẹn giờ")]


def test_time_asked_for_by_a_writer_alone_publishes_nothing(unit: Unit) -> None:
    soon = clock.now() + timedelta(minutes=1)
    submit(make_post(unit, publish_at=soon, publish=False))
    live = make_post(unit)
    in_scope(live, save_draft, content=Content(title="Hết sớm", school_year=2026, expires_at=soon), acts=WRITER, by=BY)

    assert run_due(now=soon + timedelta(days=1)) == 0
    assert Entry.objects.count() == 1


def test_expiring_article_leaves_its_new_draft_a_draft(unit: Unit) -> None:
    end = clock.now() + timedelta(hours=1)
    post = make_post(unit, expires_at=end)
    with unit_scope(unit.pk):
        content = Content.of(post).replaced(title="Bản mới")
    in_scope(post, save_draft, content=content, acts=WRITER, by=BY)

    assert run_due(now=end) == 1
    with unit_scope(unit.pk):
        post.refresh_from_db()
    assert (post.state, post.live_id, post.title) == (State.DRAFT, None, "Bản mới")


def test_one_article_that_cannot_be_published_stops_no_other(unit: Unit) -> None:
    soon = clock.now() + timedelta(hours=1)
    image = make_image(unit)
    bad = approve(make_post(unit, "Một", cover=image, publish_at=soon, publish=False))
    approve(make_post(make_unit(), "Hai", publish_at=soon, publish=False))
    with unit_scope(unit.pk):
        Asset.objects.filter(pk=image.pk).update(consent="cho")

    assert run_due(now=soon) == 1
    assert [entry.title for entry in Entry.objects.all()] == ["Hai"]
    with unit_scope(unit.pk):
        assert Post.objects.get(pk=bad.pk).state == State.SCHEDULED


def test_end_must_come_after_the_beginning(unit: Unit) -> None:
    soon = clock.now() + timedelta(hours=1)
    post = make_post(unit, publish_at=soon, expires_at=soon, publish=False)
    for act in (submit, approve):
        with pytest.raises(errors.DatesReversed):
            act(post)


def test_approved_article_waits_until_somebody_publishes_it(unit: Unit) -> None:
    post = approve(submit(make_post(unit, publish=False)), publish=False)
    assert (post.state, Entry.objects.count()) == (State.APPROVED, 0)

    assert approve(post).state == State.PUBLISHED


PERSONAL = "<p>Em Nguyễn Văn An, CCCD 079214001234, sinh ngày 02/03/2014, liên hệ phụ huynh 0903 123 456.</p>"


def test_personal_data_is_published_only_with_a_recorded_reason(unit: Unit) -> None:
    post = make_post(unit, body=PERSONAL, publish=False)
    for act in (submit, approve):
        with pytest.raises(errors.PersonalData):
            act(post)
        with pytest.raises(errors.PersonalData):
            act(post, guard_reason="  ")
    assert not Entry.objects.exists()

    post = approve(submit(post, guard_reason="Phụ huynh đồng ý bằng văn bản"))

    assert (post.state, post.guard_reason) == (State.PUBLISHED, "Phụ huynh đồng ý bằng văn bản")
    published = AuditEntry.objects.get(action="editorial.post.published")
    assert published.detail["guard_reason"] == "Phụ huynh đồng ý bằng văn bản"


def test_reason_for_one_version_does_not_cover_another(unit: Unit) -> None:
    post = submit(make_post(unit, body=PERSONAL, publish=False), guard_reason="Phụ huynh đồng ý")
    post = in_scope(post, return_post, reason="Bỏ số điện thoại", acts=APPROVER, by=BY)

    with pytest.raises(errors.PersonalData):
        submit(post)


def test_findings_in_an_attached_file_count(unit: Unit) -> None:
    file = make_file(unit)
    found = [finding.to_json() for finding in find_in_text("Số căn cước công dân: 079214001234")]
    with unit_scope(unit.pk):
        Asset.objects.filter(pk=file.pk).update(scan={"state": "done", "findings": found})
    with pytest.raises(errors.PersonalData):
        submit(make_post(unit, files=[(file, "")], publish=False))


def test_photo_without_consent_is_not_published(unit: Unit) -> None:
    image = make_image(unit)
    with unit_scope(unit.pk):
        Asset.objects.filter(pk=image.pk).update(consent="cho")
    post = make_post(unit, cover=image, publish=False)

    with pytest.raises(ConsentMissing):
        approve(post)
    with unit_scope(unit.pk):
        assert (Post.objects.get().state, Entry.objects.count()) == (State.DRAFT, 0)


def test_archived_post_comes_back_as_a_draft(unit: Unit) -> None:
    post = make_post(unit)
    with pytest.raises(errors.StepNotPossible):
        in_scope(post, archive_post, acts=APPROVER, by=BY)

    post = in_scope(post, withdraw_post, reason="Cũ", by=BY)
    post = in_scope(post, archive_post, acts=APPROVER, by=BY)
    assert post.state == State.ARCHIVED
    assert in_scope(post, reopen_post, acts=APPROVER, by=BY).state == State.DRAFT


def test_draft_whose_old_version_is_public_is_not_archived(unit: Unit) -> None:
    post = make_post(unit)
    with unit_scope(unit.pk):
        content = Content.of(post).replaced(title="Bản mới")
    post = in_scope(post, save_draft, content=content, acts=WRITER, by=BY)

    with pytest.raises(errors.StepNotPossible):
        in_scope(post, archive_post, acts=APPROVER, by=BY)


@pytest.mark.parametrize("act", [withdraw_post, pin_post])
def test_what_the_public_does_not_see_is_neither_withdrawn_nor_pinned(unit: Unit, act: Callable[..., Post]) -> None:
    options: dict[str, Any] = {"reason": "Nhầm"} if act is withdraw_post else {"is_pinned": True}
    with pytest.raises(errors.StepNotPossible):
        in_scope(make_post(unit, publish=False), act, by=BY, **options)


def test_publishing_ends_the_writers_lock(unit: Unit) -> None:
    lan = User.objects.create_user("lan")
    post = make_post(unit, publish=False)
    with unit_scope(unit.pk):
        autosave(post=post, content=None, version=post.version, token="", user=lan, acts=WRITER, by="Lan")
    approve(post)

    with unit_scope(unit.pk):
        assert not EditLock.objects.exists()


def test_publishing_asks_a_bounded_number_of_queries(
    unit: Unit, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    image = make_image(unit, alt="Sân trường")
    files = [(make_file(unit, f"tep-{n}.pdf", f"%PDF-1.4 {n}".encode()), "") for n in range(3)]
    post = submit(make_post(unit, cover=image, files=files, publish=False))

    with unit_scope(unit.pk), django_assert_max_num_queries(20):
        approve_post(post=post, acts=APPROVER, by=BY)
