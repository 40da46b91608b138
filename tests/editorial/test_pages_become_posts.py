"""The data migration that turns pages into posts and gives what is public its version; on rows of the old form."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from congtruong.core.rowsecurity import see_everything
from congtruong.editorial.services import show_again
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("migrations")]

NOON = datetime(2026, 9, 7, 5, tzinfo=UTC)


@pytest.fixture
def _latest_again() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def at(name: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([("editorial", name)])
    return MigrationExecutor(connection).loader.project_state([("editorial", name)]).apps


@pytest.mark.usefixtures("_latest_again")
def test_pages_keep_their_place_address_and_public_form() -> None:
    unit: Unit = make_unit()
    old = at("0005_workflow_row_security")
    _furnish(old, unit)

    at("0007_no_pages")
    call_command("migrate", verbosity=0)

    entries = {entry.path: entry for entry in Entry.objects.all()}
    assert {path: (e.kind, e.title) for path, e in entries.items()} == {
        "/gioi-thieu/to-chuc/": ("post", "Tổ chức"),
        "/gioi-thieu/bgh/": ("post", "Ban Giám hiệu"),
        "/tin-tuc/khai-giang/": ("post", "Khai giảng"),
    }
    with unit_scope(unit.pk):
        assert len(show_again(unit=unit)) == 3
    again = {entry.path: entry.facts for entry in Entry.objects.all()}
    assert set(again) == set(entries)
    assert again["/gioi-thieu/bgh/"] == {"order": 2, "parent": "to-chuc"}


def _furnish(old: Any, unit: Unit) -> None:
    """Two pages, one below the other, a published post and a draft, as the last version left them."""
    posts, pages = old.get_model("editorial", "Post").objects, old.get_model("editorial", "Page").objects
    with connection.schema_editor() as editor:
        see_everything(editor)
        post = posts.create(
            unit_id=unit.pk,
            channel="tin-tuc",
            title="Khai giảng",
            slug="khai-giang",
            body="<p>Bài</p>",
            state="da-dang",
            published_at=NOON,
            school_year=2026,
        )
        posts.create(unit_id=unit.pk, channel="tin-tuc", title="Nháp", slug="nhap", school_year=2026)
        parent = pages.create(
            unit_id=unit.pk, title="Tổ chức", slug="to-chuc", state="da-dang", published_at=NOON, order=1
        )
        child = pages.create(
            unit_id=unit.pk,
            title="Ban Giám hiệu",
            slug="bgh",
            state="da-dang",
            published_at=NOON,
            order=2,
            parent=parent,
        )
        for kind, row, path in (
            ("post", post, "/tin-tuc/khai-giang/"),
            ("page", parent, "/gioi-thieu/to-chuc/"),
            ("page", child, "/gioi-thieu/bgh/"),
        ):
            Entry.objects.create(
                unit=unit,
                kind=kind,
                object_id=row.pk,
                channel=path.split("/")[1],
                title=row.title,
                slug=row.slug,
                path=path,
                published_at=NOON,
                published_on=NOON.date(),
                school_year=2026,
                search_title="",
                search_body="",
                search_scope="",
            )


def test_frozen_copy_of_the_register_knows_every_field() -> None:
    """The migration keeps its own list; it is compared with the model it was written for."""
    migration = import_module("congtruong.editorial.migrations.0006_pages_are_posts")

    assert set(migration._DOCUMENT) | {"issued_on", "effective_on", "expires_on"} <= {
        field.attname for field in import_module("congtruong.editorial.models").Document._meta.fields
    }
