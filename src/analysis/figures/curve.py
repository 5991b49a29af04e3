"""A specification curve: values sorted above, the choices that gave them below."""

import textwrap

import matplotlib.pyplot as plt
import pandas as pd

from analysis.figures.style import COLOURS, GREY, STYLE, Figure, finish


def curve(
    frame: pd.DataFrame,
    *,
    stated: float | None,
    title: str,
    unit: str,
    source: str,
) -> Figure:
    """Draw every universe's value, sorted, and under each the choices that gave it.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``value`` and ``holds`` (``"yes"`` or ``"no"``), and a column each choice; a row a universe.
    stated : float or None
        The report's value, drawn as a dashed line.
    title, unit, source : str
        The finding; what the y axis measures; where the figures come from.

    Notes
    -----
    As Simonsohn, Simmons and Nelson (2020, Nature Human Behaviour 4, 1208-1214) draw it.
    """
    data = frame.sort_values("value", kind="stable").reset_index(drop=True)
    choices = [name for name in data if name not in ("value", "holds")]
    rows = [(name, one) for name in choices for one in sorted(data[name].astype(str).unique())]
    heights = [3.2, 0.21 * (len(rows) + len(choices))]
    with plt.rc_context({**STYLE, "figure.figsize": (9.4, sum(heights) + 1)}):
        canvas, (above, below) = plt.subplots(
            2, sharex=True, height_ratios=heights, gridspec_kw={"hspace": 0.05}
        )
        inks = data["holds"].map({"yes": COLOURS["agrees"], "no": GREY})
        above.scatter(data.index, data["value"], c=inks, s=11, zorder=3)
        if stated is not None:
            above.axhline(stated, color="black", linestyle="--", linewidth=1)
            words = f" the report: {stated:,.4g}"
            above.annotate(words, (0, stated), fontsize=8, va="bottom")
        above.set(ylabel=textwrap.fill(unit, 34))
        above.grid(False, axis="x")
        place, ticks, labels = 0, [], []
        for name in choices:
            for one in [row for row in rows if row[0] == name]:
                chosen = data.index[data[name].astype(str) == one[1]]
                below.scatter(chosen, [place] * len(chosen), marker="|", s=22, color="#444444")
                ticks.append(place)
                labels.append(one[1])
                place += 1
            below.text(-0.19, place - 0.35, name, fontsize=8, weight="bold", transform=_side(below))
            place += 1
        below.set_yticks(ticks, labels, fontsize=7.5)
        below.set_ylim(-0.7, place - 0.2)
        below.set_xticks([])
        below.grid(False)
        below.set(xlabel="universes, sorted by value; blue: the claim holds")
        below.spines["left"].set_visible(False)
        below.tick_params(length=0)
        above.set_title(textwrap.fill(title, 80), pad=12, x=0)
        return finish(canvas, below, title, unit, source, data, titled=False)


def _side(axes: plt.Axes) -> object:
    """Return coordinates that go across by the axes and up by the data."""
    return axes.get_yaxis_transform()
