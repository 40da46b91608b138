"""Every write of the hub: requests, confirmations, announcements, deliveries."""

from congtruong.syndication.services.announcing import Changed, announce, has_changes, take_changes
from congtruong.syndication.services.asking import ask
from congtruong.syndication.services.cleaning import clean
from congtruong.syndication.services.confirming import confirm, queue_intents
from congtruong.syndication.services.sending import queue_hosts, send_to

__all__ = [
    "Changed",
    "announce",
    "ask",
    "clean",
    "confirm",
    "has_changes",
    "queue_hosts",
    "queue_intents",
    "send_to",
    "take_changes",
]
