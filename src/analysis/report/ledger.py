"""The ledger: every finding of a run, gathered from executed notebooks, as one tidy table.

A record is what ``docs/findings.schema.json`` says: the fields of
:class:`analysis.report.findings.Finding`, and where it comes from: ``notebook``, ``cell`` (its
position among the notebook's own cells, from 1) and ``choices`` (the parameters it was computed
under).
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from analysis import files, notebooks, paths
from analysis.errors import InputError
from analysis.report.findings import MIME, Finding

Entry = dict[str, Any]

_LISTS = ("marks", "sources")


def harvest(executed: Iterable[Path]) -> list[Entry]:
    """Return the findings that executed notebooks carry in their outputs.

    A finding that another notebook gave already, from the same cell, is a stale copy's: it is left
    out, with a line on standard error.

    Parameters
    ----------
    executed : iterable of pathlib.Path
        Executed notebooks; the name of each is recorded as ``notebook``.

    Returns
    -------
    list of dict
        Records in the order of notebooks and cells.

    Raises
    ------
    InputError
        If a file is not a notebook.
    """
    entries: list[Entry] = []
    seen: dict[tuple[str, ...], str] = {}
    for path in executed:
        stale = 0
        book = notebooks.load(path)
        choices = notebooks.choices(book)
        for position, cell in notebooks.own_cells(book):
            for finding in _carried(cell):
                key = (
                    cell.get("id", ""),
                    finding["claim"],
                    finding["question"],
                    json.dumps(finding["sources"]),
                )
                if seen.setdefault(key, path.stem) != path.stem:
                    stale += 1
                    continue
                where = {"notebook": path.stem, "cell": position, "choices": choices}
                entries.append({**finding, **where})
        if stale:
            click.echo(f"{path.name}: {stale} findings left out: a copy of another's", err=True)
    return entries


def load(path: Path | None = None) -> list[Entry]:
    """Return the findings of a ledger file, or those stored in the collection's own notebooks.

    Raises
    ------
    InputError
        If the file does not exist or is not a ledger.
    """
    if path is None:
        return harvest(paths.notebooks())
    try:
        entries: list[Entry] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"ledger {path}: no such file; `analysis run` makes one") from error
    except ValueError as error:
        raise InputError(f"ledger {path}: not JSON: {error}") from error
    if not (isinstance(entries, list) and all(map(_is_entry, entries))):
        raise InputError(f"ledger {path}: no list of findings, such as `analysis run` writes")
    return entries


def dump(entries: list[Entry], path: Path) -> None:
    """Write a ledger file, whole or not at all; one that says the same stays untouched."""
    text = json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
    if not (path.exists() and path.read_text(encoding="utf-8") == text):
        files.write_text(path, text)


def typed(entries: Iterable[Entry]) -> list[Finding]:
    """Return the findings of a ledger without where they come from."""
    return [_typed(entry) for entry in entries]


def _is_entry(entry: Any) -> bool:
    """Return whether something read from a ledger has all that a record has."""
    needed = {*Finding.__dataclass_fields__, "notebook", "cell", "choices"}
    return isinstance(entry, dict) and needed <= set(entry)


def _typed(entry: Entry) -> Finding:
    """Return the finding of one record."""
    fields: dict[str, Any] = {name: entry[name] for name in Finding.__dataclass_fields__}
    fields |= {name: tuple(fields[name]) for name in _LISTS}
    return Finding(**fields)


def _carried(cell: Entry) -> Sequence[Entry]:
    """Return the findings in the outputs of a cell."""
    outputs = cell.get("outputs", [])
    return [one for output in outputs for one in output.get("data", {}).get(MIME, [])]
