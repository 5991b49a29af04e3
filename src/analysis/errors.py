"""The one exception that bad input raises."""

import traceback
from pathlib import Path


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
        """Return what a notebook shows of it: the cell's line and the message, which says all."""
        frames = traceback.extract_tb(self.__traceback__)
        cells = [frame for frame in frames if "ipykernel" in Path(frame.filename).parent.name]
        lines = [f"----> {frame.lineno} {frame.line}" for frame in cells[:1]]
        return [*lines, f"{type(self).__name__}: {self}"]
