"""Starts zygotes and asks them for kernels: the side of the process that wants them."""

import atexit
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.kernels import kept, sockets

AT_START = ("PYTHON", "LC_", "LANG", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_", "MPL", "LD_")
"""Variables that an interpreter or its libraries read once: each set has a zygote of its own."""

FOR_ZYGOTES = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
"""What keeps numeric libraries and Arrow's allocator from starting threads as they are imported,
and the debugger from warning."""

START_TIMEOUT = 120.0

PATIENCE = 30.0
"""Seconds in which a zygote that listens must have forked a kernel; it takes a hundredth of one."""

PRELOAD = ["analysis.kernels.preload"]
"""What a zygote imports before it forks, unless a kernel specification names other modules."""


def available() -> bool:
    """Return whether this system can fork safely; macOS and Windows cannot."""
    return sys.platform.startswith("linux") and hasattr(os, "fork")


class KernelLost(RuntimeError):  # noqa: N818
    """A kernel went through no fault of its notebook: its zygote ended, or it never answered."""


class ZygoteProcess:
    """A zygote that this process started.

    Parameters
    ----------
    modules : sequence of str
        What the zygote imports first.
    env : mapping of str to str
        Its environment.
    """

    def __init__(self, modules: Sequence[str], env: Mapping[str, str]) -> None:
        self.owner = os.getpid()
        self.folder = sockets.make("warm-")
        self.address = self.folder / "zygote"
        told = [str(self.address), str(self.owner), *modules]
        command = [sys.executable, "-m", "analysis.kernels.zygote", *told]
        # A session of its own, as kernels have: a signal to our process group is not for it.
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, env={**env, **FOR_ZYGOTES}, start_new_session=True
        )
        atexit.register(self.close)

    def wait(self) -> None:
        """Wait until it listens.

        Raises
        ------
        KernelLost
            If it ends before.
        RuntimeError
            If it takes too long.
        """
        limit = time.monotonic() + START_TIMEOUT
        while not self.address.exists():
            if self.process.poll() is not None:
                raise KernelLost(f"the zygote ended with status {self.process.returncode}")
            if time.monotonic() > limit:
                raise RuntimeError(f"the zygote did not start within {START_TIMEOUT:.0f} s")
            time.sleep(0.005)

    @property
    def alive(self) -> bool:
        """Whether it runs, and is this process's own rather than one inherited by a fork."""
        return self.owner == os.getpid() and self.process.poll() is None

    def ended(self) -> bool:
        """Return whether it has ended, or is about to: what it held may go first."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=0.1)
        return not self.alive

    def fork(self, request: Mapping[str, Any]) -> tuple[socket.socket, int]:
        """Return the lease and the process id of a new kernel."""
        self.wait()
        return _fork(self.address, request, self.process.kill)

    def close(self, patience: float = 5) -> None:
        """End the zygote, and with it every kernel of its own; kill it if it takes too long."""
        if self.owner != os.getpid():
            return
        with contextlib.suppress(OSError):
            assert self.process.stdin is not None
            self.process.stdin.close()
        if not self.address.exists():  # It still imports, and has no kernels yet.
            self.process.kill()
        try:
            self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class KeptZygote:
    """A zygote that somebody started before, and that goes on after us.

    Parameters
    ----------
    address : pathlib.Path
        Where it listens.
    """

    def __init__(self, address: Path) -> None:
        self.address = address

    @property
    def alive(self) -> bool:
        """Whether it listens."""
        return kept.listens(self.address)

    def ended(self) -> bool:
        """Return whether it has ended."""
        return not self.alive

    def fork(self, request: Mapping[str, Any]) -> tuple[socket.socket, int]:
        """Return the lease and the process id of a new kernel."""
        return _fork(self.address, request, self.address.unlink)

    def close(self, patience: float = 5) -> None:
        """Leave it as it is: its kernels end with the leases of this process."""


def _fork(
    address: Path, request: Mapping[str, Any], give_up: Callable[[], object]
) -> tuple[socket.socket, int]:
    """Ask the zygote that listens there for a kernel, and return its lease and process id.

    One that does not answer in time is stopped, and no use to anybody: it is given up.
    """
    lease = socket.socket(socket.AF_UNIX)
    try:
        lease.connect(str(address))
        lease.sendall(json.dumps(request).encode() + b"\n")
    except OSError as error:
        raise KernelLost(f"the zygote does not answer: {error}") from error
    answer = b""
    lease.settimeout(PATIENCE)
    while not answer.endswith(b"\n"):
        try:
            part = lease.recv(4096)
        except TimeoutError:
            give_up()
            part = b""
        if not part:
            raise KernelLost("the zygote ended while it forked a kernel")
        answer += part
    lease.setblocking(False)
    return lease, json.loads(answer)["pid"]


_zygotes: dict[tuple[object, ...], ZygoteProcess | KeptZygote] = {}
_lock = threading.Lock()


def at_start(env: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that an interpreter or its libraries read once."""
    return {key: value for key, value in env.items() if key.startswith(AT_START)}


def start(modules: Sequence[str], env: Mapping[str, str]) -> ZygoteProcess | KeptZygote:
    """Return the zygote for these modules and this environment: a kept one, or one started now.

    It may still be importing; its ``fork`` waits for it.
    """
    early = at_start(env)
    key = (tuple(modules), tuple(sorted(early.items())))
    with _lock:
        zygote = _zygotes.get(key)
        if zygote is None or not zygote.alive:
            place = kept.here(modules, early)
            zygote = KeptZygote(place) if place else ZygoteProcess(modules, env)
            _zygotes[key] = zygote
    return zygote


def end_all() -> None:
    """End every zygote of this process, and with it every kernel."""
    for zygote in list(_zygotes.values()):
        zygote.close(patience=1)
