"""Both walls around a unit's rows: the managers in Python, and on PostgreSQL the row-level policies.

Tests that open the first wall (`django_scopes.scopes_disabled`) state what each database then shows: PostgreSQL
nothing, SQLite everything, because it has no second wall.
"""

import asyncio
import contextvars
import inspect
import pickle
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, IntegrityError, connection, connections, models, transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django_scopes import get_scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from congtruong.core import clock
from congtruong.delivery.models import Receipt
from congtruong.editorial.models import (
    Category,
    Document,
    DocumentRelation,
    EditLock,
    Post,
    PostFile,
    PreviewLink,
    Revision,
)
from congtruong.feeds.models import (
    CategoryRoute,
    Feed,
    HubSubscription,
    Item,
    ItemRevision,
    Picture,
    Push,
    Sighting,
    Source,
)
from congtruong.media.models import Asset, Usage
from congtruong.portal.models import SchoolYear
from congtruong.publication.enums import Channel
from congtruong.publication.models import Change, Entry, Hiding
from congtruong.syndication.enums import Format, Mode
from congtruong.syndication.models import Intent, Stand, Subscription, Topic
from congtruong.transfer.enums import JobKind, JobState, Outcome
from congtruong.transfer.models import Imported, Job
from congtruong.units.enums import Role
from congtruong.units.models import Invitation, Membership, Unit, User
from congtruong.units.scoping import SESSION_VARIABLE, everywhere, unit_scope
from congtruong.units.services import grant_role
from congtruong.visits.models import VisitCount
from tests.factories import BY, make_authority, make_document, make_file
from tests.structure.test_scoping import private_models

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SCOPED: tuple[Any, ...] = (
    *(Post, Document, PostFile, Category, Revision, EditLock, PreviewLink, DocumentRelation, Asset, Usage),
    *(Source, Feed, CategoryRoute, Item, Sighting, ItemRevision, Picture, HubSubscription, Push, Hiding, Change),
    *(Receipt, Topic, Intent, Subscription, Stand, Membership, Invitation, SchoolYear, Job, Imported, VisitCount),
)


def test_every_private_table_is_tried_here() -> None:
    assert set(SCOPED) == set(private_models())


def has_second_wall() -> bool:
    assert connection.vendor in {"sqlite", "postgresql"}
    return connection.vendor == "postgresql"


def furnish(unit: Unit) -> None:
    """One row of every scoped table."""
    make_document(unit, f"Văn bản của {unit.pk}")
    asset = make_file(unit, f"tep-{unit.pk}.pdf")
    user = User.objects.create_user(f"nguoi{unit.pk}")
    grant_role(unit=unit, user=user, role=Role.EDITOR, by=BY)
    now = clock.now()
    with unit_scope(unit.pk):
        post = Post.objects.get()
        PostFile.objects.create(unit=unit, post=post, asset=asset)
        Category.objects.create(unit=unit, channel="tin-tuc", name=f"Mục của {unit.pk}", slug=f"muc-{unit.pk}")
        EditLock.objects.create(unit=unit, post=post, user=user, token="khóa", seen_at=now)
        PreviewLink.objects.create(unit=unit, post=post, digest=str(unit.pk), made_by=BY, expires_at=now)
        DocumentRelation.objects.create(unit=unit, post=post, other=post, kind="can-cu")
        Usage.objects.create(unit=unit, asset=asset, kind="post", object_id=post.pk, label="Văn bản")
        source = Source.objects.create(unit=unit, name="Sở", homepage="https://so.example/")
        feed = Feed.objects.create(
            unit=unit, source=source, url="https://so.example/rss", channel=Channel.NEWS, next_check_at=now
        )
        CategoryRoute.objects.create(unit=unit, source=source, category="thi dua", channel=Channel.NEWS)
        item = Item.objects.create(
            unit=unit, source=source, link="https://so.example/1", title="Tin", first_seen_at=now, content_hash="0" * 64
        )
        Sighting.objects.create(unit=unit, feed=feed, item=item, key="1", channel=Channel.NEWS)
        Invitation.objects.create(
            unit=unit, role=Role.EDITOR, name="Cô Mới", digest=str(unit.pk), made_by=BY, maker=user, expires_at=now
        )
        SchoolYear.objects.create(unit=unit, year=2026, started_by=BY)
        job = Job.objects.create(unit=unit, kind=JobKind.OUT, state=JobState.DONE, token="khóa", made_by=BY)
        Imported.objects.create(
            unit=unit, source_key=str(unit.pk), job=job, title="Bài cũ", outcome=Outcome.SKIPPED, at=now
        )
        ItemRevision.objects.create(unit=unit, item=item, number=1, title="Tin cũ", replaced_at=now)
        Picture.objects.create(unit=unit, source=source, url="https://so.example/a.png", digest="0" * 64)
        HubSubscription.objects.create(
            unit=unit, feed=feed, hub_url="https://hub.example/", topic_url=feed.url, token=f"mã {unit.pk}", secret="s"
        )
        Push.objects.create(unit=unit, feed=feed, digest="0" * 64, body=b"x", received_at=now, queued_at=now)
        Hiding.objects.create(unit=unit, owner=unit, kind="item", object_id=item.pk, reason="trùng", hidden_at=now)
        Receipt.objects.create(unit=unit, owner=unit, kind="item", object_id=item.pk)
        Change.objects.create(
            consumer="thử", unit=unit, kind="item", object_id=1, channels=[], is_broadcast=False, levels=0, made_at=now
        )
        topic = Topic.objects.create(unit=unit, path="/rss/tin-tuc.xml", format=Format.RSS)
        asked = {"callback": "https://nhan.example/", "callback_host": "nhan.example"}
        Subscription.objects.create(unit=unit, topic=topic, leased_until=now, **asked)
        Intent.objects.create(
            unit=unit,
            path="/rss/",
            mode=Mode.SUBSCRIBE,
            lease_seconds=1,
            challenge="?",
            asked_at=now,
            next_try_at=now,
            **asked,
        )
        Stand.objects.create(unit=unit, changed_at=now)
        VisitCount.objects.create(unit=unit, day=clock.day_of(now), path="/", count=1)


