"""The ledger: every finding, gathered from executed notebooks."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

from analysis import paths
from analysis.errors import InputError
from analysis.report.findings import MIME

Record = dict[str, Any]


def stored() -> list[Path]:
    """Return the collection's own notebooks, whose stored outputs hold the published findings."""
    return sorted(paths.NOTEBOOKS.glob("[0-9]*.ipynb"))


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
        return harvest(stored())
    try:
        records: list[Record] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"ledger {path}: no such file; `analysis run` makes one") from error
    except json.JSONDecodeError as error:
        raise InputError(f"ledger {path}: not JSON: {error}") from error
    return records


def dump(records: list[Record], path: Path) -> None:
    """Write a ledger file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)


def outputs(path: Path) -> Iterable[Record]:
    """Yield the outputs of a notebook's cells."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise InputError(f"{path}: not a notebook") from error
    for cell in notebook.cells:
        yield from cell.get("outputs", [])
