"""Entries as lists show them: address on this portal, owner, picture."""

from dataclasses import dataclass
from typing import Any

from congtruong.core.addresses import absolute
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit


@dataclass(frozen=True, slots=True)
class Picture:
    """`avif` is the srcset for browsers that know AVIF, empty for images from before; `srcset` is for all others."""

    src: str
    srcset: str
    avif: str
    width: int
    height: int
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class Card:
    """One row or card of a list."""

    entry: Entry
    url: str
    is_own: bool
    owner: str
    picture: Picture | None

    @property
    def channel_label(self) -> str:
        return Channel(self.entry.channel).label


def picture_of(entry: Entry) -> Picture | None:
    """Addresses of the renditions of an entry's image, on the portal that shows it."""
    return picture_from(entry.image)


def picture_from(image: dict[str, Any] | None) -> Picture | None:
    """The same of an image as public pages keep it: key, renditions, size, alt, caption."""
    if not image or not image.get("renditions"):
        return None
    prefix = f"/tep/{image['key']}/"
    avif = [r for r in image["renditions"] if r["name"].endswith(".avif")]
    plain = [r for r in image["renditions"] if r not in avif]
    middle = plain[min(1, len(plain) - 1)]
    return Picture(
        src=f"{prefix}{middle['name']}",
        srcset=_srcset(prefix, plain),
        avif=_srcset(prefix, avif),
        width=image["width"],
        height=image["height"],
        alt=image.get("alt", ""),
        caption=image.get("caption", ""),
    )


def _srcset(prefix: str, renditions: list[dict[str, Any]]) -> str:
    return ", ".join(f"{prefix}{r['name']} {r['width']}w" for r in renditions)


def address_on(unit: Unit, entry: Entry) -> str:
    """Where an entry is read on this unit's portal."""
    if entry.unit_id == unit.pk and entry.path:
        return entry.path
    return f"/nguon/{entry.content_id}/{entry.slug}/"


def cards(unit: Unit, entries: list[Entry]) -> list[Card]:
    """Entries as they stand on this unit's portal."""
    return [
        Card(entry, address_on(unit, entry), entry.unit_id == unit.pk, entry.unit.display_short, picture_of(entry))
        for entry in entries
    ]


def cards_elsewhere(entries: list[Entry], hosts: dict[int, str]) -> list[Card]:
    """Entries that are read where they were published; what stands nowhere is left out."""
    return [
        Card(entry, url, False, entry.unit.display_short, picture_of(entry))
        for entry in entries
        if (url := _elsewhere(entry, hosts))
    ]


def _elsewhere(entry: Entry, hosts: dict[int, str]) -> str:
    """On the owner's portal; what was read from the feed of a school hosted elsewhere, on that school's own site."""
    if entry.path:
        return absolute(hosts[entry.unit_id], entry.path) if entry.unit_id in hosts else ""
    return entry.source_url