@pytest.fixture
def here() -> Unit:
    unit = make_authority("Sở của ta (mẫu)")
    furnish(unit)
    return unit


@pytest.fixture
def there() -> Unit:
    unit = make_authority("Sở của người (mẫu)")
    furnish(unit)
    return unit


# --- The first wall ---------------------------------------------------------------------------------------------------

ALLOWED_OUTSIDE = {
    "create": "writes one row; the service compares units, the database refuses another unit's",
    "acreate": "as create",
    "bulk_create": "as create",
    "abulk_create": "as create",
    "none": "reads nothing",
    "using": "only names the database",
}
# What each method is called with; the others take nothing.
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "aggregate": (models.Count("pk"),),
    "alias": (),
    "annotate": (),
    "bulk_update": ([], ["pk"]),
    "complex_filter": ({},),
    "contains": (Post(pk=1),),
    "dates": ("created_at", "year"),
    "datetimes": ("created_at", "year"),
    "defer": ("title",),
    "earliest": ("pk",),
    "extra": (),
    "latest": ("pk",),
    "only": ("title",),
    "raw": ("SELECT * FROM editorial_post",),
    "select_related": ("unit",),
    "prefetch_related": ("attachments",),
    "in_bulk": ([1],),
}
ARGUMENTS |= {f"a{name}": arguments for name, arguments in ARGUMENTS.items() if hasattr(QuerySet, f"a{name}")}
COMBINING = {"union", "intersection", "difference"}
# Class-level parts of a QuerySet that touch no rows.
NOT_METHODS = {"as_manager"}


def public_methods() -> list[str]:
    """Read from Django itself, so that a method of a new version is tested before it is used."""
    return sorted(
        name
        for name, member in inspect.getmembers(QuerySet, callable)
        if not name.startswith("_") and name not in NOT_METHODS
    )


async def _all_of(outcome: Any) -> Any:
    try:
        return [row async for row in outcome] if inspect.isasyncgen(outcome) else await outcome
    finally:
        # Whatever was read, was read by a thread with a connection of its own.
        await sync_to_async(connections.close_all)()


def evaluate(outcome: Any) -> Any:
    """Bring a lazy or asynchronous answer to the point where rows would be read."""
    if inspect.isawaitable(outcome) or inspect.isasyncgen(outcome):
        return asyncio.run(_all_of(outcome))
    if isinstance(outcome, QuerySet) or inspect.isgenerator(outcome):
        return list(outcome)
    return outcome


def arguments_of(name: str) -> tuple[Any, ...]:
    if name in COMBINING:
        return (Post.objects.all(),)
    return (Unit.objects.all().query,) if name == "resolve_expression" else ARGUMENTS.get(name, ())


@pytest.mark.parametrize("name", [name for name in public_methods() if name not in ALLOWED_OUTSIDE])
@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
def test_queryset_method_outside_a_scope_raises(name: str) -> None:
    queryset: Any = Post.objects.all()

    with pytest.raises(ScopeError):
        evaluate(getattr(queryset, name)(*arguments_of(name)))


