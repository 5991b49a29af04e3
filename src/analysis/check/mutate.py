"""Change one figure of a table, in the ways that figures go wrong."""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.sources.packages import Table

NUMBERS = ("integer", "number")
FIGURES = (*NUMBERS, "date")
STATED = "value"
"""A column of this name holds figures as text, in the language of :mod:`analysis.values`."""


@dataclass(frozen=True)
class Mutation:
    """One changed cell.

    Attributes
    ----------
    table, column : str
        Where.
    row : int
        The line of the file, the header being the first.
    kind : str
        In which way.
    before, after : str
        The cell as it is, and as it becomes.
    """

    table: str
    column: str
    row: int
    kind: str
    before: str
    after: str


def figures(table: Table) -> list[str]:
    """Return the columns of a table that hold figures: numbers, dates and values, keys apart."""
    keys = set(table.resource.schema.primary_key)
    return [
        field.name
        for field in table.resource.schema.fields
        if field.name not in keys and (field.type in FIGURES or field.name == STATED)
    ]


def size(table: Table) -> int:
    """Return how many figures a table has."""
    return len(figures(table)) * len(table.cells())


def mutations(table: Table, *, most: int, seed: int = 0) -> list[Mutation]:
    """Return one mutation of each figure of a table, or of a random sample of them.

    Parameters
    ----------
    table : Table
        A raw table.
    most : int
        How many figures at most.
    seed : int, optional
        Where the random choice begins.
    """
    rows = table.cells()
    chance = random.Random(f"{seed} {table.name}")
    cells = [(n, name) for name in figures(table) for n, row in enumerate(rows) if row[name]]
    chosen = chance.sample(cells, most) if len(cells) > most else cells
    made = []
    for n, name in chosen:
        others = list(dict.fromkeys(row[name] for row in rows if row[name] != rows[n][name]))
        ways = {
            kind: after
            for kind, after in _ways(rows[n][name], others, chance)
            if _number(after) is None or _number(after) != _number(rows[n][name])
        }
        kind = chance.choice(sorted(ways))
        made.append(Mutation(table.name, name, n + 2, kind, rows[n][name], ways[kind]))
    return made


def applied(text: str, mutation: Mutation) -> str:
    """Return the text of a table with one cell changed."""
    reader = csv.DictReader(io.StringIO(text))
    rows = list(reader)
    rows[mutation.row - 2][mutation.column] = mutation.after
    out = io.StringIO()
    writer = csv.DictWriter(out, list(reader.fieldnames or ()), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _ways(cell: str, others: list[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield the ways in which a cell can go wrong, each with what becomes of it."""
    yield "emptied", ""
    if others:
        yield "swapped for another", chance.choice(others)
    number = _number(cell)
    if number is not None:
        whole = "." not in cell
        for kind, factor in (("7 per cent more", 1.07), ("a thousand times", 1000.0)):
            after = number * factor
            yield kind, str(round(after) if whole and abs(after) >= 10 else round(after, 10))
        if number:
            yield "other sign", f"-{cell}" if number > 0 else cell.lstrip("-")
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return
    yield "a day later", str(day + timedelta(days=1))
    yield "a year later", str(day + timedelta(days=365))


def _number(cell: str) -> float | None:
    """Return the number that a cell is, None if it is none."""
    try:
        return float(cell)
    except ValueError:
        return None
