"""The claims on a terminal or in a file: a table of 80 columns, JSON, CSV."""

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from analysis import files
from analysis.errors import InputError
from analysis.report import display, scorecard
from analysis.report.claims import claim
from analysis.report.standing import QUESTIONS, STANDINGS

WIDTH = 80
MARKS = ("<!-- headline -->", "<!-- end of headline -->")
LEGEND = (
    "C consistent, F faithful, R reproduced, I independent, L lasting: "
    "✓ yes, ✗ no, ± mixed, ~ near and against, · no answer"
)

_STYLES = dict(
    zip(
        STANDINGS,
        ["red", "red", "red", "yellow", "yellow", "blue", "cyan", "dim"],
        strict=True,
    )
)


def print_claims(table: pd.DataFrame, file: object = None) -> None:
    """Print claims as a table of 80 columns: colour on a terminal, words always.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`analysis.report.scorecard.standings` returns it.
    file : file, optional
        Where to; standard output by default.
    """
    console = Console(file=file or sys.stdout, width=WIDTH, highlight=False)  # type: ignore[arg-type]
    grid = Grid(box=None, padding=(0, 1, 1, 0), header_style="bold", pad_edge=False)
    for name, width in (("claim", 28), ("the report says", 15), ("found", 15)):
        grid.add_column(name, width=width, overflow="fold")
    grid.add_column("standing", width=16, overflow="fold")
    row: Any
    for row in table.itertuples():
        found = scorecard.found_words(claim(row.id), row.found)
        grid.add_row(f"{row.paragraph} {row.statement}", row.stated, found or "-", _standing(row))
    console.print(grid)
    console.print(LEGEND)
    console.print(scorecard.headline(table))


def as_json(table: pd.DataFrame) -> str:
    """Return claims as a JSON list of objects."""
    rows = table.to_dict(orient="records")
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def as_csv(table: pd.DataFrame) -> str:
    """Return claims as CSV; lists joined by ``"; "``."""
    lists = {name: table[name].map("; ".join) for name in ("sources", "near_against")}
    return str(table.assign(**lists).to_csv(index=False))


def coverage_text(table: pd.DataFrame) -> str:
    """Return how many claims of each topic each question is answered for, in 80 columns."""
    letters = {question: question[0].upper() for question in QUESTIONS}
    counts = scorecard.coverage(table).rename(columns=letters)
    counts = counts.rename(columns={"beyond the report": "beyond", "untested": "none"})
    counts = counts.rename_axis(index=None, columns=None)
    legend = (
        "C consistent, F faithful, R reproduced, I independent, L lasting: claims with an\n"
        "answer; beyond: to another question than C; figures: R or I; none: untested."
    )
    return f"{counts.to_string()}\n{legend}"


def _standing(row: Any) -> Text:
    """Return strip and standing of a row, the standing coloured."""
    given = {question: getattr(row, question) for question in QUESTIONS}
    strip = display.strip_text(given, row.near_against)
    name = row.standing or "not counted"
    return Text.assemble(strip, "\n", (name, _STYLES.get(name, "")))


def put_headline(table: pd.DataFrame, page: Path) -> None:
    """Write the headline, and standings by topic, between the two marks of a Markdown page.

    Raises
    ------
    InputError
        If the page cannot be read or lacks the marks.
    """
    try:
        before, _, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
    except OSError as error:
        raise InputError(f"{page}: {error.strerror}") from error
    _, _, after = rest.partition(MARKS[1])
    if not after:
        raise InputError(f"{page}: no place for the headline between {' and '.join(MARKS)}")
    lines = [*scorecard.headline(table).splitlines(), topics_markdown(table)]
    files.write_text(page, "\n\n".join([before + MARKS[0], *lines, MARKS[1] + after]))


def topics_markdown(table: pd.DataFrame) -> str:
    """Return how many claims of each topic stand where, as a Markdown table; empty for none."""
    counts = scorecard.by(table, "topic")
    rows = [["topic", *counts.columns], ["---", *["--:"] * len(counts.columns)]]
    rows += [[topic, *(str(n) if n else "" for n in row)] for topic, *row in counts.itertuples()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
