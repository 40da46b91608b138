"""What `congtruong serve` keeps running, and the checks before it starts."""

import errno
import http.client
import os
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial

from congtruong.core.preparing import prepare
from congtruong.core.supervisor import Child, run

DEFAULT_PORT = 8000
DEFAULT_BIND = "127.0.0.1"
# Each thread keeps one database connection. More threads than cores, so that a few slow senders do not stop the rest.
THREADS = 16
MOST_WORKERS = 4
ANSWER_SECONDS = 2.0

PORT_BUSY = (
    "Cổng {port} đang được chương trình khác sử dụng. "
    "Hãy tắt chương trình đó hoặc chọn cổng khác, ví dụ: {command} --port {other}"
)
PORT_FORBIDDEN = (
    "Hệ thống không cho phép mở cổng {port}. Hãy chọn cổng từ 1024 trở lên, ví dụ: {command} --port {other}"
)
ADDRESS_UNUSABLE = "Máy này không có địa chỉ {bind}. Hãy chọn địa chỉ khác, ví dụ: {command} --bind {other}"
SERVING = "Cổng Trường đang chạy tại http://{bind}:{port}. Nhấn Ctrl-C để dừng."


class PortUnavailable(Exception):
    """The port cannot be opened; the text is a Vietnamese sentence for the person at the terminal."""


def check_port(*, port: int, bind: str = DEFAULT_BIND, command: str = "congtruong serve") -> None:
    """Raise `PortUnavailable` unless the port can be opened now; `command` is named in the advice."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        # A port whose connections are only closing down counts as free, as it does for the server itself.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise PortUnavailable(_port_sentence(error, port=port, bind=bind, command=command)) from error


def _port_sentence(error: OSError, *, port: int, bind: str, command: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return PORT_BUSY.format(port=port, command=command, other=port + 1 if port < 65535 else DEFAULT_PORT)
    if error.errno == errno.EACCES:
        return PORT_FORBIDDEN.format(port=port, command=command, other=DEFAULT_PORT)
    return ADDRESS_UNUSABLE.format(bind=bind, command=command, other=DEFAULT_BIND)


def free_port(bind: str = DEFAULT_BIND) -> int:
    """A port nobody uses at this moment."""
    with closing(socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET)) as probe:
        probe.bind((bind, 0))
        return int(probe.getsockname()[1])


def answers_http(port: int, bind: str = DEFAULT_BIND) -> bool:
    """Whether a web server answers anything on the port; the open port alone does not prove a worker behind it."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to
    connection = http.client.HTTPConnection(everywhere.get(bind, bind), port, timeout=ANSWER_SECONDS)
    try:
        connection.request("HEAD", "/", headers={"Host": "localhost"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def web_workers() -> int:
    """One worker process per core this process may use, at most four: the database is the next limit."""
    return max(1, min(len(os.sched_getaffinity(0)), MOST_WORKERS))


def management(*arguments: str) -> list[str]:
    """The command line of a Django command under the present interpreter and settings."""
    return [sys.executable, "-m", "django", *arguments]


def serve_children(port: int, bind: str = DEFAULT_BIND) -> list[Child]:
    """Web server, worker and scheduler, in this order."""
    web = [sys.executable, "-m", "congtruong.core.web", bind, str(port), str(web_workers()), str(THREADS)]
    return [
        Child("web", web, ready=partial(answers_http, port, bind), stop_seconds=15),
        Child("worker", management("worker"), stop_seconds=20),
        Child("scheduler", management("scheduler"), stop_seconds=20),
    ]


def run_serve(
    *,
    port: int = DEFAULT_PORT,
    bind: str = DEFAULT_BIND,
    with_prepare: bool = True,
    before: Sequence[Child] = (),
    on_ready: Callable[[], None] | None = None,
    job: Child | None = None,
    command: str = "congtruong serve",
) -> int:
    """Prepare, then keep everything running until told to stop; returns the exit code.

    `before` are children started ahead of the web server, `job` see `supervisor.run`. Raises `PortUnavailable`.
    """
    check_port(port=port, bind=bind, command=command)
    if with_prepare:
        prepare()
    return run([*before, *serve_children(port, bind)], on_ready=on_ready, job=job)
