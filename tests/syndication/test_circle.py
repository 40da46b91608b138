"""Both ends of WebSub are ours: what one portal publishes arrives at another through hub and callback, nothing else."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from congtruong.core import clock, http
from congtruong.core.http.errors import refused_status
from congtruong.editorial.services import withdraw_post
from congtruong.feeds.enums import HubState
from congtruong.feeds.models import Feed, HubSubscription, Item, Push, Source
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.parse import parse
from congtruong.feeds.queries.hubs import hubs_to_ask
from congtruong.feeds.services import hubs, pushes
from congtruong.publication.enums import Channel
from congtruong.syndication import services
from congtruong.syndication.models import Intent
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_authority, make_post

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

TOPIC = "http://so.hcm.edu.vn.localhost/rss/tin-tuc.atom"


@pytest.fixture
def web(client: Client, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Requests to other machines arrive at this one; the list names them."""
    asked: list[str] = []

    def reply(method: str, url: str, data: Any = None, **more: Any) -> Any:
        parts = urlsplit(url)
        asked.append(f"{method} {parts.netloc}{parts.path}")
        headers = {**more.pop("headers", {}), "host": parts.netloc}
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answer: Any = getattr(client, method)(path, data, headers=headers, **more)
        if answer.status_code >= 300:
            raise refused_status(answer.status_code, host=parts.netloc, retry_after=None)
        return SimpleNamespace(status=answer.status_code, body=answer.content)

    def fetch(url: str, **_: Any) -> Any:
        return reply("get", url)

    def post(
        url: str, *, form: Any = None, body: bytes = b"", content_type: str = "", headers: Any = None, **_: Any
    ) -> Any:
        if form is not None:
            return reply("post", url, urlencode(form), content_type="application/x-www-form-urlencoded")
        return reply("post", url, body, content_type=content_type, headers=headers or {})

    monkeypatch.setattr(http, "fetch", fetch)
    monkeypatch.setattr(http, "post", post)
    return asked


@pytest.fixture
def reader(client: Client) -> Feed:
    """Another authority reads the feed of the first, and has read it once."""
    unit = make_authority()
    with unit_scope(unit.pk):
        source = Source.objects.create(unit=unit, name="Sở", homepage="http://so.hcm.edu.vn.localhost/")
        return Feed.objects.create(unit=unit, source=source, url=TOPIC, channel=Channel.NEWS, next_check_at=clock.now())


def _hub_works(publisher: Unit) -> None:
    with unit_scope(publisher.pk):
        waiting = list(Intent.objects.values_list("pk", flat=True))
    for pk in waiting:
        services.confirm(intent_id=pk)
    services.take_changes(now=clock.now())
    for host in services.queue_hosts(now=clock.now()):
        services.send_to(host=host)


def _read_pushes(reader: Feed) -> list[tuple[str, str]]:
    with unit_scope(reader.unit_id):
        waiting = list(Push.objects.values_list("pk", flat=True))
    for pk in waiting:
        pushes.read_push(push_id=pk)
    with unit_scope(reader.unit_id):
        return list(Item.objects.order_by("pk").values_list("title", "link"))


def test_what_is_published_arrives_by_hub_alone(client: Client, web: list[str], reader: Feed) -> None:
    publisher = make_authority(host="so.hcm.edu.vn")
    first = client.get("/rss/tin-tuc.atom", headers={"host": "so.hcm.edu.vn.localhost"})
    document = parse(decode(first.content, first["Content-Type"]), url=TOPIC, now=clock.now())
    with unit_scope(reader.unit_id):
        hubs.offered(feed=reader, document=document, now=clock.now())

    for pk in hubs_to_ask(now=clock.now()):
        hubs.ask_hub(subscription_id=pk)
    _hub_works(publisher)
    post = make_post(publisher, "Khai giảng", slug="khai-giang")
    _hub_works(publisher)
    arrived = _read_pushes(reader)
    with unit_scope(publisher.pk):
        withdraw_post(post=post, reason="nhầm", by=BY)
    _hub_works(publisher)
    after = _read_pushes(reader)

    with unit_scope(reader.unit_id):
        known = HubSubscription.objects.get(feed=reader)
    callback = f"congtruong.test.localhost/websub/nhan/{known.token}/"
    assert arrived == after == [("Khai giảng", "http://so.hcm.edu.vn.localhost/tin-tuc/khai-giang/")]
    assert known.state == HubState.ACTIVE
    assert web == ["post so.hcm.edu.vn.localhost/websub/", f"get {callback}", f"post {callback}", f"post {callback}"]
