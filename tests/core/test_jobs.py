"""Jobs by name, run after the transaction that asked for them."""

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from congtruong.core import jobs

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def queued() -> list[tuple[str, dict[str, object]]]:
    return [(row.task_path, row.args_kwargs["kwargs"]) for row in DBTaskResult.objects.all()]


def test_enqueue_queues_once_the_transaction_is_safe(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("feeds.refresh", feed_id=7)
        assert queued() == []

    assert queued() == [("congtruong.feeds.tasks.refresh", {"feed_id": 7})]


def test_enqueue_of_a_transaction_that_failed_queues_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        jobs.enqueue("feeds.refresh", feed_id=7)
        transaction.set_rollback(True)

    assert queued() == []


def test_enqueue_of_an_unknown_name_fails_at_once() -> None:
    with pytest.raises(KeyError, match=r"feeds\.khong_co"):
        jobs.enqueue("feeds.khong_co", feed_id=7)


@jobs.register("tests.nothing")
def nothing() -> None:
    """A job that needs nothing."""


def test_register_makes_a_function_the_job_of_that_name(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.nothing")

    assert queued() == [(f"{__name__}.nothing", {})]
