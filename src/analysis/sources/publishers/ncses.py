"""NCSES, Science and Engineering Indicators: AI articles, institutions, granted patents."""

import html
from pathlib import Path

import pandas as pd


def articles_by_year(path: Path) -> pd.DataFrame:
    """Return articles by area and year.

    The export lost its years: each area's rows are 2003 to 2022 in order. Its hierarchy is wrong
    ("World -> Seychelles -> China"), so an area is the last name of the path.
    """
    frame = pd.read_csv(path)
    areas = frame["time_period"]
    years = 2003 + frame.groupby(areas, sort=False).cumcount()
    names = _without_footnotes(areas.str.split(" -> ").str[-1])
    return pd.DataFrame({"area": names, "year": years, "articles": frame["value"]})


def articles_total(path: Path) -> pd.DataFrame:
    """Return articles by area over all years, in whole and in fractional counting."""
    columns = {
        "region_country_or_economy": "area",
        "region": "region",
        "number_of_papers_whole_": "articles_whole",
        "number_of_papers_fractional_": "articles_fractional",
    }
    return pd.read_csv(path)[list(columns)].rename(columns=columns)


def institutions(path: Path) -> pd.DataFrame:
    """Return the 100 largest institutions by articles over all years, in both countings."""
    columns = {
        "institution": "institution",
        "region": "region",
        "number_of_papers_whole_": "articles_whole",
        "number_of_papers_fractional_": "articles_fractional",
    }
    return pd.read_csv(path)[list(columns)].rename(columns=columns)


def patents(path: Path) -> pd.DataFrame:
    """Return grants by area, with the level that the path shows."""
    frame = pd.read_csv(path)
    parts = frame["time_period"].str.split(" -> ")
    levels = (
        (frame["time_period"].str.count(" -> ") + 1)
        .map({1: "world", 2: "region", 3: "country"})
        .fillna("country")
    )
    names = _without_footnotes(parts.str[-1])
    return pd.DataFrame({"area": names, "level": levels, "grants": frame["value"]})


def _without_footnotes(labels: pd.Series) -> pd.Series:
    """Return labels of an HTML table without footnote marks and escapes."""
    return labels.str.replace(r"<sup>.*?</sup>", "", regex=True).map(html.unescape)
