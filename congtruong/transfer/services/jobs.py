"""Transfers that people start from the console: rows that workers find again, files that expire.

A worker holds a lease while it works. Each step is decided by a conditional update of the row, so a worker that was
thought dead and comes back changes nothing any more.
"""

import json
import logging
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from congtruong.core import audit, clock, jobs
from congtruong.core.errors import DomainError
from congtruong.core.text import slug
from congtruong.transfer import errors, phrases
from congtruong.transfer.enums import JobKind, JobState
from congtruong.transfer.models import Job
from congtruong.transfer.pipeline.errors import SourceError
from congtruong.transfer.pipeline.model import OldPost, Tally
from congtruong.transfer.pipeline.order import parents_first
from congtruong.transfer.pipeline.site import Source, hosts_of, open_file
from congtruong.transfer.services.exporting import write_archive
from congtruong.transfer.services.importing import Counts, Plan, import_record
from congtruong.transfer.services.reviewing import Review
from congtruong.units.models import Unit
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
# Longer than the slowest record; renewed after each.
LEASE = timedelta(minutes=3)
# A job may wait so long for a worker before it counts as lost.
QUEUED = timedelta(minutes=2)
# Well below what the worker allows one job; the rest is a new one.
SLICE_SECONDS = 60.0
_RECORDS = "bai-viet.jsonl"
_NAMES = {JobState.READING: "transfer.read", JobState.RUNNING: "transfer.run"}


class _Overtaken(Exception):
    """Somebody cancelled the job, or another worker has it."""


def start_reading(*, unit: Unit, file: BinaryIO, name: str, size: int, by: str) -> Job:
    """Keep an uploaded file and let a worker look into it. Raises `TransferBusy` while another import is unfinished."""
    if Job.objects.filter(unit=unit, kind=JobKind.SITE_IN, state__in=_OPEN).exists():
        raise errors.TransferBusy
    job = Job(unit=unit, kind=JobKind.SITE_IN, state=JobState.READING, token=secrets.token_urlsafe(16), made_by=by)
    stem, dot, ending = name.rpartition(".")
    job.file_name = f"{slug(stem)}.{slug(ending, most=8)}" if dot else slug(name)
    job.file_path = default_storage.save(f"{job.folder}/{job.file_name}", File(file))
    job.file_size, job.expires_at = size, clock.now() + KEPT
    with transaction.atomic():
        job.save()
        audit.record("transfer.import.uploaded", unit_id=unit.pk, subject=job.file_name, by=by, job_id=job.pk)
        jobs.enqueue("transfer.read", job_id=job.pk)
    return job


_OPEN = (JobState.READING, JobState.REVIEW, JobState.RUNNING, JobState.FAILED)


@transaction.atomic
def start_import(*, job: Job, publish: bool, channels: dict[str, str], by: str) -> Job:
    """Begin what was reviewed. Raises `NotReady` unless the job waits for exactly this."""
    options = {"publish": publish, "channels": channels}
    _step(job, JobState.REVIEW, state=JobState.RUNNING, options=options, made_by=by, leased_until=clock.now())
    audit.record(
        "transfer.import.started", unit_id=job.unit_id, subject=job.file_name, by=by, job_id=job.pk, publish=publish
    )
    jobs.enqueue("transfer.run", job_id=job.pk)
    return job


@transaction.atomic
def resume_job(*, job: Job, by: str) -> Job:
    """Go on where a job stopped. Raises `NotReady` unless it did."""
    began = bool(job.options) or job.kind == JobKind.OUT
    state = JobState.RUNNING if began else JobState.READING
    _step(job, JobState.FAILED, state=state, problem="", leased_until=clock.now())
    audit.record("transfer.job.resumed", unit_id=job.unit_id, subject=job.file_name, by=by, job_id=job.pk)
    jobs.enqueue(_NAMES[state] if job.kind == JobKind.SITE_IN else "transfer.export", job_id=job.pk)
    return job


@transaction.atomic
def cancel_job(*, job: Job, by: str) -> Job:
    """Give an import or export up; what came in already stays. Raises `NotReady` when it has ended."""
    fields = {"state": JobState.EXPIRED, "ended_at": clock.now(), "expires_at": clock.now()}
    if not Job.objects.filter(pk=job.pk, state__in=_OPEN).update(**fields):
        raise errors.NotReady
    audit.record("transfer.job.cancelled", unit_id=job.unit_id, subject=job.file_name, by=by, job_id=job.pk)
    job.refresh_from_db()
    return job


