import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core.supervisor import FIRST_PAUSE, LONGEST_PAUSE, describe_exit, pause_before_restart

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 20.0

# A child notes its process id under its name, then does what its mode says.
CHILD = """
import os, signal, subprocess, sys, time
from pathlib import Path

here, name, mode = Path(__file__).parent, sys.argv[1], sys.argv[2]

def note(what):
    with (here / what).open("a") as file:
        file.write(f"{os.getpid()}\\n")

if mode == "deaf":
    signal.signal(signal.SIGTERM, lambda *_: note("told"))
if mode == "slow":
    time.sleep(0.3)
note(name)
starts = len((here / name).read_text().splitlines())
if mode == "parent":
    subprocess.Popen([sys.executable, __file__, "orphan", "sleep"])
if mode == "crash" or (mode == "crash-once" and starts == 1):
    sys.exit(3)
if mode == "job":
    sys.exit(7)
while True:
    time.sleep(600)
"""

PROGRAM = """
import sys
from pathlib import Path
from congtruong.core import supervisor

here = Path(sys.argv[1])

def child(name, mode, **options):
    return supervisor.Child(name, [sys.executable, str(here / "child.py"), name, mode], **options)

def noted(name):
    return lambda: (here / name).exists()

sys.exit(supervisor.run({arguments}))
"""

TWO = '[child("first", "sleep"), child("second", "sleep")]'


class Tree:
    """A supervisor in a process of its own, and the notes its children leave."""

    def __init__(self, folder: Path, arguments: str) -> None:
        self.folder = folder
        (folder / "child.py").write_text(CHILD)
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(arguments=arguments), str(folder)], stderr=subprocess.PIPE, text=True
        )

    def pids(self, name: str, count: int = 1) -> list[int]:
        """Process ids noted under a name, once there are at least `count`."""
        file = self.folder / name
        until(lambda: file.exists() and len(file.read_text().splitlines()) >= count, f"{count} notes of {name}")
        return [int(line) for line in file.read_text().splitlines()]

    def end(self, number: int) -> tuple[int, str]:
        self.process.send_signal(number)
        return self.result()

    def result(self) -> tuple[int, str]:
        """Exit code and everything said on standard error."""
        _, errors = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, errors


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain for {what}")
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Tree]]:
    trees: list[Tree] = []

    def start_tree(arguments: str) -> Tree:
        trees.append(Tree(tmp_path, arguments))
        return trees[-1]

    yield start_tree
    for tree in trees:
        if tree.process.poll() is None:
            tree.end(signal.SIGTERM)


@given(crashes=st.integers(min_value=1, max_value=10**6))
def test_pause_before_restart_grows_and_stays_bounded(crashes: int) -> None:
    assert FIRST_PAUSE <= pause_before_restart(crashes) <= pause_before_restart(crashes + 1) <= LONGEST_PAUSE


def test_pause_before_restart_doubles() -> None:
    assert [pause_before_restart(crashes) for crashes in range(1, 7)] == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0]


@pytest.mark.parametrize(
    ("code", "words"), [(3, "exit code 3"), (0, "exit code 0"), (-9, "signal SIGKILL"), (-250, "signal 250")]
)
def test_describe_exit_names_code_or_signal(code: int, words: str) -> None:
    assert describe_exit(code) == words


def test_run_restarts_a_crashed_child_and_says_so_in_one_line(start: Callable[[str], Tree]) -> None:
    tree = start('[child("c", "crash-once")]')

    first, second = tree.pids("c", 2)

    assert first != second
    assert tree.end(signal.SIGTERM) == (0, "congtruong: c ended (exit code 3); starting it again in 0.5 s\n")


def test_run_restarts_a_killed_child(start: Callable[[str], Tree]) -> None:
    tree = start(TWO)

    os.kill(tree.pids("first")[0], signal.SIGKILL)
    again = tree.pids("first", 2)[1]

    assert is_running(again)
    assert tree.end(signal.SIGTERM) == (0, "congtruong: first ended (signal SIGKILL); starting it again in 0.5 s\n")
    assert not is_running(again)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_run_ends_the_whole_tree_when_asked(start: Callable[[str], Tree], number: int) -> None:
    tree = start(TWO)
    pids = tree.pids("first") + tree.pids("second")

    assert tree.end(number) == (0, "")
    assert [is_running(pid) for pid in pids] == [False, False]


