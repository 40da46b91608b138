"""A process that works on one import and is killed with SIGKILL at a named step; run by test_killed.py."""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from congtruong.core import audit, clock  # noqa: E402 - Django must be ready before its models are imported
from congtruong.editorial.models import Post  # noqa: E402
from congtruong.media.models import Asset  # noqa: E402
from congtruong.portal.models import Redirect  # noqa: E402
from congtruong.publication.models import Entry  # noqa: E402
from congtruong.transfer import services  # noqa: E402
from congtruong.transfer.models import Imported, Job  # noqa: E402
from congtruong.transfer.services import importing, jobs  # noqa: E402
from congtruong.transfer.services.files import Library  # noqa: E402
from congtruong.units.scoping import everywhere  # noqa: E402

STEPS = (
    "claimed",
    "file stored",
    "draft written",
    "published",
    "noted",
    "redirected",
    "counted",
    "after commit",
    "before the end",
)


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(holder: Any, name: str, times: int = 1) -> None:
    """Die when the function has returned so many times."""
    original: Callable[..., Any] = getattr(holder, name)
    calls = 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        result = original(*args, **kwargs)
        calls += 1
        if calls >= times:
            _die()
        return result

    setattr(holder, name, wrapped)


def _state(job_id: int) -> str:
    with everywhere("thử"):
        job = Job.objects.get(pk=job_id)
        return json.dumps(
            {
                "job": [job.state, job.done, job.counts],
                # The address of a draft is provisional and drawn by lot.
                "posts": sorted(Post.objects.values_list("title", "channel", "state")),
                "assets": sorted(Asset.objects.values_list("name", "is_public")),
                "imported": sorted(Imported.objects.values_list("title", "outcome")),
                "entries": sorted(Entry.objects.values_list("title", flat=True)),
                "paths": sorted(Entry.objects.values_list("path", flat=True)),
                "redirects": sorted(Redirect.objects.values_list("old_path", "new_path")),
            }
        )


def main(step: str, job_id: int) -> None:
    """Work as if the lease of a dead worker had run out; say what is stored."""
    with everywhere("thử"):
        Job.objects.filter(pk=job_id).update(leased_until=clock.now() - timedelta(seconds=1))
    deaths: dict[str, tuple[Any, str, int]] = {
        "file stored": (Library, "images", 1),
        "draft written": (importing, "create_draft", 2),
        "published": (importing, "approve_post", 2),
        "noted": (importing, "_note", 1),
        "redirected": (importing, "lead_on", 1),
        "counted": (jobs, "import_record", 1),
        "after commit": (jobs, "_bring", 1),
    }
    if step in deaths:
        _after(*deaths[step])
    elif step == "claimed":
        vars(jobs)["_source"] = _die
    elif step == "before the end":
        vars(audit)["record"] = _die
    services.run_import(job_id=job_id)
    sys.stdout.write(_state(job_id))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
