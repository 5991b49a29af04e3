"""The record that an executed notebook carries, and whether it still holds.

A record stands in the metadata of the executed notebook itself, under ``analysis``. It holds the
checksums of the code, of the modules and files read and written, the parameters, and the versions
of the libraries. This module is light: it imports neither pandas nor papermill.
"""

import hashlib
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis import notebooks, paths

KEY = "analysis"

Record = dict[str, Any]


def code(cells: Sequence[Mapping[str, Any]]) -> str:
    """Return the checksum of the code cells' sources; prose, tags, outputs and ids do not count.

    Cells that papermill injected are left out.

    Examples
    --------
    >>> one = {"cell_type": "code", "source": "x = 1", "metadata": {"tags": ["a"]}}
    >>> code([one]) == code([{**one, "metadata": {}}, {"cell_type": "markdown", "source": "A"}])
    True
    """
    sources = [
        notebooks.cell_source(cell)
        for cell in cells
        if cell["cell_type"] == "code" and "injected-parameters" not in notebooks.tags(cell)
    ]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def read(target: Path) -> Record:
    """Return the record of an executed notebook; empty if there is none or it is not whole."""
    try:
        notebook = json.loads(target.read_text(encoding="utf-8"))
        return dict(notebook["metadata"].get(KEY, {}))
    except (OSError, ValueError, KeyError, TypeError):
        return {}


class Checksums:
    """Checksums of files, each computed once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, path: str) -> str:
        """Return a file's checksum; empty if it does not exist."""
        if path not in self._known:
            try:
                content = Path(path).read_bytes()
            except OSError:
                return ""
            self._known[path] = hashlib.sha256(content).hexdigest()
        return self._known[path]


def complete(report: Mapping[str, Any], begun: float) -> Record:
    """Return what a kernel reported with checksums and versions.

    Parameters
    ----------
    report : mapping
        As :func:`analysis.batch.recorder.report` has it.
    begun : float
        When the notebook began, in seconds since the epoch. A file changed since then gets no
        checksum, so that the notebook runs again.
    """
    sums = Checksums()

    def checked(files: Sequence[str], ours: bool = False) -> dict[str, str]:
        return {
            path: sums(path) if ours or _touched(path) < begun else "changed"
            for path in files
            if Path(path).exists()
        }

    names = distributions()
    found = {name for library in report["libraries"] for name in names.get(library, [])}
    return {
        "reads": checked(report["reads"]),
        "writes": checked(report["writes"], ours=True),
        "modules": checked(report["modules"]),
        "libraries": {name: version(name) for name in sorted(found)},
        "python": platform.python_version(),
        "cpu_seconds": report["cpu_seconds"],
    }


def _touched(path: str) -> float:
    """Return when a file was last changed, by the system's own clock and not by its time stamp."""
    state = Path(path).stat()
    return state.st_mtime if sys.platform == "win32" else state.st_ctime


@cache
def distributions() -> Mapping[str, list[str]]:
    """Return the names of distributions by top-level module."""
    return metadata.packages_distributions()


@cache
def version(name: str) -> str:
    """Return the installed version of a distribution; empty if there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def reasons(
    record: Record, notebook: Path, parameters: Mapping[str, Any], sums: Checksums
) -> list[str]:
    """Return why a notebook has to run, a reason a line; none if its record holds.

    Parameters
    ----------
    record : dict
        Of the last run; empty if there is none.
    notebook : pathlib.Path
        The notebook as it is now.
    parameters : mapping
        The parameters it would get.
    sums : Checksums
        Checksums of files as they are now.
    """
    if not record:
        return ["it has not run"]
    if record.get("status") != "ok":
        return [f"it failed the last time: {record.get('error', '')}".rstrip(": ")]
    if "reads" not in record:
        return ["its last run left no record of what it read"]
    found = []
    if record["code"] != code(notebooks.load(notebook)["cells"]):
        found.append("its code changed")
    if record["parameters"] != dict(parameters):
        found.append(f"its parameters changed: {record['parameters']} to {dict(parameters)}")
    found += _changed(record, notebook, sums)
    for name, was in record["libraries"].items():
        if version(name) != was:
            found.append(f"{name} {was} became {version(name) or 'nothing'}")
    if record["python"] != platform.python_version():
        found.append(f"Python {record['python']} became {platform.python_version()}")
    return found


def _changed(record: Record, notebook: Path, sums: Checksums) -> list[str]:
    """Return which files of a record are not as they were."""
    found = []
    for kind, verb in (("modules", "changed"), ("reads", "changed"), ("writes", "was changed")):
        for path, sha256 in record[kind].items():
            if Path(path) == notebook:  # It reads its own declarations; its code counts above.
                continue
            now = sums(path)
            if now != sha256:
                found.append(f"{short(path)} {verb if now else 'is gone'}")
    return found


def short(path: str) -> str:
    """Return a path as messages name it: relative to the project if it lies there."""
    inside = Path(path).is_relative_to(paths.ROOT)
    return Path(path).relative_to(paths.ROOT).as_posix() if inside else path
