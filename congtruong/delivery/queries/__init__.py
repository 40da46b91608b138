"""Reads of what authorities sent: by the units that receive it, and by the authority that asks who did."""

from congtruong.delivery.queries.boards import Board, Row, board
from congtruong.delivery.queries.inbox import (
    InboxCounts,
    Received,
    inbox,
    inbox_counts,
    inbox_total,
    received,
    request_of,
)
from congtruong.delivery.queries.outbox import Sent, sent, sent_entry, sent_total

__all__ = [
    "Board",
    "InboxCounts",
    "Received",
    "Row",
    "Sent",
    "board",
    "inbox",
    "inbox_counts",
    "inbox_total",
    "received",
    "request_of",
    "sent",
    "sent_entry",
    "sent_total",
]
