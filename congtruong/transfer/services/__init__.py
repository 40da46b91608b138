"""Bringing the posts of a former site in, taking everything of a unit out, and putting it back elsewhere."""

from congtruong.transfer.services.importing import Counts, import_site
from congtruong.transfer.services.jobs import (
    cancel_job,
    read_site,
    remove_expired,
    resume_job,
    run_export,
    run_import,
    start_export,
    start_import,
    start_reading,
    unfinished_jobs,
)
from congtruong.transfer.services.moving import lead_on_drafts
from congtruong.transfer.services.reviewing import review_site

__all__ = [
    "Counts",
    "cancel_job",
    "import_site",
    "lead_on_drafts",
    "read_site",
    "remove_expired",
    "resume_job",
    "review_site",
    "run_export",
    "run_import",
    "start_export",
    "start_import",
    "start_reading",
    "unfinished_jobs",
]
