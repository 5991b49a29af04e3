"""OpenAlex: works tagged AI."""

from pathlib import Path

import pandas as pd

from analysis.sources import areas


def works(path: Path) -> pd.DataFrame:
    """Return works tagged AI by year: three areas and the sum of countries, whole counting."""
    frame = pd.read_csv(path)
    code = frame["country_code"].str.rsplit("/", n=1).str[-1]
    named = {"CN": "China", "US": "United States", "GB": "European Union and United Kingdom"}
    named |= dict.fromkeys(areas.eu27_codes(), "European Union and United Kingdom")
    parts = frame.assign(area=code.map(named)).dropna(subset="area")
    world = frame.assign(area="sum of countries")
    both = pd.concat([parts, world]).rename(columns={"count": "works"})
    return both.groupby(["area", "year"])["works"].sum().reset_index()
