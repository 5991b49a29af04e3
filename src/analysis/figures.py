"""One house style; each figure is a function of a table.

Every figure states its finding in the title, its unit on the axis and its source below. It shows in
a notebook as a picture with its text alternative, and carries its data for machines, so that two
figures are compared by what they show and not by their pixels.
"""

import io
import textwrap
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

MIME = "application/vnd.china-ai-ecosystem.figure+json"

PALETTE = dict(
    zip(("blue", "orange", "green", "red", "purple"), sns.color_palette("colorblind"), strict=False)
)
COLOURS = {
    "United States": PALETTE["blue"],
    "China": PALETTE["red"],
    "European Union": PALETTE["green"],
    "EU and UK": PALETTE["green"],
    "confirmed": PALETTE["blue"],
    "contradicted": PALETTE["red"],
    "inconsistent": PALETTE["orange"],
    "untested": (0.72, 0.72, 0.72),
}
"""Okabe and Ito's colours, which the colour-blind can tell apart; one colour an area."""

_STYLE = {
    "figure.figsize": (8.4, 4.8),
    "figure.dpi": 110,
    "savefig.dpi": 110,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 12.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "axes.axisbelow": True,
    "legend.frameon": False,
    "svg.hashsalt": "figure",
}


@dataclass(frozen=True)
class Figure:
    """A drawn figure with the words and the data that it shows."""

    png: bytes
    title: str
    unit: str
    source: str
    data: pd.DataFrame

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        rounded = self.data.round(6)
        return {
            "image/png": self.png,
            "text/plain": f"Figure: {self.title} ({self.unit}; {self.source}; "
            f"{len(self.data)} rows)",
            MIME: {
                "title": self.title,
                "unit": self.unit,
                "source": self.source,
                "data": rounded.astype(object).where(rounded.notna(), None).to_dict("list"),
            },
        }