@transaction.atomic
def start_export(*, unit: Unit, by: str) -> Job:
    """Let a worker pack everything of a unit. Raises `TransferBusy` while it still packs."""
    if Job.objects.filter(unit=unit, kind=JobKind.OUT, state=JobState.RUNNING).exists():
        raise errors.TransferBusy
    job = Job(unit=unit, kind=JobKind.OUT, state=JobState.RUNNING, token=secrets.token_urlsafe(16), made_by=by)
    job.save()
    audit.record("transfer.export.started", unit_id=unit.pk, subject=unit.name, by=by, job_id=job.pk)
    jobs.enqueue("transfer.export", job_id=job.pk)
    return job


def read_site(*, job_id: int) -> None:
    """Look into an uploaded file: keep its records beside it, and the report for the person who decides."""
    with _claimed(job_id, JobState.READING) as job:
        if job is None:
            return
        source, tally = _source(job), Tally()
        review = Review(unit=job.unit, files=source.files)
        total = 0
        hosts: set[str] = set()
        with tempfile.TemporaryFile("w+b") as lines:
            for record in parents_first(source.posts(now=clock.now(), tally=tally)):
                review.add(record)
                hosts |= hosts_of([record])
                lines.write(json.dumps(record.to_json(), ensure_ascii=False).encode() + b"\n")
                total += 1
                if total % 50 == 0:
                    _renew(job)
            if not total:
                raise SourceError("empty")
            lines.seek(0)
            default_storage.delete(f"{job.folder}/{_RECORDS}")
            default_storage.save(f"{job.folder}/{_RECORDS}", File(lines))
        report = review.report(source_format=source.format, left_out=tally.left_out)
        report["hosts"] = sorted(hosts)
        _owned(job, state=JobState.REVIEW, total=total, done=0, report=report, leased_until=None)


def run_import(*, job_id: int, seconds: float = SLICE_SECONDS) -> None:
    """Bring in what is left of a job, for about so many seconds; the rest is queued again."""
    with _claimed(job_id, JobState.RUNNING) as job:
        if job is None:
            return
        source = _source(job)
        plan = Plan(
            unit=job.unit,
            files=source.files,
            by=job.made_by,
            publish=bool(job.options.get("publish")),
            channels=job.options.get("channels", {}),
            hosts=frozenset(job.report.get("hosts", ())),
            job=job,
        )
        end = time.monotonic() + seconds
        for number, record in _records(job):
            if number < job.done:
                continue
            if time.monotonic() >= end:
                # Free at once, but not yet lost: the next slice is queued here.
                _owned(job, leased_until=clock.now())
                jobs.enqueue("transfer.run", job_id=job.pk)
                return
            _bring(job, plan, record)
        with transaction.atomic():
            _owned(job, state=JobState.DONE, ended_at=clock.now(), leased_until=None)
            audit.record(
                "transfer.site.imported",
                unit_id=job.unit_id,
                subject=job.file_name,
                by=job.made_by,
                job_id=job.pk,
                **job.counts,
            )


def run_export(*, job_id: int) -> None:
    """Pack everything of the unit; the archive is kept for seven days."""
    with _claimed(job_id, JobState.RUNNING) as job:
        if job is None:
            return
        name = f"{slug(job.unit.short_name or job.unit.name, most=60)}-{clock.today():%Y%m%d}.zip"
        with tempfile.TemporaryFile("w+b") as packed:
            counts = write_archive(unit=job.unit, target=packed, tick=lambda: _renew(job))
            size = packed.seek(0, 2)
            packed.seek(0)
            path = default_storage.save(f"{job.folder}/{name}", File(packed))
        with transaction.atomic():
            _owned(
                job,
                state=JobState.DONE,
                file_name=name,
                file_path=path,
                file_size=size,
                counts=counts,
                ended_at=clock.now(),
                expires_at=clock.now() + KEPT,
                leased_until=None,
            )
            audit.record(
                "transfer.unit.exported", unit_id=job.unit_id, subject=name, by=job.made_by, job_id=job.pk, size=size
            )


