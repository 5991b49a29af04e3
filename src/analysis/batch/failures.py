"""How a failing cell is named in one line."""

import re
from collections.abc import Sequence
from typing import Any

from papermill.exceptions import PapermillExecutionError, strip_color


def line(executed: Any, failure: PapermillExecutionError) -> str:
    """Return the cell's number in the notebook that was given, its failing line and the error.

    papermill puts a cell of its own for given parameters in front; it is not counted.
    """
    before = executed.cells[: failure.cell_index + 1]
    number = sum("injected-parameters" not in cell.metadata.get("tags", []) for cell in before)
    return f"cell {number}{_line(failure.traceback)}: {failure.ename}: {failure.evalue}"


def _line(traceback: Sequence[str]) -> str:
    """Return the line of the cell at which it failed, quoted; empty if none is marked.

    IPython marks it by an arrow; the first arrow is the cell's own, later ones are of what it
    called.
    """
    marked = re.search(r"^-+> (\d+) (.*)$", strip_color("\n".join(traceback)), re.MULTILINE)
    return f", line {marked[1]} ({marked[2].strip()})" if marked else ""
