"""The one exception that bad input raises."""

import time
import traceback
from pathlib import Path

PAUSE = 0.5
"""Seconds that JupyterLab has to send the cells that are to stop."""


class InputError(ValueError):
    """Bad input: a message of one line that names the place, the value found and what is allowed.

    Examples
    --------
    >>> raise InputError("claims.csv, row 3, column unit: 'parsec' is not a unit")
    Traceback (most recent call last):
    ...
    analysis.errors.InputError: claims.csv, row 3, column unit: 'parsec' is not a unit
    """

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of it: the cell's line and the message, which says all.

        A kernel stops only the cells that it has been sent by the time one fails. JupyterLab takes
        a moment to send those of "Run All", so it is given one; else the last ones would run on
        what is missing, and bury this message under theirs.
        """
        time.sleep(PAUSE)
        frames = traceback.extract_tb(self.__traceback__)
        cells = [frame for frame in frames if "ipykernel" in Path(frame.filename).parent.name]
        lines = [f"----> {frame.lineno} {frame.line}" for frame in cells[:1]]
        return [*lines, f"{type(self).__name__}: {self}"]
