"""A grid of answers: rows by column, an answer as colour and sign."""

import textwrap

import matplotlib.pyplot as plt
import pandas as pd

from analysis.figures.style import STYLE, Figure, finish

_CELLS = {
    "yes": ("#0b5fa5", "white", "✓"),
    "no": ("#b3261e", "white", "✗"),
    "mixed": ("#8a5a00", "white", "±"),
    "near yes": ("#dbe7f2", "#0b5fa5", "✓"),
    "near no": ("#f6dedb", "#b3261e", "✗"),
    "near mixed": ("#efe6d5", "#6b4700", "±"),
}


def matrix(frame: pd.DataFrame, *, title: str, unit: str, source: str, words: int = 84) -> Figure:
    """Draw answers by row and column, rows gathered under the names of their groups.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``group``, ``row``, ``column`` and ``answer``: ``"yes"``, ``"no"``, ``"mixed"``, or
        the same after ``"near "``. Groups and rows are drawn in the order in which they stand,
        columns in that of their categories.
    title, unit, source : str
        The finding; what the columns are; where the answers come from.
    words : int, optional
        Letters after which a row's name is cut.
    """
    rows = frame.drop_duplicates(["group", "row"])[["group", "row"]].reset_index(drop=True)
    columns = list(frame["column"].cat.categories)
    heads = (rows["group"] != rows["group"].shift()).cumsum()
    place = {(r.group, r.row): i + heads[i] for i, r in enumerate(rows.itertuples())}
    height = 1.4 + 0.19 * (len(rows) + rows["group"].nunique())
    with plt.rc_context({**STYLE, "figure.figsize": (7, height)}):
        canvas, axes = plt.subplots()
        for group, row, column, answer in frame[["group", "row", "column", "answer"]].to_numpy():
            fill, ink, sign = _CELLS[answer]
            x, y = columns.index(column), place[(group, row)]
            axes.add_patch(plt.Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, color=fill, linewidth=0))
            axes.text(x, y + 0.03, sign, color=ink, ha="center", va="center", fontsize=7.5)
        for (_, name), y in place.items():
            short = textwrap.shorten(str(name), words, placeholder=" …")
            axes.text(-0.65, y, short, ha="right", va="center", fontsize=7.5)
        for group, first in rows.groupby("group", sort=False).head(1).itertuples(index=False):
            y = place[(group, first)] - 1
            axes.text(-0.65, y, group, ha="right", va="center", fontsize=8.5, weight="bold")
        axes.set_xlim(-0.6, len(columns) - 0.4)
        axes.set_ylim(max(place.values()) + 0.7, -0.2)
        axes.set_xticks(range(len(columns)), columns)
        axes.xaxis.tick_top()
        axes.set_yticks([])
        axes.grid(False)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.tick_params(length=0)
        axes.set(xlabel="", ylabel="")
        return finish(canvas, axes, title, unit, source, frame, pad=26)
