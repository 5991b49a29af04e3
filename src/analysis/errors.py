"""The one exception that bad input raises."""


class InputError(ValueError):
    """Bad input: a message of one line that names the place, the value found and what is allowed.

    Examples
    --------
    >>> raise InputError("claims.csv, row 3, column unit: 'parsec' is not a unit")
    Traceback (most recent call last):
    ...
    analysis.errors.InputError: claims.csv, row 3, column unit: 'parsec' is not a unit
    """
