"""Every table of a unit stands behind both walls, and every door through them is listed here."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from congtruong.core import rowsecurity
from congtruong.units.scoping import ScopedManager

PACKAGE = Path(__file__).resolve().parents[2] / "congtruong"

# Tables with a unit that anybody may read, and why.
PUBLIC = {
    "units.HostName": "decides the portal before any unit is known",
    "units.Oversight": "who manages a school is public, and closures are computed over all units",
    "units.Reach": "derived from Oversight",
    "publication.Entry": "holds only what is published; an authority's rows serve all units below it",
    "publication.Target": "decides on which portals a published thing stands",
    "publication.Choice": "decides what stands on a unit's own portal; the reason is in Hiding",
    "delivery.Request": "what an authority asks of all units below it; says nothing of any of them",
    "portal.QuickLink": "stands on the public home page",
    "portal.MenuItem": "stands on every public page",
    "portal.Link": "stands at the foot of every public page",
    "portal.SiteSettings": "how public pages look",
    "portal.Redirect": "an old address leads visitors on",
}
# Public tables whose rows only their unit's scope may write.
WRITTEN_IN_SCOPE = {
    "publication.Entry",
    "publication.Target",
    "publication.Choice",
    "delivery.Request",
    "portal.Link",
    "portal.MenuItem",
    "portal.QuickLink",
    "portal.Redirect",
    "portal.SiteSettings",
}

# Unique constraints that do not begin with the unit, and why no unit can learn of another by them.
UNIQUE_OTHERWISE = {
    "editorial.PreviewLink.digest": "hash of a random token, never chosen by a person",
    "feeds.HubSubscription.token": "random, never chosen by a person",
    "media.Asset.key": "random, never chosen by a person",
    "publication.Entry.entry_once_per_channel": "the object's id is made by the database",
}

# Where the walls are opened: module and reason, as written at the call.
DOORS = {
    ("congtruong.console.queries", "a person's own memberships, in whatever unit they are"),
    ("congtruong.editorial.services.addresses", "the scheduler looks for drafts that nobody wrote anything in"),
    ("congtruong.editorial.services.workflow", "the scheduler looks for posts whose time has come"),
    (
        "congtruong.feeds.services.attachments",
        "the scheduler looks for items of all sources whose files are to be checked",
    ),
    ("congtruong.feeds.services.pictures", "the scheduler looks for pictures of all sources that are due"),
    ("congtruong.feeds.services.reading", "a queued job knows the feed, not yet the unit"),
    ("congtruong.feeds.services.claiming", "a reader looks which hosts are being asked for feeds of all units"),
    ("congtruong.feeds.services.claiming", "a reader looks whether a machine is being asked for feeds of all units"),
    ("congtruong.feeds.services.claiming", "the reader extends its leases on feeds of all units"),
    ("congtruong.feeds.services.claiming", "the scheduler queues due feeds of all units"),
    ("congtruong.feeds.services.polling", "the reader looks for what is due, of all units"),
    ("congtruong.feeds.services.settling", "an overloaded server is left alone by the feeds of all units"),
    ("congtruong.feeds.services.settling", "one failure is judged beside the sources of all units"),
    ("congtruong.feeds.services.settling", "the reader notes at once that many feeds had nothing new"),
    ("congtruong.demo.services.poll_measuring", "a measurement fills and reads its own database"),
    ("congtruong.feeds.queries.hubs", "a hub calls by an unguessable word; the feed's unit is not known yet"),
    ("congtruong.feeds.queries.hubs", "the scheduler renews what hubs promised to the feeds of all units"),
    ("congtruong.feeds.services.hubs", "a queued job knows what to ask a hub, not yet the unit"),
    ("congtruong.feeds.services.pushes", "a queued job knows the delivery of a hub, not yet the unit"),
    ("congtruong.feeds.services.pushes", "the scheduler looks for deliveries to feeds of all units that nobody reads"),
    (
        "congtruong.syndication.services.announcing",
        "a change of an authority shows in the feeds of authorities below it",
    ),
    (
        "congtruong.syndication.services.announcing",
        "the hub hears of the changes of all units in the order they were made",
    ),
    (
        "congtruong.syndication.services.announcing",
        "the scheduler looks for changes of any unit that the hub has not heard of",
    ),
    ("congtruong.syndication.services.asking", "the hub bounds the requests that wait on all portals together"),
    ("congtruong.syndication.services.asking", "the hub bounds what one machine may be sent by all portals together"),
    ("congtruong.syndication.services.cleaning", "the scheduler removes what ended at the hubs of all portals"),
    ("congtruong.syndication.services.confirming", "a queued job knows the request to the hub, not yet the unit"),
    ("congtruong.syndication.services.confirming", "the scheduler queues requests to the hubs of all portals"),
    (
        "congtruong.syndication.services.sending",
        "a machine that does not answer is left alone by all portals for a while",
    ),
    ("congtruong.syndication.services.sending", "one machine is sent what any portal owes it, one after another"),
    (
        "congtruong.syndication.services.sending",
        "the scheduler queues the machines that the hubs of all portals owe something",
    ),
    ("congtruong.feeds.services.alerting", "the scheduler looks for feeds of all units that are in trouble"),
    ("congtruong.media.queries", "a public file is found by its unguessable key, then compared with the tree"),
    ("congtruong.media.services.restoring", "a restored file keeps its key unless another file has it"),
    ("congtruong.media.services.scanning", "a queued job knows the file, not yet the unit"),
    ("congtruong.media.services.scanning", "the scheduler queues forgotten files of all units"),
    ("congtruong.transfer.services.jobs", "a queued transfer knows its job, not yet the unit"),
    ("congtruong.transfer.services.jobs", "the scheduler looks for transfers whose files have expired"),
    ("congtruong.transfer.services.jobs", "the scheduler looks for transfers whose worker died"),
    ("congtruong.transfer.services.moving", "the scheduler looks for imported drafts that were published since"),
    ("congtruong.portal.services.years", "the scheduler looks for school years that were begun and not finished"),
    ("congtruong.units.queries", "whether an account serves other units decides who may replace its password"),
    ("congtruong.visits.services.keeping", "the scheduler looks for units with old counts by day"),
}
SCOPING = "congtruong.units.scoping"


def unit_models() -> list[Any]:
    """Our models with a foreign key `unit`."""
    own = [model for model in apps.get_models() if model.__module__.startswith("congtruong.")]
    return [model for model in own if any(field.name == "unit" for field in model._meta.fields)]


def private_models() -> list[Any]:
    return [model for model in unit_models() if model._meta.label not in PUBLIC]


def labels(values: Iterable[Any]) -> list[str]:
    return [model._meta.label for model in values]


# --- Managers ---------------------------------------------------------------------------------------------------------


@pytest.mark.unit
def test_public_list_names_models_that_exist() -> None:
    assert set(PUBLIC) <= set(labels(unit_models()))
    assert set(PUBLIC) >= WRITTEN_IN_SCOPE


@pytest.mark.unit
def test_private_models_answer_through_scoped_managers_only() -> None:
    open_managers = [
        f"{model._meta.label}.{manager.name}"
        for model in private_models()
        for manager in model._meta.managers
        if not isinstance(manager, ScopedManager)
    ]

    assert open_managers == []
    assert len(private_models()) >= 11


@pytest.mark.unit
def test_private_models_must_have_a_unit() -> None:
    assert [model._meta.label for model in private_models() if model._meta.get_field("unit").null] == []


# --- Row-level security -----------------------------------------------------------------------------------------------


class Recorder:
    """Stands for a schema editor of PostgreSQL and keeps the statements."""

    def __init__(self) -> None:
        self.connection = SimpleNamespace(vendor="postgresql")
        self.statements: list[str] = []

    def execute(self, statement: str) -> None:
        self.statements.append(statement)


def protecting_statements(operations: Iterable[Any]) -> list[str]:
    """What the steps made by `rowsecurity.protect` tell PostgreSQL; other steps are not run."""
    recorder: Any = Recorder()
    no_apps: Any = None
    for operation in operations:
        if isinstance(operation, migrations.RunPython) and operation.code.__module__ == rowsecurity.__name__:
            operation.code(no_apps, recorder)
    return list(recorder.statements)


def own_migrations() -> list[Any]:
    known = MigrationLoader(None).disk_migrations
    return [known[key] for key in sorted(known) if known[key].__module__.startswith("congtruong.")]


def tables(statements: Iterable[str], ending: str) -> set[str]:
    return {words[2] for s in statements if s.endswith(ending) and (words := s.split())[:2] == ["ALTER", "TABLE"]}


def dropped_tables() -> set[str]:
    """Tables of models that later migrations deleted."""
    return {
        f"{migration.app_label}_{step.name_lower}"
        for migration in own_migrations()
        for step in migration.operations
        if isinstance(step, migrations.DeleteModel)
    }


@pytest.mark.unit
def test_protecting_statements_sees_protected_tables_only() -> None:
    operations = [rowsecurity.protect("a_b"), migrations.RunPython(migrations.RunPython.noop)]

    statements = protecting_statements(operations)

    assert tables(statements, " FORCE ROW LEVEL SECURITY") == {"a_b"}
    assert tables(statements, " ENABLE ROW LEVEL SECURITY") == {"a_b"}
    assert len(statements) == 3


@pytest.mark.unit
def test_migrations_protect_every_private_table() -> None:
    statements = protecting_statements(step for migration in own_migrations() for step in migration.operations)

    guarded = {model._meta.db_table for model in private_models()}
    guarded |= {apps.get_model(label)._meta.db_table for label in WRITTEN_IN_SCOPE}
    guarded |= dropped_tables()
    assert tables(statements, " ENABLE ROW LEVEL SECURITY") == guarded
    assert tables(statements, " FORCE ROW LEVEL SECURITY") == guarded
    policies = [statement.split()[4] for statement in statements if statement.startswith("CREATE POLICY unit_rows")]
    assert sorted(policies) == sorted(guarded)
    public = {statement.split()[4] for statement in statements if statement.startswith("CREATE POLICY public_read")}
    assert public == {apps.get_model(label)._meta.db_table for label in WRITTEN_IN_SCOPE}


@pytest.mark.unit
def test_migrations_are_named_for_their_purpose() -> None:
    names = [migration.name for migration in own_migrations()]

    assert [name for name in names if not re.fullmatch(r"\d{4}_(?!auto_|initial$)[a-z0-9_]+", name)] == []


@pytest.mark.integration
@pytest.mark.django_db
def test_database_forces_the_policies_on_every_private_table() -> None:
    assert connection.vendor in {"sqlite", "postgresql"}
    if connection.vendor == "sqlite":
        # It has no such wall; what the migrations would do is tested above.
        assert not connection.features.has_select_for_update
        return
    wanted = sorted(model._meta.db_table for model in private_models())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity", [wanted]
        )
        assert sorted(row[0] for row in cursor.fetchall()) == wanted
        cursor.execute("SELECT tablename FROM pg_policies WHERE permissive = 'PERMISSIVE' AND qual = 'true'")
        open_tables = {apps.get_model(label)._meta.db_table for label in WRITTEN_IN_SCOPE}
        assert {row[0] for row in cursor.fetchall()} == open_tables


# --- Unique constraints -----------------------------------------------------------------------------------------------


def is_bound_to_a_unit(model: Any, fields: Iterable[str]) -> bool:
    """The unit comes first, or one of the fields points to a row that belongs to one unit."""
    names = list(fields)
    if names[:1] == ["unit"]:
        return True
    related = [model._meta.get_field(name).related_model for name in names]
    return any(isinstance(target, type) and target in private_models() for target in related)


def unbound_constraints(model: Any) -> list[str]:
    found = [
        f"{model._meta.label}.{constraint.name}"
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and not is_bound_to_a_unit(model, constraint.fields)
    ]
    found += [
        f"{model._meta.label}.{field.name}"
        for field in model._meta.local_fields
        if field.unique and not field.primary_key and not is_bound_to_a_unit(model, [field.name])
    ]
    return found


@pytest.mark.unit
def test_is_bound_to_a_unit_tells_ways_to_learn_of_others_apart() -> None:
    post, attachment = apps.get_model("editorial.Post"), apps.get_model("editorial.PostFile")

    assert is_bound_to_a_unit(post, ["unit", "slug"])
    assert is_bound_to_a_unit(attachment, ["post", "asset"])
    assert not is_bound_to_a_unit(post, ["slug", "unit"])
    assert not is_bound_to_a_unit(post, ["slug"])


@pytest.mark.unit
def test_unique_constraints_are_bound_to_the_unit() -> None:
    guarded = [*private_models(), *(apps.get_model(label) for label in WRITTEN_IN_SCOPE)]

    assert {name for model in guarded for name in unbound_constraints(model)} == set(UNIQUE_OTHERWISE)


# --- Doors ------------------------------------------------------------------------------------------------------------


def doors_in(module: str, source: str) -> list[tuple[str, str]]:
    """Every call of `everywhere` with its reason; one without a literal reason is named by its line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name != "everywhere":
            continue
        reason = node.args[0] if node.args else None
        is_literal = isinstance(reason, ast.Constant) and isinstance(reason.value, str)
        found.append((module, reason.value if is_literal else f"line {node.lineno}"))  # type: ignore[union-attr]
    return found


