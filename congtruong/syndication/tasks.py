"""Thin jobs of the hub. A lost job is found again from the tables: what is due stays due until it was done."""

from django.conf import settings

from congtruong.core import clock, jobs
from congtruong.core.schedule import every
from congtruong.syndication import services


# Both wait for machines that strangers name: never before anything else.
@jobs.register("syndication.confirm", priority=-20)
def confirm(intent_id: int) -> None:
    services.confirm(intent_id=intent_id)


@jobs.register("syndication.send", priority=-10)
def send(host: str) -> None:
    services.send_to(host=host)


@jobs.register("syndication.announce")
def announce() -> None:
    services.take_changes(now=clock.now())


@every(seconds=settings.FEED_TICK_SECONDS, name="syndication.due")
def enqueue_due() -> None:
    now = clock.now()
    for intent_id in services.queue_intents(now=now):
        jobs.enqueue("syndication.confirm", intent_id=intent_id)
    if services.has_changes():
        jobs.enqueue("syndication.announce")
    for host in services.queue_hosts(now=now):
        jobs.enqueue("syndication.send", host=host)


@every(seconds=3600, name="syndication.clean")
def clean() -> None:
    services.clean(now=clock.now())
