"""Every write to feeds and their items."""

from congtruong.feeds.services.attachments import check_due
from congtruong.feeds.services.claiming import queue_due
from congtruong.feeds.services.items import choose_channel
from congtruong.feeds.services.pictures import fetch_due
from congtruong.feeds.services.polling import read_due
from congtruong.feeds.services.reading import refresh, take
from congtruong.feeds.services.showing import show_again
from congtruong.feeds.services.storing import store
from congtruong.feeds.services.withdrawing import restore_item, withdraw_item

__all__ = [
    "check_due",
    "choose_channel",
    "fetch_due",
    "queue_due",
    "read_due",
    "refresh",
    "restore_item",
    "show_again",
    "store",
    "take",
    "withdraw_item",
]
