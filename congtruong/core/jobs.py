"""Background jobs by name, so that a service never imports a task.

A task registers itself at import; `enqueue` runs after the surrounding transaction has committed.
The queue is the database (`django-tasks`). Queued work may be lost or run twice by a killed worker:
each job must be found again from the state of its own tables (see docs/architecture.md).
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django_tasks import task

_tasks: dict[str, Any] = {}


def register(name: str, *, priority: int = 0) -> Callable[[Callable[..., None]], Any]:
    """Make a function the job called `name`, for example `feeds.refresh`.

    A lower `priority` (to -100) waits for everything else: for work that strangers can cause, or that may take long.
    """

    def decorate(function: Callable[..., None]) -> Any:
        made = task(priority=priority)(function)
        _tasks[name] = made
        return made

    return decorate


def enqueue(name: str, **arguments: object) -> None:
    """Run the job once the present transaction is safe."""
    job = _tasks[name]
    transaction.on_commit(lambda: job.enqueue(**arguments))