def unfinished_jobs(*, now: datetime) -> list[tuple[str, int]]:
    """Task name and id of each job that no worker holds: queues may be lost, workers killed."""
    lost = now - QUEUED
    free = Q(leased_until=None, made_at__lt=lost) | Q(leased_until__lt=lost)
    with everywhere("the scheduler looks for transfers whose worker died"):
        rows = Job.objects.filter(free, state__in=_NAMES).values_list("kind", "state", "pk")
        return [("transfer.export" if kind == JobKind.OUT else _NAMES[JobState(state)], pk) for kind, state, pk in rows]


def remove_expired(*, now: datetime) -> int:
    """Delete the files of transfers whose time has passed; returns how many transfers."""
    with everywhere("the scheduler looks for transfers whose files have expired"):
        found = list(Job.objects.filter(expires_at__lt=now).exclude(file_path="").values_list("unit_id", "pk"))
    for unit_id, pk in found:
        with unit_scope(unit_id):
            job = Job.objects.get(pk=pk)
            for path in (job.file_path, f"{job.folder}/{_RECORDS}"):
                default_storage.delete(path)
            state = job.state if job.kind == JobKind.SITE_IN and job.state == JobState.DONE else JobState.EXPIRED
            Job.objects.filter(pk=pk).update(file_path="", state=state)
    return len(found)


def _bring(job: Job, plan: Plan, record: OldPost) -> None:
    """One record and the count of what is done, together or not at all."""
    with transaction.atomic():
        counts = Counts(**job.counts)
        counts.add(import_record(plan=plan, record=record))
        done = {name: getattr(counts, name) for name in counts.__slots__}
        moved = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, done=job.done).update(
            done=job.done + 1, counts=done, leased_until=clock.now() + LEASE
        )
        if not moved:
            raise _Overtaken
    job.done, job.counts = job.done + 1, done


@contextmanager
def _claimed(job_id: int, state: JobState) -> Iterator[Job | None]:
    """The job if it is at this step and nobody works on it, inside its unit's scope; what goes wrong stops it."""
    with everywhere("a queued transfer knows its job, not yet the unit"):
        job = Job.objects.select_related("unit").filter(pk=job_id).first()
    if not isinstance(job, Job):
        yield None
        return
    with unit_scope(job.unit_id):
        now = clock.now()
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        if not Job.objects.filter(free, pk=job_id, state=state).update(leased_until=now + LEASE):
            yield None
            return
        job.refresh_from_db()
        try:
            yield job
        except _Overtaken:
            logger.info("transfer %d: overtaken", job_id)
        except (SourceError, DomainError) as problem:
            _stop(job, problem.message)
        except FileNotFoundError:
            _stop(job, phrases.GONE)
        except Exception:
            # A transfer that always fails must show as failing, whatever the reason.
            logger.exception("transfer %d", job_id)
            _stop(job, phrases.UNEXPECTED)


def _stop(job: Job, problem: str) -> None:
    Job.objects.filter(pk=job.pk, state=job.state).update(
        state=JobState.FAILED, problem=problem[:500], leased_until=None
    )


def _owned(job: Job, **fields: Any) -> None:
    """Change the job's row if it still is where this worker left it. Raises `_Overtaken`."""
    if not Job.objects.filter(pk=job.pk, state=job.state, done=job.done).update(**fields):
        raise _Overtaken
    for name, value in fields.items():
        setattr(job, name, value)


def _renew(job: Job) -> None:
    _owned(job, leased_until=clock.now() + LEASE)


def _step(job: Job, before: JobState, **fields: Any) -> None:
    if not Job.objects.filter(pk=job.pk, state=before).update(**fields):
        raise errors.NotReady
    job.refresh_from_db()


def _source(job: Job) -> Source:
    if not job.file_path or not default_storage.exists(job.file_path):
        raise FileNotFoundError(job.file_path)
    return open_file(lambda: cast(BinaryIO, default_storage.open(job.file_path)))


def _records(job: Job) -> Iterator[tuple[int, OldPost]]:
    with default_storage.open(f"{job.folder}/{_RECORDS}") as lines:
        for number, line in enumerate(lines):
            yield number, OldPost.from_json(json.loads(line))
