"""How each raw table is taken from its publisher's original file.

A table's ``datapackage.json`` names the original and either the sheet that holds the table as it
stands or a recipe: a function of a module of :mod:`analysis.sources.publishers` that derives it,
``"cset.aiia_companies"``. The same recipe makes a table and verifies it.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.sources.packages import Table

Recipe = Callable[[Path], pd.DataFrame]


def take(table: Table, originals: Path) -> pd.DataFrame:
    """Return a raw table as its recipe takes it from the original.

    Parameters
    ----------
    table : Table
        A raw table whose descriptor names an original file.
    originals : pathlib.Path
        The folder with the originals, laid out as the descriptors say.

    Returns
    -------
    pandas.DataFrame
        The columns of the table's schema, the rows in the original's order.

    Raises
    ------
    InputError
        If the original is missing, or names neither a sheet nor a known recipe.
    """
    original = table.original
    path = originals / original["file"]
    if not path.exists():
        raise InputError(f"{table.name}: no original {original['file']} in {originals}")
    if "sheet" in original:
        return from_sheet(table, path)
    return _recipe(table.name, str(original.get("recipe")))(path)


def _recipe(name: str, recipe: str) -> Recipe:
    """Return the function that a recipe names."""
    module, _, function = recipe.partition(".")
    try:
        found: Recipe = getattr(import_module(f"analysis.sources.publishers.{module}"), function)
    except (ImportError, AttributeError) as error:
        raise InputError(f"{name}: no recipe {recipe!r} in analysis.sources.publishers") from error
    return found


def from_sheet(table: Table, path: Path) -> pd.DataFrame:
    """Return a sheet of a workbook whose header holds the titles of the table's fields.

    Raises
    ------
    InputError
        If the workbook has no such sheet or the sheet no such column.
    """
    sheet = table.original["sheet"]
    workbook = _workbook(path)
    if sheet not in workbook:
        raise InputError(f"{path.name}: no sheet {sheet!r}; there are: {list(workbook)}")
    frame = workbook[sheet]
    titles = {field.title: field for field in table.resource.schema.fields}
    missing = [title for title in titles if title not in frame.columns]
    if missing:
        raise InputError(f"{path.name}, sheet {sheet!r}: no column {missing[0]!r}")
    frame = frame[list(titles)].dropna(how="all").reset_index(drop=True)
    for title, field in titles.items():
        if field.type == "integer":
            frame[title] = frame[title].astype("int64")
    return frame.rename(columns={title: field.name for title, field in titles.items()})


@cache
def _workbook(path: Path) -> dict[str, pd.DataFrame]:
    """Read a workbook once for all its sheets."""
    sheets: dict[str, pd.DataFrame] = pd.read_excel(path, sheet_name=None, engine="openpyxl")
    return sheets
