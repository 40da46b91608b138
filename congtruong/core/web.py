"""The web server process: granian with the project's WSGI application.

Started as `python -m congtruong.core.web BIND PORT WORKERS THREADS`, with DJANGO_SETTINGS_MODULE set.
"""

import os
import sys
from functools import partial
from typing import Any

import django
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from congtruong.core.lifeline import die_with_parent

# Connections the kernel keeps while every thread is busy.
BACKLOG = 1024
HEADER_SECONDS = 10
GRACE_SECONDS = 10


def load_application(parent: int) -> Any:
    """The WSGI application, in a worker process that ends with the server process `parent`.

    Without this, granian's workers outlive a killed server process and keep answering on its port.
    """
    die_with_parent(parent)
    return get_wsgi_application()


def main(bind: str, port: int, workers: int, threads: int) -> None:
    """Serve until SIGTERM; a worker that dies is replaced at once, the port stays open meanwhile.

    Code is loaded before the workers are forked: they share its memory, start at once, and a mistake in it ends
    the server process, where the supervisor sees it.
    """
    django.setup()
    get_resolver().url_patterns  # noqa: B018 - loads every URL and view
    server = Server(
        "",
        address=bind,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=BACKLOG,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(load_application, os.getpid()), wrap_loader=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
