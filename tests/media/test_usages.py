"""Where files are used, and that visitors may fetch exactly what something published shows."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from congtruong.media import errors
from congtruong.media.enums import Consent
from congtruong.media.models import Asset, Usage
from congtruong.media.services import set_consent, set_usages
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_file, make_image, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def files(unit: Unit) -> list[Asset]:
    return [make_file(unit, f"{number}.pdf") for number in range(4)]


def use(unit: Unit, object_id: int, assets: list[Asset], live: list[Asset] = [], **fields: str) -> None:  # noqa: B006
    """As an app says it: inside its own transaction."""
    with transaction.atomic():
        set_usages(
            unit=unit,
            kind=fields.get("kind", "post"),
            object_id=object_id,
            label=fields.get("label", "Bài"),
            assets=[asset.pk for asset in assets],
            live=[asset.pk for asset in live],
        )


def rows() -> list[tuple[str, int, int, str, bool]]:
    return sorted(Usage.objects.values_list("kind", "object_id", "asset", "label", "is_live"))


def public() -> set[int]:
    return set(Asset.objects.filter(is_public=True).values_list("pk", flat=True))


def test_usages_replace_what_was_said_of_the_object_before(unit: Unit, files: list[Asset]) -> None:
    a, b, c, _ = files
    with unit_scope(unit.pk):
        use(unit, 1, [a, b], [a], label="Cũ")
        use(unit, 1, [], label="Banner", kind="banner")
        use(unit, 2, [a], [a])
        use(unit, 1, [b], [b, c], label="Mới")

        assert rows() == [
            ("post", 1, b.pk, "Mới", True),
            ("post", 1, c.pk, "Mới", True),
            ("post", 2, a.pk, "Bài", True),
        ]
        assert public() == {a.pk, b.pk, c.pk}
        use(unit, 2, [])
        assert public() == {b.pk, c.pk}
        use(unit, 1, [b, c])
        assert public() == set()


def test_same_number_of_another_kind_is_another_object(unit: Unit, files: list[Asset]) -> None:
    with unit_scope(unit.pk):
        use(unit, 1, files[:1], files[:1])
        use(unit, 1, files[:1], kind="banner")
        use(unit, 1, [])

        assert rows() == [("banner", 1, files[0].pk, "Bài", False)]
        assert public() == set()


def test_long_labels_are_cut(unit: Unit, files: list[Asset]) -> None:
    with unit_scope(unit.pk):
        use(unit, 1, files[:1], label="Ă" * 500)

        assert rows()[0][3] == "Ă" * 200


def test_queries_are_few_and_the_same_for_one_file_and_for_many(
    unit: Unit, files: list[Asset], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    savepoints = 2
    with unit_scope(unit.pk):
        for number, some in ((1, files[:1]), (2, files)):
            with django_assert_num_queries(savepoints + 4):
                use(unit, number, some, some)
            with django_assert_num_queries(savepoints + 2):
                use(unit, number, some, some)
        with django_assert_num_queries(savepoints + 5):
            use(unit, 2, files[1:3], files[2:3])


@pytest.mark.parametrize("field", ["assets", "live"])
def test_files_of_another_unit_are_refused_and_nothing_changes(unit: Unit, files: list[Asset], field: str) -> None:
    other = make_unit()
    foreign = make_file(other)
    with unit_scope(unit.pk):
        use(unit, 1, files[:1], files[:1])
    ids: dict[str, Any] = {"assets": [files[1].pk], "live": [], field: [files[1].pk, foreign.pk]}
    for scope in ([unit.pk], [unit.pk, other.pk]):
        with unit_scope(*scope), pytest.raises(errors.AnotherUnit), transaction.atomic():
            set_usages(unit=unit, kind="post", object_id=1, label="Bài", **ids)

    with unit_scope(unit.pk, other.pk):
        assert rows() == [("post", 1, files[0].pk, "Bài", True)]
        assert public() == {files[0].pk}


def test_unknown_file_is_refused_like_a_foreign_one(unit: Unit) -> None:
    with unit_scope(unit.pk), pytest.raises(errors.AnotherUnit), transaction.atomic():
        set_usages(unit=unit, kind="post", object_id=1, label="Bài", assets=[10**9])


def test_other_units_with_the_same_numbers_are_left_alone(unit: Unit, files: list[Asset]) -> None:
    other = make_unit()
    foreign = make_file(other)
    with unit_scope(other.pk):
        use(other, 1, [foreign], [foreign])
    with unit_scope(unit.pk):
        use(unit, 1, files[:1], files[:1])
        use(unit, 1, [])

    with unit_scope(other.pk):
        assert (rows(), public()) == ([("post", 1, foreign.pk, "Bài", True)], {foreign.pk})


@pytest.mark.parametrize(
    ("consent", "words"), [(Consent.WAITING, "chưa có giấy đồng ý"), (Consent.STOPPED, "yêu cầu ngừng đăng")]
)
def test_photo_without_consent_cannot_become_public(unit: Unit, consent: Consent, words: str) -> None:
    photo, other = make_image(unit, "lop-7.png"), make_image(unit, "san.png", colour="blue")
    with unit_scope(unit.pk):
        set_consent(asset=photo, consent=consent, note="", by=BY)
        with pytest.raises(errors.ConsentMissing) as caught:
            use(unit, 1, [photo, other], [photo, other])
        assert (rows(), public()) == ([], set())
        # In a draft it may stand.
        use(unit, 1, [photo, other], [other])

        assert public() == {other.pk}
    assert "“lop-7.png”" in caught.value.message
    assert words in caught.value.message
    assert "san.png" not in caught.value.message


def test_article_whose_photo_was_withdrawn_can_still_be_worked_on(unit: Unit) -> None:
    """The public version still names the photo while somebody writes it out of the next one."""
    photo, other = make_image(unit), make_image(unit, "san.png", colour="blue")
    pks = [photo.pk, other.pk]
    with unit_scope(unit.pk):
        use(unit, 1, [photo, other], [photo, other])
        set_consent(asset=photo, consent=Consent.STOPPED, note="", by=BY)

        set_usages(unit=unit, kind="post", object_id=1, label="Bài", assets=[other.pk], live=pks, publishes=False)

        assert rows() == [("post", 1, photo.pk, "Bài", False), ("post", 1, other.pk, "Bài", True)]
        assert public() == {other.pk}
        with pytest.raises(errors.ConsentMissing):
            use(unit, 1, [photo, other], [photo, other])


def test_photo_can_be_published_once_consent_is_there(unit: Unit) -> None:
    photo = make_image(unit)
    with unit_scope(unit.pk):
        set_consent(asset=photo, consent=Consent.WAITING, note="", by=BY)
        set_consent(asset=photo, consent=Consent.GIVEN, note="Giấy của 3 em", by=BY)
        use(unit, 1, [photo], [photo])

        assert public() == {photo.pk}


def test_files_are_public_exactly_while_something_live_shows_them(unit: Unit) -> None:
    """Whatever objects say in whatever order, and whoever withdraws consent meanwhile."""
    images = [make_image(unit, f"{number}.png", colour=colour) for number, colour in enumerate(("red", "blue", "lime"))]
    some = st.lists(st.sampled_from(images), max_size=3, unique=True)
    step = st.one_of(
        st.tuples(st.just("use"), st.integers(1, 3), some, some),
        st.tuples(st.just("consent"), st.sampled_from(Consent), st.sampled_from(images)),
    )

    @given(st.lists(step, max_size=8))
    def check(steps: list[tuple[object, ...]]) -> None:
        with unit_scope(unit.pk):
            for one in steps:
                act(one)
                live = set(Usage.objects.filter(is_live=True).values_list("asset", flat=True))
                blocked = {asset.pk for asset in Asset.objects.all() if asset.is_blocked}
                assert public() == live
                assert not public() & blocked

    def act(one: tuple[object, ...]) -> None:
        match one:
            case ("use", int(number), list(assets), list(live)):
                try:
                    use(unit, number, assets, live)
                except errors.ConsentMissing:
                    assert any(Asset.objects.get(pk=asset.pk).is_blocked for asset in live)
            case ("consent", Consent() as consent, Asset() as asset):
                set_consent(asset=asset, consent=consent, note="Giấy", by=BY)

    check()


@pytest.mark.django_db(transaction=True)
def test_objects_that_speak_at_once_leave_the_truth(unit: Unit, files: list[Asset]) -> None:
    """Two objects show the same files in opposite order and change their minds; no deadlock, no stale flag."""

    def speak(object_id: int, order: list[Asset]) -> None:
        with unit_scope(unit.pk):
            for round_number in range(10):
                use(unit, object_id, order, order[: round_number % 3])
            use(unit, object_id, order, order[:1])

    together(partial(speak, 1, files), partial(speak, 2, files[::-1]))

    with unit_scope(unit.pk):
        assert public() == {files[0].pk, files[-1].pk}
        assert len(rows()) == 8


def together(*works: Callable[[], None]) -> None:
    """At once where the database has several connections; an in-memory SQLite has one."""
    if connection.vendor == "sqlite":
        for work in works:
            work()
        return
    problems: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as problem:  # noqa: BLE001 - handed to the test
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert problems == []