@pytest.mark.parametrize("name", [name for name in public_methods() if hasattr(models.Manager, name)])
@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
def test_manager_method_outside_a_scope_raises(name: str) -> None:
    if name in ALLOWED_OUTSIDE:
        assert name not in {"get", "filter", "all"}
        return
    manager: Any = Post.objects

    with pytest.raises(ScopeError):
        evaluate(getattr(manager, name)(*arguments_of(name)))


def test_allowed_methods_are_methods_of_a_queryset() -> None:
    assert set(ALLOWED_OUTSIDE) <= set(public_methods())
    assert set(ARGUMENTS) <= set(public_methods())


@pytest.mark.parametrize(
    "read",
    [
        list,
        len,
        bool,
        repr,
        iter,
        pickle.dumps,
        lambda rows: rows[0],
        lambda rows: rows[:2],
        lambda rows: list(rows | rows),
        lambda rows: list(rows & rows),
        lambda rows: list(rows ^ rows),
        lambda rows: rows.using("default").first(),
    ],
    ids=["list", "len", "bool", "repr", "iter", "pickle", "index", "slice", "or", "and", "xor", "using"],
)
def test_queryset_outside_a_scope_raises_for_every_way_to_read(read: Callable[[Any], object], here: Unit) -> None:
    with pytest.raises(ScopeError):
        read(Post.objects.all())


@pytest.mark.parametrize(
    "build",
    [
        lambda closed: Unit.objects.filter(pk__in=closed),
        lambda closed: Unit.objects.filter(Exists(closed)),
        lambda closed: Unit.objects.annotate(title=models.Subquery(closed)),
        lambda closed: Unit.objects.values_list("pk").union(closed),
        lambda closed: User.objects.prefetch_related(Prefetch("memberships", closed)),
    ],
    ids=["in", "exists", "subquery", "union", "prefetch"],
)
def test_queryset_outside_a_scope_cannot_be_read_through_another_query(build: Callable[[Any], Any], here: Unit) -> None:
    closed = Membership.objects.all()

    with pytest.raises(ScopeError):
        list(build(closed))


def test_queryset_of_a_scope_cannot_be_widened_by_one_made_outside(here: Unit) -> None:
    with unit_scope(here.pk):
        own = Post.objects.all()

    with pytest.raises(ScopeError):
        list(own | Post.objects.all())


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_scoped_models_close_their_default_manager(model: Any) -> None:
    with pytest.raises(ScopeError):
        model._default_manager.count()


def test_none_outside_a_scope_is_empty(here: Unit) -> None:
    assert list(Post.objects.none()) == []
    assert list(Post.objects.all().none()) == []


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_unit_scope_shows_own_rows_only(model: Any, here: Unit, there: Unit) -> None:
    with unit_scope(here.pk):
        own = set(model.objects.values_list("unit_id", flat=True))
    with unit_scope(here.pk, there.pk):
        both = set(model.objects.values_list("unit_id", flat=True))
    with unit_scope():
        nobodys = set(model.objects.values_list("unit_id", flat=True))

    assert own == {here.pk}
    assert both == {here.pk, there.pk}
    assert nobodys == set()


def owners() -> set[int]:
    return set(Post.objects.values_list("unit_id", flat=True))


def test_scopes_nest_and_give_way_again(here: Unit, there: Unit) -> None:
    seen = []
    with unit_scope(here.pk):
        seen.append(owners())
        with unit_scope(there.pk):
            seen.append(owners())
            with everywhere("the test looks at everybody"):
                seen.append(owners())
                with unit_scope(here.pk):
                    seen.append(owners())
                seen.append(owners())
            seen.append(owners())
        seen.append(owners())

    both = {here.pk, there.pk}
    assert seen == [{here.pk}, {there.pk}, both, {here.pk}, both, {there.pk}, {here.pk}]
    with pytest.raises(ScopeError):
        owners()


def test_everywhere_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"), everywhere(""):
        pass


def test_bulk_changes_stay_inside_the_scope(here: Unit, there: Unit) -> None:
    with unit_scope(here.pk):
        changed = Post.objects.update(place="Sân trường")
        foreign = Post.objects.filter(unit=there).update(place="Sân trường")
        removed, _ = Sighting.objects.all().delete()

    with everywhere("the test looks at everybody"):
        assert dict(Post.objects.values_list("unit_id", "place")) == {here.pk: "Sân trường", there.pk: ""}
        assert list(Sighting.objects.values_list("unit_id", flat=True)) == [there.pk]
    assert (changed, foreign, removed) == (1, 0, 1)


