"""A process that has the libraries imported already and forks kernels from itself.

It listens on a Unix socket. A client connects, sends one JSON line (``argv``, ``env``, ``cwd``) and
gets one back with the ``pid`` of a new kernel; when the kernel ends, another with its ``status``.
The connection is the kernel's lease: when the client closes it or dies, the kernel is killed. When
the process that started the zygote dies, its standard input ends, and it kills all and ends itself.
One that is kept (``idle=SECONDS`` in place of its owner) has nobody to die with: it ends when asked
(``end``), or when it has had no kernel for so long. Another user is not answered.

It never has a second thread and never opens a ZeroMQ context, so forking it is safe.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MAX_REQUEST = 1 << 20

_CREDENTIALS = struct.Struct("3i")

IDLE = "idle="
"""How the seconds begin that a zygote is kept for, in place of the process id of its owner."""

LOOK = 0.1
"""Seconds between looks whether who started a zygote is still there while it imports."""


def threads() -> int:
    """Return how many threads this process has, those of C libraries included."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except FileNotFoundError:
        import threading

        return threading.active_count()


class Zygote:
    """The server.

    Parameters
    ----------
    address : str
        Path of the Unix socket to listen on.
    idle : float, optional
        Seconds without a kernel after which it ends; None if it ends with its standard input.
    """

    def __init__(self, address: str, idle: float | None = None) -> None:
        self.idle = idle
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(address)
        self.listener.listen(128)
        self.leases: dict[int, socket.socket] = {}
        self.wakeup, self.alarm = socket.socketpair()
        self.wakeup.setblocking(False)
        self.alarm.setblocking(False)

    def serve(self) -> None:
        """Fork kernels until standard input ends; then kill them all."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(self.alarm.fileno())
        sources = [self.listener, self.wakeup]
        for source in sources if self.idle is not None else [*sources, sys.stdin]:
            self.selector.register(source, selectors.EVENT_READ)
        while True:
            events = self.selector.select(self.idle)
            if not events and not self.leases:
                self.end()
            for key, _ in events:
                if key.fileobj is sys.stdin:
                    self.end()
                    return
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj is self.wakeup:
                    self.reap()
                else:
                    self.hang_up(key.data)

    def accept(self) -> None:
        """Read a request of this user, fork a kernel, and answer with its process id."""
        connection, _ = self.listener.accept()
        if user_of(connection) != os.getuid():
            connection.close()
            return
        line = b""
        while not line.endswith(b"\n") and len(line) < MAX_REQUEST:
            part = connection.recv(65536)
            if not part:
                connection.close()
                return
            line += part
        try:
            request = json.loads(line)
        except ValueError:
            connection.close()
            return
        if request.get("end"):
            self.end()
        pid = os.fork()
        if pid == 0:
            self.forget()
            connection.close()
            become_kernel(request)
        self.leases[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ, pid)
        self.answer(connection, {"pid": pid})

    def forget(self) -> None:
        """In a new kernel: close what belongs to the zygote alone."""
        signal.set_wakeup_fd(-1)
        self.selector.close()
        for one in (self.listener, self.wakeup, self.alarm, *self.leases.values()):
            one.close()

    def reap(self) -> None:
        """Tell the clients of kernels that ended."""
        with contextlib.suppress(BlockingIOError):
            while self.wakeup.recv(4096):
                pass
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    break
                connection = self.leases.pop(pid, None)
                if connection is not None:
                    self.answer(connection, {"status": os.waitstatus_to_exitcode(status)})
                    self.selector.unregister(connection)
                    connection.close()

    def hang_up(self, pid: int) -> None:
        """Kill a kernel whose client has gone; its end is reaped as any other."""
        connection = self.leases.get(pid)
        if connection is None:
            return
        with contextlib.suppress(OSError):
            if connection.recv(1):
                return
        kill(pid)
        self.selector.unregister(self.leases.pop(pid))
        connection.close()

    def end(self) -> None:
        """Kill every kernel and end this process at once: there is nothing to tidy up."""
        for pid in self.leases:
            kill(pid)
        os._exit(0)

    @staticmethod
    def answer(connection: socket.socket, message: Mapping[str, Any]) -> None:
        """Send one JSON line; a client that has gone does not matter."""
        with contextlib.suppress(OSError):
            connection.sendall(json.dumps(message).encode() + b"\n")


def user_of(connection: socket.socket) -> int:
    """Return the user id of the process at the other end, as the system knows it."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(credentials)
    return int(user)


def kill(pid: int) -> None:
    """Kill a kernel and what it started."""
    for send in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            send(pid, signal.SIGKILL)


def become_kernel(request: Mapping[str, Any]) -> None:
    """Turn this new process into a kernel, and end it with the kernel.

    Parameters
    ----------
    request : mapping
        ``argv`` as of the kernel specification from the module's name on, ``env``, ``cwd``.
    """
    status = 1
    try:
        os.setsid()
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["env"])
        refresh()
        sys.argv = list(request["argv"])
        from analysis.kernels.app import KernelApp

        parent = f"--IPKernelApp.parent_handle={os.getppid()}"
        KernelApp.launch_instance([*sys.argv[1:], parent])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def refresh() -> None:
    """Give a new process its own random state, time zone and plotting backend."""
    random.seed()
    time.tzset()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        inline = "module://matplotlib_inline.backend_inline"
        matplotlib.rcParams["backend"] = os.environ.setdefault("MPLBACKEND", inline)


@contextlib.contextmanager
def _not_alone(parent: int) -> Iterator[None]:
    """End at once if who started this process dies meanwhile; nobody listens to its input yet."""

    def look(*_: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    look()  # It may have died already.
    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def main() -> None:
    """Import what is named after the address and who it serves, then serve."""
    address, owner, *modules = sys.argv[1:]
    idle = float(owner.removeprefix(IDLE)) if owner.startswith(IDLE) else None
    with _not_alone(int(owner)) if idle is None else contextlib.nullcontext():
        for name in modules:
            importlib.import_module(name)
    running = threads()
    if running > 1:
        sys.exit(f"the zygote has {running} threads and cannot fork safely")
    gc.collect()
    gc.freeze()
    zygote = Zygote(f"{address}.part", idle)
    Path(f"{address}.part").rename(address)
    zygote.serve()


if __name__ == "__main__":
    main()
