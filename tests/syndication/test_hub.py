"""The hub against a real subscriber on 127.0.0.1: asking, confirming, delivering, and subscribers that mean no good."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from congtruong.core import clock, http
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Change
from congtruong.publication.services import Published, publish
from congtruong.syndication import services
from congtruong.syndication.blocks.feeds import Gathered, write
from congtruong.syndication.models import CallbackHost, Intent, Subscription, Topic
from congtruong.syndication.services import announcing, asking, confirming, sending
from congtruong.units.enums import Level
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_post, make_unit, place
from tests.fakes.hub import Heard, Peer, Reply, peer

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = "hoaphuong.hcm.edu.vn"
BASE = f"http://{HOST}.localhost"
TOPIC = f"{BASE}/rss/tin-tuc.xml"


@pytest.fixture
def school() -> Unit:
    return make_unit(host=HOST)


@pytest.fixture
def subscriber(settings: Any) -> Iterator[Peer]:
    with peer() as here:
        settings.FETCH_ALLOW = (here.address,)
        yield here


def ask(client: Client, callback: str, host: str = HOST, **words: str) -> Any:
    form = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": callback} | {
        f"hub.{name}": value for name, value in words.items()
    }
    return client.post(
        "/websub/",
        urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"host": f"{host}.localhost"},
    )


def rows(unit: Unit, model: Any) -> list[Any]:
    with unit_scope(unit.pk):
        return list(model.objects.order_by("pk"))


def confirm_all(unit: Unit) -> None:
    for intent in rows(unit, Intent):
        services.confirm(intent_id=intent.pk)


def subscribe(client: Client, unit: Unit, callback: str, **words: str) -> Subscription:
    assert ask(client, callback, **words).status_code == 202
    confirm_all(unit)
    found: Subscription = rows(unit, Subscription)[-1]
    return found


def tick(now: datetime | None = None) -> list[str]:
    """What scheduler and worker do."""
    services.take_changes(now=clock.now())
    hosts = services.queue_hosts(now=now or clock.now())
    for host in hosts:
        services.send_to(host=host)
    return hosts


def owe_again(unit: Unit) -> None:
    """As if the next try had come."""
    with unit_scope(unit.pk):
        Subscription.objects.filter(next_try_at__isnull=False).update(next_try_at=clock.now())


# --- Asking and confirming --------------------------------------------------------------------------------------------


def test_feeds_name_their_hub_and_themselves(client: Client, school: Unit) -> None:
    answer = client.get("/rss/tin-tuc.xml", headers={"host": f"{HOST}.localhost"})

    assert answer["Link"] == f'<{BASE}/websub/>; rel="hub", <{TOPIC}>; rel="self"'


def test_subscription_begins_when_the_callback_agrees(client: Client, school: Unit, subscriber: Peer) -> None:
    answer = ask(client, f"{subscriber.base}/nhan?khoa=1", lease_seconds="100", secret="bi mat")
    asked = rows(school, Subscription)
    confirm_all(school)

    assert (answer.status_code, asked, answer.cookies) == (202, [], {})
    (heard,) = subscriber.heard
    challenge = heard.asked.pop("hub.challenge")
    assert len(challenge) >= 43
    assert (heard.method, heard.path) == ("GET", "/nhan")
    assert heard.asked == {"khoa": "1", "hub.mode": "subscribe", "hub.topic": TOPIC, "hub.lease_seconds": "86400"}
    (found,) = rows(school, Subscription)
    assert (found.callback, found.callback_host, found.secret) == (
        f"{subscriber.base}/nhan?khoa=1",
        subscriber.address,
        "bi mat",
    )
    assert timedelta(hours=23) < found.leased_until - clock.now() <= timedelta(days=1)
    assert rows(school, Intent) == []


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"khac"),
        (200, {}, b""),
        (404, {}, b""),
        (302, {"Location": "/khac"}, b""),
        (200, {}, b"x" * 5000),
    ],
)
def test_any_other_answer_is_no(client: Client, school: Unit, subscriber: Peer, answer: Reply) -> None:
    subscriber.behaviour["/nhan"] = lambda heard: answer
    ask(client, f"{subscriber.base}/nhan")

    confirm_all(school)

    assert (rows(school, Subscription), rows(school, Intent)) == ([], [])
    assert [heard.path for heard in subscriber.heard] == ["/nhan"]


def test_machine_that_cannot_answer_now_is_asked_three_times(client: Client, school: Unit, subscriber: Peer) -> None:
    subscriber.behaviour["/nhan"] = lambda heard: (503, {}, b"")
    ask(client, f"{subscriber.base}/nhan")

    for _ in range(5):
        confirm_all(school)
        confirm_all(school)
        with unit_scope(school.pk):
            Intent.objects.update(next_try_at=clock.now())

    assert len(subscriber.heard) == 3
    assert rows(school, Intent) == []


def test_private_machines_are_never_asked(client: Client, school: Unit, subscriber: Peer, settings: Any) -> None:
    settings.FETCH_ALLOW = ()
    refused = ask(client, f"{subscriber.base}/nhan")
    inside = ask(client, "http://127.0.0.1/nhan")
    confirm_all(school)

    assert (refused.status_code, inside.status_code) == (400, 202)
    assert (subscriber.heard, rows(school, Subscription), rows(school, Intent)) == ([], [], [])


@pytest.mark.parametrize(
    "words",
    [
        {"mode": "publish"},
        {"mode": ""},
        {"topic": "http://khac.hcm.edu.vn.localhost/rss/tin-tuc.xml"},
        {"topic": f"{BASE}/tin-tuc/"},
        {"topic": f"{BASE}/rss/tin-tuc.xml?x=1"},
        {"topic": f"{BASE}/kenh/thcs/tat-ca.xml"},
        {"topic": ""},
        {"callback": ""},
        {"callback": "http://x.vn:8080/"},
        {"callback": "http://x.vn/#y"},
        {"callback": "http://x.vn/" + "a" * 1000},
        {"callback": "http://trường.vn/"},
        {"secret": "x" * 200},
        {"secret": "a\nb"},
        {"lease_seconds": "lau"},
    ],
)
def test_nonsense_is_refused_and_kept_nowhere(client: Client, school: Unit, words: dict[str, str]) -> None:
    callback = words.pop("callback", "http://truong.example/nhan")

    answer = ask(client, callback, **words)

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert rows(school, Intent) == []


def test_request_is_small_and_a_post(client: Client, school: Unit) -> None:
    long = ask(client, "http://x.vn/", other="x" * 9000)
    read = client.get("/websub/", headers={"host": f"{HOST}.localhost"})

    assert (long.status_code, read.status_code) == (413, 405)


def test_repeated_request_replaces_the_first_and_asks_once(client: Client, school: Unit, subscriber: Peer) -> None:
    for number in range(3):
        ask(client, f"{subscriber.base}/nhan", secret=f"khoa {number}")
    (intent,) = rows(school, Intent)

    confirm_all(school)

    assert intent.secret == "khoa 2"
    assert len(subscriber.heard) == 1
    assert [found.secret for found in rows(school, Subscription)] == ["khoa 2"]


def test_answer_to_an_older_request_confirms_nothing(client: Client, school: Unit, subscriber: Peer) -> None:
    """While the callback is asked, a newer request arrives for the same."""

    def meanwhile(heard: Heard) -> Reply:
        return 200, {}, heard.asked["hub.challenge"].encode()

    ask(client, f"{subscriber.base}/nhan", secret="cu")
    (older,) = rows(school, Intent)
    ask(client, f"{subscriber.base}/nhan", secret="moi")
    subscriber.behaviour["/nhan"] = meanwhile

    with unit_scope(school.pk):
        confirming._agree(older, clock.now())

    assert rows(school, Subscription) == []
    assert [intent.secret for intent in rows(school, Intent)] == ["moi"]


def test_flood_fills_nothing(client: Client, school: Unit, subscriber: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_WAITING_OF_HOST", 3)
    monkeypatch.setattr(asking, "MOST_WAITING_OF_UNIT", 5)
    of_host = [ask(client, f"http://mot.example/{number}").status_code for number in range(5)]
    of_unit = [ask(client, f"http://h{number}.example/").status_code for number in range(4)]
    again = ask(client, "http://mot.example/0")
    elsewhere = make_unit(host="khac.hcm.edu.vn")
    other = ask(
        client, "http://mot.example/9", "khac.hcm.edu.vn", topic="http://khac.hcm.edu.vn.localhost/rss/tat-ca.xml"
    )

    assert of_host == [202, 202, 202, 503, 503]
    assert of_unit == [202, 202, 503, 503]
    assert (again.status_code, other.status_code, other["Retry-After"]) == (202, 503, "600")
    assert (len(rows(school, Intent)), rows(elsewhere, Intent)) == (5, [])

    services.clean(now=clock.now() + timedelta(hours=2))

    assert rows(school, Intent) == []


def test_full_topic_says_no(client: Client, school: Unit, subscriber: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_OF_TOPIC", 1)
    subscribe(client, school, f"{subscriber.base}/mot")

    ask(client, f"{subscriber.base}/hai")
    ask(client, f"{subscriber.base}/mot", secret="moi")
    confirm_all(school)

    assert [(heard.path, heard.asked["hub.mode"]) for heard in subscriber.heard] == [
        ("/mot", "subscribe"),
        ("/hai", "denied"),
        ("/mot", "subscribe"),
    ]
    assert [(found.callback[-4:], found.secret) for found in rows(school, Subscription)] == [("/mot", "moi")]


def test_unsubscribing_is_confirmed_too(client: Client, school: Unit, subscriber: Peer) -> None:
    callback = f"{subscriber.base}/nhan"
    subscribe(client, school, callback)
    subscriber.behaviour["/nhan"] = lambda heard: (404, {}, b"")
    ask(client, callback, mode="unsubscribe")
    confirm_all(school)
    forged = len(rows(school, Subscription))
    del subscriber.behaviour["/nhan"]
    ask(client, callback, mode="unsubscribe")
    confirm_all(school)

    assert forged == 1
    assert rows(school, Subscription) == []
    assert "hub.lease_seconds" not in subscriber.heard[-1].asked


def test_lost_job_is_queued_again_once_a_minute(client: Client, school: Unit) -> None:
    ask(client, "http://x.example/")
    now = clock.now()

    later = [services.queue_intents(now=now + timedelta(seconds=s)) for s in (1, 61, 62, 122)]

    assert [len(ids) for ids in later] == [0, 1, 0, 1]


# --- Delivering -------------------------------------------------------------------------------------------------------


def test_change_is_delivered_signed_as_the_feed_itself(client: Client, school: Unit, subscriber: Peer) -> None:
    subscribe(client, school, f"{subscriber.base}/nhan", secret="bí mật")
    make_post(school, "Khai giảng")

    tick()

    (heard,) = subscriber.requests("POST")
    feed = client.get("/rss/tin-tuc.xml", headers={"host": f"{HOST}.localhost"})
    assert heard.body == feed.content
    assert heard.headers["content-type"] == feed["Content-Type"]
    assert heard.headers["link"] == feed["Link"]
    expected = hmac.new("bí mật".encode(), heard.body, hashlib.sha256).hexdigest()
    assert heard.headers["x-hub-signature"] == f"sha256={expected}"
    assert tick() == []
    assert len(subscriber.requests("POST")) == 1


def test_delivery_without_a_secret_is_not_signed(client: Client, school: Unit, subscriber: Peer) -> None:
    subscribe(client, school, f"{subscriber.base}/nhan", topic=f"{BASE}/rss/tat-ca.json")
    make_post(school)

    tick()

    (heard,) = subscriber.requests("POST")
    assert heard.headers["content-type"] == "application/feed+json; charset=utf-8"
    assert "x-hub-signature" not in heard.headers


def test_change_that_a_topic_does_not_show_is_not_delivered(client: Client, school: Unit, subscriber: Peer) -> None:
    subscribe(client, school, f"{subscriber.base}/nhan")
    make_post(school, "Một")
    tick()
    make_post(school, "Thông báo", channel=Channel.NOTICE)
    make_post(make_unit(), "Nơi khác")

    assert tick() == []
    assert len(subscriber.requests("POST")) == 1


def test_many_changes_and_subscribers_need_one_rendering(
    client: Client, school: Unit, subscriber: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:

    written: list[str] = []

    def counted(gathered: Gathered) -> bytes:
        written.append(gathered.address.path)
        return write(gathered)

    monkeypatch.setattr(announcing, "write", counted)
    for number in range(3):
        subscribe(client, school, f"{subscriber.base}/{number}")
    for _ in range(3):
        make_post(school)

    tick()

    assert written == ["/rss/tin-tuc.xml"]
    assert sorted(heard.path for heard in subscriber.requests("POST")) == ["/0", "/1", "/2"]


def test_change_of_an_authority_reaches_subscribers_of_those_below(client: Client, subscriber: Peer) -> None:
    department, ward = make_authority(), make_authority(host=HOST)
    place(ward, department)
    subscribe(client, ward, f"{subscriber.base}/thcs", topic=f"{BASE}/kenh/thcs/tat-ca.atom")
    subscribe(client, ward, f"{subscriber.base}/mn", topic=f"{BASE}/kenh/mam-non/tat-ca.atom")
    services.announce(changes=[services.Changed(department.pk, ("tin-tuc",), True, 0)], now=clock.now())
    with unit_scope(ward.pk):
        Subscription.objects.update(next_try_at=None)

    with unit_scope(department.pk):
        publish(
            content=Published(
                unit_id=department.pk,
                kind=EntryKind.ITEM,
                object_id=1,
                channels=(Channel.NOTICE,),
                title="Cho THCS",
                published_at=clock.now(),
                is_broadcast=True,
                levels=int(Level.LOWER_SECONDARY),
            )
        )

    tick()

    assert [heard.path for heard in subscriber.requests("POST")] == ["/thcs"]


@pytest.mark.parametrize("status", [500, 404, 302, 429])
def test_failed_delivery_is_tried_again_later_and_given_up_after_a_day(
    client: Client, school: Unit, subscriber: Peer, status: int
) -> None:
    found = subscribe(client, school, f"{subscriber.base}/nhan")
    subscriber.behaviour["/nhan"] = lambda heard: (status, {"Location": f"{subscriber.base}/khac"}, b"")
    make_post(school)
    waits = []
    for _ in range(9):
        tick()
        found = rows(school, Subscription)[0]
        waits.append(round((found.next_try_at - clock.now()).total_seconds() / 60) if found.next_try_at else None)
        owe_again(school)

    assert waits == [1, 4, 16, 64, 256, 1024, None, None, None]
    assert len(subscriber.requests("POST")) == 7
    assert {heard.path for heard in subscriber.heard} == {"/nhan"}

    del subscriber.behaviour["/nhan"]
    make_post(school)
    tick()

    found = rows(school, Subscription)[0]
    assert (found.failures, found.next_try_at, found.sent) == (0, None, 2)


def test_subscriber_that_is_gone_is_forgotten(client: Client, school: Unit, subscriber: Peer) -> None:
    subscribe(client, school, f"{subscriber.base}/nhan")
    subscriber.behaviour["/nhan"] = lambda heard: (410, {}, b"")
    make_post(school)

    tick()

    assert rows(school, Subscription) == []


def test_lease_that_ended_gets_nothing_and_is_cleaned(client: Client, school: Unit, subscriber: Peer) -> None:
    subscribe(client, school, f"{subscriber.base}/nhan")
    with unit_scope(school.pk):
        Subscription.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    make_post(school)

    tick()
    services.clean(now=clock.now())

    assert subscriber.requests("POST") == []
    assert (rows(school, Subscription), rows(school, Topic), CallbackHost.objects.count()) == ([], [], 0)


def test_machine_that_does_not_answer_costs_one_try_for_all_it_is_owed(
    client: Client, school: Unit, subscriber: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        subscribe(client, school, f"{subscriber.base}/{number}")
    make_post(school)
    tried: list[str] = []

    def silent(url: str, **_: object) -> None:
        tried.append(url)
        raise http.FetchError("timeout", permanent=False, message="")

    monkeypatch.setattr(http, "post", silent)
    tick()

    assert len(tried) == 1
    assert services.queue_hosts(now=clock.now()) == []


def test_subscriber_that_never_answers_is_left_after_the_time_limit(
    client: Client, school: Unit, subscriber: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(client, school, f"{subscriber.base}/nhan")
    ask(client, f"{subscriber.base}/khac")
    released = threading.Event()

    def never(heard: Heard) -> Reply:
        released.wait(30)
        return 200, {}, heard.asked.get("hub.challenge", "").encode()

    for module in (sending, confirming):
        limits = replace(module._LIMITS, total_seconds=0.3)
        monkeypatch.setattr(module, "_LIMITS", limits)
    subscriber.behaviour = {"/nhan": never, "/khac": never}
    make_post(school)

    tick()
    confirm_all(school)
    released.set()

    (found,), (intent,) = rows(school, Subscription), rows(school, Intent)
    assert (found.failures, found.sent) == (1, 0)
    assert found.next_try_at > clock.now() < intent.next_try_at


def test_changes_are_taken_until_none_is_left(
    client: Client, school: Unit, subscriber: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "_AT_ONCE", 2)
    for _ in range(5):
        make_post(school)

    before = services.has_changes()
    taken = services.take_changes(now=clock.now())

    assert (before, services.has_changes()) == (True, False)
    assert taken >= 5


def test_one_delivery_at_a_time_to_a_machine(client: Client, school: Unit, subscriber: Peer) -> None:
    subscribe(client, school, f"{subscriber.base}/nhan")
    make_post(school)
    services.take_changes(now=clock.now())
    services.queue_hosts(now=clock.now())
    CallbackHost.objects.update(busy_until=clock.now() + timedelta(seconds=30))

    busy = services.send_to(host=subscriber.address)
    CallbackHost.objects.update(busy_until=clock.now() - timedelta(seconds=1))
    free = services.send_to(host=subscriber.address)

    assert (busy, free) == (0, 1)


def test_newer_version_that_comes_while_one_is_sent_is_sent_too(
    client: Client, school: Unit, subscriber: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(client, school, f"{subscriber.base}/nhan")
    make_post(school, "Một")
    bodies: list[bytes] = []

    def post(url: str, *, body: bytes, **_: object) -> None:
        bodies.append(body)
        if len(bodies) == 1:
            make_post(school, "Hai")
            services.take_changes(now=clock.now())

    monkeypatch.setattr(http, "post", post)
    tick()

    assert ["Hai" in body.decode() for body in bodies] == [False, True]
    assert rows(school, Subscription)[0].next_try_at is None


class Killed(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


@pytest.mark.parametrize("step", ["gather", "write", "Topic.update", "delete", "post", "settle"])
def test_killed_anywhere_it_is_delivered_and_nothing_doubles(
    client: Client, school: Unit, subscriber: Peer, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """What was committed before the blow stays; the rest is done again by whoever comes next."""
    subscribe(client, school, f"{subscriber.base}/nhan")
    make_post(school)

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if step in {"gather", "write"}:
            patch.setattr(announcing, step, die)
        elif step == "Topic.update":
            patch.setattr("django.db.models.query.QuerySet.update", die)
        elif step == "delete":
            patch.setattr("django.db.models.query.QuerySet.delete", die)
        elif step == "post":
            patch.setattr(http, "post", die)
        else:
            patch.setattr(sending, "_settle", die)
        with pytest.raises(Killed):
            tick()
    with unit_scope(school.pk):
        waiting = Change.objects.filter(consumer="hub").count()
    CallbackHost.objects.update(busy_until=clock.now() - timedelta(seconds=1))
    tick(clock.now() + timedelta(seconds=61))

    assert waiting == (0 if step in {"post", "settle"} else 1)
    assert len(subscriber.requests("POST")) == 1
    (topic,), (found,) = rows(school, Topic), rows(school, Subscription)
    assert (topic.version, found.sent, found.next_try_at) == (1, 1, None)
    with unit_scope(school.pk):
        assert Change.objects.filter(consumer="hub").count() == 0