@pytest.mark.parametrize(
    ("model", "attribute"),
    [
        (Post, "attachments"),
        (Source, "feeds"),
        (Source, "routes"),
        (Source, "items"),
        (Feed, "sightings"),
        (Item, "sightings"),
    ],
)
def test_reverse_managers_keep_to_the_scope(model: Any, attribute: str, here: Unit, there: Unit) -> None:
    with unit_scope(here.pk):
        owner = model.objects.get()
        assert set(getattr(owner, attribute).values_list("unit_id", flat=True)) == {here.pk}

    with pytest.raises(ScopeError):
        getattr(owner, attribute).count()
    with unit_scope(there.pk):
        assert getattr(owner, attribute).count() == 0


def test_reverse_manager_of_a_person_shows_roles_in_the_scope_only(here: Unit, there: Unit) -> None:
    person = User.objects.create_user("haidonvi")
    for unit in (here, there):
        grant_role(unit=unit, user=person, role=Role.CONTRIBUTOR, by=BY)

    with unit_scope(here.pk):
        assert [m.unit_id for m in person.memberships.all()] == [here.pk]
        prefetched = User.objects.prefetch_related("memberships").get(pk=person.pk)
        assert [m.unit_id for m in prefetched.memberships.all()] == [here.pk]


# --- The second wall --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_database_shows_no_rows_when_only_the_first_wall_is_open(model: Any, here: Unit, there: Unit) -> None:
    with scopes_disabled():
        bare = set(model.objects.values_list("unit_id", flat=True))
        unmanaged = set(model._base_manager.values_list("unit_id", flat=True))

    shown = set() if has_second_wall() else {here.pk, there.pk}
    assert bare == shown
    assert unmanaged == shown


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_database_shows_a_scope_its_own_rows_even_past_the_managers(model: Any, here: Unit, there: Unit) -> None:
    with unit_scope(here.pk):
        shown = set(model._base_manager.values_list("unit_id", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT unit_id FROM {model._meta.db_table}")  # noqa: S608 - our own name
            raw = {row[0] for row in cursor.fetchall()}

    expected = {here.pk} if has_second_wall() else {here.pk, there.pk}
    assert shown == expected
    assert raw == expected


def refuses(act: Callable[[], object]) -> bool:
    """Whether the database refused with its row-level policy; another error is an error."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        if "row-level security" in str(error):
            return True
        raise
    return False


def test_database_refuses_rows_for_another_unit(here: Unit, there: Unit) -> None:
    def add_category(unit: Unit) -> Callable[[], object]:
        return lambda: Category.objects.create(unit=unit, channel="tin-tuc", name="Lạc chỗ", slug=f"lac-cho-{unit.pk}")

    with unit_scope(here.pk):
        own, foreign = refuses(add_category(here)), refuses(add_category(there))
    nobodys = refuses(lambda: Category.objects.bulk_create([Category(unit=here, name="Vô chủ", slug="vo-chu")]))

    assert own is False
    assert (foreign, nobodys) == (has_second_wall(), has_second_wall())


def test_database_refuses_to_give_a_row_to_another_unit(here: Unit, there: Unit) -> None:
    with unit_scope(here.pk):
        refused = refuses(lambda: Category.objects.update(unit=there))
        moved = refuses(lambda: Category._base_manager.filter(unit=here).update(unit=there))

    assert (refused, moved) == (has_second_wall(), has_second_wall())


def test_database_changes_no_row_of_another_unit(here: Unit, there: Unit) -> None:
    with unit_scope(here.pk):
        changed = Category._base_manager.filter(unit=there).update(name="Đã sửa")
    with scopes_disabled():
        removed = Sighting.objects.all()._raw_delete("default")

    assert (changed, removed) == ((0, 0) if has_second_wall() else (1, 2))


def test_published_entries_are_read_by_all_and_written_inside_the_scope_only(here: Unit, there: Unit) -> None:
    entry = Entry.objects.filter(unit=here).first()
    assert entry is not None
    fields = {f.attname: getattr(entry, f.attname) for f in Entry._meta.concrete_fields if f.attname != "id"}

    def add(number: int) -> Callable[[], object]:
        return lambda: Entry.objects.create(**fields | {"object_id": number, "path": f"/lac-cho-{number}/"})

    outside = refuses(add(10**9))
    with unit_scope(there.pk):
        elsewhere = refuses(add(10**9 + 1))
        changed = Entry.objects.filter(pk=entry.pk).update(title="Đã sửa")
    unscoped = Entry.objects.filter(pk=entry.pk).update(title="Đã sửa")
    with unit_scope(here.pk):
        own = Entry.objects.filter(pk=entry.pk).update(title="Tựa mới")

    assert set(Entry.objects.values_list("unit_id", flat=True)) == {here.pk, there.pk}
    assert (outside, elsewhere) == (has_second_wall(), has_second_wall())
    assert (changed, unscoped) == ((0, 0) if has_second_wall() else (1, 1))
    assert own == 1


def test_connected_role_cannot_pass_the_policies() -> None:
    if not has_second_wall():
        assert connection.settings_dict["ENGINE"] == "django.db.backends.sqlite3"
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")

        assert cursor.fetchall() == [(False, False)]


# --- What the database has been told ----------------------------------------------------------------------------------


def granted() -> str:
    """The units the database believes to be in scope; on SQLite what it would be told."""
    if not has_second_wall():
        return str(get_scope().get("_granted", ""))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [SESSION_VARIABLE])
        return cursor.fetchone()[0] or ""


class Stop(Exception):
    """Ends a block of the test."""


def on_a_connection_of_its_own(steps: Callable[[], list[str]]) -> list[str]:
    """Outside the test's transaction, as a worker of the server; SQLite, with one writer, stays in the transaction."""
    return in_a_thread(steps) if has_second_wall() else contextvars.copy_context().run(steps)


def in_a_thread(steps: Callable[[], list[str]]) -> list[str]:
    outcome: list[list[str] | Exception] = []

    def run() -> None:
        try:
            outcome.append(steps())
        except Exception as error:  # noqa: BLE001 - raised again in the thread of the test
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


def after_exception() -> Iterator[str]:
    try:
        with unit_scope(1):
            yield granted()
            raise Stop
    except Stop:
        yield granted()


def after_rollback_around_the_scope() -> Iterator[str]:
    try:
        with transaction.atomic(), unit_scope(1):
            yield granted()
            raise Stop
    except Stop:
        yield granted()


def after_rollback_inside_the_scope() -> Iterator[str]:
    with unit_scope(1):
        try:
            with transaction.atomic(), unit_scope(2):
                yield granted()
                raise Stop
        except Stop:
            yield granted()
    yield granted()


def after_nested_rollbacks() -> Iterator[str]:
    with transaction.atomic(), unit_scope(1):
        try:
            with transaction.atomic(), unit_scope(2, 3), transaction.atomic():
                yield granted()
                raise Stop
        except Stop:
            yield granted()
        with transaction.atomic(), everywhere("the test looks at everybody"):
            yield granted()
        yield granted()
    yield granted()


def after_a_block_marked_for_rollback() -> Iterator[str]:
    with unit_scope(1):
        with transaction.atomic(), unit_scope(2):
            yield granted()
            transaction.set_rollback(True)
        yield granted()
    yield granted()


def after_reconnecting() -> Iterator[str]:
    with unit_scope(1):
        connection.close()
        yield granted()
    yield granted()


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (after_exception, ["1", ""]),
        (after_rollback_around_the_scope, ["1", ""]),
        (after_rollback_inside_the_scope, ["2", "1", ""]),
        (after_nested_rollbacks, ["2,3", "1", "*", "1", ""]),
        (after_a_block_marked_for_rollback, ["2", "1", ""]),
        (after_reconnecting, ["1", ""]),
    ],
)
def test_database_is_told_the_scope_that_holds(steps: Callable[[], Iterator[str]], told: list[str]) -> None:
    assert on_a_connection_of_its_own(lambda: list(steps())) == told
    assert granted() == ""


def test_error_of_the_database_inside_a_scope_comes_out_as_it_is(here: Unit) -> None:
    def broken() -> list[str]:
        with transaction.atomic(), unit_scope(here.pk), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM nowhere")
        return []

    with pytest.raises(DatabaseError, match="nowhere"):
        on_a_connection_of_its_own(broken)
    assert on_a_connection_of_its_own(lambda: [granted()]) == [""]


def test_scope_survives_a_refused_row(here: Unit) -> None:
    with unit_scope(here.pk):
        with pytest.raises(IntegrityError), transaction.atomic():
            Category.objects.create(unit=here, channel="tin-tuc", name="Trùng", slug=Category.objects.get().slug)

        assert granted() == str(here.pk)
        assert Category.objects.count() == 1


def test_other_threads_are_outside(here: Unit) -> None:
    with unit_scope(here.pk):
        assert in_a_thread(lambda: [granted()]) == [""]


def test_subquery_inside_a_scope_keeps_to_it(here: Unit, there: Unit) -> None:
    with unit_scope(here.pk):
        writers = Unit.objects.filter(Exists(Post.objects.filter(unit=OuterRef("pk"))))

        assert list(writers) == [here]
