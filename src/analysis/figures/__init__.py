"""Figures in one house style; each is a function of a table.

A notebook calls ``figures.lines``, ``figures.bars``, ``figures.dots``, ``figures.stacked``,
``figures.slope``, ``figures.matrix``, ``figures.curve``, ``figures.cumulative`` and
``figures.ribbon``.
"""

from analysis.figures.charts import bars, lines, slope, stacked
from analysis.figures.curve import curve
from analysis.figures.dots import dots
from analysis.figures.matrix import matrix
from analysis.figures.spread import cumulative, ribbon
from analysis.figures.style import COLOURS, MIME, PNG, SVG, Figure

__all__ = [
    "COLOURS",
    "MIME",
    "PNG",
    "SVG",
    "Figure",
    "bars",
    "cumulative",
    "curve",
    "dots",
    "lines",
    "matrix",
    "ribbon",
    "slope",
    "stacked",
]
