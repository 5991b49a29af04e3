"""Figures in one house style; each is a function of a table.

A notebook calls ``figures.lines``, ``figures.bars``, ``figures.dots``, ``figures.stacked`` or
``figures.slope``.
"""

from analysis.figures.charts import bars, dots, lines, slope, stacked
from analysis.figures.style import COLOURS, MIME, Figure

__all__ = ["COLOURS", "MIME", "Figure", "bars", "dots", "lines", "slope", "stacked"]
