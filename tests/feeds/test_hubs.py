"""Subscribing to hubs: asked, verified, told, renewed, distrusted; a real hub on 127.0.0.1."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core import clock
from congtruong.feeds.enums import HubState
from congtruong.feeds.models import Feed, HubSubscription, Item, Push, Source
from congtruong.feeds.pipeline.model import Document, Entry
from congtruong.feeds.queries.hubs import hubs_to_ask
from congtruong.feeds.rules import hubs as rules
from congtruong.feeds.services import hubs, pushes, store
from congtruong.feeds.services.sources import change_feed, pause_feed
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry as Published
from congtruong.publication.queries import from_below
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_unit, place
from tests.fakes.hub import Heard, Peer, Reply, peer
from tests.fakes.source import rss

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

CENTRAL = {"host": "congtruong.test"}
SOURCE = "https://so.example.vn"


@pytest.fixture
def hub(settings: Any) -> Iterator[Peer]:
    with peer() as here:
        settings.FETCH_ALLOW = (here.address,)
        yield here


@pytest.fixture
def feed() -> Feed:
    return make_feed(make_authority())


def make_feed(unit: Unit) -> Feed:
    with unit_scope(unit.pk):
        source = Source.objects.create(unit=unit, name="Nguồn", homepage=f"{SOURCE}/{unit.pk}/")
        return Feed.objects.create(
            unit=unit, source=source, url=f"{SOURCE}/rss/{unit.pk}", channel=Channel.NEWS, next_check_at=clock.now()
        )


def document(hub_url: str, topic: str = f"{SOURCE}/rss/", *entries: Entry) -> Document:
    return Document("Nguồn", hub=hub_url, topic=topic, entries=entries)


def offer(feed: Feed, hub_url: str, topic: str = f"{SOURCE}/rss/") -> None:
    with unit_scope(feed.unit_id):
        hubs.offered(feed=feed, document=document(hub_url, topic), now=clock.now())


def known(feed: Feed) -> HubSubscription:
    with unit_scope(feed.unit_id):
        return HubSubscription.objects.get(feed=feed)


def change(feed: Feed, **fields: Any) -> None:
    with unit_scope(feed.unit_id):
        HubSubscription.objects.filter(feed=feed).update(**fields)


def waiting(feed: Feed) -> list[Push]:
    with unit_scope(feed.unit_id):
        return list(Push.objects.filter(feed=feed).order_by("pk"))


def ask_all(now: datetime | None = None) -> list[int]:
    ids = hubs_to_ask(now=now or clock.now())
    for pk in ids:
        hubs.ask_hub(subscription_id=pk)
    return ids


def path_of(feed: Feed) -> str:
    return f"/websub/nhan/{known(feed).token}/"


def verify(client: Client, feed: Feed, **words: str) -> Any:
    asked = {"mode": "subscribe", "topic": known(feed).topic_url, "challenge": "hoi", "lease_seconds": "864000"} | words
    return client.get(path_of(feed), {f"hub.{k}": v for k, v in asked.items()}, headers=CENTRAL)


def subscribed(client: Client, feed: Feed, hub: Peer) -> HubSubscription:
    offer(feed, f"{hub.base}/hub")
    ask_all()
    assert verify(client, feed).content == b"hoi"
    return known(feed)


def deliver(
    client: Client, feed: Feed, body: bytes, *, method: str = "sha256", secret: str = "", path: str = ""
) -> Any:
    made = hmac.new((secret or known(feed).secret).encode(), body, getattr(hashlib, method)).hexdigest()
    return client.post(
        path or path_of(feed),
        body,
        content_type="application/rss+xml; charset=utf-8",
        headers={**CENTRAL, "x-hub-signature": f"{method}={made}"},
    )


def news(*titles: str) -> bytes:
    return rss(SOURCE, *((f"tin-{number}", title) for number, title in enumerate(titles)))


def read_all(feed: Feed) -> None:
    for push in waiting(feed):
        pushes.read_push(push_id=push.pk)


def titles(feed: Feed) -> list[str]:
    with unit_scope(feed.unit_id):
        return list(Item.objects.order_by("pk").values_list("title", flat=True))


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_hub_that_a_feed_names_is_asked(feed: Feed, hub: Peer) -> None:
    offer(feed, f"{hub.base}/hub")
    ask_all()

    (heard,) = hub.heard
    found = known(feed)
    assert heard.asked == {
        "hub.mode": "subscribe",
        "hub.topic": f"{SOURCE}/rss/",
        "hub.callback": f"http://congtruong.test.localhost/websub/nhan/{found.token}/",
        "hub.secret": found.secret,
        "hub.lease_seconds": "864000",
    }
    assert (found.state, found.leased_until) == (HubState.ASKED, None)
    assert min(len(found.token), len(found.secret)) >= 43
    assert ask_all() == []


def test_same_offer_is_not_asked_again_and_another_is(feed: Feed, hub: Peer) -> None:
    offer(feed, f"{hub.base}/hub")
    first = known(feed)
    ask_all()
    offer(feed, f"{hub.base}/hub")
    same = known(feed)
    offer(feed, f"{hub.base}/khac")
    other = known(feed)

    assert (same.token, ask_all()) == (first.token, [other.pk])
    assert other.token != first.token
    assert other.secret != first.secret
    assert [heard.path for heard in hub.heard] == ["/hub", "/khac"]


def test_topic_is_the_feed_itself_when_it_names_none(feed: Feed, hub: Peer) -> None:
    offer(feed, f"{hub.base}/hub", "")

    assert known(feed).topic_url == feed.url


@pytest.mark.parametrize(
    "address", ["", "ftp://x.vn/", "http://127.0.0.1:1/", "https://a:b@x.vn/", "https://" + "x" * 1000]
)
def test_hub_that_cannot_be_one_is_not_noted(feed: Feed, hub: Peer, address: str) -> None:
    offer(feed, address)

    with unit_scope(feed.unit_id):
        assert not HubSubscription.objects.exists()


def test_nobody_is_asked_when_no_hub_could_answer(feed: Feed, hub: Peer, settings: Any) -> None:
    settings.CENTRAL_HOST = "localhost"
    offer(feed, f"{hub.base}/hub")

    with unit_scope(feed.unit_id):
        assert not HubSubscription.objects.exists()


def test_hub_on_a_private_machine_hears_nothing(feed: Feed, hub: Peer, settings: Any) -> None:
    offer(feed, f"{hub.base}/hub")
    settings.FETCH_ALLOW = ()
    ask_all()

    assert (hub.heard, known(feed).state) == ([], HubState.DENIED)


def test_hub_that_does_not_confirm_is_asked_less_and_less_often(feed: Feed, hub: Peer) -> None:
    hub.behaviour["/hub"] = lambda heard: (500, {}, b"")
    offer(feed, f"{hub.base}/hub")
    hours = []
    for _ in range(7):
        ask_all()
        hours.append(round((known(feed).next_ask_at - clock.now()).total_seconds() / 3600))  # type: ignore[operator]
        change(feed, next_ask_at=clock.now())

    assert hours == [1, 2, 4, 8, 16, 24, 24]


def in_scope(feed: Feed, act: Callable[[], object]) -> None:
    with unit_scope(feed.unit_id):
        act()


ENDS: dict[str, Callable[[Feed], None]] = {
    "names no hub any more": lambda feed: offer(feed, ""),
    "paused": lambda feed: in_scope(feed, lambda: pause_feed(unit=feed.unit, feed=feed, by="thử")),
    "stands elsewhere": lambda feed: in_scope(
        feed,
        lambda: change_feed(
            unit=feed.unit, feed=feed, url="https://khac.example.vn/rss", channel=feed.channel, levels=0, by="thử"
        ),
    ),
}


@pytest.mark.parametrize("why", ENDS)
def test_hub_loses_its_right_when_the_feed(client: Client, feed: Feed, hub: Peer, why: str) -> None:
    path = f"/websub/nhan/{subscribed(client, feed, hub).token}/"
    secret = known(feed).secret
    deliver(client, feed, news("Trước đó"))

    ENDS[why](feed)

    assert deliver(client, feed, news("Tin giả"), path=path, secret=secret).status_code == 404
    if why != "names no hub any more":
        assert waiting(feed) == []
    read_all(feed)
    assert "Tin giả" not in titles(feed)


def test_feed_that_names_its_hub_again_asks_it_anew(client: Client, feed: Feed, hub: Peer) -> None:
    before = subscribed(client, feed, hub).token
    offer(feed, "")

    offer(feed, f"{hub.base}/hub")

    assert known(feed).token != before
    assert known(feed).next_ask_at is not None


# --- Verification -----------------------------------------------------------------------------------------------------


def test_verification_begins_the_lease_and_plans_its_renewal(client: Client, feed: Feed, hub: Peer) -> None:
    offer(feed, f"{hub.base}/hub")
    ask_all()
    answer = verify(client, feed, challenge="<b>hoi</b>", lease_seconds="1000000")

    found = known(feed)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200,
        b"<b>hoi</b>",
        "text/plain; charset=utf-8",
    )
    assert answer.cookies == {}
    assert found.state == HubState.ACTIVE
    assert round((found.leased_until - clock.now()).total_seconds(), -3) == 1_000_000  # type: ignore[operator]
    assert round((found.next_ask_at - clock.now()).total_seconds(), -3) == 800_000  # type: ignore[operator]
    assert found.failures == 0


def test_hub_that_verifies_before_it_answers_is_understood(client: Client, feed: Feed, hub: Peer) -> None:
    offer(feed, f"{hub.base}/hub")
    seen: list[datetime | None] = []

    def at_once(heard: Heard) -> Reply:
        return 202, {}, b""

    hub.behaviour["/hub"] = at_once
    ask_all()
    seen.append(known(feed).asked_at)

    assert verify(client, feed).status_code == 200
    assert seen != [None]


@pytest.mark.parametrize(
    "words",
    [
        {"topic": f"{SOURCE}/khac/"},
        {"mode": "unsubscribe"},
        {"mode": ""},
        {"challenge": ""},
        {"challenge": "x" * 3000},
    ],
)
def test_verification_of_something_else_is_no_page(
    client: Client, feed: Feed, hub: Peer, words: dict[str, str]
) -> None:
    offer(feed, f"{hub.base}/hub")
    ask_all()

    answer = verify(client, feed, **words)

    assert answer.status_code == 404
    assert b"hoi" not in answer.content


def test_verification_that_nobody_asked_for_is_no_page(client: Client, feed: Feed, hub: Peer) -> None:
    offer(feed, f"{hub.base}/hub")
    before = verify(client, feed).status_code
    ask_all()
    change(feed, asked_at=clock.now() - timedelta(days=2))
    late = verify(client, feed).status_code

    assert (before, late, known(feed).state) == (404, 404, HubState.ASKED)


def test_denial_is_noted(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)

    verify(client, feed, mode="denied")

    found = known(feed)
    assert (found.state, found.leased_until) == (HubState.DENIED, None)
    assert found.next_ask_at is not None


def test_lease_is_renewed_when_most_of_it_is_over(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)

    early, late = (hubs_to_ask(now=clock.now() + timedelta(days=days)) for days in (7, 8.1))

    assert (early, late) == ([], [known(feed).pk])


@given(st.text(), st.integers(min_value=1))
def test_lease_and_renewal_stay_in_bounds(text: str, seconds: int) -> None:
    now = clock.now()
    for asked in (text, str(seconds)):
        lease = rules.lease_of(asked)
        assert timedelta(0) < lease <= timedelta(days=30)
        assert now < rules.renew_at(now=now, lease=lease) <= now + max(lease, timedelta(minutes=5))


# --- Deliveries -------------------------------------------------------------------------------------------------------


def test_delivery_is_kept_before_it_is_answered_and_read_later(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)
    body = news("Một", "Hai")

    answer = deliver(client, feed, body)
    kept = waiting(feed)
    before = titles(feed)
    read_all(feed)

    assert (answer.status_code, [bytes(push.body) for push in kept], before) == (202, [body], [])
    assert sorted(titles(feed)) == ["Hai", "Một"]
    assert waiting(feed) == []
    assert known(feed).pushed_at is not None


@pytest.mark.parametrize("method", ["sha384", "sha512"])
def test_stronger_signatures_are_taken(client: Client, feed: Feed, hub: Peer, method: str) -> None:
    subscribed(client, feed, hub)

    deliver(client, feed, news("Một"), method=method)

    assert len(waiting(feed)) == 1


def test_forged_and_weakly_signed_deliveries_are_ignored_and_counted(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)
    body = news("Giả")

    forged = deliver(client, feed, body, secret="khac")
    weak = deliver(client, feed, body, method="sha1")
    bare = client.post(path_of(feed), body, content_type="application/xml", headers=CENTRAL)

    assert {forged.status_code, weak.status_code, bare.status_code} == {202}
    assert (waiting(feed), known(feed).forged, known(feed).pushed_at) == ([], 3, None)


def test_delivery_sent_twice_is_kept_once_and_read_once(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)
    for _ in range(2):
        assert deliver(client, feed, news("Một")).status_code == 202
    assert len(waiting(feed)) == 1
    read_all(feed)
    deliver(client, feed, news("Một"))
    read_all(feed)

    assert titles(feed) == ["Một"]
    assert Published.objects.filter(unit=feed.unit_id).count() == 1


def test_reader_killed_before_it_forgets_reads_again_and_doubles_nothing(
    client: Client, feed: Feed, hub: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    subscribed(client, feed, hub)
    deliver(client, feed, news("Một"))
    (push,) = waiting(feed)
    taken: list[int] = []
    for step in ("congtruong.feeds.services.reading.take", "django.db.models.query.QuerySet.delete"):
        with monkeypatch.context() as patch:
            patch.setattr(step, die)
            with pytest.raises(Killed):
                pushes.read_push(push_id=push.pk)
        assert len(waiting(feed)) == 1
        taken = pushes.queue_pushes(now=clock.now() + timedelta(seconds=100))
        with unit_scope(feed.unit_id):
            Push.objects.update(taken_until=clock.now())
    queued = pushes.queue_pushes(now=clock.now() + timedelta(minutes=5))
    read_all(feed)

    assert (taken, queued) == ([], [push.pk])
    assert (titles(feed), waiting(feed)) == (["Một"], [])
    assert Published.objects.filter(unit=feed.unit_id).count() == 1


def test_garbage_signed_by_the_hub_is_dropped(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)
    deliver(client, feed, b"<html><body>Dang nhap</body></html>")

    read_all(feed)

    assert (waiting(feed), titles(feed)) == ([], [])


def test_delivery_that_always_fails_is_given_up(
    client: Client, feed: Feed, hub: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("always")

    subscribed(client, feed, hub)
    deliver(client, feed, news("Một"))
    monkeypatch.setattr("congtruong.feeds.services.reading.take", fail)
    left = []
    for _ in range(3):
        read_all(feed)
        left.append(len(waiting(feed)))

    assert left == [1, 1, 0]


def test_deliveries_do_not_pile_up(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)

    answers = [deliver(client, feed, news(f"Tin {number}")) for number in range(6)]

    assert [answer.status_code for answer in answers] == [202] * 5 + [503]
    assert answers[-1]["Retry-After"] == "300"


def test_oversized_delivery_is_refused_unread(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)

    answer = deliver(client, feed, b"x" * (hubs.MOST_BYTES + 1))

    assert (answer.status_code, known(feed).forged, waiting(feed)) == (413, 0, [])


def test_unknown_and_expired_callbacks_are_like_any_page_that_does_not_exist(
    client: Client, feed: Feed, hub: Peer
) -> None:
    subscribed(client, feed, hub)
    unknown = f"/websub/nhan/{secrets.token_urlsafe(32)}/"
    nothing = client.get("/khong/co/", headers=CENTRAL)
    strange = [client.get(unknown, headers=CENTRAL), deliver(client, feed, news("Một"), path=unknown)]
    change(feed, leased_until=clock.now() - timedelta(seconds=1))
    strange.append(deliver(client, feed, news("Một")))

    for answer in strange:
        assert (answer.status_code, answer.content) == (404, nothing.content)
    assert waiting(feed) == []
    host = {"host": "hoaphuong.hcm.edu.vn.localhost"}
    make_unit(host="hoaphuong.hcm.edu.vn")
    assert client.get(path_of(feed), headers=host).status_code == 404


def test_only_get_and_post_are_answered(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)

    assert client.put(path_of(feed), headers=CENTRAL).status_code == 405


# --- Trust ------------------------------------------------------------------------------------------------------------


def poll(feed: Feed, *, new: int, last_success: datetime | None) -> None:
    feed.last_success_at = last_success
    with unit_scope(feed.unit_id):
        hubs.polled(feed=feed, new=new, now=clock.now())


def test_hub_that_did_not_tell_is_trusted_no_longer(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)
    poll(feed, new=0, last_success=clock.now())
    quiet = known(feed).state

    poll(feed, new=2, last_success=clock.now())

    assert quiet == HubState.ACTIVE
    assert (known(feed).state, known(feed).missed) == (HubState.DISTRUSTED, 2)


def test_items_from_before_the_promise_and_those_on_their_way_do_not_count(
    client: Client, feed: Feed, hub: Peer
) -> None:
    subscribed(client, feed, hub)
    poll(feed, new=3, last_success=None)
    poll(feed, new=3, last_success=clock.now() - timedelta(hours=1))
    deliver(client, feed, news("Một"))
    poll(feed, new=1, last_success=clock.now())

    assert (known(feed).state, known(feed).missed) == (HubState.ACTIVE, 0)


def test_hub_is_believed_again_after_a_renewal_but_not_for_ever(client: Client, feed: Feed, hub: Peer) -> None:
    subscribed(client, feed, hub)
    states = []
    for _ in range(3):
        poll(feed, new=5, last_success=clock.now())
        change(feed, next_ask_at=clock.now())
        ask_all()
        assert verify(client, feed).status_code == 200
        states.append(known(feed).state)

    assert states == [HubState.ACTIVE, HubState.DISTRUSTED, HubState.DISTRUSTED]
    assert deliver(client, feed, news("Vẫn nhận")).status_code == 202


# --- The way back -----------------------------------------------------------------------------------------------------


def test_news_of_a_school_hosted_elsewhere_stand_on_the_portal_of_its_authority(client: Client, hub: Peer) -> None:
    department, school = make_authority(host="so.hcm.edu.vn"), make_unit("Trường ngoài (mẫu)")
    place(school, department)
    feed = make_feed(school)
    entry = Entry("Hội khỏe", link=f"{SOURCE}/hoi-khoe.html", guid="1", published=clock.now() - timedelta(hours=1))
    with unit_scope(school.pk):
        store(feed=feed, document=document("", "", entry), now=clock.now())

    below = from_below(department, Published.objects.all(), clock.today())
    page = client.get("/tin-don-vi/", headers={"host": "so.hcm.edu.vn.localhost"}).content.decode()

    assert [(row.title, row.unit_id, row.is_broadcast) for row in below] == [("Hội khỏe", school.pk, False)]
    assert f'<a href="{SOURCE}/hoi-khoe.html">Hội khỏe</a>' in page
