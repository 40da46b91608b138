"""Feeds of a portal: gathered from what is published, then written in one of three forms.

The version of a feed is known before anything is written, so that a reader who has it costs five short queries.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from html import escape
from mimetypes import guess_type
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.templatetags.static import static

from congtruong.core.addresses import absolute
from congtruong.core.sanitize import plain_text
from congtruong.core.templatetags.vi import vn_date, vn_time
from congtruong.core.text import shorten
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.syndication.enums import Format
from congtruong.syndication.pipeline.atom import write_atom
from congtruong.syndication.pipeline.html import portable_html
from congtruong.syndication.pipeline.json_feed import write_json
from congtruong.syndication.pipeline.model import Feed, File, Item
from congtruong.syndication.pipeline.rss import write_rss
from congtruong.syndication.queries.entries import bodies_of, changed_at, feed_entries, sources_of
from congtruong.syndication.rules.topics import Address
from congtruong.units.models import Unit
from congtruong.units.queries import canonical_hosts

MOST_ITEMS = 30
# Older texts are left out, with their summaries kept, once the newer ones fill this much: readers stop at 5 MiB.
MOST_CONTENT = 2_000_000
HUB_PATH = "/websub/"
_NEUTRAL_CREST = "hieu-ct"
# Raise when a feed is written differently: readers then fetch it anew.
_WRITING = 1
_WRITERS = {Format.RSS: write_rss, Format.ATOM: write_atom, Format.JSON: write_json}


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything a feed will say. `hosts` are the owners' portals; one without a portal is read on this one."""

    unit: Unit
    host: str
    address: Address
    entries: list[Entry]
    bodies: dict[int, str]
    hosts: dict[int, str]
    touched_at: datetime | None

    @property
    def etag(self) -> str:
        """A word for these contents, whatever they are written with."""
        unit, digest = self.unit, hashlib.sha256()
        head = (_WRITING, absolute(self.host, self.address.path), unit.name, unit.tagline, unit.crest)
        digest.update(repr(head).encode())
        for entry in self.entries:
            digest.update(repr((self.base_of(entry), *(getattr(entry, name) for name in _TOLD))).encode())
            digest.update(self.bodies.get(entry.content_id, "").encode("utf-8", "replace"))
        return f'"{digest.hexdigest()[:32]}"'

    @property
    def updated_at(self) -> datetime:
        """The latest moment of an entry; of the unit's record while there is none."""
        return max((_updated(entry) for entry in self.entries), default=self.unit.updated_at)

    @property
    def modified_at(self) -> datetime:
        """The latest moment at which anything here may have changed, a withdrawal included."""
        moments = [self.updated_at, self.unit.updated_at, *([self.touched_at] if self.touched_at else [])]
        return max(moments)

    def base_of(self, entry: Entry) -> str:
        return absolute(self.hosts.get(entry.unit_id, self.host))


_TOLD = (
    *("id", "kind", "object_id", "channel", "title", "slug", "path", "summary", "author", "source_name", "source_url"),
    *("image", "files", "facts", "published_at", "changed_at", "starts_at", "doc_symbol", "doc_type", "doc_issuer"),
    "doc_issued_on",
)


def gather(unit: Unit, host: str, address: Address, *, most: int = MOST_ITEMS, with_texts: bool = True) -> Gathered:
    """Read what a feed holds now; at most six queries."""
    sources = sources_of(unit, address)
    entries = feed_entries(address, sources, most=most)
    hosts = canonical_hosts(sorted({entry.unit_id for entry in entries if entry.unit_id != unit.pk}))
    bodies = bodies_of(entries) if with_texts else {}
    return Gathered(unit, host, address, entries, bodies, hosts, changed_at(sources))


