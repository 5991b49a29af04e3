"""A notebook as a page: its text, code and outputs, every cell with an address."""

from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis import notebooks


def body(path: Path) -> Markup:
    """Return a notebook as HTML, without a page round it.

    Parameters
    ----------
    path : pathlib.Path
        A notebook with outputs.
    """
    html, _ = _exporter().from_notebook_node(_node(path))
    return Markup(html)


def heading(path: Path) -> str:
    """Return the title of a notebook: its first line, without the mark of a heading."""
    first = "".join(notebooks.load(path)["cells"][0]["source"]).partition("\n")[0]
    return first.lstrip("# ")


def cell_ids(path: Path) -> list[str]:
    """Return the address of each cell within the page of a notebook."""
    return [f"cell-id={cell['id']}" for cell in notebooks.load(path)["cells"]]


def _node(path: Path) -> Any:
    """Return the notebook as nbconvert takes it."""
    import nbformat

    return nbformat.read(path, as_version=4)


@cache
def _exporter() -> Any:
    """Return nbconvert's plainest exporter to HTML."""
    from nbconvert import HTMLExporter

    prompts = {"exclude_input_prompt": True, "exclude_output_prompt": True}
    return HTMLExporter(template_name="basic", **prompts)
