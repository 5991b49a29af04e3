"""Codes for the areas that publishers name: ISO 3166-1 alpha-3, and groups named in a table."""

from collections.abc import Hashable, Iterable

import pandas as pd
import pycountry

from analysis.errors import InputError
from analysis.sources import tables

GROUPS = "registry/areas"


def codes(labels: Iterable[str]) -> list[str]:
    """Return the ISO 3166-1 alpha-3 code of each label, or the code of a group.

    Parameters
    ----------
    labels : iterable of str
        Names of countries as publishers write them, or labels of ``data/registry/areas.csv``.

    Raises
    ------
    InputError
        If a label is the name of no area.

    Examples
    --------
    >>> codes(["China", "South Korea", "European Union"])
    ['CHN', 'KOR', 'EU27']
    """
    groups = tables.read(GROUPS).set_index("label")["code"].to_dict()
    return [str(groups.get(label) or _country(label, groups)) for label in labels]


def are_countries(values: pd.Series) -> pd.Series:
    """Return which codes are those of countries rather than of groups of them."""
    known = {country.alpha_3 for country in pycountry.countries}
    return values.isin(known)


def eu27_names() -> list[str]:
    """Return the members of the European Union since 2020, by their English names."""
    return list(tables.read("eurostat_glossary/eu27_members")["area"])


def eu27_codes() -> list[str]:
    """Return the two-letter codes of the members of the European Union since 2020."""
    return [pycountry.countries.lookup(name).alpha_2 for name in eu27_names()]


def _country(label: str, groups: Iterable[Hashable]) -> str:
    """Return the code of one country."""
    try:
        return str(pycountry.countries.lookup(label).alpha_3)
    except LookupError as error:
        raise InputError(
            f"area {label!r} is neither a country nor one of: {', '.join(map(str, groups))}"
        ) from error
