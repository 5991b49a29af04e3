"""A zygote that is kept for the next runs: for people at work, one a user and environment.

It listens in a folder that only its user may enter, and ends by itself when nobody has wanted a
kernel for a while. Its address tells what it has imported: an update makes another one.
"""

import hashlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from analysis.kernels import sockets
from analysis.kernels.zygote import IDLE


def address(modules: Sequence[str], early: Mapping[str, str]) -> Path:
    """Return where the kept zygote of this interpreter, these modules and libraries listens.

    Parameters
    ----------
    modules : sequence of str
        What it imports.
    early : mapping of str to str
        The variables of the environment that are read as it starts.
    """
    installed = sorted(f"{one.name}=={one.version}" for one in metadata.distributions())
    ours = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    told = json.dumps([sys.executable, sys.version, list(modules), dict(early), installed, ours])
    return sockets.private() / hashlib.sha256(told.encode()).hexdigest()[:24]


def listens(place: Path) -> bool:
    """Return whether a zygote listens there."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(place))
        except OSError:
            return False
    return True


def keep(place: Path, modules: Sequence[str], env: Mapping[str, str], minutes: float) -> bool:
    """Start a zygote that is kept, in place of older ones, and wait until it listens.

    Parameters
    ----------
    place : pathlib.Path
        As :func:`address` gives it.
    modules : sequence of str
        What it imports first.
    env : mapping of str to str
        Its environment.
    minutes : float
        How long it waits for work.

    Returns
    -------
    bool
        Whether it was started; False if one was there.

    Raises
    ------
    RuntimeError
        If it ends before it listens.
    """
    if listens(place):
        return False
    stop()
    idle = f"{IDLE}{minutes * 60}"
    command = [sys.executable, "-m", "analysis.kernels.zygote", str(place), idle, *modules]
    process = subprocess.Popen(
        command,
        env=env,
        cwd="/",
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not listens(place):
        if process.poll() is not None:
            raise RuntimeError(f"the zygote ended with status {process.returncode}")
        time.sleep(0.01)
    return True


def stop() -> int:
    """End every kept zygote of this user, with its kernels, and return how many there were."""
    ended = 0
    for place in sockets.private().iterdir():
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(place))
                connection.sendall(b'{"end": true}\n')
                connection.recv(1)  # It closes the connection as it ends.
                ended += 1
            except OSError:
                pass
        place.unlink(missing_ok=True)
    return ended


def here(modules: Sequence[str], early: Mapping[str, str]) -> Path | None:
    """Return where a kept zygote listens; None if there is none, or not of this user alone."""
    if not Path(sockets.private_name()).is_dir():
        return None
    try:
        place = address(modules, early)
    except PermissionError:
        return None
    return place if listens(place) else None
