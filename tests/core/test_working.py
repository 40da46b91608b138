import logging
import os
import signal
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from congtruong.core import working
from congtruong.core.working import ABANDONED_AFTER, KEEP_FAILURES, KEEP_SUCCESSES, prune_finished, recover_abandoned

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

NOW = datetime(2026, 9, 5, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

calls: list[str] = []


@task()
def note(word: str) -> None:
    calls.append(word)


@task()
def stop_worker(word: str) -> None:
    calls.append(word)
    os.kill(os.getpid(), signal.SIGTERM)


@task()
def fail() -> None:
    raise RuntimeError("no")


def _row(status: TaskResultStatus, *, starts: int = 1, **instants: datetime) -> "DBTaskResult[..., None]":
    result = note.enqueue("x")
    DBTaskResult.objects.filter(pk=result.id).update(
        status=status, worker_ids=[f"w{number}" for number in range(starts)], **instants
    )
    return DBTaskResult.objects.get(pk=result.id)


def test_recover_abandoned_queues_again_what_ran_too_long() -> None:
    old = _row(TaskResultStatus.RUNNING, started_at=NOW - ABANDONED_AFTER - SECOND)
    recent = _row(TaskResultStatus.RUNNING, started_at=NOW - ABANDONED_AFTER + SECOND)

    assert recover_abandoned(now=NOW) == 1

    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.status, old.started_at) == (TaskResultStatus.READY, None)
    assert recent.status == TaskResultStatus.RUNNING
    assert list(DBTaskResult.objects.ready()) == [old]


def test_recover_abandoned_gives_up_on_a_job_that_ends_its_workers(caplog: pytest.LogCaptureFixture) -> None:
    row = _row(TaskResultStatus.RUNNING, starts=3, started_at=NOW - ABANDONED_AFTER - SECOND)

    with caplog.at_level(logging.ERROR):
        assert recover_abandoned(now=NOW) == 1

    row.refresh_from_db()
    assert (row.status, row.finished_at) == (TaskResultStatus.FAILED, NOW)
    assert row.task_result.errors[0].exception_class is TimeoutError
    assert [record.getMessage() for record in caplog.records] == [
        f"Job {row.task_path} ended its worker 3 times; given up"
    ]


def test_prune_finished_deletes_only_old_results() -> None:
    _row(TaskResultStatus.SUCCESSFUL, finished_at=NOW - KEEP_SUCCESSES - SECOND)
    _row(TaskResultStatus.FAILED, finished_at=NOW - KEEP_FAILURES - SECOND)
    kept = {
        _row(TaskResultStatus.SUCCESSFUL, finished_at=NOW - KEEP_SUCCESSES + SECOND).pk,
        _row(TaskResultStatus.FAILED, finished_at=NOW - KEEP_FAILURES + SECOND).pk,
        _row(TaskResultStatus.READY).pk,
        _row(TaskResultStatus.RUNNING, started_at=NOW - KEEP_FAILURES - SECOND).pk,
    }

    assert prune_finished(now=NOW) == 2
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == kept


def test_prune_finished_deletes_a_bounded_number_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PRUNE_AT_ONCE", 2)
    for _ in range(3):
        _row(TaskResultStatus.SUCCESSFUL, finished_at=NOW - KEEP_SUCCESSES - SECOND)

    assert [prune_finished(now=NOW), prune_finished(now=NOW), prune_finished(now=NOW)] == [2, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_work_runs_queued_jobs_until_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    assert threading.current_thread() is threading.main_thread()
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    calls.clear()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)}
    with transaction.atomic():
        first, failing = note.enqueue("first"), fail.enqueue()
        stopping, later = stop_worker.enqueue("stop"), note.enqueue("later")

    try:
        working.work()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

    statuses = {str(pk): status for pk, status in DBTaskResult.objects.values_list("pk", "status")}
    assert calls == ["first", "stop"]
    assert [statuses[result.id] for result in (first, failing, stopping, later)] == [
        TaskResultStatus.SUCCESSFUL,
        TaskResultStatus.FAILED,
        TaskResultStatus.SUCCESSFUL,
        TaskResultStatus.READY,
    ]
