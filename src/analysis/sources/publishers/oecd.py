"""OECD.AI: rows transcribed from its exports."""

from pathlib import Path

import pandas as pd


def exports(path: Path) -> pd.DataFrame:
    """Return the rows of OECD.AI as transcribed: venture capital, shares of articles, families."""
    return pd.read_csv(path)[["series", "area", "year", "value", "unit"]]