def test_run_keeps_terminal_signals_from_children(start: Callable[[str], Tree]) -> None:
    tree = start(TWO)

    pids = tree.pids("first") + tree.pids("second")

    assert [(os.getpgid(pid), os.getsid(pid)) for pid in pids] == [(pid, pid) for pid in pids]


def test_run_sweeps_what_a_crashed_child_leaves_behind(start: Callable[[str], Tree]) -> None:
    tree = start('[child("parent", "parent")]')
    (parent,), (orphan,) = tree.pids("parent"), tree.pids("orphan")

    os.kill(parent, signal.SIGKILL)
    tree.pids("parent", 2)

    assert not is_running(orphan)


def test_children_end_when_the_supervisor_is_killed(start: Callable[[str], Tree]) -> None:
    tree = start(TWO)
    pids = tree.pids("first") + tree.pids("second")

    tree.end(signal.SIGKILL)

    until(lambda: not any(is_running(pid) for pid in pids), "the children to end")


def test_run_kills_a_child_that_does_not_stop_in_time(start: Callable[[str], Tree]) -> None:
    tree = start('[child("deaf", "deaf", stop_seconds=0.3)]')
    (pid,) = tree.pids("deaf")

    assert tree.end(signal.SIGTERM) == (0, "congtruong: deaf did not stop in time and is killed\n")
    assert (tree.pids("told"), is_running(pid)) == ([pid], False)


def test_run_kills_at_once_when_asked_twice(start: Callable[[str], Tree]) -> None:
    tree = start('[child("deaf", "deaf", stop_seconds=600)]')
    tree.pids("deaf")

    tree.process.send_signal(signal.SIGINT)
    tree.pids("told")

    assert tree.end(signal.SIGINT) == (0, "congtruong: deaf did not stop in time and is killed\n")


def test_run_gives_up_on_a_child_that_never_becomes_ready(start: Callable[[str], Tree]) -> None:
    tree = start('[child("ok", "sleep"), child("bad", "crash", ready=lambda: False)]')

    code, errors = tree.result()

    assert (code, errors.splitlines()) == (
        1,
        [
            "congtruong: bad ended (exit code 3); starting it again in 0.5 s",
            "congtruong: bad ended (exit code 3); starting it again in 1 s",
            "congtruong: bad ended (exit code 3); starting it again in 2 s",
            "congtruong: bad cannot start (exit code 3, 4 times in a row); giving up",
        ],
    )
    assert not is_running(tree.pids("ok")[0])


def test_run_starts_its_job_when_all_are_ready_and_returns_its_exit_code(start: Callable[[str], Tree]) -> None:
    tree = start('[child("ok", "slow", ready=noted("ok"))], job=child("job", "job", ready=None)')

    assert tree.result() == (7, "")
    assert (tree.folder / "ok").stat().st_mtime_ns <= (tree.folder / "job").stat().st_mtime_ns
    assert not is_running(tree.pids("ok")[0])


def test_run_tells_once_that_all_are_ready(start: Callable[[str], Tree]) -> None:
    tree = start('[child("c", "slow", ready=noted("c"))], on_ready=lambda: (here / "ready").open("a").write("1\\n")')
    tree.pids("ready")

    os.kill(tree.pids("c")[0], signal.SIGKILL)
    tree.pids("c", 2)

    tree.end(signal.SIGTERM)
    assert tree.pids("ready") == [1]


def test_run_holds_later_children_back_behind_a_gate(start: Callable[[str], Tree]) -> None:
    tree = start('[child("gate", "slow", ready=noted("gate"), gate=True), child("later", "sleep")]')

    tree.pids("later")

    assert (tree.folder / "gate").stat().st_mtime_ns <= (tree.folder / "later").stat().st_mtime_ns
