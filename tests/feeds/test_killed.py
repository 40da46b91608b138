"""A reader killed with -9 at any step: after the next reading nothing is lost and nothing is doubled."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.fakes.source import serving

pytestmark = [pytest.mark.integration]

SCHEDULES = 30
WAYS = ("one", "all")
# As tests/fakes/killed_reader.py names them; that module sets Django up anew and is not imported here.
POINTS = ("fetch", "parse", "statement", "commit")

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


class Readers:
    """Forks readers on the database of `apart`; each is told where to die."""

    def __init__(self, apart: Apart, feed: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.killed_reader", feed],
            env=apart.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def read(self, way: str, point: str = "", number: int = 0, *, before: bool = False) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"way": way, "point": point, "number": number, "before": before}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


class Story:
    """What the source says, and what must stand in the database once it was read."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.shown: list[tuple[str, str]] = []
        self.told: dict[str, str] = {}
        self.edits = 0

    def go_on(self) -> list[tuple[str, str]]:
        """Some new items above the others, sometimes one that says something else now; the oldest leave the feed."""
        number = len(self.told)
        fresh = [(f"n{number + n}", f"Tin {number + n}") for n in range(self.chance.randint(0, 4))]
        kept = self.shown[: 12 - len(fresh)]
        if kept and self.chance.random() < 0.5:
            at = self.chance.randrange(len(kept))
            self.edits += 1
            kept[at] = (kept[at][0], f"Tin {kept[at][0][1:]} đã sửa lần {self.edits}")
        self.shown = [*fresh, *kept] or [("n0", "Tin 0")]
        self.told |= dict(self.shown)
        return self.shown

    def state(self) -> dict[str, Any]:
        titles = sorted(self.told.values())
        return {
            "items": titles,
            "sightings": len(titles),
            "revisions": self.edits,
            "entries": titles,
            "feed": [len(self.shown), 0, "", True],
        }


def point(chance: random.Random) -> dict[str, Any]:
    """Somewhere in a reading, mostly between two statements."""
    kind = chance.choices(POINTS, (1, 1, 12, 4))[0]
    most = {"statement": 60, "commit": 5}.get(kind, 1)
    return {"point": kind, "number": chance.randint(1, most), "before": chance.random() < 0.5}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [4])
def test_killed_reader_loses_and_doubles_nothing(tmp_path: Path, request: pytest.FixtureRequest, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same schedules at every run
    story = Story(chance)
    killed = 0
    with serving() as source:
        apart = Apart(database_url(tmp_path, request), source.address)
        apart.must("-m", "django", "migrate", "-v0")
        feed = apart.must("-c", SETUP, source.base)
        with Readers(apart, feed) as readers:
            for _ in range(SCHEDULES):
                source.set_items("/rss/", *story.go_on())
                deaths = [(chance.choice(WAYS), point(chance)) for _ in range(chance.randint(1, 2))]
                for way, where in deaths:
                    killed += readers.read(way, **where)["code"] == -signal.SIGKILL
                after = readers.read(chance.choice(WAYS))

                assert after["code"] == 0, deaths
                assert after["state"] == story.state(), deaths
    # Most of the points lie within a reading; without deaths this would prove nothing.
    assert killed > SCHEDULES // 2
