"""Processes that end with the process that started them."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def _load_prctl() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl: Callable[..., int] = ctypes.CDLL(None, use_errno=True).prctl
    return prctl


# Loaded once, at import: between fork and exec nothing may be imported or allocated needlessly.
_prctl = _load_prctl()


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process with SIGKILL when its parent `parent` (a process id) ends in any way.

    Call it first thing in the child; a parent that is already gone ends the child at once. The order survives `exec`
    but not `fork`: a grandchild must ask for itself. "Parent" means the thread that forked, so fork from a thread
    that lives as long as its process. Outside Linux this promises nothing.
    """
    if _prctl is None:
        return
    _prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
