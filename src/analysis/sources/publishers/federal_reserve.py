"""The Federal Reserve's exchange rates, H.10 and G.5."""

from pathlib import Path

import pandas as pd


def yuan_per_dollar(path: Path) -> pd.DataFrame:
    """Return the monthly mean exchange rate of the yuan since 2014."""
    frame = pd.read_csv(path)
    china = frame[(frame["Country"] == "China") & (frame["Date"] >= "2014")]
    months = china["Date"].str[:7]
    return pd.DataFrame({"month": months, "yuan_per_dollar": china["Exchange rate"]}).reset_index(
        drop=True
    )
