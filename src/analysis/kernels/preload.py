"""What the zygote imports before it forks: third-party libraries only, never our own modules.

Our own modules are left to each kernel, so that a kernel runs the code as it is on disk and its
record names the modules that the notebook imported.
"""

import builtins
import os
import sys
from types import SimpleNamespace

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
# A library that asks as it is imported whether it runs in a kernel must hear yes: pandas does, to
# choose how wide a table it shows.
builtins.get_ipython = lambda: SimpleNamespace(kernel=True)  # type: ignore[attr-defined]

import frictionless
import ipykernel.debugger
import ipykernel.ipkernel
import ipykernel.kernelapp
import ipykernel.zmqshell
import jsonschema
import matplotlib.figure
import matplotlib.pyplot
import numpy
import pandas
import pycountry
import scipy.stats
import seaborn
import statsmodels.regression.linear_model
import statsmodels.stats.proportion
from matplotlib.backends.backend_agg import FigureCanvasAgg

del builtins.get_ipython  # type: ignore[attr-defined]
sys.modules.pop("rfc3987_syntax", None)  # A notebook may import it, if it is installed.


def _draw() -> None:
    """Draw a throw-away figure, so that fonts are found and loaded once."""
    figure = matplotlib.figure.Figure()
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.set_title("Aa", fontweight="bold")
    axes.plot([0, 1], [0, 1], label="a")
    figure.canvas.draw()


_draw()
