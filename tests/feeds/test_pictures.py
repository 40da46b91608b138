"""Pictures of sources: fetched once, checked, kept as our own; nothing of another host in any page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from congtruong.core import clock, http
from congtruong.core.models import AuditEntry
from congtruong.feeds.enums import PictureState
from congtruong.feeds.models import Item, Picture
from congtruong.feeds.pipeline.model import Entry as Said
from congtruong.feeds.rules import pictures as rules
from congtruong.feeds.services import fetch_due, pictures, restore_item, withdraw_item
from congtruong.feeds.services.showing import show
from congtruong.media.models import Asset
from congtruong.media.queries import counts, library
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, picture
from tests.fakes.source import FakeSource, serving
from tests.feeds.test_items import SAID, feed_of, read, the_item

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

COLOURS = ("red", "blue", "lime", "black")


@pytest.fixture
def server(settings: Any) -> Iterator[FakeSource]:
    with serving() as fake:
        settings.FETCH_ALLOW = (fake.address,)
        yield fake


@pytest.fixture
def department() -> Unit:
    return make_authority("Sở (mẫu)", host="so.hcm.edu.vn")


def with_pictures(server: FakeSource, *paths: str, **fields: Any) -> Said:
    tags = "".join(f'<p><img src="{server.base}{path}" alt="Ảnh {path}"></p>' for path in paths)
    return replace(SAID, content=f"<p>Lời.</p>{tags}", **fields)


def states(unit: Unit) -> list[tuple[str, str]]:
    with unit_scope(unit.pk):
        return [(one.state, one.reason) for one in Picture.objects.order_by("url")]


def test_picture_becomes_our_own_file_with_the_words_of_the_source(
    department: Unit, server: FakeSource, client: Client
) -> None:
    server.bodies["/a.png"] = picture(800, 500)
    read(feed_of(department), with_pictures(server, "/a.png"))
    before = Entry.objects.get()
    assert "<img" not in before.body
    assert before.image is None

    assert fetch_due(now=clock.now()) == 1

    shown = Entry.objects.get()
    with unit_scope(department.pk):
        asset = Asset.objects.get()
    assert shown.body.count(f'src="/tep/{asset.key}/') == 1
    assert 'alt="Ảnh /a.png"' in shown.body
    assert re.findall(r'(?:src|srcset|href)="[^"]*//', shown.body) == []
    assert shown.image is not None
    assert (shown.image["key"], shown.image["width"], shown.facts["image_in_text"]) == (asset.key, 800, True)
    assert (shown.changed_at, shown.pk) == (None, before.pk)
    file = client.get(f"/tep/{asset.key}/480.webp", headers={"host": "so.hcm.edu.vn"})
    assert (file.status_code, file.headers["Content-Type"]) == (200, "image/webp")


def test_pictures_of_sources_are_no_uploads_of_the_unit(department: Unit, server: FakeSource) -> None:
    server.bodies["/a.png"] = picture(400, 300)
    read(feed_of(department), with_pictures(server, "/a.png"))

    fetch_due(now=clock.now())

    with unit_scope(department.pk):
        assert (list(library(department)), counts(department).images, counts(department).lack_alt) == ([], 0, 0)
        assert counts(department).used > 0
    assert not AuditEntry.objects.filter(action__startswith="media.").exists()


def test_item_is_shown_once_when_all_its_pictures_were_asked_for(
    department: Unit, server: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [f"/{n}.png" for n in range(5)]
    server.bodies |= {path: picture(400, 300, colour) for path, colour in zip(paths[:4], COLOURS, strict=True)}
    read(feed_of(department), with_pictures(server, *paths))
    shown: list[list[int]] = []

    def counted(ids: list[int]) -> None:
        shown.append(ids)
        show(ids)

    monkeypatch.setattr(pictures, "show", counted)

    assert fetch_due(now=clock.now()) == 4

    assert [ids for ids in shown if ids] == [[the_item(department).pk]]
    assert Entry.objects.get().body.count("<picture>") == 4


def test_same_picture_of_two_items_is_fetched_once(department: Unit, server: FakeSource) -> None:
    server.bodies["/a.png"] = picture(400, 300)
    feed = feed_of(department)
    other = with_pictures(server, "/a.png", guid="n2", link="https://so.example.vn/2", title="Tin hai")
    read(feed, with_pictures(server, "/a.png"), other)

    fetch_due(now=clock.now())
    fetch_due(now=clock.now() + timedelta(days=2))

    assert [path for path, _ in server.requests] == ["/a.png"]
    assert [entry.body.count("<picture>") for entry in Entry.objects.all()] == [1, 1]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', rules.NOT_PICTURE),
        (b"<!doctype html><html><body>Dang nhap</body></html>", rules.NOT_PICTURE),
        (b"%PDF-1.4 thu", rules.NOT_PICTURE),
        (picture(1, 1), rules.TOO_SMALL),
        (b"\x89PNG\r\n\x1a\n" + b"x" * (rules.MOST_BYTES + 1), rules.TOO_LARGE),
    ],
    ids=["svg", "page", "pdf", "pixel", "large"],
)
def test_what_is_no_picture_for_readers_is_refused_at_once(
    department: Unit, server: FakeSource, body: bytes, reason: str
) -> None:
    server.bodies["/a.png"] = body
    read(feed_of(department), with_pictures(server, "/a.png"))

    assert fetch_due(now=clock.now()) == 0

    assert states(department) == [(PictureState.REFUSED, reason)]
    assert "<img" not in Entry.objects.get().body


def test_broken_picture_is_refused_with_a_sentence(department: Unit, server: FakeSource) -> None:
    server.bodies["/a.png"] = picture(400, 300)[:200]
    read(feed_of(department), with_pictures(server, "/a.png"))

    fetch_due(now=clock.now())

    ((state, reason),) = states(department)
    assert (state, reason.endswith(".")) == (PictureState.REFUSED, True)


def test_missing_picture_is_asked_for_again_later_and_later_and_then_given_up(
    department: Unit, server: FakeSource
) -> None:
    read(feed_of(department), with_pictures(server, "/a.png"))
    now, moments = clock.now(), list[datetime]()
    for _ in range(rules.MOST_TRIES + 3):
        before = len(server.requests)
        fetch_due(now=now)
        if len(server.requests) > before:
            moments.append(now)
        with unit_scope(department.pk):
            now = Picture.objects.get().next_try_at or now + timedelta(days=1)

    waits = [later - sooner for sooner, later in pairwise(moments)]
    assert len(moments) == rules.MOST_TRIES
    assert waits == sorted(waits)
    assert states(department) == [(PictureState.REFUSED, rules.STATUS.format(status=404, tries=rules.MOST_TRIES))]


def test_late_picture_joins_the_text_without_marking_it_as_changed(department: Unit, server: FakeSource) -> None:
    server.bodies["/a.png"] = picture(400, 300)
    read(feed_of(department), with_pictures(server, "/a.png", "/b.png"))
    fetch_due(now=clock.now())
    assert Entry.objects.get().body.count("<picture>") == 1
    server.bodies["/b.png"] = picture(400, 300, "blue")

    fetch_due(now=clock.now() + timedelta(hours=1))

    assert Entry.objects.get().body.count("<picture>") == 2
    assert Entry.objects.get().changed_at is None


def test_pictures_of_a_withdrawn_item_are_public_no_more(department: Unit, server: FakeSource, client: Client) -> None:
    server.bodies |= {"/a.png": picture(400, 300), "/b.png": picture(400, 300, "blue")}
    feed = feed_of(department)
    other = with_pictures(server, "/b.png", guid="n2", link="https://so.example.vn/2", title="Tin hai")
    read(feed, with_pictures(server, "/a.png", "/b.png"), other)
    fetch_due(now=clock.now())

    def public() -> dict[str, bool]:
        with unit_scope(department.pk):
            return dict(Asset.objects.order_by("name").values_list("name", "is_public"))

    assert public() == {"a.png": True, "b.png": True}
    with unit_scope(department.pk):
        item = Item.objects.get(title=SAID.title)
        withdraw_item(item=item, reason="nhầm", by="thử")
    assert public() == {"a.png": False, "b.png": True}
    with unit_scope(department.pk):
        restore_item(item=item, reason="đúng", by="thử")
    assert public() == {"a.png": True, "b.png": True}


def test_picture_that_the_source_took_out_is_public_no_more(department: Unit, server: FakeSource) -> None:
    server.bodies["/a.png"] = picture(400, 300)
    feed = feed_of(department)
    read(feed, with_pictures(server, "/a.png"))
    fetch_due(now=clock.now())

    read(feed, SAID)

    with unit_scope(department.pk):
        assert Asset.objects.get().is_public is False


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing below it runs any more."""


