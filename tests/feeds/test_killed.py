"""A reader killed with -9 at any step: after the next reading nothing is lost and nothing is doubled."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.fakes.killed_reader import STEPS
from tests.fakes.source import serving

pytestmark = [pytest.mark.integration]

SETUP = """
import django; django.setup()
from congtruong.core import clock
from congtruong.feeds.models import Feed, Source
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority
import sys
unit = make_authority("Sở (mẫu)")
with unit_scope(unit.pk):
    source = Source.objects.create(unit=unit, name="Sở", homepage=sys.argv[1] + "/")
    feed = Feed.objects.create(unit=unit, source=source, url=sys.argv[1] + "/rss/", channel="thong-bao",
                               next_check_at=clock.now())
print(feed.pk)
"""


class Apart:
    """Processes on a database of their own, of the same kind as the suite's."""

    def __init__(self, url: str, allow: str) -> None:
        self.env = {
            **os.environ,
            "CONGTRUONG_DATABASE_URL": url,
            "CONGTRUONG_FETCH_ALLOW": allow,
            "DJANGO_SETTINGS_MODULE": "congtruong.config.settings",
            "CONGTRUONG_SECRET_KEY": "thử",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], env=self.env, capture_output=True, text=True, timeout=120, check=False
        )

    def must(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def database_url(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite://{tmp_path}/killed.sqlite3"
    name = f"killed_{uuid4().hex[:10]}"
    request.getfixturevalue("transactional_db")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')

    def drop() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    request.addfinalizer(drop)
    own: dict[str, Any] = connection.settings_dict
    return f"postgresql://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{name}"


@pytest.mark.django_db(transaction=True)
def test_killed_reader_loses_and_doubles_nothing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with serving() as source:
        apart = Apart(database_url(tmp_path, request), source.address)
        apart.must("-m", "django", "migrate", "-v0")
        feed = apart.must("-c", SETUP, source.base)
        expected: list[str] = []
        for number, step in enumerate(STEPS):
            fresh = [(f"n{number}-{i}", f"Tin {number}.{i}") for i in range(5)]
            expected += [title for _, title in fresh]
            source.set_items("/rss/", *fresh)

            killed = apart.run("-m", "tests.fakes.killed_reader", step, feed)
            state = json.loads(apart.must("-m", "tests.fakes.killed_reader", "never", feed))

            assert killed.returncode == (0 if step == "never" else -signal.SIGKILL), (step, killed.stderr)
            assert state == {
                "items": sorted(expected),
                "sightings": len(expected),
                "entries": sorted(expected),
            }, step
