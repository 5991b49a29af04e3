"""The house style: colours, type, and what a drawn figure carries.

Every figure states its finding in the title, its unit on the axis and its source below. It shows in
a notebook as a picture with its text alternative, and carries its data for machines, so that two
figures are compared by what they show and not by their pixels.
"""

import io
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from PIL import Image

SVG, PNG = "image/svg+xml", "image/png"
MIME = "application/vnd.china-ai-ecosystem.figure+json"

GREY = "#6b737c"
COLOURS: Mapping[str, str] = {
    "China": "#b3261e",
    "United States": "#0b5fa5",
    "European Union": "#3d7a4e",
    "EU and UK": "#3d7a4e",
    "Europe": "#3d7a4e",
    "inconsistent": "#8f1d14",
    "misquoted": "#b3261e",
    "not reproduced": "#cc4a3a",
    "disputed": "#8a5a00",
    "revised": "#c98a00",
    "confirmed": "#0b5fa5",
    "as cited": "#7fb2dd",
    "untested": "#b9bec4",
    "agrees": "#0b5fa5",
    "differs": "#b3261e",
    "near": GREY,
}
"""One colour an area, a standing or an answer, wherever it is drawn."""

COLOURS_OF_PNG = 48
DARK_TEXT = {"as cited", "untested", "revised"}
BLUE = COLOURS["United States"]
STYLE = {
    "figure.figsize": (8.4, 4.8),
    "figure.dpi": 110,
    "savefig.dpi": 80,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
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
    "svg.fonttype": "none",  # Words stay words: they can be searched, read aloud and translated.
}


@dataclass(frozen=True)
class Figure:
    """A drawn figure with the words and the data that it shows.

    The picture is SVG; JupyterLab shows the smaller PNG in a notebook that is not trusted yet.
    """

    svg: str
    png: bytes
    title: str
    unit: str
    source: str
    data: pd.DataFrame

    @property
    def alt(self) -> str:
        """What the figure shows, in words, for whoever does not see it."""
        return f"{self.title}. Axis: {self.unit}. {len(self.data)} rows. Source: {self.source}."

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        rounded = self.data.round(6)
        data = {
            SVG: self.svg,
            PNG: self.png,
            "text/plain": f"Figure: {self.alt}",
            MIME: {
                "title": self.title,
                "unit": self.unit,
                "source": self.source,
                "data": rounded.astype(object).where(rounded.notna(), None).to_dict("list"),
            },
        }
        return data, {kind: {"alt": self.alt} for kind in (SVG, PNG)}


def finish(
    canvas: Canvas,
    axes: Axes,
    title: str,
    unit: str,
    source: str,
    data: pd.DataFrame,
    pad: float = 14,
    titled: bool = True,
) -> Figure:
    """Add title and source, and draw."""
    if titled:
        axes.set_title(textwrap.fill(title, 76), pad=pad, x=0)
    axes.annotate(
        textwrap.fill(f"Source: {source}", 112),
        (0, 0),
        (0, -46),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=8,
        color="#555555",
        va="top",
    )
    vector, raster = io.StringIO(), io.BytesIO()
    canvas.savefig(vector, format="svg", bbox_inches="tight", metadata=_NO_METADATA)
    canvas.savefig(raster, format="png", bbox_inches="tight", metadata={"Software": None})
    plt.close(canvas)
    drawn = Figure(vector.getvalue(), _small(raster), title, unit, source, data)
    return replace(drawn, svg=_spoken(drawn))


def _small(picture: io.BytesIO) -> bytes:
    """Return a PNG of few colours; empty if nothing was drawn."""
    if not picture.getbuffer().nbytes:
        return b""
    made = io.BytesIO()
    Image.open(picture).convert("RGB").quantize(COLOURS_OF_PNG).save(made, "png", optimize=True)
    return made.getvalue()


_NO_METADATA: Any = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def _spoken(figure: Figure) -> str:
    """Return the picture as one line of SVG, with its text alternative for a screen reader.

    Names of parts that nothing refers to are left out: a page may hold several pictures.
    """
    _, tag, rest = figure.svg.partition("<svg ")
    used = {f'id="{name}"' for name in re.findall(r"#(\w+)", rest)}
    rest = re.sub(r' (id="[^"]*")', lambda found: found[0] if found[1] in used else "", rest)
    words = escape(figure.alt, {'"': "&quot;"})
    return " ".join(f'{tag}role="img" aria-label="{words}" {rest}'.split())
