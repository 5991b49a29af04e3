"""Execute a notebook in this process, without a kernel, and keep what its cells show."""

import ast
import contextlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython.lib import pretty as printing

from analysis import notebooks, parameters, paths

TEXT = "text/plain"


@dataclass(frozen=True)
class Seen:
    """What a cell shows.

    Attributes
    ----------
    notebook : str
        The notebook's name.
    cell : int
        The cell's position among the notebook's own, from 1.
    printed : str
        What it prints.
    data : dict
        What its last value shows, by MIME type; pictures are left out.
    """

    notebook: str
    cell: int
    printed: str
    data: dict[str, Any]


def seen(path: Path, given: Mapping[str, Any] | None = None) -> list[Seen]:
    """Execute a notebook's code in this process.

    Parameters
    ----------
    path : pathlib.Path
        A notebook of the collection; it uses no magics.
    given : mapping, optional
        Values of its choices in place of the defaults.

    Returns
    -------
    list of Seen
        One for each cell of code.

    Raises
    ------
    Exception
        Whatever a cell raises, with a note that names the notebook and the cell.
    """
    import pandas as pd

    space: dict[str, Any] = {"__name__": "__main__"}
    made = []
    with _in(paths.NOTEBOOKS), pd.option_context("display.max_columns", 20, "display.width", 80):
        for position, cell in notebooks.own_cells(notebooks.load(path)):
            if cell["cell_type"] != "code":
                continue
            printed = io.StringIO()
            try:
                with contextlib.redirect_stdout(printed):
                    value = _run(notebooks.cell_source(cell), space, f"<{path.stem}, {position}>")
                    data = _bundle(value)
            except Exception as error:
                error.add_note(f"{path.stem}, cell {position}")
                raise
            if parameters.TAG in notebooks.tags(cell):
                space |= given or {}
            made.append(Seen(path.stem, position, printed.getvalue(), data))
    return made


def stored(path: Path) -> list[Seen]:
    """Return what the cells of an executed notebook show, as it is stored."""
    made = []
    for position, cell in notebooks.own_cells(notebooks.load(path)):
        if cell["cell_type"] != "code":
            continue
        printed: str = ""
        data: dict[str, Any] = {}
        for output in cell["outputs"]:
            printed += "".join(output.get("text", ""))
            data |= {kind: _whole(value) for kind, value in output.get("data", {}).items()}
        data = {kind: value for kind, value in data.items() if not kind.startswith("image/")}
        made.append(Seen(path.stem, position, printed, data))
    return made


def _run(source: str, space: dict[str, Any], name: str) -> Any:
    """Execute a cell and return its last value, None if it ends with none."""
    tree = ast.parse(source, name)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, name, "exec"), space)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), name, "exec"), space)
    return eval(compile(ast.Expression(last.value), name, "eval"), space)


def _bundle(value: Any) -> dict[str, Any]:
    """Return what a value shows of itself in a notebook, without pictures."""
    if value is None:
        return {}
    if not hasattr(value, "_repr_mimebundle_"):
        html = getattr(value, "_repr_html_", None)
        return {TEXT: str(printing.pretty(value))} | ({"text/html": html()} if html else {})
    made = value._repr_mimebundle_()
    data = made[0] if isinstance(made, tuple) else made
    kept = {kind: one for kind, one in data.items() if not kind.startswith("image/")}
    return dict(json.loads(json.dumps(kept)))


def _whole(value: Any) -> Any:
    """Return a stored value: texts are kept as lists of lines."""
    lines = isinstance(value, list) and value and all(isinstance(one, str) for one in value)
    return "".join(value) if lines else value


@contextlib.contextmanager
def _in(folder: Path) -> Iterator[None]:
    """Work in a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
