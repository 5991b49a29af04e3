"""Publishers of one table each: OpenAlex, OECD, CB Insights, World Bank, ETO, rankings."""

import re
from pathlib import Path

import pandas as pd

from analysis.sources import areas

COMPANIES = [
    "Bytedance",
    "SenseTime",
    "Megvii",
    "Momenta",
    "UBTECH Robotics",
    "Mobvoi",
    "Cambricon",
    "YITU Technology",
    "MiningLamp Technology",
    "4Paradigm",
    "Horizon Robotics",
    "CloudWalk",
    "Unisound",
]
"""Companies that claims name, and other Chinese AI companies that could have stood in table 4."""

INSTITUTIONS = [
    "Chinese Academy of Sciences",
    "Tsinghua University",
    "Shanghai Jiao Tong University",
    "Zhejiang University",
    "Harbin Institute of Technology",
    "Peking University",
    "Beihang University",
    "Huazhong University of Science and Technology",
    "Wuhan University",
    "Beijing Institute of Technology",
]
"""The institutions that claims name."""


def openalex_works(path: Path) -> pd.DataFrame:
    """Return works tagged AI by year: three areas and the sum of countries, whole counting."""
    frame = pd.read_csv(path)
    code = frame["country_code"].str.rsplit("/", n=1).str[-1]
    named = {"CN": "China", "US": "United States", "GB": "European Union and United Kingdom"}
    named |= dict.fromkeys(areas.eu27_codes(), "European Union and United Kingdom")
    parts = frame.assign(area=code.map(named)).dropna(subset="area")
    world = frame.assign(area="sum of countries")
    both = pd.concat([parts, world]).rename(columns={"count": "works"})
    return both.groupby(["area", "year"])["works"].sum().reset_index()


def oecd(path: Path) -> pd.DataFrame:
    """Return the rows of OECD.AI as transcribed: venture capital, shares of articles, families."""
    return pd.read_csv(path)[["series", "area", "year", "value", "unit"]]


def cb_insights(path: Path) -> pd.DataFrame:
    """Return companies as a list of unicorns has them: city, year of foundation, money raised."""
    frame = pd.read_csv(path)
    columns = {
        "Company": "company",
        "City": "city",
        "Founded Year": "founded",
        "Year Founded": "founded",
        "Total Raised": "raised",
        "Funding": "raised",
    }
    kept = frame[[name for name in columns if name in frame]].rename(columns=columns)
    wanted = re.compile("|".join(name.split()[0] for name in COMPANIES), re.IGNORECASE)
    mine = kept[kept["company"].str.match(wanted) & (frame["Country"] == "China")]
    return mine.astype({"founded": "int64"}).reset_index(drop=True)


def gdp(path: Path) -> pd.DataFrame:
    """Return output in current dollars of 2021 and 2022, the five largest countries of each."""
    frame = pd.read_csv(path)
    recent = frame[frame["Year"].isin([2021, 2022]) & areas.are_countries(frame["Country Code"])]
    largest = recent.groupby("Year")["Value"].rank(ascending=False) <= 5
    kept = recent[largest].sort_values(["Year", "Value"], ascending=[True, False])
    named = {"Country Name": "area", "Year": "year", "Value": "gdp_usd"}
    return kept[list(named)].rename(columns=named).reset_index(drop=True)


def chips(path: Path) -> pd.DataFrame:
    """Return the shares of the United States in stages of the supply chain of chips."""
    frame = pd.read_csv(path, dtype=str)
    stages = frame["provided_id"].isin(["S1", "S2", "N6"]) & (frame["provider_name"] == "USA")
    share = frame["share_provided"].str.rstrip("%").astype(float)
    rows = pd.DataFrame({"stage": frame["provided_name"], "share_percent": share})[stages]
    return rows.dropna().reset_index(drop=True)


def csrankings(path: Path) -> pd.DataFrame:
    """Return places of Chinese institutions among the universities of the world in AI."""
    frame = pd.read_csv(path)
    names = frame["University Name"].str.strip()
    rows = pd.DataFrame({"institution": names, "rank": frame["Rank"]})
    return rows[names.isin(INSTITUTIONS)].sort_values("rank").reset_index(drop=True)


def paper_copilot(path: Path) -> pd.DataFrame:
    """Return papers of 2021 at twelve venues by Chinese institution; a paper counts in each."""
    cell = pd.read_csv(path)["aff_unique_norm"].dropna()
    each = cell.str.split(";").map(lambda names: sorted({name.strip() for name in names}))
    counted = each.explode().value_counts()
    kept = counted.reindex(INSTITUTIONS).fillna(0).astype("int64")
    return kept.rename_axis("institution").rename("papers").reset_index()