def lines(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    unit: str,
    source: str,
    colour: str | None = None,
    log: bool = False,
    targets: pd.DataFrame | None = None,
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
    log : bool, optional
        Whether the y axis is logarithmic.
    targets : pandas.DataFrame, optional
        Columns ``x``, ``y`` and ``label``: points marked by a cross, e.g. targets.
    """
    with plt.rc_context(_STYLE):
        canvas, axes = plt.subplots()
        groups = [("", frame)] if colour is None else list(frame.groupby(colour, sort=False))
        for name, group in groups:
            ink = COLOURS.get(str(name), PALETTE["blue"])
            axes.plot(group[x], group[y], marker="o", markersize=4.5, linewidth=2, color=ink)
            end = group.iloc[-1]
            axes.annotate(
                str(name),
                (end[x], end[y]),
                (7, 0),
                textcoords="offset points",
                va="center",
                color=ink,
                weight="bold",
                annotation_clip=False,
            )
        if targets is not None:
            axes.plot(targets["x"], targets["y"], "x", color="black", markersize=9, mew=2)
            for point in targets.itertuples():
                axes.annotate(
                    point.label,
                    (point.x, point.y),
                    (0, -8),
                    textcoords="offset points",
                    ha="center",
                    va="top",
                )
        if log:
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter("{x:,.0f}")
        else:
            axes.set_ylim(bottom=0)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set(xlabel="", ylabel=unit)
        return _finish(canvas, axes, title, unit, source, frame)


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
    """Draw horizontal bars, longest on top, each with its number.

    Parameters
    ----------
    frame : pandas.DataFrame
        One bar a row, in the order to draw, first on top.
    x, y : str
        Column of lengths; column of labels.
    title, unit, source : str
        The finding; what the x axis measures; where the figures come from.
    highlight : tuple of str, optional
        Labels drawn in their own colour, the others grey; all in one colour if empty.
    number : str, optional
        Format of the number at each bar.
    """
    with plt.rc_context({**_STYLE, "figure.figsize": (8.4, 1.5 + 0.32 * len(frame))}):
        canvas, axes = plt.subplots()
        plain = (0.72, 0.72, 0.72) if highlight else PALETTE["blue"]
        inks = [COLOURS.get(v, PALETTE["orange"]) if v in highlight else plain for v in frame[y]]
        drawn = axes.barh(frame[y].astype(str), frame[x].astype(float), color=inks)
        axes.bar_label(drawn, labels=[number.format(v) for v in frame[x]], padding=4)
        axes.invert_yaxis()
        axes.grid(False, axis="y")
        axes.margins(x=0.12)
        axes.set(xlabel=unit, ylabel="")
        return _finish(canvas, axes, title, unit, source, frame)


def stacked(frame: pd.DataFrame, *, title: str, unit: str, source: str) -> Figure:
    """Draw horizontal stacked bars: one bar an index entry, one part a column.

    Parameters
    ----------
    frame : pandas.DataFrame
        Numbers of zero or more; the columns name the parts and choose their colours.
    title, unit, source : str
        The finding; what the x axis measures; where the figures come from.
    """
    with plt.rc_context({**_STYLE, "figure.figsize": (8.4, 1.9 + 0.34 * len(frame))}):
        canvas, axes = plt.subplots()
        left = pd.Series(0.0, index=frame.index)
        for part in frame.columns:
            drawn = axes.barh(
                frame.index.astype(str),
                frame[part],
                left=left,
                label=part,
                color=COLOURS.get(part, PALETTE["purple"]),
            )
            dark = part != "untested"
            axes.bar_label(
                drawn,
                labels=[str(v) if v else "" for v in frame[part]],
                label_type="center",
                color="white" if dark else "black",
                fontsize=9,
            )
            left = left + frame[part]
        axes.invert_yaxis()
        axes.grid(False, axis="y")
        axes.set(xlabel=unit, ylabel="")
        axes.legend(
            ncols=len(frame.columns), loc="lower left", bbox_to_anchor=(-0.01, 1.0), borderpad=0.2
        )
        return _finish(canvas, axes, title, unit, source, frame.reset_index(), pad=30)


def slope(
    frame: pd.DataFrame, *, title: str, unit: str, source: str, labels: tuple[str, str]
) -> Figure:
    """Draw a line from one state to another for each row.

    Parameters
    ----------
    frame : pandas.DataFrame
        Two columns, before and after; a row each line, labelled by the index.
    title, unit, source : str
        The finding; what the y axis measures; where the figures come from.
    labels : tuple of str
        Names of the two states.
    """
    with plt.rc_context({**_STYLE, "figure.figsize": (7.0, 5.6)}):
        canvas, axes = plt.subplots()
        gap = frame.to_numpy().max() / 24
        places = [_apart(frame[column], gap) for column in frame.columns]
        for name, row in frame.iterrows():
            before, after = row.iloc[0], row.iloc[1]
            ink = COLOURS.get(str(name), (0.45, 0.45, 0.45))
            axes.plot([0, 1], [before, after], marker="o", linewidth=2, color=ink)
            style = {"va": "center", "color": ink, "fontsize": 9}
            axes.text(-0.04, places[0][name], f"{name} {before:g}", ha="right", **style)
            axes.text(1.04, places[1][name], f"{after:g} {name}", ha="left", **style)
        axes.set_xticks([0, 1], labels)
        axes.set_xlim(-0.75, 1.75)
        axes.set_ylim(bottom=0)
        axes.grid(False, axis="x")
        axes.set(xlabel="", ylabel=unit)
        return _finish(canvas, axes, title, unit, source, frame.reset_index())


def _apart(values: pd.Series, gap: float) -> pd.Series:
    """Return the values moved up where they would lie closer to the next lower than a gap."""
    placed: dict[object, float] = {}
    last = -gap
    for label, value in values.sort_values().items():
        last = max(float(value), last + gap)
        placed[label] = last
    return pd.Series(placed)


def _finish(
    canvas: Canvas,
    axes: Axes,
    title: str,
    unit: str,
    source: str,
    data: pd.DataFrame,
    pad: float = 14,
) -> Figure:
    """Add title and source, and draw."""
    axes.set_title(textwrap.fill(title, 76), pad=pad, x=0)
    axes.annotate(
        f"Source: {source}",
        (0, 0),
        (0, -46),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=8,
        color="#555555",
        va="top",
    )
    buffer = io.BytesIO()
    canvas.savefig(buffer, format="png", bbox_inches="tight", metadata={"Software": None})
    plt.close(canvas)
    return Figure(buffer.getvalue(), title, unit, source, data)
