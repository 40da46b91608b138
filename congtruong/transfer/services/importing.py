"""A former site's posts, one transaction each: killed anywhere, what was done stays done and nothing comes twice."""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from congtruong.core import audit, clock
from congtruong.core.errors import DomainError
from congtruong.core.text import shorten
from congtruong.editorial.enums import RevisionKind
from congtruong.editorial.models import Post
from congtruong.editorial.services import APPROVER, Content, approve_post, create_draft
from congtruong.editorial.services.guard import findings
from congtruong.media.errors import QuotaFull
from congtruong.media.models import Asset
from congtruong.portal.rules.old_addresses import old_address
from congtruong.portal.services import add_redirects
from congtruong.publication.enums import Channel
from congtruong.transfer.enums import Outcome
from congtruong.transfer.models import Imported, Job
from congtruong.transfer.pipeline.channels import channel_for, guess, is_of_documents
from congtruong.transfer.pipeline.files import Files
from congtruong.transfer.pipeline.markup import Placed, place_references, written_alts
from congtruong.transfer.pipeline.model import PAGE, OldPost
from congtruong.transfer.pipeline.site import hosts_of
from congtruong.transfer.services.files import Fetch, Library, Note, fetch_missing, shown_path
from congtruong.units.models import Unit

logger = logging.getLogger(__name__)

