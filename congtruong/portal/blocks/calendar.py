"""An event as calendars read it (RFC 5545)."""

from datetime import UTC

from icalendar import Calendar, Event

from congtruong.core import clock
from congtruong.publication.models import Entry


def calendar_of(entry: Entry, url: str, *, uid: str) -> bytes:
    """A calendar with this one event; how long it lasts nobody said."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", (entry.changed_at or entry.published_at).astimezone(UTC))
    event.add("dtstart", (entry.starts_at or clock.now()).astimezone(UTC))
    event.add("summary", entry.title)
    event.add("description", entry.summary)
    event.add("url", url)
    if entry.facts.get("place"):
        event.add("location", entry.facts["place"])
    calendar = Calendar()
    calendar.add("prodid", "-//Cổng Trường//Thư mời//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
