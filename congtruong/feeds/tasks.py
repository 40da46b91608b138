"""Thin jobs of the feeds. A lost job is found again: what is due stays due until it was done."""

from django.conf import settings

from congtruong.core import clock, jobs
from congtruong.core.schedule import every
from congtruong.feeds import services
from congtruong.feeds.queries.hubs import hubs_to_ask
from congtruong.feeds.services import alerting, attachments, hubs, pictures, pushes


@jobs.register("feeds.refresh")
def refresh(feed_id: int) -> None:
    services.refresh(feed_id=feed_id)


@jobs.register("feeds.read_due")
def read_due() -> None:
    if services.read_due().changed:
        jobs.enqueue("feeds.pictures")


@jobs.register("feeds.push")
def read_push(push_id: int) -> None:
    pushes.read_push(push_id=push_id)


@jobs.register("feeds.ask_hub")
def ask_hub(subscription_id: int) -> None:
    hubs.ask_hub(subscription_id=subscription_id)


@jobs.register("feeds.pictures", priority=-5)
def fetch_pictures() -> None:
    pictures.fetch_due(now=clock.now())


@jobs.register("feeds.attachments", priority=-5)
def check_attachments() -> None:
    attachments.check_due(now=clock.now())


@jobs.register("feeds.alerts")
def send_alerts() -> None:
    alerting.alert_due(now=clock.now())


@every(seconds=settings.FEED_TICK_SECONDS, name="feeds.due")
def enqueue_due() -> None:
    if services.queue_due(now=clock.now()):
        jobs.enqueue("feeds.read_due")


@every(seconds=60, name="feeds.hubs")
def enqueue_hubs() -> None:
    for subscription_id in hubs_to_ask(now=clock.now()):
        jobs.enqueue("feeds.ask_hub", subscription_id=subscription_id)
    for push_id in pushes.queue_pushes(now=clock.now()):
        jobs.enqueue("feeds.push", push_id=push_id)


@every(seconds=60, name="feeds.pictures")
def enqueue_pictures() -> None:
    jobs.enqueue("feeds.pictures")


@every(seconds=600, name="feeds.attachments")
def enqueue_attachments() -> None:
    jobs.enqueue("feeds.attachments")


@every(seconds=300, name="feeds.alerts")
def enqueue_alerts() -> None:
    jobs.enqueue("feeds.alerts")
