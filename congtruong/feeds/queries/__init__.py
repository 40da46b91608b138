"""Reads of feeds."""

from congtruong.feeds.queries.reading import Freshness, due_feeds, freshness

__all__ = ["Freshness", "due_feeds", "freshness"]
