"""``python -m analysis`` and the command ``analysis``: light, so that it can be stopped at once."""

import contextlib
import os
import signal
import sys
from typing import Any, NoReturn

STOPPED = b"stopped; what had ended is kept\n"


def begin() -> None:
    """Run the command line; an interrupt or a request to end stops it at once, at any moment."""
    owner = os.getpid()

    def stop(*_: Any) -> NoReturn:
        """End this process and all that it started, without unwinding and without waiting."""
        if os.getpid() == owner:
            _end()
        os._exit(130)

    for number, usual in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGTERM, signal.SIG_DFL),
    ):
        if signal.getsignal(number) == usual:  # A shell's background job ignores an interrupt.
            signal.signal(number, stop)
    from analysis.cli import main

    main(prog_name="analysis")


def _end() -> None:
    """Say what is kept, kill kernels and helpers, and remove what is half-written."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(Exception):  # It may be in the middle of printing.
        sys.stdout.flush()
    os.write(2, b"\n" * os.isatty(2) + STOPPED)
    if "analysis.batch.limits" in sys.modules:
        from analysis.batch import limits

        limits.kill_all()
    if "analysis.kernels.client" in sys.modules:
        from analysis.kernels import client, sockets

        client.end_all()
        sockets.remove_own()
    if "multiprocessing" in sys.modules:
        import multiprocessing

        for child in multiprocessing.active_children():
            child.kill()
    if "analysis.files" in sys.modules:
        from analysis import files

        files.abandon()


if __name__ == "__main__":
    begin()
