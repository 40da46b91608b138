import os
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError, connection
from pytest_django import Settings

from congtruong.core import preparing
from congtruong.core.preparing import (
    DatabaseBusy,
    RoleTooStrong,
    collect_static,
    migrate,
    prepare,
    refuse_strong_role,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def sources(tmp_path: Path, settings: Settings) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.txt").write_text("one")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.DATA_DIR = tmp_path / "data"
    finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # an lru_cache, typed as a plain function
    return folder


@pytest.fixture(autouse=True)
def _forget_finders() -> Iterator[None]:
    yield
    finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # an lru_cache, typed as a plain function


@pytest.mark.usefixtures("sources")
def test_collect_static_does_nothing_the_second_time() -> None:
    assert [collect_static(), collect_static()] == [True, False]


def test_collect_static_copies_a_changed_source_whatever_its_time(sources: Path, settings: Settings) -> None:
    collect_static()
    (sources / "a.txt").write_text("three")
    os.utime(sources / "a.txt", (1, 1))
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "congtruong.core.staticfiles.BundledStorage"},
    }

    assert collect_static() is True
    assert (Path(settings.STATIC_ROOT) / "a.txt").read_text() == "three"


def test_collect_static_repeats_an_interrupted_collection(
    sources: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(preparing, "call_command", interrupted)
        with pytest.raises(KeyboardInterrupt):
            collect_static()

    assert collect_static() is True
    assert (Path(settings.STATIC_ROOT) / "a.txt").read_text() == (sources / "a.txt").read_text()


@pytest.mark.django_db
def test_migrate_does_nothing_when_nothing_is_missing() -> None:
    assert migrate() is False


@pytest.mark.django_db
@pytest.mark.parametrize("message", ["database is locked", "disk I/O error"])
def test_migrate_explains_a_locked_database_only(monkeypatch: pytest.MonkeyPatch, message: str) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OperationalError(message)

    monkeypatch.setattr(preparing, "_has_missing_migrations", lambda: True)
    monkeypatch.setattr(preparing, "_sole_migrator", nullcontext)
    monkeypatch.setattr(preparing, "call_command", refuse)

    expected = DatabaseBusy if message == "database is locked" else OperationalError
    with pytest.raises(expected):
        migrate()


@pytest.mark.django_db(transaction=True)
def test_migrate_holds_the_lock_while_migrating_and_gives_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    during: list[int] = []
    monkeypatch.setattr(preparing, "_has_missing_migrations", lambda: True)
    monkeypatch.setattr(preparing, "call_command", lambda *_args, **_options: during.append(_advisory_locks()))

    assert migrate() is True

    assert during == [1 if connection.vendor == "postgresql" else 0]
    # The server ends the closed session a moment later.
    for _ in range(100):
        if not _advisory_locks():
            break
        time.sleep(0.05)
    assert _advisory_locks() == 0


def _advisory_locks() -> int:
    """How many advisory locks are held on this database, and only there; SQLite has none."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_prepare_makes_the_data_folder(sources: Path, settings: Settings) -> None:
    prepare()

    assert sorted(path.name for path in Path(settings.DATA_DIR).iterdir()) == ["prepare.lock"]
    assert (Path(settings.STATIC_ROOT) / "a.txt").read_text() == (sources / "a.txt").read_text()


@pytest.mark.django_db
def test_a_role_that_sees_past_row_security_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_strong_role()
    monkeypatch.setattr(preparing, "_role", lambda: ("postgres", True))

    refused = pytest.raises(RoleTooStrong, match="“postgres”") if connection.vendor == "postgresql" else nullcontext()
    with refused:
        refuse_strong_role()
