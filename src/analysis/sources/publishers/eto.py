"""Emerging Technology Observatory: the supply chain of chips."""

from pathlib import Path

import pandas as pd


def chips(path: Path) -> pd.DataFrame:
    """Return the shares of the United States in stages of the supply chain of chips."""
    frame = pd.read_csv(path, dtype=str)
    stages = frame["provided_id"].isin(["S1", "S2", "N6"]) & (frame["provider_name"] == "USA")
    share = frame["share_provided"].str.rstrip("%").astype(float)
    rows = pd.DataFrame({"stage": frame["provided_name"], "share_percent": share})[stages]
    return rows.dropna().reset_index(drop=True)
