"""Codes for the areas that publishers name."""

from collections.abc import Iterable

import pycountry

from analysis.errors import InputError

AGGREGATES = {
    "World": "WLD",
    "European Union": "EU27",
    "EU-27": "EU27",
    "EU-27 and UK": "EU27GBR",
    "UK": "GBR",
}
"""Areas that are no country, with the codes of the World Bank and Eurostat, and short names."""


def codes(labels: Iterable[str]) -> list[str]:
    """Return the ISO 3166-1 alpha-3 code of each label, or the code of an aggregate.

    Parameters
    ----------
    labels : iterable of str
        Names of countries or of :data:`AGGREGATES`, as publishers write them.

    Raises
    ------
    InputError
        If a label is the name of no area.

    Examples
    --------
    >>> codes(["China", "South Korea", "European Union"])
    ['CHN', 'KOR', 'EU27']
    """
    return [AGGREGATES.get(label) or _country(label) for label in labels]


def _country(label: str) -> str:
    """Return the code of one country."""
    try:
        return str(pycountry.countries.lookup(label).alpha_3)
    except LookupError as error:
        raise InputError(
            f"area {label!r} is neither a country nor one of {list(AGGREGATES)}"
        ) from error
