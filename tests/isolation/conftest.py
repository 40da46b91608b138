"""One world for all tests of a module: building it costs more than asking."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker, Settings

from tests.isolation.asking import undone
from tests.isolation.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    # Each test closes the connection at its end; the transaction of the module has to outlive that.
    with django_db_blocker.unblock(), transaction.atomic(), patch.object(connection, "close"):
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _own_traces(world: World, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Tests leave nothing to each other; thousands of refusals are meant, and writing each to the log costs."""
    caplog.set_level("ERROR", "django.request")
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    with undone():
        yield
