"""What a notebook may take, and the kernels that run, so that all can be ended at once."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What a notebook may take.

    Attributes
    ----------
    seconds : float
        Wall time of a cell; 0 for no limit.
    megabytes : int
        Private memory that a notebook may add to that of its kernel; 0 for no limit. Linux only.
    output : int
        Megabytes that a notebook may print and show; 0 for no limit.
    """

    seconds: float = 0
    megabytes: int = 0
    output: int = 0


_kernels: set[int] = set()
_lock = threading.Lock()


@contextlib.contextmanager
def kept_in_mind(manager: Any) -> Iterator[None]:
    """Keep a kernel's process id while it runs, so that all can be killed at once."""
    pid = getattr(manager.provisioner, "pid", None)
    with _lock:
        _kernels.add(pid or 0)
    try:
        yield
    finally:
        with _lock:
            _kernels.discard(pid or 0)


def cap(manager: Any, limits: Limits) -> None:
    """Cap what a notebook adds to the memory of its kernel; beyond, a cell gets a MemoryError."""
    if limits.megabytes and sys.platform == "linux":
        import resource

        pid = manager.provisioner.pid
        size = _private(pid) + limits.megabytes * 1_000_000
        resource.prlimit(pid, resource.RLIMIT_DATA, (size, size))


def _private(pid: int) -> int:
    """Return the private memory of a process, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (kilobytes,) = [line.split()[1] for line in lines if line.startswith("VmData")]
    return int(kilobytes) * 1024


def kill_all() -> None:
    """Kill every kernel that runs; whoever waits for one sees it die."""
    with _lock:
        pids = [pid for pid in _kernels if pid]
    for pid in pids:
        end_kernel(pid)


def end_kernel(pid: int) -> None:
    """Kill a kernel and what it started."""
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
