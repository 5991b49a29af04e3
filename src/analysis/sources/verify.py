"""Compare the raw tables with the publishers' original files, figure by figure."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.sources import packages, recipes, tables


@dataclass
class Verification:
    """What comparing one table with its original showed.

    Attributes
    ----------
    table : str
        The table's name.
    status : str
        ``"agrees"``, ``"differs"``, or ``"not at hand"`` where no original file can be read.
    figures : int
        How many cells were compared.
    lines : list of str
        One a difference: file, row, column, our value, the original's; or why there is no original.
    """

    table: str
    status: str
    figures: int = 0
    lines: list[str] = field(default_factory=list)


def verify(originals: Path) -> list[Verification]:
    """Re-read every raw table from its original and compare.

    Parameters
    ----------
    originals : pathlib.Path
        The folder with the originals.

    Raises
    ------
    InputError
        If the folder does not exist, or holds none of the originals.
    """
    if not originals.is_dir():
        raise InputError(
            f"--originals {originals}: no such folder; `analysis sources fetch` fills one"
        )
    results = [_verify(table, originals) for table in packages.raw_tables()]
    if all(result.status == "not at hand" for result in results):
        raise InputError(f"--originals {originals}: holds none of the originals")
    return results


def table_differences(ours: pd.DataFrame, theirs: pd.DataFrame, label: str) -> list[str]:
    """Return one line for each figure that differs, first those of shape."""
    if list(ours.columns) != list(theirs.columns):
        return [f"{label}: columns {list(ours.columns)}, the original has {list(theirs.columns)}"]
    lines = []
    if len(ours) != len(theirs):
        lines.append(f"{label}: {len(ours)} rows, the original has {len(theirs)}")
    for column in ours.columns:
        pairs: Any = zip(ours[column], theirs[column], strict=False)
        for row, (mine, original) in enumerate(pairs, start=2):
            both_missing = pd.isna(mine) and pd.isna(original)
            if not both_missing and not _same(mine, original):
                lines.append(f"{label}, row {row}, column {column}: {mine}, original {original}")
    return lines


def _same(mine: Any, original: Any) -> bool:
    """Return whether two cells hold the same figure; text must be the same to the letter."""
    if pd.isna(mine) or pd.isna(original):
        return False
    return bool(mine == original)


def _verify(table: packages.Table, originals: Path) -> Verification:
    """Compare one table."""
    if "file" not in table.original:
        return Verification(table.name, "not at hand", lines=[f"read from pages: {_pages(table)}"])
    if not (originals / table.original["file"]).is_file():
        return Verification(table.name, "not at hand", lines=[f"no {table.original['file']}"])
    theirs = recipes.take(table, originals)
    ours = tables.read(table.name)
    lines = table_differences(ours, theirs, table.label)
    digest = hashlib.sha256((originals / table.original["file"]).read_bytes()).hexdigest()
    if digest != table.original["sha256"]:
        lines.insert(0, f"{table.original['file']}: sha256 {digest}, expected another edition's")
    return Verification(table.name, "differs" if lines else "agrees", ours.size, lines)


def _pages(table: packages.Table) -> str:
    """Return where the figures of a table without a file were read."""
    sources = table.about["sources"]
    return str(sources[0].get("path", sources[0]["title"]))
