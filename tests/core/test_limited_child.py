"""A child process with hard limits: what it answers, and that nothing it does harms the parent."""

import os
from pathlib import Path

import psutil
import pytest

from congtruong.core.limited_child import Bounds, ChildFailed, run_limited

pytestmark = pytest.mark.integration

QUICK = Bounds(seconds=2, megabytes=200, output_megabytes=1)
BEGIN = "import os, sys\nfrom congtruong.core.limited_child import answer, begin\norder = begin()\n"


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path / "some_child.py"


def run(child: Path, source: str, *, body: bytes = b"") -> bytes:
    child.write_text(BEGIN + source, encoding="utf-8")
    return run_limited("some_child", order={"word": "chào"}, body=body, bounds=QUICK, subject="thử")


def test_child_gets_order_and_body_and_answers(child: Path) -> None:
    output = run(child, "answer({'said': order['word'], 'size': len(sys.stdin.buffer.read())})", body=b"x" * 3_000_000)

    assert output.decode() == '{"said": "chào", "size": 3000000}'


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import time; time.sleep(60)", "timeout"),
        ("while True: pass", "timeout"),
        ("raise SystemExit(3)", "crashed"),
        ("os.abort()", "crashed"),
        ("kept = [bytearray(10**7) for _ in range(100)]", "crashed"),
        ("while True: sys.stdout.buffer.write(b'x' * 10**6)", "crashed"),
        ("while True: sys.stderr.buffer.write(b'x' * 10**6)", "crashed"),
    ],
)
def test_child_that_exceeds_its_limits_is_ended(child: Path, source: str, code: str) -> None:
    before = psutil.Process(os.getpid()).children()

    with pytest.raises(ChildFailed) as caught:
        run(child, source)

    assert caught.value.code == code
    assert psutil.Process(os.getpid()).children() == before


def test_child_sees_none_of_our_secrets(child: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "bí mật")

    assert run(child, "answer(sorted(set(os.environ) - {'LC_CTYPE'}))") == b'["PATH", "PYTHONPATH", "PYTHONUTF8"]'
