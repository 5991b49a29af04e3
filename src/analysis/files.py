"""Write files whole or not at all, and tell whether they changed."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from analysis.errors import InputError

_unfinished: set[Path] = set()
"""Places that are being written to."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a place beside a file to write to, and put it there in one step if all went well.

    Parameters
    ----------
    path : pathlib.Path
        The file to be. Its folder is made.

    Yields
    ------
    pathlib.Path
        Where to write. If the block raises, it is removed and ``path`` stays as it was.

    Raises
    ------
    InputError
        If the system does not let it: no space, no permission, a folder that cannot be made.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _unfinished.add(beside)
        yield beside
        beside.replace(path)
    except OSError as error:
        if error.errno is None:
            raise
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        _unfinished.discard(beside)


def abandon() -> None:
    """Remove what this process, about to end, is writing to at this moment."""
    for beside in list(_unfinished):
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8 with the newlines that it has, whole or not at all."""
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


def remove_parts(folder: Path) -> None:
    """Remove what killed processes left half-written in a folder and below."""
    for part in folder.rglob(".*.part"):
        owner = part.suffixes[-2:-1]
        if owner and owner[0][1:].isdigit() and not alive(int(owner[0][1:])):
            with suppress(OSError):
                part.unlink()


def alive(pid: int) -> bool:
    """Return whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def sha256(path: Path) -> str:
    """Return the checksum of a file; computed again only when its size, time or inode changed."""
    now = path.stat()
    return _sha256(path, now.st_size, now.st_mtime_ns, now.st_ino)


@cache
def _sha256(path: Path, *state: int) -> str:
    """Return the checksum of a file in this state."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
