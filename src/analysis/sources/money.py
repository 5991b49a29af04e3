"""Amounts of money as lists print them: ``$1.36B``, ``$252M``."""

import re
from decimal import Decimal

from analysis.errors import InputError
from analysis.values import plain

_AMOUNT = re.compile(r"\$(\d+(?:\.\d+)?)([BMK])")
_MILLIONS = {"B": Decimal(1000), "M": Decimal(1), "K": Decimal("0.001")}


def millions(text: str) -> float:
    """Return an amount in millions.

    Raises
    ------
    InputError
        If the text is no such amount.

    Examples
    --------
    >>> millions("$1.36B"), millions("$252M")
    (1360.0, 252.0)
    """
    number, scale = _parts(text)
    return float(number * scale)


def printed(text: str, unit: str) -> str:
    """Return an amount with half a unit of its last digit, as the language of values has it.

    Parameters
    ----------
    text : str
        ``"$252M"``.
    unit : str
        ``"usd_mn"`` or ``"usd_bn"``.

    Raises
    ------
    InputError
        If the text is no such amount.

    Examples
    --------
    >>> printed("$252M", "usd_mn"), printed("$1.36B", "usd_bn"), printed("$8B", "usd_mn")
    ('252±0.5', '1.36±0.005', '8000±500')
    """
    number, scale = _parts(text)
    half = Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2
    factor = scale / (Decimal(1000) if unit == "usd_bn" else Decimal(1))
    return f"{plain(number * factor)}±{plain(half * factor)}"


def _parts(text: str) -> tuple[Decimal, Decimal]:
    """Return the number and its factor to millions."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise InputError(f"{text!r} is no amount such as '$1.36B' or '$252M'")
    return Decimal(match[1]), _MILLIONS[match[2]]
