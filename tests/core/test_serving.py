import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from congtruong.core import serving
from congtruong.core.serving import PortUnavailable, answers_http, check_port, free_port, serve_children

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 30.0


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_check_port_accepts_a_free_port() -> None:
    check_port(port=free_port())


def test_check_port_says_what_to_do_about_a_busy_port(busy_port: int) -> None:
    with pytest.raises(PortUnavailable) as caught:
        check_port(port=busy_port, command="./dev demo")

    assert str(caught.value) == (
        f"Cổng {busy_port} đang được chương trình khác sử dụng. Hãy tắt chương trình đó hoặc chọn cổng khác, "
        f"ví dụ: ./dev demo --port {busy_port + 1 if busy_port < 65535 else 8000}"
    )


def test_check_port_says_what_to_do_about_a_foreign_address() -> None:
    with pytest.raises(PortUnavailable) as caught:
        check_port(port=8000, bind="192.0.2.1")

    assert str(caught.value) == (
        "Máy này không có địa chỉ 192.0.2.1. Hãy chọn địa chỉ khác, ví dụ: congtruong serve --bind 127.0.0.1"
    )


def test_answers_http_needs_an_answer_not_only_an_open_port(busy_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "ANSWER_SECONDS", 0.2)

    assert answers_http(busy_port) is False


def test_serve_children_are_web_worker_and_scheduler() -> None:
    children = serve_children(8000)

    assert [child.name for child in children] == ["web", "worker", "scheduler"]
    assert [child.argv[1:] for child in children][1:] == [["-m", "django", "worker"], ["-m", "django", "scheduler"]]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[psutil.Process, int]]:
    """The real web server with one page, started and answering; the port it answers on."""
    (tmp_path / "one_page.py").write_text(
        "SECRET_KEY = 'x'\nALLOWED_HOSTS = ['*']\nROOT_URLCONF = 'one_page'\n"
        "from django.http import HttpResponse\nfrom django.urls import path\n"
        "urlpatterns = [path('', lambda request: HttpResponse('page'))]\n"
    )
    port = free_port()
    paths = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "one_page", "PYTHONPATH": paths}
    child = serve_children(port)[0]
    with subprocess.Popen(list(child.argv), env=environment) as process:
        try:
            wait_for(lambda: answers_http(port))
            yield psutil.Process(process.pid), port
        finally:
            process.kill()


def wait_for(condition: object) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_running(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def test_web_workers_end_with_a_killed_server(web: tuple[psutil.Process, int]) -> None:
    server, port = web
    workers = server.children(recursive=True)

    server.kill()

    wait_for(lambda: not any(is_running(worker) for worker in workers))
    assert (len(workers) >= 1, answers_http(port)) == (True, False)


def test_web_replaces_a_killed_worker(web: tuple[psutil.Process, int]) -> None:
    server, port = web
    before = {worker.pid for worker in server.children()}

    server.children()[0].send_signal(signal.SIGKILL)

    wait_for(lambda: len({worker.pid for worker in server.children() if is_running(worker)} - before) == 1)
    assert answers_http(port)


def test_web_stops_when_asked(web: tuple[psutil.Process, int]) -> None:
    server, _ = web
    workers = server.children()

    server.terminate()

    assert server.wait(timeout=PATIENCE_SECONDS) in {0, None}
    assert [is_running(worker) for worker in workers] == [False] * len(workers)
