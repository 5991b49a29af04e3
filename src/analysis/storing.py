"""How notebooks are stored: with their outputs, and with nothing that varies by machine or hour."""

from typing import Any

from nbstripout import strip_output

from analysis import notebooks

VOLATILE = (
    *("metadata.signature", "metadata.widgets"),
    *(
        f"metadata.language_info.{name}"
        for name in (
            *("version", "codemirror_mode", "file_extension", "mimetype"),
            *("nbconvert_exporter", "pygments_lexer"),
        )
    ),
    *(
        f"cell.metadata.{name}"
        for name in ("ExecuteTime", "collapsed", "execution", "scrolled", "trusted")
    ),
)
"""Keys that an editor or a kernel adds, and that say nothing of what the notebook found."""


KERNEL = "python3"
"""Name of the kernel that every notebook of the collection names."""


def tidy(book: Any) -> Any:
    """Return a notebook without volatile metadata; its outputs stay.

    Parameters
    ----------
    book : nbformat.NotebookNode
        Changed in place.
    """
    named = book["metadata"].get("kernelspec", {})
    if named.get("name") == KERNEL:
        named["display_name"] = "Python 3"  # JupyterLab adds who provides it here.
    return strip_output(
        book, keep_output=True, keep_count=True, keep_id=True, extra_keys=list(VOLATILE)
    )


def with_outputs(book: Any, executed: Any) -> Any:
    """Return a notebook with the outputs of its executed copy.

    Parameters
    ----------
    book : nbformat.NotebookNode
        The notebook; changed in place.
    executed : nbformat.NotebookNode
        The copy, which may have injected cells and metadata of a run: none of it is taken over.
    """
    done = (cell for _, cell in notebooks.own_cells(executed))
    for cell, other in zip(book["cells"], done, strict=True):
        if cell["cell_type"] == "code":
            cell["outputs"] = other["outputs"]
            cell["execution_count"] = other["execution_count"]
    return tidy(book)