# These came in; others may be tried again with other choices.
CAME_IN = frozenset({Outcome.PUBLISHED, Outcome.DRAFT})
_MOST_NOTES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a source comes in. `channels` maps headings of the former site to channels, or to nothing."""

    unit: Unit
    files: Files
    by: str
    publish: bool
    channels: Mapping[str, str] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    fetch: Fetch | None = None
    job: Job | None = None


@dataclass(slots=True)
class Counts:
    """What became of the records."""

    published: int = 0
    drafts: int = 0
    known: int = 0
    skipped: int = 0
    failed: int = 0

    def add(self, outcome: Outcome | None) -> None:
        """Count one record; None for one that came in before."""
        name = {Outcome.PUBLISHED: "published", Outcome.DRAFT: "drafts", Outcome.SKIPPED: "skipped"}
        self._raise("known" if outcome is None else name.get(outcome, "failed"))

    def _raise(self, name: str) -> None:
        setattr(self, name, getattr(self, name) + 1)


def import_site(
    *,
    unit: Unit,
    records: Iterable[OldPost],
    files: Files,
    by: str,
    publish: bool,
    channels: Mapping[str, str] | None = None,
    hosts: frozenset[str] = frozenset(),
    fetch: Fetch | None = None,
) -> Counts:
    """Bring all records in; those of an earlier run are passed over. Pages follow the pages they stand below.

    With `publish` they are public at once under their old dates, except those that need a person's eye: these, and
    without `publish` all, become drafts. Raises `QuotaFull` when the library is full.
    """
    plan = Plan(unit=unit, files=files, by=by, publish=publish, channels=channels or {}, hosts=hosts, fetch=fetch)
    counts = Counts()
    for record in records:
        counts.add(import_record(plan=plan, record=record))
    audit.record("transfer.site.imported", unit_id=unit.pk, subject=unit.name, by=by, published=counts.published)
    return counts


def import_record(*, plan: Plan, record: OldPost) -> Outcome | None:
    """Bring one record in; returns None when it is there already. A record that cannot come in is noted and passed."""
    try:
        # Before the transaction: other people's servers are slow, and nobody else could write meanwhile.
        fetched = _fetched(plan, record)
        with transaction.atomic():
            return _import(plan, record, fetched)
    except QuotaFull:
        raise
    except DomainError as problem:
        return _note(plan, record, Outcome.FAILED, [("failed", problem.message)])
    except Exception:
        # One bad record must not stop the other thousand; a lost database fails again at the note and stops all.
        logger.exception("record %r of unit %d", record.key[:80], plan.unit.pk)
        return _note(plan, record, Outcome.FAILED, [("failed", "lỗi ngoài dự kiến")])


def key_of(record: OldPost) -> str:
    return hashlib.sha256(record.key.encode()).hexdigest()


def _is_known(plan: Plan, record: OldPost) -> bool:
    return Imported.objects.filter(unit=plan.unit, source_key=key_of(record), outcome__in=CAME_IN).exists()


def _fetched(plan: Plan, record: OldPost) -> dict[str, bytes]:
    if plan.fetch is None or _is_known(plan, record):
        return {}
    wanted = dict.fromkeys([*record.images, *record.attachments, *filter(None, [record.cover])])
    return fetch_missing(wanted, plan.files, plan.fetch)


def _import(plan: Plan, record: OldPost, fetched: Mapping[str, bytes]) -> Outcome | None:
    unit = plan.unit
    if _is_known(plan, record):
        return None
    channel = channel_for(record, plan.channels)
    if channel is None:
        return _note(plan, record, Outcome.SKIPPED, [])
    if not record.title:
        return _note(plan, record, Outcome.SKIPPED, [("no_title", "")])
    library = Library(unit, plan.files, plan.by, fetched, [(note, "") for note in record.notes])
    content = _content(plan, record, channel, library)
    post = create_draft(
        unit=unit, channel=channel, writer=None, by=plan.by, content=content, kind=RevisionKind.IMPORTED
    )
    notes = [*library.notes, *_heading_notes(record, plan.channels)]
    outcome = _published(plan, record, post, content, notes)
    post.refresh_from_db()
    _note(plan, record, outcome, notes, post)
    if outcome == Outcome.PUBLISHED:
        lead_on(unit, post, record.old_urls, by=plan.by)
    return outcome


def lead_on(unit: Unit, post: Post, old_urls: Iterable[str], *, by: str) -> None:
    """Let the old addresses of a public post lead to it."""
    path = f"/{post.channel}/{post.slug}/"
    add_redirects(unit=unit, redirects=[(url, path) for url in old_urls], by=by)


def _content(plan: Plan, record: OldPost, channel: Channel, library: Library) -> Content:
    images = library.images(record.images)
    attached = library.attachments(record.attachments)
    cover = library.images([record.cover] if record.cover else []).get(record.cover)
    body = _placed(plan, record, images, attached, library)
    files = tuple((asset.pk, "") for asset in {asset.pk: asset for asset in attached.values()}.values())
    day = clock.day_of(record.published_at) if record.published_at else clock.today()
    return Content(
        title=record.title,
        summary=record.summary,
        body=body,
        author=record.author,
        cover_id=_cover_id(cover, images),
        school_year=clock.school_year(day),
        parent_id=_parent_id(plan.unit, record) if channel == Channel.PAGE else None,
        order=record.order,
        files=files,
    )


def _cover_id(cover: Asset | None, images: Mapping[str, Asset]) -> int | None:
    """A cover that stands in the text as well would be seen twice."""
    if cover is None or cover.pk in {asset.pk for asset in images.values()}:
        return None
    return cover.pk


def _placed(
    plan: Plan, record: OldPost, images: Mapping[str, Asset], attached: Mapping[str, Asset], library: Library
) -> str:
    alts = written_alts(record.body)
    placed = {}
    for reference, asset in images.items():
        alt = alts.get(reference, "") or asset.alt
        if not alt:
            library.notes.append(("no_alt", ""))
            alt = f"Hình ảnh trong bài “{shorten(record.title, 200)}”"
        placed[reference] = Placed(shown_path(asset), alt)
    links = {reference: shown_path(asset) for reference, asset in attached.items()}
    hosts = plan.hosts | hosts_of([record])
    return place_references(record.body, images=placed, links=links, home=lambda url: path_at_home(url, hosts))


def path_at_home(url: str, hosts: frozenset[str]) -> str:
    """The path of a link to the former site itself, which a redirect answers; empty for other links."""
    rest = url.partition("//")[2]
    host = rest.partition("/")[0].partition("?")[0].partition(":")[0].lower()
    return old_address(url) if rest and host in hosts else ""


def _parent_id(unit: Unit, record: OldPost) -> int | None:
    if not record.parent:
        return None
    wanted = hashlib.sha256(record.parent.encode()).hexdigest()
    parent = Imported.objects.filter(unit=unit, source_key=wanted, post__channel=Channel.PAGE).first()
    return parent.post_id if parent is not None else None


def _heading_notes(record: OldPost, chosen: Mapping[str, str]) -> list[Note]:
    if record.kind == PAGE:
        return []
    if is_of_documents(record):
        return [("documents", "")]
    is_clear = any(one in chosen or guess(one) is not None for one in record.categories)
    return [("unknown_category", "")] if record.categories and not is_clear else []


def _published(plan: Plan, record: OldPost, post: Post, content: Content, notes: list[Note]) -> Outcome:
    """Publish under the old date unless somebody has to look first."""
    found = [one.finding for one in findings(post, content) if one.finding.must_explain]
    if found:
        notes.append(("personal", ", ".join(dict.fromkeys(one.message.rstrip(".") for one in found))))
    now = clock.now()
    at = record.published_at or (now if record.kind == PAGE else None)
    if not plan.publish or record.is_draft or found or at is None:
        return Outcome.DRAFT
    if at > now:
        notes.append(("future", ""))
        return Outcome.DRAFT
    try:
        with transaction.atomic():
            approve_post(post=post, acts=APPROVER, by=plan.by, at=at)
    except DomainError as problem:
        notes.append(("not_published", problem.message))
        return Outcome.DRAFT
    return Outcome.PUBLISHED


def _note(plan: Plan, record: OldPost, outcome: Outcome, notes: list[Note], post: Post | None = None) -> Outcome:
    kept: dict[str, Any] = {
        "post": post,
        "job": plan.job,
        "title": shorten(record.title, 500) or record.key[:100],
        "outcome": outcome,
        "notes": [list(note) for note in dict.fromkeys(notes)][:_MOST_NOTES],
        "old_urls": list(record.old_urls)[:20],
        "at": clock.now(),
    }
    Imported.objects.update_or_create(unit=plan.unit, source_key=key_of(record), defaults=kept)
    return outcome
