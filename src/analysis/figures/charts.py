"""The charts: each a function of a table."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import transforms

from analysis.figures.style import BLUE, COLOURS, DARK_TEXT, GREY, STYLE, Figure, finish

_OTHERS = (BLUE, "#a3480a", "#5b3a8c", "#00695c", "#7a5c00")
"""Lines that no area, standing or answer colours, told apart also by who cannot tell red."""


def lines(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    unit: str,
    source: str,
    colour: str | None = None,
    from_zero: bool = True,
    points: pd.DataFrame | None = None,
) -> Figure:
    """Draw lines over time, each labelled at its end.

    Parameters
    ----------
    frame : pandas.DataFrame
        Long form, one observation a row.
    x, y : str
        Columns for the two axes.
    title, unit, source : str
        The finding; what the y axis measures; where the figures come from.
    colour : str, optional
        Column that tells the lines apart.
    from_zero : bool, optional
        Whether the axis begins at zero; not for what has no natural zero, such as a rate.
    points : pandas.DataFrame, optional
        Columns ``x``, ``y`` and ``label``: points marked by a cross, such as targets or claims.
    """
    with plt.rc_context(STYLE):
        canvas, axes = plt.subplots()
        names = [""] if colour is None else list(dict.fromkeys(frame[colour]))
        own = {name: COLOURS[str(name)] for name in names if str(name) in COLOURS}
        others = iter([ink for ink in _OTHERS if ink not in own.values()] + [GREY] * len(names))
        inks = {name: own.get(name) or next(others) for name in names}
        sns.lineplot(
            frame,
            x=x,
            y=y,
            hue=colour,
            palette=inks if colour else None,
            color=BLUE,
            marker="o",
            linewidth=2,
            legend=False,
            errorbar=None,
            ax=axes,
        )
        ends = {n: (frame if colour is None else frame[frame[colour] == n]).iloc[-1] for n in names}
        span = float(frame[y].max() - (0 if from_zero else frame[y].min()))
        heights = _apart(pd.Series({n: float(end[y]) for n, end in ends.items()}), span / 18)
        for name, end in ends.items():
            style = {"va": "center", "color": inks[name], "weight": "bold", "fontsize": 9}
            room = transforms.ScaledTranslation(7 / 72, 0, canvas.dpi_scale_trans)
            axes.text(end[x], heights[name], name, transform=axes.transData + room, **style)
        if points is not None:
            axes.plot(points["x"], points["y"], "x", color="black", markersize=9, mew=2)
            left, right = axes.get_xlim()
            for point in points.itertuples():
                across = (point.x - left) / (right - left)
                axes.annotate(
                    point.label,
                    (point.x, point.y),
                    (0, 8),
                    textcoords="offset points",
                    ha="left" if across < 0.15 else "right" if across > 0.85 else "center",
                    va="bottom",
                )
        if from_zero:
            axes.set_ylim(bottom=0)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set(xlabel="", ylabel=unit)
        return finish(canvas, axes, title, unit, source, frame)


def bars(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    unit: str,
    source: str,
    highlight: tuple[str, ...] = (),
    number: str = "{:,.1f}",
) -> Figure:
    """Draw horizontal bars, the first row on top, each with its number.

    Parameters
    ----------
    frame : pandas.DataFrame
        One bar a row, in the order to draw.
    x, y : str
        Column of lengths; column of labels.
    title, unit, source : str
        The finding; what the x axis measures; where the figures come from.
    highlight : tuple of str, optional
        Labels drawn in their own colour, the others grey; all in one colour if empty.
    number : str, optional
        Format of the number at each bar.
    """
    with plt.rc_context({**STYLE, "figure.figsize": (8.4, 1.5 + 0.32 * len(frame))}):
        canvas, axes = plt.subplots()
        labels = frame[y].astype(str)
        plain = COLOURS["untested"] if highlight else BLUE
        inks = {
            label: COLOURS.get(label, COLOURS["differs"]) if label in highlight else plain
            for label in labels
        }
        drawn = frame.assign(**{y: labels})
        sns.barplot(drawn, x=x, y=y, hue=y, palette=inks, saturation=1, legend=False, ax=axes)
        for container, value in zip(axes.containers, frame[x], strict=True):
            axes.bar_label(container, labels=[number.format(value)], padding=4)
        axes.grid(False, axis="y")
        axes.margins(x=0.12)
        axes.set(xlabel=unit, ylabel="")
        return finish(canvas, axes, title, unit, source, frame)


def stacked(frame: pd.DataFrame, *, title: str, unit: str, source: str) -> Figure:
    """Draw horizontal stacked bars: one bar an index entry, one part a column.

    Parameters
    ----------
    frame : pandas.DataFrame
        Numbers of zero or more; the columns name the parts and choose their colours.
    title, unit, source : str
        The finding; what the x axis measures; where the figures come from.
    """
    with plt.rc_context({**STYLE, "figure.figsize": (9.2, 2.1 + 0.34 * len(frame))}):
        canvas, axes = plt.subplots()
        left = pd.Series(0.0, index=frame.index)
        for part in frame.columns:
            ink = COLOURS.get(part, GREY)
            drawn = axes.barh(
                frame.index.astype(str), frame[part], left=left, label=part, color=ink
            )
            axes.bar_label(
                drawn,
                labels=[str(v) if v else "" for v in frame[part]],
                label_type="center",
                color="black" if part in DARK_TEXT else "white",
                fontsize=8.5,
            )
            left = left + frame[part]
        axes.invert_yaxis()
        axes.grid(False, axis="y")
        axes.set(xlabel=unit, ylabel="")
        axes.legend(ncols=4, loc="lower left", bbox_to_anchor=(-0.01, 1.0), borderpad=0.2)
        return finish(canvas, axes, title, unit, source, frame.reset_index(), pad=48)


def slope(
    frame: pd.DataFrame,
    *,
    title: str,
    unit: str,
    source: str,
    first_on_top: bool = False,
) -> Figure:
    """Draw a line for each row through its states, from the first column to the last.

    Parameters
    ----------
    frame : pandas.DataFrame
        A column each state, a row each line, labelled by the index. The first column is whole; a
        line skips a state that it does not have.
    title, unit, source : str
        The finding; what the y axis measures; where the figures come from.
    first_on_top : bool, optional
        Whether the values are places, the first of which stands on top.
    """
    last = len(frame.columns) - 1
    across = np.linspace(0, 1 if last == 1 else last / 2, last + 1)
    room = 0.3 + 0.022 * max(len(str(name)) for name in frame.index)
    width = min(8.4 * (across[-1] + 2 * room) / (1 + 2 * room), 11)
    colours = dict(zip(frame.index, _inks(frame.index, last), strict=True))
    with plt.rc_context({**STYLE, "figure.figsize": (width, 5.4)}):
        canvas, axes = plt.subplots()
        gap = float(frame.max().max()) / 24
        left, right = _apart(frame.iloc[:, 0], gap), _apart(frame.iloc[:, last].dropna(), gap)
        for place, name in enumerate(frame.index):
            states = frame.iloc[place].set_axis(across).dropna().astype(float)
            axes.plot(states.index, states, marker="o", linewidth=2, color=colours[name])
            ink = colours[name] if last == 1 else "black"
            style = {"va": "center", "color": ink, "fontsize": 9}
            text = f"{name} {states.iloc[0]:g}"
            axes.text(-0.04, left.iloc[place], text, ha="right", **style)
            if name in right:
                text = f"{states.iloc[-1]:g} {name}"
                axes.text(across[-1] + 0.04, right.loc[name], text, ha="left", **style)
        axes.set_xticks(across, frame.columns, fontsize=8.5)
        axes.set_xlim(-room, across[-1] + room)
        axes.set_ylim(bottom=0)
        if first_on_top:
            axes.invert_yaxis()
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(False)
        axes.set(xlabel=unit, ylabel="")
        return finish(canvas, axes, title, unit, source, frame.reset_index())


def _inks(names: pd.Index, last: int) -> list[str]:
    """Return a colour a line: areas their own; others grey, or told apart over many states."""
    if last == 1:
        return [COLOURS.get(str(name), GREY) for name in names]
    return list(sns.color_palette("colorblind", len(names)).as_hex())


def _apart(values: pd.Series, gap: float) -> pd.Series:
    """Return the values moved up where they would lie closer to the next lower than a gap."""
    placed = values.sort_values().astype(float)
    for place in range(1, len(placed)):
        placed.iloc[place] = max(placed.iloc[place], placed.iloc[place - 1] + gap)
    return placed.reindex(values.index)
