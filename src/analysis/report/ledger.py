"""The ledger: every finding, gathered from executed notebooks."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis import files, paths
from analysis.errors import InputError
from analysis.report.findings import MIME

Record = dict[str, Any]


def harvest(notebooks: Iterable[Path]) -> list[Record]:
    """Return the findings that executed notebooks carry in their outputs.

    Parameters
    ----------
    notebooks : iterable of pathlib.Path
        Executed notebooks; the name of each is recorded as ``notebook``.

    Returns
    -------
    list of dict
        The fields of :class:`analysis.report.findings.Finding` and ``notebook``, in the order of
        the cells.

    Raises
    ------
    InputError
        If a file is not a notebook.
    """
    records: list[Record] = []
    for path in notebooks:
        for output in outputs(path):
            for finding in output.get("data", {}).get(MIME, []):
                records.append({**finding, "notebook": path.stem})
    return records


def load(path: Path | None = None) -> list[Record]:
    """Return the findings of a ledger file, or those stored in the collection's own notebooks.

    Raises
    ------
    InputError
        If the file does not exist or is not a ledger.
    """
    if path is None:
        return harvest(paths.notebooks())
    try:
        records: list[Record] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"ledger {path}: no such file; `analysis run` makes one") from error
    except json.JSONDecodeError as error:
        raise InputError(f"ledger {path}: not JSON: {error}") from error
    return records


def dump(records: list[Record], path: Path) -> None:
    """Write a ledger file, whole or not at all."""
    files.write_text(path, json.dumps(records, indent=1, ensure_ascii=False) + "\n")


def outputs(path: Path) -> Iterable[Record]:
    """Yield the outputs of a notebook's cells."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a notebook") from error
    for cell in cells:
        yield from cell.get("outputs", [])