@pytest.mark.parametrize("step", ["fetch", "add_asset", "_settle", "show"])
@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_killed_anywhere_nothing_is_lost_or_doubled(
    department: Unit, server: FakeSource, monkeypatch: pytest.MonkeyPatch, step: str, *, is_after: bool
) -> None:
    server.bodies["/a.png"] = picture(400, 300)
    read(feed_of(department), with_pictures(server, "/a.png"))
    place: Any = http if step == "fetch" else pictures
    real = getattr(place, step)

    def dying(*arguments: Any, **named: Any) -> Any:
        if is_after:
            real(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(place, step, dying)
        with pytest.raises(Killed):
            fetch_due(now=clock.now())

    fetch_due(now=clock.now() + timedelta(minutes=6))

    assert states(department) == [(PictureState.KEPT, "")]
    assert Entry.objects.get().body.count("<picture>") == 1
    with unit_scope(department.pk):
        assert list(Asset.objects.values_list("is_public", flat=True)) == [True]


def test_silent_server_does_not_hold_up_the_others(department: Unit, server: FakeSource) -> None:
    server.bodies["/a.png"] = picture(400, 300)
    silent = [f"http://127.0.0.1:9/{n}.png" for n in range(3)]
    tags = "".join(f'<img src="{url}" alt="">' for url in [*silent, f"{server.base}/a.png"])
    read(feed_of(department), replace(SAID, content=f"<p>{tags}</p>"))

    now = clock.now()
    assert fetch_due(now=now) == 1
    # None of them stands at the head of the next round.
    with unit_scope(department.pk):
        waiting = Picture.objects.filter(state=PictureState.WAITING).values_list("next_try_at", flat=True)
        assert [at is not None and at > now + timedelta(minutes=4) for at in waiting] == [True, True]


def test_no_more_than_thirty_pictures_of_an_item_are_noted(department: Unit) -> None:
    tags = "".join(f'<img src="https://so.example.vn/{n}.png" alt="">' for n in range(40))

    brought = read(feed_of(department), replace(SAID, content=tags))

    assert brought.pictures == rules.MOST_PER_ITEM
