"""A notebook as a page: its text, code and outputs, every cell with an address."""

import multiprocessing
import os
import re
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from analysis import notebooks

_LINK = re.compile(r'href="(\d\d_\w+)\.ipynb"')

FEW = 4
"""So many notebooks are converted here; more by processes of their own."""


def body(path: Path) -> str:
    """Return a notebook as HTML, without a page round it.

    Parameters
    ----------
    path : pathlib.Path
        A notebook with outputs.
    """
    import nbformat

    html, _ = _exporter().from_notebook_node(nbformat.read(path, as_version=4))
    return _LINK.sub(r'href="\1.html"', html)


def converters(paths: Sequence[Path]) -> "Executor | nullcontext[None]":
    """Return the processes that convert these notebooks, to be entered; none for a few."""
    if len(paths) <= FEW:
        return nullcontext()
    spawn = multiprocessing.get_context("spawn")  # A fork would copy whatever threads there are.
    others = max((os.cpu_count() or 1) - 1, 1)  # One is busy with all other pages.
    return ProcessPoolExecutor(min(others, len(paths)), mp_context=spawn)


def cell_ids(path: Path) -> list[str]:
    """Return the address of each cell within the page of a notebook."""
    return [f"cell-id={cell['id']}" for cell in notebooks.load(path)["cells"]]


@cache
def _exporter() -> Any:
    """Return nbconvert's plainest exporter to HTML."""
    from nbconvert import HTMLExporter

    prompts = {"exclude_input_prompt": True, "exclude_output_prompt": True}
    return HTMLExporter(template_name="basic", **prompts)
