"""Figures in one house style; each is a function of a table.

A notebook calls ``figures.lines``, ``figures.bars``, ``figures.dots``, ``figures.stacked``,
``figures.slope`` and ``figures.answers``.
"""

from analysis.figures.answers import answers
from analysis.figures.charts import bars, dots, lines, slope, stacked
from analysis.figures.style import COLOURS, MIME, Figure

__all__ = ["COLOURS", "MIME", "Figure", "answers", "bars", "dots", "lines", "slope", "stacked"]
