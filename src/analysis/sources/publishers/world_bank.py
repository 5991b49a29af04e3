"""World Bank: output of countries."""

from pathlib import Path

import pandas as pd

from analysis.sources import areas


def gdp(path: Path) -> pd.DataFrame:
    """Return output in current dollars of 2021 and 2022, the five largest countries of each."""
    frame = pd.read_csv(path)
    recent = frame[frame["Year"].isin([2021, 2022]) & areas.are_countries(frame["Country Code"])]
    largest = recent.groupby("Year")["Value"].rank(ascending=False) <= 5
    kept = recent[largest].sort_values(["Year", "Value"], ascending=[True, False])
    named = {"Country Name": "area", "Year": "year", "Value": "gdp_usd"}
    return kept[list(named)].rename(columns=named).reset_index(drop=True)
