"""One supervised process tree: web server, worker and scheduler live and end together.

Each child leads its own session, so that Ctrl-C in a terminal reaches the supervisor only, and asks the kernel to be
killed with the supervisor, so that nothing stays behind when the supervisor is killed. What a killed child was doing
is lost or done twice; jobs and requests are built for both.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from congtruong.core.lifeline import die_with_parent
from congtruong.core.stopping import STOP_SIGNALS, StopRequests, stop_requests

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
# A child that ran this long is healthy again: its next crash is restarted after the first pause.
HEALTHY_SECONDS = 30.0
# Before the tree was ready once, a child that keeps crashing will not recover by itself.
START_ATTEMPTS = 4
READY_POLL = 0.05


@dataclass(frozen=True)
class Child:
    """A process to keep running.

    `env` is added to the present environment. `ready` tells, quickly and without raising, whether the child serves;
    without it a child counts as ready once started. The children after a `gate` are started when it is ready.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    stop_seconds: float = 10.0
    gate: bool = False


def pause_before_restart(crashes: int) -> float:
    """Seconds to wait after the given number of crashes in a row (1, 2, …): doubling, bounded."""
    return min(FIRST_PAUSE * 2.0 ** min(crashes - 1, 16), LONGEST_PAUSE)


def describe_exit(code: int) -> str:
    """`exit code 3` or `signal SIGKILL`, from a return code as `subprocess` gives it."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def run(children: Sequence[Child], *, on_ready: Callable[[], None] | None = None, job: Child | None = None) -> int:
    """Run the children until told to stop; returns the exit code of the whole tree.

    0 after SIGTERM, SIGINT or SIGHUP; 1 when a child keeps crashing before all were ready once. `on_ready` is called
    once, when all are ready. `job` is started then too, is never restarted, and its end ends the tree with its code.
    Call from the main thread of a process without other threads; the previous signal handlers come back at the end.
    """
    tree = _Tree(children, on_ready, job)
    with stop_requests(wake_on_child=True) as requests:
        try:
            return tree.watch(requests)
        finally:
            tree.stop(requests)


def _say(text: str) -> None:
    # The terminal may be gone already (SIGHUP); ending the children matters more.
    with suppress(OSError):
        sys.stderr.write(f"congtruong: {text}\n")
        sys.stderr.flush()


def _before_exec(parent: int) -> None:
    die_with_parent(parent)
    # An ignored SIGINT (a shell's background job) would be inherited through exec.
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)


class _Running:
    """A child and the history that decides when it is started again."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.crashes = 0
        self.is_ready = False
        self.is_killed = False

    def start(self) -> None:
        self.started_at = time.monotonic()
        # The command lines are our own; the process that forks has one thread (PLW1509).
        self.process = subprocess.Popen(  # noqa: S603
            list(self.child.argv),
            env={**os.environ, **self.child.env},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(_before_exec, os.getpid()),  # noqa: PLW1509
        )

    def check_ready(self) -> bool:
        if not self.is_ready and self.process is not None:
            self.is_ready = self.child.ready is None or self.child.ready()
        return self.is_ready

    def ended(self) -> int | None:
        """The return code, once, when the process has ended; its whole group is swept before its id is given up."""
        if self.process is None:
            return None
        if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        self.kill_group()
        code = self.process.wait()
        self.process = None
        return code

    def note_crash(self) -> float:
        """Count a crash; returns the pause before the next start."""
        now = time.monotonic()
        self.crashes = 1 if now - self.started_at >= HEALTHY_SECONDS else self.crashes + 1
        pause = pause_before_restart(self.crashes)
        self.start_at = now + pause
        return pause

    def terminate(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)

    def kill_late(self) -> None:
        if not self.is_killed:
            self.is_killed = True
            _say(f"{self.child.name} did not stop in time and is killed")
            self.kill_group()

    def kill_group(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class _Tree:
    def __init__(self, children: Sequence[Child], on_ready: Callable[[], None] | None, job: Child | None) -> None:
        self.children = [_Running(child) for child in children]
        self.on_ready = on_ready
        self.job = _Running(job) if job else None
        self.was_ready = False

    def watch(self, requests: StopRequests) -> int:
        while not requests.count:
            for running in self.children:
                if not self._restart_if_ended(running):
                    return 1
            self._start_due()
            if not self.was_ready and all(running.check_ready() for running in self.children):
                self._tell_ready()
            if self.job and (code := self.job.ended()) is not None:
                return code if code >= 0 else 1
            requests.wait(self._next_turn())
        return 0

    def stop(self, requests: StopRequests) -> None:
        """End everything: ask, wait `stop_seconds` for each, then kill. A second signal kills at once."""
        everyone = [*self.children, *([self.job] if self.job else [])]
        asked_before, asked_at = requests.count, time.monotonic()
        for running in everyone:
            running.terminate()
        while True:
            alive = [running for running in everyone if running.ended() is None and running.process is not None]
            if not alive:
                return
            now = time.monotonic()
            for running in alive:
                if now - asked_at >= running.child.stop_seconds or requests.count > max(asked_before, 1):
                    running.kill_late()
            requests.wait(min(max(asked_at + running.child.stop_seconds - now, READY_POLL) for running in alive))

    def _restart_if_ended(self, running: _Running) -> bool:
        """Plan the restart of a child that has ended; False when it is hopeless."""
        code = running.ended()
        if code is None:
            return True
        name, how = running.child.name, describe_exit(code)
        pause = running.note_crash()
        if not self.was_ready and running.crashes >= START_ATTEMPTS:
            _say(f"{name} cannot start ({how}, {running.crashes} times in a row); giving up")
            return False
        _say(f"{name} ended ({how}); starting it again in {pause:g} s")
        return True

    def _start_due(self) -> None:
        for running in self.children:
            if running.process is None and time.monotonic() >= running.start_at:
                running.start()
            if not self.was_ready and running.child.gate and not running.check_ready():
                return

    def _tell_ready(self) -> None:
        self.was_ready = True
        if self.on_ready:
            self.on_ready()
        if self.job:
            self.job.start()

    def _next_turn(self) -> float:
        if not self.was_ready:
            return READY_POLL
        planned = [running.start_at for running in self.children if running.process is None]
        return min(planned, default=time.monotonic() + 3600.0) - time.monotonic()