def back_doors_in(source: str) -> set[str]:
    """Names that reach past the scoped managers: django-scopes itself, base managers, an alias of `everywhere`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "django_scopes"}
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module.split(".")[0] == "django_scopes":
                found |= {alias.name for alias in node.names}
            found |= {"alias of everywhere" for alias in node.names if alias.name == "everywhere" and alias.asname}
        if isinstance(node, ast.Attribute) and node.attr in {"_base_manager", "_raw_delete"}:
            found.add(node.attr)
    return found


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE.parent).with_suffix("")
        yield ".".join(relative.parts).removesuffix(".__init__"), path.read_text(encoding="utf-8")


@pytest.mark.unit
def test_doors_in_finds_calls_however_they_are_written() -> None:
    source = "with everywhere('a reason'):\n    pass\nwith scoping.everywhere(text), open(x):\n    pass\nnowhere('x')"

    assert doors_in("m", source) == [("m", "a reason"), ("m", "line 3")]


@pytest.mark.unit
def test_back_doors_in_finds_every_way_past_the_managers() -> None:
    source = (
        "import django_scopes.state\nfrom django_scopes import scopes_disabled as s\n"
        "from a.scoping import everywhere as all_of\nPost._base_manager.all()\nfrom a.scoping import everywhere"
    )

    assert back_doors_in(source) == {
        "django_scopes.state",
        "scopes_disabled",
        "alias of everywhere",
        "_base_manager",
    }


@pytest.mark.unit
def test_walls_are_opened_at_the_listed_places_only() -> None:
    found = [door for module, source in modules() if module != SCOPING for door in doors_in(module, source)]

    assert sorted(found) == sorted(DOORS)


@pytest.mark.unit
def test_no_module_reaches_past_the_walls() -> None:
    found = {module: names for module, source in modules() if (names := back_doors_in(source))}

    assert set(found) == {SCOPING}
    assert "scopes_disabled" not in found[SCOPING]
