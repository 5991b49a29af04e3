"""Steps of cleaning that more than one table needs."""

from collections.abc import Mapping

import pandas as pd

from analysis.sources import areas, tables


def by_area_and_period(
    parts: Mapping[str, tuple[int, int] | None],
    *,
    boundaries: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Stack tables of one measure into long form: area, period, value.

    Parameters
    ----------
    parts : mapping of str to (int, int) or None
        Raw tables with the period that each covers; None for a table with a column ``year``. A
        table without a column ``area`` is about the world.
    boundaries : mapping of str to str, optional
        What the publisher leaves out of an area, by label.

    Returns
    -------
    pandas.DataFrame
        Columns ``code``, ``area``, ``boundary``, ``first_year``, ``last_year``, the measure, and
        ``raw_table``; a figure that two tables state differently stands twice.
    """
    frames = []
    for name, period in parts.items():
        frame = tables.read(name)
        if "area" not in frame:
            frame["area"] = "World"
        if period is None:
            frame = frame.assign(first_year=frame["year"], last_year=frame["year"])
        else:
            frame = frame.assign(first_year=period[0], last_year=period[1])
        frames.append(frame.drop(columns="year", errors="ignore").assign(raw_table=name))
    long = pd.concat(frames, ignore_index=True)
    long["code"] = areas.codes(long["area"])
    long["boundary"] = long["area"].map(dict(boundaries or {}))
    ends = ["code", "area", "boundary", "first_year", "last_year"]
    measure = [column for column in long if column not in [*ends, "raw_table"]]
    return long[[*ends, *measure, "raw_table"]]


def stated_twice(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the figures that two raw tables state, side by side, with their difference.

    Parameters
    ----------
    frame : pandas.DataFrame
        As from :func:`by_area_and_period`.
    measure : str
        The measure's column.

    Returns
    -------
    pandas.DataFrame
        Columns ``area``, ``first_year``, ``last_year``, ``lowest``, ``highest``, ``difference``.
    """
    groups = frame.groupby(["area", "first_year", "last_year"])[measure]
    pairs = groups.agg(lowest="min", highest="max", tables="count").reset_index()
    pairs = pairs[pairs["tables"] > 1].drop(columns="tables")
    return pairs.assign(difference=pairs["highest"] - pairs["lowest"]).reset_index(drop=True)
