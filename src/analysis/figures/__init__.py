"""Figures in one house style; each is a function of a table.

A notebook calls ``figures.lines``, ``figures.bars``, ``figures.dots``, ``figures.stacked``,
``figures.slope``, ``figures.matrix`` and ``figures.curve``.
"""

from analysis.figures.charts import bars, dots, lines, slope, stacked
from analysis.figures.curve import curve
from analysis.figures.matrix import matrix
from analysis.figures.style import COLOURS, MIME, Figure

__all__ = [
    "COLOURS",
    "MIME",
    "Figure",
    "bars",
    "curve",
    "dots",
    "lines",
    "matrix",
    "slope",
    "stacked",
]
