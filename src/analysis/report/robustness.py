"""How far claims depend on choices: what ``make multiverse`` found, claim by claim."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.report import units
from analysis.report.claims import claim
from analysis.sources import tables
from analysis.statistics import curve as curves

TABLE = "processed/universes"


def chosen() -> pd.DataFrame:
    """Return every universe, a column each choice.

    Returns
    -------
    pandas.DataFrame
        ``claim``, ``notebook``, ``value``, ``number`` and ``holds``, then the choices of all
        notebooks as text, missing where a notebook has no such choice.
    """
    frame = tables.read(TABLE)
    choices_of = [dict(one.split("=", 1) for one in text.split("; ")) for text in frame["choices"]]
    choices = pd.DataFrame(choices_of, index=frame.index)
    return pd.concat([frame.drop(columns="choices"), choices], axis=1)


def about(frame: pd.DataFrame, identifier: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the universes of one claim by the notebook made for it, and the choices it has.

    A choice that varies but never moves the claim is none of its own: the amounts of a year do not
    depend on the first year of a sum.

    Raises
    ------
    InputError
        If no universe speaks of the claim.
    """
    mine = frame[(frame["claim"] == identifier) & frame["number"].notna()]
    if mine.empty:
        known = ", ".join(sorted(frame["claim"].unique()))
        raise InputError(f"no universe speaks of claim {identifier!r}; there are: {known}")
    sweeps = mine[mine["notebook"].str.endswith("_by_choice")]
    mine = mine if sweeps.empty else sweeps
    mine = mine[mine["notebook"] == mine["notebook"].mode()[0]].dropna(axis=1, how="all")
    own = ("claim", "notebook", "value", "number", "holds")
    choices = [name for name in mine if name not in own and mine[name].nunique() > 1]
    for name in tuple(choices) if mine["value"].nunique() > 1 else ():
        rest = [other for other in choices if other != name]
        groups = mine.groupby(rest, dropna=False)["value"] if rest else None
        if groups is not None and groups.size().max() > 1 and groups.nunique().max() == 1:
            choices = rest  # It never moves this claim: what differs only by it is one universe.
    return mine.drop_duplicates([*choices, "value"]), choices


def overview(frame: pd.DataFrame, identifiers: Iterable[str], *, near: float = 0.1) -> pd.DataFrame:
    """Return for each claim how it fares over its universes.

    Returns
    -------
    pandas.DataFrame
        ``claim``, ``statement``, ``stated``; ``universes``; ``holds``, the per cent in which it
        does by its own qualifier, and ``near``, in which the value lies within that share of the
        report's; ``low``, ``median``, ``high``; ``moved by``, the choice that accounts for most of
        the variation, its ``share`` in per cent, and ``p`` by permutation.
    """
    return pd.DataFrame([_summary(frame, identifier, near) for identifier in identifiers])


def holding(frame: pd.DataFrame) -> dict[str, str]:
    """Return in how many universes each claim holds: ``"4 % of 92"``."""
    shares = {}
    for identifier in frame.loc[frame["number"].notna(), "claim"].unique():
        mine, _ = about(frame, identifier)
        shares[str(identifier)] = f"{(mine['holds'] == 'yes').mean():.0%} of {len(mine)}"
    return shares


def to_draw(frame: pd.DataFrame, identifier: str) -> dict[str, Any]:
    """Return what :func:`analysis.figures.curve` draws of a claim."""
    item = claim(identifier)
    mine, choices = about(frame, identifier)
    found = _summary(frame, identifier)
    data = mine[["number", "holds", *choices]].rename(columns={"number": "value"})
    stated = item.number if item.kind not in ("order",) else None
    return {
        "frame": data,
        "stated": stated,
        "title": (
            f"{item.statement}: {found['low']:.4g} to {found['high']:.4g} over "
            f"{found['universes']} universes, "
            f"most by {found['moved by'].replace('_', ' ') or 'nothing'}"
        ),
        "unit": units.words(item.unit).replace("{}", "").replace("{th}", "place").strip(),
        "source": f"a sweep of {mine['notebook'].iloc[0]}; series as in data/registry",
    }


def _summary(frame: pd.DataFrame, identifier: str, near: float = 0.1) -> dict[str, Any]:
    """Return the row of one claim."""
    item = claim(identifier)
    mine, choices = about(frame, identifier)
    numbers = mine["number"].astype(float)
    parts = curves.decompose(mine, "number", choices)
    first = str(parts.index[0]) if len(parts) else ""
    away = (numbers - item.number).abs() / abs(item.number)
    return {
        "claim": identifier,
        "statement": item.statement,
        "stated": item.says,
        "universes": len(mine),
        "holds": 100 * float((mine["holds"] == "yes").mean()),
        "near": 100 * float((away <= near).mean()),
        "low": numbers.min(),
        "median": numbers.median(),
        "high": numbers.max(),
        "moved by": first,
        "share": float(parts["share"].iloc[0]) if first else float("nan"),
        "p": curves.permuted(mine, "number", first) if first else float("nan"),
    }
