"""Thin jobs of transfers. A lost job is found again: the row says what is unfinished."""

from congtruong.core import clock, jobs
from congtruong.core.schedule import every
from congtruong.transfer import services


@jobs.register("transfer.read")
def read(job_id: int) -> None:
    services.read_site(job_id=job_id)


@jobs.register("transfer.run")
def run(job_id: int) -> None:
    services.run_import(job_id=job_id)


@jobs.register("transfer.export")
def export(job_id: int) -> None:
    services.run_export(job_id=job_id)


@every(seconds=60, name="transfer.unfinished")
def queue_unfinished() -> None:
    for name, job_id in services.unfinished_jobs(now=clock.now()):
        jobs.enqueue(name, job_id=job_id)


@every(seconds=60, name="transfer.redirects")
def lead_on() -> None:
    services.lead_on_drafts()


@every(seconds=3600, name="transfer.expired")
def remove_expired() -> None:
    services.remove_expired(now=clock.now())
