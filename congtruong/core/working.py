"""The job worker: runs the queue of `django-tasks`, and cleans up what killed workers left behind."""

import logging
import os
import secrets
import socket
import time
from datetime import datetime, timedelta

from django.db import close_old_connections
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from congtruong.core import clock

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.3
UPKEEP_SECONDS = 60.0
# Between two upkeeps under constant load.
TASKS_PER_ROUND = 20

# No job may take longer: it would be started a second time beside the first.
ABANDONED_AFTER = timedelta(minutes=10)
# A job that was running each time its worker died probably kills workers.
MOST_STARTS = 3
KEEP_SUCCESSES = timedelta(days=1)
KEEP_FAILURES = timedelta(days=14)
PRUNE_AT_ONCE = 1000


def work() -> None:
    """Run jobs until SIGTERM or SIGINT; the running job is finished first, a second signal abandons it.

    Jobs are idempotent and found again from the state of their own tables, so a job may run twice, and a queue that
    was lost fills again. Upkeep runs at start and every minute.
    """
    # Its "press Ctrl+C again" and one line per empty round are wrong for a supervised process.
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    worker_id = f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"
    next_upkeep = time.monotonic()
    running = True
    while running:
        worker = _round(worker_id)
        worker.configure_signals()
        close_old_connections()
        if time.monotonic() >= next_upkeep:
            recover_abandoned(now=clock.now())
            prune_finished(now=clock.now())
            next_upkeep = time.monotonic() + UPKEEP_SECONDS
        # A plain read: claiming takes SQLite's write lock even when the queue is empty.
        if DBTaskResult.objects.ready().exists():
            worker.run()
        else:
            time.sleep(IDLE_SECONDS)
        running = worker.running


def _round(worker_id: str) -> Worker:
    return Worker(
        queue_names=["*"],
        interval=IDLE_SECONDS,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=TASKS_PER_ROUND,
        worker_id=worker_id,
        excluded_queue_names=[],
    )


def recover_abandoned(*, now: datetime) -> int:
    """Queue again the jobs whose worker must have died; returns how many.

    A job that was started `MOST_STARTS` times already is marked as failed instead, and counted too.
    """
    abandoned = DBTaskResult.objects.running().filter(started_at__lt=now - ABANDONED_AFTER)
    recovered = 0
    for result in abandoned:
        # Conditional: another worker may be recovering the same row, or its own may end after all.
        row = DBTaskResult.objects.running().filter(pk=result.pk, started_at=result.started_at)
        if len(result.worker_ids) < MOST_STARTS:
            recovered += row.update(status=TaskResultStatus.READY, started_at=None)
            continue
        logger.error("Job %s ended its worker %s times; given up", result.task_path, len(result.worker_ids))
        recovered += row.update(
            status=TaskResultStatus.FAILED,
            finished_at=now,
            exception_class_path="builtins.TimeoutError",
            traceback="Each worker that started this job ended before the job did.\n",
        )
    return recovered


def prune_finished(*, now: datetime) -> int:
    """Delete results nobody will read any more, a bounded number at once; returns how many."""
    results = DBTaskResult.objects
    old = results.successful().filter(finished_at__lt=now - KEEP_SUCCESSES)
    old |= results.failed().filter(finished_at__lt=now - KEEP_FAILURES)
    deleted, _ = results.filter(pk__in=old.order_by().values("pk")[:PRUNE_AT_ONCE]).delete()
    return deleted
