"""Folders for Unix sockets: short enough for the system, private, and gone when their owner is."""

import contextlib
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

from analysis import files

LONGEST = 60
"""Characters that a folder's name may have: the system allows a socket's path about a hundred."""

PREFIXES = ("kernel-", "warm-")


def make(prefix: str) -> Path:
    """Make a folder that only this user may enter, named by the process that owns it.

    Where the folder for temporary files has a name too long for a socket, another one is taken.

    Parameters
    ----------
    prefix : str
        One of :data:`PREFIXES`.
    """
    _sweep()
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=_place()))


def remove_own() -> None:
    """Remove the folders of this process, which is about to end."""
    for prefix in PREFIXES:
        for folder in Path(_place()).glob(f"{prefix}{os.getpid()}-*"):
            shutil.rmtree(folder, ignore_errors=True)


def starts() -> list[str]:
    """Return how the names of such folders begin, with their place."""
    return [f"{_place()}/{prefix}" for prefix in PREFIXES]


def private_name() -> str:
    """Return the name of the folder for what one user keeps."""
    return f"{_place()}/analysis-{os.getuid()}"


def private() -> Path:
    """Return the folder for what this user keeps, made if it is missing.

    Raises
    ------
    PermissionError
        If somebody else has made it, or may enter it.
    """
    folder = Path(private_name())
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if state.st_uid != os.getuid() or stat.S_IMODE(state.st_mode) != 0o700:
        raise PermissionError(f"{folder}: not a folder of this user alone")
    return folder


@cache
def _place() -> str:
    """Return where the folders are made."""
    usual = tempfile.gettempdir()
    if len(usual) <= LONGEST:
        return usual
    others = ("/tmp", "/var/tmp", "/dev/shm")
    return next((one for one in others if os.access(one, os.W_OK | os.X_OK)), usual)


@cache
def _sweep() -> None:
    """Remove what killed processes of this user left, once."""
    for prefix in PREFIXES:
        for folder in Path(_place()).glob(f"{prefix}[0-9]*-*"):
            owner = folder.name.removeprefix(prefix).partition("-")[0]
            with contextlib.suppress(OSError):
                mine = folder.stat().st_uid == os.getuid()
                if owner.isdigit() and mine and not files.alive(int(owner)):
                    shutil.rmtree(folder, ignore_errors=True)
