"""The real thing for browser tests: the demo's process tree on free ports, and Debian's Chromium."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from congtruong.core.serving import free_port
from tests.e2e.console import HEAD, PHONE, SLOW, Desk, sign_in

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
CHROMIUM = "/usr/bin/chromium"


@dataclass
class Demo:
    """A running demo province."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    log: Path
    env: dict[str, str] = field(default_factory=dict)

    def url(self, host: str, path: str = "/") -> str:
        suffix = "" if host == "localhost" else ".localhost"
        return f"http://{host}{suffix}:{self.port}{path}"

    def get(self, host: str, path: str = "/") -> tuple[int, str]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as http:
            http.request("GET", path, headers={"Host": host})
            reply = http.getresponse()
            return reply.status, reply.read().decode("utf-8", "replace")

    def child(self, command: str) -> psutil.Process:
        """The process of the tree whose command line holds a word."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        return next(p for p in family if command in " ".join(p.cmdline()))


def wait_until(is_so: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > end:
            pytest.fail(f"waited in vain for: {what}")
        time.sleep(0.2)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    port, upstream = free_port(), free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CONGTRUONG_", "DJANGO_"))}
    env |= {
        "CONGTRUONG_DATA_DIR": str(folder),
        "CONGTRUONG_PUBLIC_PORT": str(port),
        "CONGTRUONG_FETCH_ALLOW": f"127.0.0.1:{upstream}",
        "PYTHONPATH": str(ROOT),
    }
    if connection.vendor == "postgresql":
        env["CONGTRUONG_DATABASE_URL"] = _own_database()
    log = folder / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "congtruong.config.cli", "demo", "--port", str(port)],
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=ROOT,
        )
    running = Demo(port, folder, process, log, env)
    try:
        wait_until(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, "the demo to start")
        assert process.poll() is None, log.read_text()
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def _own_database() -> str:
    """A PostgreSQL database beside that of the tests, dropped with the test cluster."""
    own = connection.settings_dict
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is tested

    name = f"e2e_{os.getpid()}"
    address = f"postgresql://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    return f"{address}/{name}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django's tests in the same process are synchronous all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page in a browser, with what it asked for and complained about."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    contexts: list[BrowserContext] = []

    def opened(width: int, *, javascript: bool = True, **options: Any) -> Visit:
        size: Any = {"width": width, "height": 800}
        context = browser.new_context(viewport=size, java_script_enabled=javascript, locale="vi-VN", **options)
        context.set_default_timeout(SLOW)
        contexts.append(context)
        made = Visit(context.new_page())
        made.page.on("request", lambda request: made.hosts.add(request.url.split("/")[2]))
        made.page.on(
            "console", lambda message: made.complaints.append(message.text) if message.type == "error" else None
        )
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        return made

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def passes() -> dict[str, Any]:
    """Cookies of those who signed in before: signing in has tests of its own."""
    return {}


@pytest.fixture
def desk(demo: Demo, visit: Callable[..., Visit], passes: dict[str, Any]) -> Callable[..., Desk]:
    """A person of the school, signed in; each call is a browser of its own."""

    def opened(username: str = HEAD, width: int = PHONE, **options: Any) -> Desk:
        made = Desk(demo, visit(width, storage_state=passes.get(username), **options))
        if username not in passes:
            sign_in(made.page, demo, username)
            made.page.get_by_role("navigation").first.wait_for()
            passes[username] = made.page.context.storage_state()
        return made

    return opened
