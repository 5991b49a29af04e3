"""Records, inside a kernel, which files a notebook opens and which modules it imports.

It imports nothing but the standard library, so that a kernel pays nothing for it.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from analysis.kernels import sockets

_begun = 0.0
_read: set[str] = set()
_written: set[str] = set()
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_IGNORED = (
    *{os.path.realpath(path) for path in (sys.prefix, sys.base_prefix)},
    *(str(Path.home() / name) for name in (".cache", ".config", ".ipython", ".jupyter", ".local")),
    *("/proc", "/sys", "/dev", "/etc", "/usr", "/var"),
)
_SOCKETS = (f"{tempfile.gettempdir()}/ipykernel_", *sockets.starts())
_kept: set[str] = set()


def listen() -> None:
    """Record from now on; libraries, the system's own files and source code are left out."""
    global _begun
    project = Path(__file__).resolve().parents[3]
    own = [str(Path.cwd()), os.environ.get("ANALYSIS_DATA", "")]
    own += [str(project)] if (project / "pyproject.toml").exists() else []
    _kept.update(os.path.realpath(path) for path in own if path)
    sys.addaudithook(_hear)
    _begun = time.process_time()


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Note a file that is opened or put in place."""
    if event == "open":
        path, mode, flags = arguments
        writing = any(c in mode for c in "wax+") if mode else bool((flags or 0) & _WRITING)
        _note(path, _written if writing else _read)
    elif event == "os.rename":
        _written.discard(_name(arguments[0]))
        _note(arguments[1], _written)


def _name(path: Any) -> str:
    """Return a path as an absolute one; empty for what is no path, such as a descriptor."""
    return os.path.realpath(os.fsdecode(path)) if isinstance(path, (str, bytes, Path)) else ""


def _ignored(name: str) -> bool:
    """Return whether a file is a library's or the system's; the deepest folder named decides.

    So a project that lies below ``/var`` is heard, and the environment inside a project is not.
    """
    folders = [one for one in (*_IGNORED, *_kept) if name.startswith(one.rstrip("/") + "/")]
    deepest = max(folders, key=len, default="")
    return name.startswith(_SOCKETS) or (deepest in _IGNORED and deepest not in _kept)


def _note(path: Any, where: set[str]) -> None:
    """Add a file to a set, unless it is ignored."""
    name = _name(path)
    if name and not _ignored(name) and not name.endswith((".py", ".pyc")):
        where.add(name)


def report() -> str:
    """Return what was recorded as JSON.

    Returns
    -------
    str
        An object with ``reads`` and ``writes`` (files), ``modules`` (source files of imported
        modules that are no library's), ``libraries`` (top-level names of libraries) and
        ``cpu_seconds`` (of this process since it began to record).
    """
    cpu_seconds = round(time.process_time() - _begun, 3)
    modules, libraries = set(), set()
    for name, module in list(sys.modules.items()):
        source = getattr(module, "__file__", None)
        if not source or name.startswith(("analysis.batch", "analysis.kernels")):
            continue
        if "site-packages" in source:
            libraries.add(name.split(".")[0])
        elif not _ignored(os.path.realpath(source)):
            modules.add(os.path.realpath(source))
    files = {
        "reads": sorted(_read - _written),
        "writes": sorted(path for path in _written if Path(path).exists()),
    }
    imports = {"modules": sorted(modules), "libraries": sorted(libraries)}
    return json.dumps({**files, **imports, "cpu_seconds": cpu_seconds})
