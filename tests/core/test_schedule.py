import logging
import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core import schedule
from congtruong.core.schedule import LONGEST_WAIT, Periodic, Scheduler, every, next_due, registered

pytestmark = pytest.mark.unit


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "close_old_connections", lambda: None)


@pytest.fixture
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_registered", {})


@pytest.mark.usefixtures("empty_registry")
def test_every_registers_and_leaves_the_function_callable() -> None:
    @every(seconds=5, name="feeds.due")
    def work() -> None: ...

    assert registered() == [Periodic("feeds.due", 5, work)]


@pytest.mark.usefixtures("empty_registry")
def test_every_refuses_a_name_already_taken() -> None:
    every(seconds=5, name="feeds.due")(lambda: None)

    with pytest.raises(ValueError, match=r"^feeds\.due is registered twice$"):
        every(seconds=9, name="feeds.due")(lambda: None)


@pytest.mark.parametrize("seconds", [0, -1])
def test_every_refuses_what_is_no_interval(seconds: float) -> None:
    with pytest.raises(ValueError, match="is not an interval"):
        every(seconds=seconds, name="x")


def test_scheduler_runs_everything_at_start_then_when_due() -> None:
    clock, calls = Clock(), list[str]()
    jobs = [Periodic("fast", 5, lambda: calls.append("fast")), Periodic("slow", 12, lambda: calls.append("slow"))]
    scheduler = Scheduler(jobs, clock=clock)

    waits = [scheduler.run_due()]
    for _ in range(3):
        clock.now += waits[-1]
        waits.append(scheduler.run_due())

    assert calls == ["fast", "slow", "fast", "fast", "slow"]
    assert waits == [5.0, 5.0, 2.0, 3.0]


def test_scheduler_logs_a_failure_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    clock, calls = Clock(), list[str]()

    def fail() -> None:
        calls.append("fail")
        raise RuntimeError("no")

    scheduler = Scheduler(
        [Periodic("a.bad", 5, fail), Periodic("b.good", 5, lambda: calls.append("good"))], clock=clock
    )

    with caplog.at_level(logging.ERROR):
        scheduler.run_due()
        clock.now += 5
        scheduler.run_due()

    assert calls == ["fail", "good", "fail", "good"]
    assert [record.getMessage() for record in caplog.records] == ["Periodic function a.bad failed; next try in 5 s"] * 2


def test_scheduler_skips_turns_missed_by_a_slow_function() -> None:
    clock, calls = Clock(), list[float]()

    def slow() -> None:
        calls.append(clock.now)
        clock.now += 33

    scheduler = Scheduler([Periodic("slow", 10, slow)], clock=clock)

    assert scheduler.run_due() == 10.0
    assert calls == [1000.0]


def test_scheduler_starts_nothing_after_a_stop() -> None:
    calls = list[str]()
    jobs = [Periodic(name, 5, lambda name=name: calls.append(name)) for name in "ab"]  # type: ignore[misc]

    Scheduler(jobs, clock=Clock()).run_due(lambda: bool(calls))

    assert calls == ["a"]


def test_scheduler_without_functions_waits_as_long_as_allowed() -> None:
    assert Scheduler([], clock=Clock()).run_due() == LONGEST_WAIT


@given(due=st.floats(0, 1e6), seconds=st.floats(0.1, 1e4), late=st.floats(0, 1e5))
def test_next_due_lies_in_the_future_but_not_further_than_an_interval(due: float, seconds: float, late: float) -> None:
    now = due + late

    following = next_due(due, seconds, now)

    assert now < following <= now + seconds


LOOP = """
from congtruong.core import schedule
schedule.close_old_connections = lambda: None
schedule.every(seconds=3600, name="x")(lambda: print("ran", flush=True))
schedule.run_until_stopped()
print("stopped", flush=True)
"""


@pytest.mark.integration
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_until_stopped_ends_in_the_middle_of_a_wait(number: int) -> None:
    with subprocess.Popen([sys.executable, "-c", LOOP], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        os.kill(process.pid, number)
        rest, _ = process.communicate(timeout=20)

    assert (first, rest, process.returncode) == ("ran\n", "stopped\n", 0)