def write(gathered: Gathered) -> bytes:
    """The feed in the form its address names."""
    unit, host, address = gathered.unit, gathered.host, gathered.address
    left = MOST_CONTENT
    items = []
    for entry in gathered.entries:
        body = gathered.bodies.get(entry.content_id, "")
        left -= len(body)
        items.append(_item(gathered, entry, body if left >= 0 else ""))
    feed = Feed(
        id=f"tag:{settings.CENTRAL_HOST},2026:{unit.pk}:{address.level or 'rss'}:{address.channel}",
        title=f"{address.name} – {unit.name}" if address.name else unit.name,
        description=unit.tagline or unit.name,
        home_url=absolute(host, address.page_path),
        self_url=absolute(host, address.path),
        hub_url=absolute(host, HUB_PATH),
        author=unit.name,
        icon_url=absolute(host, static(f"img/{unit.crest or _NEUTRAL_CREST}.svg")),
        updated_at=gathered.updated_at,
        items=tuple(items),
    )
    return _WRITERS[address.format](feed)


def link_of(gathered: Gathered, entry: Entry) -> str:
    """Where an entry is read: on its owner's portal, else on this one."""
    base = gathered.base_of(entry).rstrip("/")
    has_page = entry.path and (entry.unit_id == gathered.unit.pk or entry.unit_id in gathered.hosts)
    return base + (entry.path if has_page else f"/nguon/{entry.content_id}/{entry.slug}/")


def item_id(entry: Entry) -> str:
    """The same in every feed and for ever, whatever becomes of titles, channels and host names (RFC 4151)."""
    return f"tag:{settings.CENTRAL_HOST},2026:{entry.kind}:{entry.object_id}"


def _item(gathered: Gathered, entry: Entry, body: str) -> Item:
    base = gathered.base_of(entry)
    files = _files(entry, base)
    told = _told_beside(entry)
    content = portable_html(f"{told}{body}{_file_list(files)}", base=base) if body else ""
    return Item(
        id=item_id(entry),
        url=link_of(gathered, entry),
        title=entry.title,
        summary=entry.summary or shorten(plain_text(body), 300),
        content=content,
        author=entry.author,
        source=entry.source_name or entry.unit.name,
        category=Channel(entry.channel).label,
        published_at=entry.published_at,
        updated_at=_updated(entry),
        image=_image(entry.image, base),
        files=files,
    )


def _updated(entry: Entry) -> datetime:
    return max(entry.published_at, entry.changed_at or entry.published_at)


def _told_beside(entry: Entry) -> str:
    """What a page shows beside the text and a reader must not miss: time and place, number and issuer."""
    facts = [
        ("Thời gian", vn_time(entry.starts_at)),
        ("Địa điểm", str(entry.facts.get("place") or "")),
        ("Số, ký hiệu", entry.doc_symbol),
        ("Cơ quan ban hành", entry.doc_issuer),
        ("Ngày ban hành", vn_date(entry.doc_issued_on)),
    ]
    told = [f"<li>{name}: {escape(value)}</li>" for name, value in facts if value]
    return f"<ul>{''.join(told)}</ul>" if told else ""


def _files(entry: Entry, base: str) -> tuple[File, ...]:
    """Files on our portals, then those that stayed with the source."""
    own = [
        File(
            f"{base}tep/{row['key']}/{quote(row['name'])}", _mime(row["name"]), row["size"], row["label"] or row["name"]
        )
        for row in entry.files
    ]
    at_source = [
        File(str(row["url"]), str(row.get("type") or _mime(str(row["url"]))), int(row.get("length") or 0))
        for row in entry.facts.get("enclosures", [])
        if str(row.get("url", "")).startswith(("http://", "https://"))
    ]
    return (*own, *at_source)


def _mime(name: str) -> str:
    return guess_type(name)[0] or "application/octet-stream"


def _file_list(files: tuple[File, ...]) -> str:
    rows = [f'<li><a href="{escape(file.url)}">{escape(file.name or file.url)}</a></li>' for file in files]
    return f"<p>Tệp đính kèm:</p><ul>{''.join(rows)}</ul>" if rows else ""


def _image(image: dict[str, Any] | None, base: str) -> str:
    """The largest copy that every program shows."""
    plain = [row for row in (image or {}).get("renditions", []) if not row["name"].endswith(".avif")]
    if image is None or not plain:
        return ""
    return f"{base}tep/{image['key']}/{max(plain, key=lambda row: int(row['width']))['name']}"
