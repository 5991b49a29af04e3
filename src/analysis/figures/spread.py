"""How things are spread: a distribution over a logarithmic axis, and claims along the report."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter

from analysis.figures.style import BLUE, COLOURS, STYLE, Figure, finish


def cumulative(
    frame: pd.DataFrame, *, x: str, columns: Sequence[str], title: str, unit: str, source: str
) -> Figure:
    """Draw cumulated shares over a logarithmic axis, a curve a column.

    Parameters
    ----------
    frame : pandas.DataFrame
        A row a class, the smallest first: its upper end and what lies in it, in any unit.
    x : str
        Column of the upper ends.
    columns : sequence of str
        At most two columns of what is cumulated, in per cent of its sum.
    title, unit, source : str
        The finding; what the x axis measures; where the figures come from.
    """
    shares = frame[list(columns)].cumsum() / frame[list(columns)].sum() * 100
    drawn = pd.concat([frame[x], shares], axis=1)
    with plt.rc_context(STYLE):
        canvas, axes = plt.subplots()
        for column, ink in zip(columns, (BLUE, COLOURS["differs"]), strict=False):
            axes.plot(drawn[x], drawn[column], marker="o", linewidth=2, color=ink)
            middle = int((drawn[column] - 50).abs().argmin())
            axes.annotate(
                column,
                (drawn[x].iloc[middle], drawn[column].iloc[middle]),
                (-9, 2),
                textcoords="offset points",
                ha="right",
                va="bottom",
                color=ink,
                weight="bold",
            )
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_ylim(0, 103)
        axes.set(xlabel=unit, ylabel="per cent of all, cumulated")
        return finish(canvas, axes, title, unit, source, drawn)


def ribbon(frame: pd.DataFrame, *, title: str, unit: str, source: str) -> Figure:
    """Draw claims as marks in the order of the report, a row a section.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``section`` and ``standing``, a row a claim, in the order to draw.
    title, unit, source : str
        The finding; what a mark is; where the standings come from.
    """
    sections = list(dict.fromkeys(frame["section"]))
    place = frame.groupby("section").cumcount()
    row = frame["section"].map(sections.index)
    with plt.rc_context({**STYLE, "figure.figsize": (9.2, 1.6 + 0.3 * len(sections))}):
        canvas, axes = plt.subplots()
        inks = frame["standing"].map(COLOURS)
        axes.barh(row, 0.86, 0.74, left=place, color=inks)
        axes.set_yticks(range(len(sections)), sections)
        axes.set_ylim(len(sections) - 0.4, -0.6)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.grid(False)
        axes.set(xlabel=unit, ylabel="")
        there = [name for name in COLOURS if name in set(frame["standing"])]
        axes.legend(
            handles=[Patch(color=COLOURS[name], label=name) for name in there],
            ncols=4,
            loc="lower left",
            bbox_to_anchor=(-0.01, 1.0),
            borderpad=0.2,
        )
        return finish(canvas, axes, title, unit, source, frame, pad=48)
