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

TEMPLATE = Path(__file__).parent / "convert" / "plain"
"""The template of nbconvert's that a notebook is converted by."""

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
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from nbconvert.filters import Highlight2HTML
    from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter

    class Plain(HTMLExporter):  # type: ignore[misc]
        """Without the stock one's last step, half of its time.

        It parses the page once more for what ours has not: pictures without words, and the cells
        of another template.
        """

        def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
            """Convert a notebook."""
            made = self._init_resources(resources)
            shown = WidgetsDataTypeFilter(
                notebook_metadata=self._nb_metadata, parent=self, resources=made
            )
            self.register_filter("highlight_code", Highlight2HTML("python", parent=self))
            self.register_filter("filter_data_type", shown)
            return TemplateExporter.from_notebook_node(self, nb, made, **kw)

    prompts = {"exclude_input_prompt": True, "exclude_output_prompt": True}
    return Plain(
        template_name=TEMPLATE.name, extra_template_basedirs=[str(TEMPLATE.parent)], **prompts
    )
