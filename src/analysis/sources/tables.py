"""Read and write tables, checked against their schema; remember what was read.

A notebook calls :func:`read` and :func:`write`; nothing else in the project opens a data file.
"""

import io
from typing import Any

import pandas as pd

from analysis import files
from analysis.errors import InputError
from analysis.sources import packages, schema

_read: dict[str, str] = {}
_written: set[str] = set()
_parsed: dict[str, tuple[str, pd.DataFrame]] = {}
_rows: dict[str, tuple[str, dict[str, tuple[int, dict[str, str]]]]] = {}

_DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


def read(name: str) -> pd.DataFrame:
    """Read a table and check it against its schema.

    Parameters
    ----------
    name : str
        ``"PACKAGE/TABLE"``, e.g. ``"ai_index_2022/private_investment_by_year"``.

    Returns
    -------
    pandas.DataFrame
        One row a row of the file. A column without gaps has a plain dtype (``int64``,
        ``float64``, ``str``).

    Raises
    ------
    InputError
        If there is no such table or a cell breaks the schema: file, row, column, value, rule.
    """
    return _current(name).copy()


def rows(name: str) -> dict[str, tuple[int, dict[str, str]]]:
    """Return the rows of a table by key, each with its line in the file and its cells as text.

    Parameters
    ----------
    name : str
        ``"PACKAGE/TABLE"``.

    Returns
    -------
    dict
        By the values of the primary key, joined by commas; the header is line 1.

    Raises
    ------
    InputError
        As :func:`read`.
    """
    frame = _current(name)
    sha256 = _read[name]
    if _rows.get(name, ("",))[0] != sha256:
        columns = packages.table(name).resource.schema.primary_key
        texts = frame.astype(object).where(frame.notna(), "").astype(str)
        cells: Any = texts.to_dict(orient="records")
        found = {",".join(row[c] for c in columns): (n, row) for n, row in enumerate(cells, 2)}
        _rows[name] = sha256, found
    return _rows[name][1]


def checksum(name: str) -> str:
    """Return the sha256 of a table's file as it is now; empty if there is none."""
    table = packages.table(name)
    return table.sha256 if table.path.exists() else ""


def were_read() -> dict[str, str]:
    """Return the tables read so far in this process, with the sha256 of each file."""
    return dict(_read)


def were_written() -> set[str]:
    """Return the tables written so far in this process."""
    return set(_written)


def write(frame: pd.DataFrame, name: str) -> str:
    """Write a processed table, if it is what its schema says, and say what changed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Its columns are the schema's, in the schema's order.
    name : str
        ``"processed/TABLE"``; nothing else can be written.

    Returns
    -------
    str
        ``"processed/TABLE: 27 rows"``.

    Raises
    ------
    InputError
        If the table is not a processed one, or the frame breaks its schema.
    """
    table = packages.table(name)
    if not name.startswith("processed/"):
        raise InputError(f"{name}: only tables of data/processed can be written")
    fields = table.resource.schema.field_names
    if list(frame.columns) != fields:
        raise InputError(
            f"{table.label}: columns are {list(frame.columns)}, the schema has {fields}"
        )
    text = frame.to_csv(index=False, lineterminator="\n")
    with files.replacing(table.path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
        wrong = schema.broken(table, beside)
        if wrong:
            raise InputError(wrong[0])
    _written.add(name)
    return f"{name}: {len(frame)} rows"


def _current(name: str) -> pd.DataFrame:
    """Return a table as its file is now; checked and parsed again only when the file changed."""
    table = packages.table(name)
    sha256 = checksum(name)
    known = _parsed.get(name)
    if known is None or known[0] != sha256:
        wrong = schema.broken(table)
        if wrong:
            raise InputError(wrong[0])
        known = _parsed[name] = sha256, _parse(table, table.path.read_text(encoding="utf-8"))
    _read[name] = sha256
    return known[1]


def _parse(table: packages.Table, text: str) -> pd.DataFrame:
    """Return the text as a frame with the dtypes of the table's schema."""
    types = {field.name: field.type for field in table.resource.schema.fields}
    dtypes = {name: _DTYPES.get(kind, "str") for name, kind in types.items()}
    frame = pd.read_csv(io.StringIO(text), dtype=dtypes, keep_default_na=False, na_values=[""])
    for name, kind in types.items():
        if kind in ("integer", "number") and not frame[name].isna().any():
            frame[name] = frame[name].astype({"integer": "int64", "number": "float64"}[kind])
    return frame
