"""Notebooks as files: which there are, their cells, tags, parameters and figures."""

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from analysis import files, paths
from analysis.errors import InputError

Notebook = dict[str, Any]
Cell = dict[str, Any]

SVG = "image/svg+xml"
GATHERS = "gathers"
"""The tag of a cell that reads the findings of all other notebooks."""


def select(names: Sequence[str]) -> list[Path]:
    """Return the named notebooks, or all, in the order of their numbers.

    Parameters
    ----------
    names : sequence of str
        Names with or without ``notebooks/`` and ``.ipynb``; a number alone (``"10"``) will do.

    Raises
    ------
    InputError
        If there is no such notebook; the message lists those there are.
    """
    known = {path.stem: path for path in paths.notebooks()}
    if not names:
        return list(known.values())
    chosen = set()
    for name in names:
        stem = Path(name).name.removesuffix(".ipynb")
        fits = [key for key in known if stem in (key, key.split("_")[0])]
        elsewhere = Path(name).is_file() and Path(name).resolve() not in _resolved(known)
        if elsewhere:
            raise InputError(
                f"{name}: not one of the collection, which are notebooks/NN_theme.ipynb; "
                "papermill --engine analysis runs any other"
            )
        if not fits:
            raise InputError(f"no notebook {name!r}; there are: {', '.join(known)}")
        chosen.add(fits[0])
    return [path for stem, path in known.items() if stem in chosen]


def _resolved(known: Mapping[str, Path]) -> set[Path]:
    """Return where notebooks really lie."""
    return {path.resolve() for path in known.values()}


def load(path: Path) -> Notebook:
    """Return a notebook as JSON has it.

    Raises
    ------
    InputError
        If the file does not exist or is not a notebook.
    """
    try:
        book: Notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in book["cells"]:
            cell["cell_type"], "".join(cell["source"]), tags(cell)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: not a notebook") from error
    return book


def tags(cell: Mapping[str, Any]) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", []))


def cell_source(cell: Mapping[str, Any]) -> str:
    """Return the source of a cell as one text."""
    return "".join(cell["source"])


def own_cells(book: Notebook) -> Iterator[tuple[int, Cell]]:
    """Yield a notebook's cells with their positions from 1, without those that were injected."""
    own = [cell for cell in book["cells"] if "injected-parameters" not in tags(cell)]
    yield from enumerate(own, start=1)


def gathers(book: Notebook) -> bool:
    """Return whether a notebook reads the findings of all others."""
    return any(GATHERS in tags(cell) for cell in book["cells"])


def heading(path: Path) -> str:
    """Return the title of a notebook: its first line, without the mark of a heading."""
    return "".join(load(path)["cells"][0]["source"]).partition("\n")[0].lstrip("# ")


def link(path: Path) -> str:
    """Return a link to a notebook from one beside it, as HTML."""
    return f'<a href="{path.name}">{escape(heading(path))}</a>'


def question(path: Path) -> str:
    """Return the question that a notebook answers, as its first cell has it; may be empty."""
    text = "".join(load(path)["cells"][0]["source"])
    _, mark, rest = text.partition("**Question.** ")
    return rest.partition("\n")[0] if mark else ""


def answer(path: Path) -> str:
    """Return the sentence that answers a notebook's question, as it is stored; may be empty."""
    mark = "Answer. "
    for cell in load(path)["cells"]:
        for output in cell.get("outputs", []):
            text = "".join(output.get("data", {}).get("text/plain", ""))
            if text.startswith(mark):
                return text.removeprefix(mark)
    return ""


def choices(book: Notebook) -> dict[str, Any]:
    """Return the parameters of an executed notebook: its defaults, and over them what was injected.

    Only plain values are read; nothing is executed.
    """
    found: dict[str, Any] = {}
    for cell in book["cells"]:
        if cell["cell_type"] == "code" and {"parameters", "injected-parameters"} & {*tags(cell)}:
            found |= _assigned(cell_source(cell))
    return found


def figures(path: Path, out: Path) -> list[Path]:
    """Write the figures that an executed notebook carries.

    Parameters
    ----------
    path : pathlib.Path
        An executed notebook.
    out : pathlib.Path
        The folder to write to; made if missing.

    Returns
    -------
    list of pathlib.Path
        The files, named ``NOTEBOOK-1.svg`` and on.
    """
    outputs = (output for cell in load(path)["cells"] for output in cell.get("outputs", []))
    pictures = [data[SVG] for o in outputs if SVG in (data := o.get("data", {}))]
    written = []
    for number, picture in enumerate(pictures, start=1):
        written.append(out / f"{path.stem}-{number}.svg")
        files.write_text(written[-1], "".join(picture))
    return written


def _assigned(code: str) -> dict[str, Any]:
    """Return the plain values that a cell assigns to names."""
    found = {}
    for node in ast.parse(code).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        for target in targets:
            if isinstance(target, ast.Name) and node.value is not None:  # type: ignore[attr-defined]
                found[target.id] = ast.literal_eval(node.value)  # type: ignore[attr-defined]
    return found
