"""A new item of the Sở: what it costs to store, and on how many home pages it then stands."""

import time
from datetime import datetime

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.demo.services.figures import Figure
from congtruong.feeds.models import Feed, Source
from congtruong.feeds.pipeline.child import read_document
from congtruong.feeds.pipeline.model import Document
from congtruong.feeds.services import store
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.queries import canonical_hosts
from congtruong.units.scoping import unit_scope

BY = "đo đạc"
_ADDRESS = "https://so-do-dac.example/rss/"


def arrival_figures(department: Unit, schools: list[Unit], *, sampled: int) -> list[Figure]:
    """From the bytes of a reply to the commit, beside one bare row; then `sampled` home pages are opened, which must
    all show the item. Raises RuntimeError when one does not.
    """
    with unit_scope(department.pk):
        source = Source.objects.create(unit=department, name="Sở đo đạc", homepage=_ADDRESS)
        feed = Feed.objects.create(
            unit=department, source=source, url=_ADDRESS, channel=Channel.NOTICE, next_check_at=clock.now()
        )
        now = clock.now()
        store(feed=feed, document=_document(29, now), now=now)
        rows = Entry.objects.count()
        started = time.perf_counter()
        store(feed=feed, document=_document(30, now), now=now)
        stored = time.perf_counter() - started
        added = Entry.objects.count() - rows
    bare = _bare_insert()
    cache.clear()
    opened = time.perf_counter()
    chosen = schools[:: max(1, len(schools) // sampled)]
    hosts = canonical_hosts([unit.pk for unit in chosen])
    client = Client()
    missing = [host for host in hosts.values() if "Tin đo số 29" not in _home(client, host)]
    if missing:
        raise RuntimeError(f"{len(missing)} home pages without the item, for example {missing[0]}")
    reading = time.perf_counter() - opened
    vendor = connection.vendor
    return [
        Figure(
            f"tin mới của Sở: đọc, ghi và hiện trên {len(schools)} trang chủ ({added} dòng)",
            stored * 1000,
            bare,
            "ms",
            "ghi trần một dòng",
            vendor,
        ),
        Figure(
            f"… rồi mở {len(chosen)} trang chủ, trang nào cũng có tin",
            (stored + reading) * 1000,
            10_000,
            "ms",
            "10 giây",
            vendor,
        ),
    ]


def _document(count: int, now: datetime) -> Document:
    items = "".join(
        f"<item><title>Tin đo số {n}</title><link>{_ADDRESS}{n}</link><guid>tin-{n}</guid>"
        f"<description>Nội dung của tin đo số {n}.</description>"
        f"<pubDate>{now:%a, %d %b %Y %H:%M}:{n:02d} +0000</pubDate></item>"
        for n in range(count)
    )
    body = f'<rss version="2.0"><channel><title>Sở đo đạc</title>{items}</channel></rss>'.encode()
    return read_document(body, content_type="text/xml", url=_ADDRESS, now=now)


def _bare_insert() -> float:
    started = time.perf_counter()
    with transaction.atomic():
        AuditEntry.objects.create(action="bench.row.written", unit_id=None, actor=BY, subject="", detail={})
    return (time.perf_counter() - started) * 1000


def _home(client: Client, host: str) -> str:
    return client.get("/", headers={"host": host}).content.decode()
