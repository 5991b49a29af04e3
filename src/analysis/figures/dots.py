"""A dot a source with its interval, against what the report says."""

import textwrap
from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import COLOURS, STYLE, Figure, finish

_BOLD: dict[str, Any] = {"fontsize": 12.5, "fontweight": "bold"}


def dots(
    frame: pd.DataFrame,
    *,
    stated: Mapping[str, float],
    title: str,
    unit: str,
    source: str,
    line: str = "the report",
) -> Figure:
    """Draw what each source counts as a dot with its interval, against what the report says.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``panel``, ``label``, ``value``, ``low``, ``high`` and ``kind`` (``"agrees"``,
        ``"differs"`` or ``"near"``), a row a dot.
    stated : mapping of str to float
        The report's value in each panel, drawn as a dashed line.
    title, unit, source : str
        The finding; what the x axis measures; where the figures come from.
    line : str, optional
        Whose value the dashed line is.
    """
    panels = list(dict.fromkeys(frame["panel"]))
    sizes = [int((frame["panel"] == panel).sum()) for panel in panels]
    height = 1.6 + sum(0.32 * size + 0.5 for size in sizes)
    with plt.rc_context({**STYLE, "figure.figsize": (8.4, height)}):
        canvas, grid = plt.subplots(
            len(panels), squeeze=False, height_ratios=[size + 1.2 for size in sizes]
        )
        for panel, axes in zip(panels, grid[:, 0], strict=True):
            part = frame[frame["panel"] == panel].reset_index(drop=True)
            _dots(axes, part, stated[panel])
            name = textwrap.fill(f"{panel}; {line}: {stated[panel]:.4g}", 70)
            axes.set_title(name, fontsize=9.5, x=0)
        grid[-1, 0].set(xlabel=unit)
        canvas.tight_layout(h_pad=0.6)
        canvas.suptitle(textwrap.fill(title, 76), x=0.01, ha="left", y=1 + 0.35 / height, **_BOLD)
        return finish(canvas, grid[-1, 0], title, unit, source, frame, titled=False)


def _dots(axes: Axes, part: pd.DataFrame, stated: float) -> None:
    """Draw one panel of dots."""
    for place, row in enumerate(part.to_dict("records")):
        ink = COLOURS[row["kind"]]
        axes.hlines(place, row["low"], row["high"], color=ink, linewidth=2)
        axes.plot(row["value"], place, "o", color=ink, markersize=6)
        axes.annotate(
            f"{row['value']:,.4g}",
            (row["value"], place),
            (0, 4),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=7.5,
            color=ink,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8},
        )
    axes.axvline(stated, color="black", linestyle="--", linewidth=1)
    axes.set_yticks(range(len(part)), part["label"], fontsize=8.5)
    axes.set_ylim(len(part) - 0.4, -0.6)
    axes.margins(x=0.14)
    axes.set_xlim(left=0)
    axes.grid(False, axis="y")
