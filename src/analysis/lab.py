"""A server extension of JupyterLab: a notebook that is saved unedited changes nothing in git.

It is on wherever this package is installed; nobody has to set up a hook.
"""

from typing import Any

import nbformat

from analysis import storing


def tidy_before_saving(model: dict[str, Any], **_: Any) -> None:
    """Take from a notebook about to be saved what varies by machine or hour.

    Parameters
    ----------
    model : dict
        What is saved, as :mod:`jupyter_server` describes it; only notebooks are changed.
    """
    if model["type"] == "notebook" and model.get("content"):
        model["content"] = storing.tidy(nbformat.from_dict(model["content"]))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Return what the server is to load."""
    return [{"module": "analysis.lab"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Have the server call us before it saves."""
    server.contents_manager.register_pre_save_hook(tidy_before_saving)
