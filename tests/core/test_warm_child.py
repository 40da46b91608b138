"""Children that stay warm: what they answer, what they may not do, and that nothing of them is left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from congtruong.core.limited_child import Bounds, ChildFailed
from congtruong.core.warm_child import ChildNotStarted, Pool

pytestmark = pytest.mark.integration

BOUNDS = Bounds(seconds=20, megabytes=200, output_megabytes=1)
BEGIN = """
import json, os, signal, sys, time
from congtruong.core.warm_child import serve
seen = []
def read(order, body):
    seen.append(order["word"])
    match order["word"]:
        case "loop":
            while True: pass
        case "sleep":
            time.sleep(60)
        case "abort":
            os.abort()
        case "exit":
            raise SystemExit(3)
        case "memory":
            kept = [bytearray(10**7) for _ in range(100)]
        case "large":
            return b"x" * 3_000_000
        case "close":
            os.closerange(0, 20)
        case "grow":
            seen.append("x" * 120_000_000)
        case "print":
            print("a" * 100_000, flush=True)
            os.write(1, b"b" * 100)
        case "environment":
            return json.dumps(sorted(set(os.environ) - {"LC_CTYPE"})).encode()
    return json.dumps([os.getpid(), len(seen), len(body)]).encode()
serve(read)
"""


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "some_warm_child.py").write_text(BEGIN, encoding="utf-8")
    pool = Pool("some_warm_child", BOUNDS, most=2)
    yield pool
    pool.close()
    assert children() == []


def children() -> list[int]:
    ours = psutil.Process(os.getpid()).children()
    return [child.pid for child in ours if "some_warm_child" in " ".join(child.cmdline())]


def ask(pool: Pool, word: str = "", body: bytes = b"", seconds: int = 20) -> Any:
    return eval(pool.run({"word": word}, body, seconds=seconds, subject="thử"))  # noqa: S307 - our own child's


def test_one_child_reads_many_documents(pool: Pool) -> None:
    answers = [ask(pool, body=b"x" * size) for size in (0, 10, 3_000_000)]

    assert len({pid for pid, _, _ in answers}) == 1
    assert [answer[1:] for answer in answers] == [[1, 0], [2, 10], [3, 3_000_000]]
    assert len(children()) == 1


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("loop", "timeout"),
        ("sleep", "timeout"),
        ("abort", "crashed"),
        ("exit", "crashed"),
        ("memory", "crashed"),
        ("large", "crashed"),
        ("close", "crashed"),
    ],
)
def test_child_that_breaks_a_bound_loses_that_document_only(pool: Pool, word: str, code: str) -> None:
    pid, _, _ = ask(pool)

    with pytest.raises(ChildFailed) as caught:
        ask(pool, word, seconds=1 if code == "timeout" else 20)

    assert caught.value.code == code
    assert children() == []
    other, count, _ = ask(pool)
    assert (other != pid, count) == (True, 1)


def test_time_is_counted_for_each_document(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(pool, seconds=1)
    time.sleep(2.2)

    assert ask(pool, seconds=1)[0] == first[0]


def test_what_a_library_prints_does_not_reach_the_answers(pool: Pool) -> None:
    assert ask(pool, "print")[1:] == [1, 0]
    assert ask(pool)[1:] == [2, 0]


def test_child_sees_none_of_our_secrets(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "bí mật")

    assert ask(pool, "environment") == ["PATH", "PYTHONPATH", "PYTHONUTF8"]


def test_child_is_replaced_after_many_documents(pool: Pool) -> None:
    short = Pool("some_warm_child", BOUNDS, most=1, most_documents=2)

    pids = [ask(short)[0] for _ in range(4)]

    assert [pids[0] == pids[1], pids[1] == pids[2], pids[2] == pids[3]] == [True, False, True]
    assert children() == []


def test_child_that_has_grown_is_replaced(pool: Pool) -> None:
    grown = ask(pool, "grow")[0]

    assert ask(pool)[0] != grown


def test_idle_children_are_ended(pool: Pool) -> None:
    ask(pool)

    assert pool.end_idle(unused_for=60) is True
    assert len(children()) == 1
    assert pool.end_idle() is False
    assert children() == []
    assert ask(pool)[1] == 1


def test_child_that_died_while_idle_is_replaced(pool: Pool) -> None:
    pid = ask(pool)[0]
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(pid)], timeout=0.2)

    assert ask(pool)[1] == 1


def test_threads_share_the_pool_within_its_bound(pool: Pool) -> None:
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.extend(ask(pool) for _ in range(5))) for _ in range(6)]
    for thread in threads:
        thread.start()
    most = len(children())
    for thread in threads:
        thread.join(timeout=60)
        most = max(most, len(children()))

    assert len(found) == 30
    assert most <= 2


def test_no_files_stay_open(pool: Pool) -> None:
    ask(pool)
    pool.end_idle()
    before = len(os.listdir("/proc/self/fd"))
    for word in ("", "abort", "exit"):
        try:
            ask(pool, word)
        except ChildFailed:
            continue
    pool.end_idle()

    assert len(os.listdir("/proc/self/fd")) == before


def test_forked_process_has_children_of_its_own(pool: Pool) -> None:
    pid = ask(pool)[0]
    read_end, write_end = os.pipe()
    forked = os.fork()
    if forked == 0:
        # What pytest would do at exit is none of this process's business.
        try:
            other = ask(pool)[0]
            os.write(write_end, b"1" if other != pid else b"0")
            pool.close()
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as told:
        answer = told.read()
    os.waitpid(forked, 0)

    assert answer == b"1"
    assert ask(pool) == [pid, 2, 0]


def test_module_that_does_not_serve_is_nobodys_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "broken_warm_child.py").write_text("raise SystemExit(3)")
    pool = Pool("broken_warm_child", BOUNDS, most=1)

    with pytest.raises(ChildNotStarted):
        ask(pool)


ORPHANS = """
import os, sys, threading
from congtruong.core.limited_child import Bounds
from congtruong.core.warm_child import Pool
pool = Pool("some_warm_child", Bounds(megabytes=200), most=2)
print(pool.run({"word": ""}, b"", seconds=20, subject="").decode(), flush=True)
threading.Thread(target=lambda: pool.run({"word": sys.argv[1]}, b"", seconds=1, subject=""), daemon=True).start()
sys.stdin.read()
"""


@pytest.mark.parametrize("word", ["", "loop"])
def test_children_end_with_their_parent(pool: Pool, tmp_path: Path, word: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHANS, word],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).resolve().parents[2])])},
    )
    assert parent.stdout is not None
    child = psutil.Process(eval(parent.stdout.readline())[0])  # noqa: S307
    parent.kill()
    parent.communicate()

    # A generous bound, not a measurement: the alarm rings after two seconds.
    _, alive = psutil.wait_procs([child], timeout=60)
    assert alive == []
