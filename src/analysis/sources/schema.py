"""What is wrong with a table, a line each: file, row, column, the value found, what is allowed."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frictionless import Resource

from analysis.sources.packages import Table

KINDS = {
    "integer": "a whole number, digits only",
    "number": "a number, with a point and without commas",
    "date": "a date (YYYY-MM-DD)",
    "boolean": "True or False",
    "string": "a text",
}
RULES = {
    "required": "may not be empty",
    "minimum": "may not be below {}",
    "maximum": "may not be above {}",
    "enum": "must be one of: {}",
    "pattern": "must be of the form {}",
    "unique": "may stand only once",
    "minLength": "must have at least {} letters",
}


def broken(table: Table, path: Path | None = None) -> list[str]:
    """Return what breaks a table's schema.

    Parameters
    ----------
    table : Table
        The table and its schema.
    path : pathlib.Path, optional
        Another file to check in place of the table's own.
    """
    path = path or table.path
    if not path.exists():
        return [f"{table.label}: the file is missing"]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte {error.object[error.start]:#04x} at {error.start}"
        return [f"{table.label}: {byte} is no UTF-8; save the file as UTF-8"]
    shape = list(_shape(table, text))
    if shape:
        return [f"{table.label}{one}" for one in shape]
    resource = Resource(
        path=path.name,
        basepath=str(path.parent),
        format="csv",
        encoding="utf-8",
        schema=table.resource.schema.to_copy(),
    )
    kinds = {field.name: field.type for field in table.resource.schema.fields}
    found: dict[tuple[Any, Any], str] = {}
    errors = resource.validate().flatten(["rowNumber", "fieldName", "cell", "note", "message"])
    for row, field, cell, note, message in errors:
        if field and row:
            words = f", row {row}, column {field}: {cell!r}: {_rule(str(note), kinds[field])}"
        elif row:
            words = f", row {row}: {_repeated(str(note), table)}"
        else:
            words = f": {note or message}"
        found.setdefault((row, field), f"{table.label}{words}")
    return list(found.values())


def _shape(table: Table, text: str) -> Iterator[str]:
    """Yield what is wrong with the header, or with the number of cells of a row."""
    wanted = table.resource.schema.field_names
    rows = list(csv.reader(io.StringIO(text)))
    if not rows:
        yield ": the file is empty"
    elif rows[0] != wanted:
        yield f": the header is {','.join(rows[0])!r}; it must be {','.join(wanted)!r}"
    elif len(rows) == 1 and not table.custom("empty", False):
        yield ": there is a header and no row"
    else:
        for number, row in enumerate(rows[1:], start=2):
            if row and len(row) != len(wanted):
                counted = f"{len(row)} cells, the header {len(wanted)}"
                yield f", row {number}: {counted}; a comma within a cell must stand in quotes"


def _rule(note: str, kind: str) -> str:
    """Return in words which rule a cell breaks."""
    if note.startswith("type is"):
        return f"must be {KINDS.get(kind, kind)}"
    named = re.fullmatch(r'constraint "(\w+)" is "(.*)"', note)
    if named and named[1] in RULES:
        return RULES[named[1]].format(named[2].strip("[]").replace("'", ""))
    return note


def _repeated(note: str, table: Table) -> str:
    """Return in words that a row repeats the key of another."""
    other = re.search(r"row at position (\d+)", note)
    keys = ", ".join(table.resource.schema.primary_key)
    return f"the same {keys} as row {other[1]}; a key may stand only once" if other else note
