"""The data migration that gives articles of the last version their title without diacritics."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from congtruong.core.rowsecurity import see_everything
from congtruong.editorial.models import Post
from congtruong.units.scoping import unit_scope
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("migrations")]


@pytest.fixture
def _latest_again() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


@pytest.mark.usefixtures("_latest_again")
def test_titles_of_before_are_folded() -> None:
    units = [make_unit(f"Trường {n}") for n in (1, 2)]
    executor = MigrationExecutor(connection)
    executor.migrate([("editorial", "0007_no_pages")])
    old: Any = executor.loader.project_state([("editorial", "0007_no_pages")]).apps.get_model("editorial", "Post")
    with connection.schema_editor() as editor:
        see_everything(editor)
        for unit in units:
            for n, title in enumerate(("Đại hội", "")):
                old.objects.create(
                    unit_id=unit.pk, channel="tin-tuc", title=title, slug=f"bai-{n}", school_year=2026, state="nhap"
                )

    call_command("migrate", verbosity=0)

    for unit in units:
        with unit_scope(unit.pk):
            titles = Post.objects.order_by("slug").values_list("title", "search_title")
            assert list(titles) == [("Đại hội", "dai hoi"), ("", "")]
