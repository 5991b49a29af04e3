"""Single figures that publications state: rows of ``data/raw/statements``."""

from difflib import get_close_matches

from analysis import values
from analysis.errors import InputError
from analysis.sources import tables

TABLE = "statements/statements"


def row(identifier: str) -> dict[str, str]:
    """Return a statement, column by column.

    Raises
    ------
    InputError
        If there is no such row; the message lists those of the same publication.
    """
    rows = tables.rows(TABLE)
    if identifier not in rows:
        start = identifier.split(".")[0]
        same = [key for key in rows if key.split(".")[0] == start]
        near = same or get_close_matches(identifier, rows, 3, 0)
        raise InputError(f"data/raw/{TABLE}.csv: no {identifier!r}; nearest: {', '.join(near)}")
    return rows[identifier][1]


def value(identifier: str) -> values.Value:
    """Return what a statement stands for, in the unit of its row.

    Raises
    ------
    InputError
        If there is no such row.
    """
    said = row(identifier)
    return values.parse(said["value"], said["unit"])


def number(identifier: str) -> float:
    """Return the number of a statement, that of its bound or its centre if it is no plain one.

    Raises
    ------
    InputError
        If there is no such row, or it is no number.
    """
    return value(identifier).number


def source(identifier: str) -> str:
    """Return the name under which findings cite this row."""
    return f"{TABLE}#{identifier}"


def sources(*identifiers: str) -> list[str]:
    """Return the names under which findings cite these rows."""
    return [source(identifier) for identifier in identifiers]
