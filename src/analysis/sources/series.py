"""Series: what each publisher and edition counts, in one tidy table for all of them.

``data/registry/series.csv`` says of each series which raw table holds it, in which columns, and
whether the figures are taken as stated or divided by those of the world. Figures keep the digits
that their publisher prints: ``31.0±0.05``.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis import values
from analysis.errors import InputError
from analysis.sources import areas, citations, tables

TABLE = "registry/series"
PROCESSED = "processed/series"


def build(wanted: Sequence[str]) -> pd.DataFrame:
    """Return every series of the registry, for the areas wanted.

    Parameters
    ----------
    wanted : sequence of str
        Codes of areas.

    Returns
    -------
    pandas.DataFrame
        Columns ``series``, ``code``, ``year``, ``value`` (text of :mod:`analysis.values`),
        ``source`` (the raw table and its row, or the table alone where rows were added up);
        sorted by series, area and year.

    Raises
    ------
    InputError
        If a table lacks a column or an area that the registry names.
    """
    frames = [
        _one(str(row.series), *map(tables.checksum, (TABLE, areas.GROUPS, str(row.table))))
        for row in tables.read(TABLE).itertuples()
    ]
    both = pd.concat(frames, ignore_index=True)
    both = both[both["code"].isin(wanted)]
    return both.sort_values(["series", "code", "year"]).reset_index(drop=True)


def value(series: str, code: str, year: int) -> tuple[str, str] | None:
    """Return what a series says of an area in a year, and its source; None if it says nothing."""
    frame = tables.read(PROCESSED)
    hit = frame[(frame["series"] == series) & (frame["code"] == code) & (frame["year"] == year)]
    return None if hit.empty else (str(hit["value"].iloc[0]), str(hit["source"].iloc[0]))


def read(series: str) -> pd.DataFrame:
    """Return the processed rows of a series.

    Raises
    ------
    InputError
        If there is no such series; the message lists those of the same edition.
    """
    frame = tables.read(PROCESSED)
    rows = frame[frame["series"] == series]
    if rows.empty:
        known = sorted(set(frame["series"]))
        near = [name for name in known if name.split(".")[0] == series.split(".")[0]]
        raise InputError(f"no series {series!r}; there are: {', '.join(near or known)}")
    return rows


def numbers(series: str) -> pd.DataFrame:
    """Return a series as numbers, a column an area, a row a year."""
    rows = read(series)
    centres = rows.assign(value=[values.parse(text).number for text in rows["value"]])
    return centres.pivot(index="year", columns="code", values="value")


def table_of(series: str) -> str:
    """Return the raw table that a series was taken from."""
    return str(read(series)["source"].iloc[0]).partition("#")[0]


@lru_cache(maxsize=200)
def _one(name: str, *checksums: str) -> pd.DataFrame:
    """Return one series from its raw table; made again only when a table that it needs changed."""
    known = tables.read(TABLE)
    row: Any = next(known[known["series"] == name].itertuples())
    table = str(row.table)
    frame = tables.read(table)
    area = str(row.area)
    if area.startswith("="):
        frame = frame.assign(**{area: area[1:]})
    for column in (area, row.value):
        if column not in frame:
            raise InputError(
                f"data/registry/series.csv, series {name}: {table} has no column {column!r}; "
                f"it has: {', '.join(frame.columns)}"
            )
    if not pd.isna(row.where):
        column, _, wanted = str(row.where).partition("=")
        frame = frame[frame[column] == wanted]
    years = frame["year"] if pd.isna(row.year) else int(row.year)
    keys = frame[citations.key_columns(table)].astype(str).itertuples(index=False)
    long = pd.DataFrame(
        {
            "area": frame[area],
            "year": years,
            "number": frame[row.value] * float(row.scale),
            "decimals": frame["decimals"] if row.printed else pd.NA,
            "source": [f"{table}#{','.join(key)}" for key in keys],
        }
    )
    known = _coded(long, str(row.recode))
    if not pd.isna(row.world):
        known = _shares(known, str(row.world), name)
    texts = [_text(n, d) for n, d in zip(known["number"], known["decimals"], strict=True)]
    return pd.DataFrame(
        {
            "series": name,
            "code": known["code"],
            "year": known["year"].astype("int64"),
            "value": texts,
            "source": known["source"].fillna(table),
        }
    )


def _coded(long: pd.DataFrame, recode: str) -> pd.DataFrame:
    """Return rows of known areas by code; the European Union with the United Kingdom is added."""
    groups = tables.read(areas.GROUPS).set_index("label")["code"].to_dict()
    named = {label: groups.get(label) or _code(label) for label in set(long["area"])}
    if "=" in recode:
        old, _, new = recode.partition("=")
        named = {label: new if code == old else code for label, code in named.items()}
    known = long.assign(code=long["area"].map(named)).dropna(subset="code")
    if "EU27GBR" in set(known["code"]) or not {"EU27", "GBR"} <= set(known["code"]):
        return known
    parts = known[known["code"].isin(["EU27", "GBR"])]
    both = parts.groupby("year").filter(lambda one: len(one) == 2)
    added = both.groupby("year")["number"].sum().reset_index().assign(code="EU27GBR")
    return pd.concat([known, added], ignore_index=True)


def _code(label: str) -> str | None:
    """Return the code of a country, or None for a label that is none."""
    try:
        return areas.codes([label])[0]
    except InputError:
        return None


def _shares(long: pd.DataFrame, world: str, name: str) -> pd.DataFrame:
    """Return shares of the world in per cent."""
    base = long[long["code"] == world].set_index("year")["number"]
    if base.empty:
        raise InputError(f"data/registry/series.csv, series {name}: no rows of {world!r}")
    parts = long[long["code"] != world]
    return parts.assign(number=parts["number"] / parts["year"].map(base) * 100)


def _text(number: float, decimals: Any) -> str:
    """Return a figure with the digits that its publisher prints, or as it is."""
    if pd.isna(decimals):
        return str(values.of(float(number)))
    return values.rounded(round(float(number), max(int(str(decimals)), 0)), int(str(decimals)))
