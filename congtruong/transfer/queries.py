"""Reads of transfers. The caller has entered the unit's scope."""

from django.db.models import Count, QuerySet

from congtruong.transfer.enums import Outcome
from congtruong.transfer.models import Imported, Job
from congtruong.units.models import Unit


def jobs_of(unit: Unit, *, most: int = 20) -> list[Job]:
    """The latest transfers, without their long reports; one query."""
    return list(Job.objects.filter(unit=unit).defer("report", "options")[:most])


def results_of(job: Job, outcome: str = "") -> QuerySet[Imported]:
    """What became of the records of a job, those that need somebody first."""
    rows = Imported.objects.filter(job=job).order_by("-outcome", "id")
    return rows.filter(outcome=outcome) if outcome in Outcome.values else rows


def outcomes_of(job: Job) -> dict[str, int]:
    """How many records have each outcome; one query."""
    rows = Imported.objects.filter(job=job).order_by().values_list("outcome").annotate(count=Count("pk"))
    return dict(rows)
