"""CSET: the AI industry alliance, the contracts of the PLA, and Country AI Activity Metrics."""

from pathlib import Path

import pandas as pd

BUYERS = {
    "战略支援部队": "Strategic Support Force",
    "陆军": "Army",
    "海军": "Navy",
    "空军": "Air Force",
    "火箭军": "Rocket Force",
    "军事科学院": "Academy of Military Science",
    "中国航天科技集团有限公司": "China Aerospace Science and Technology Corporation",
}
"""The buyers named most often, in English; the others are taken together."""

GROUPS = {
    "ASEAN",
    "Africa",
    "Asia Pacific",
    "EU",
    "Europe",
    "Five Eyes",
    "Global Partnership on Artificial Intelligence",
    "Latin America and the Caribbean",
    "NATO",
    "Northern America",
    "OECD",
    "Oceania",
    "Quad",
}
"""Rows of the metrics that are no country; the EU and the others overlap with theirs."""

_KEYS = ("country", "field", "year", "complete")

KEPT = ["China (mainland)", "EU", "United Kingdom", "United States"]
"""The areas that claims name, as the metrics name them."""


def aiia_members_by_city(path: Path) -> pd.DataFrame:
    """Return the members of the AI industry alliance by city, largest first."""
    return _count(_aiia(path), {"Location (City-level)": "city"})


def aiia_members_by_type(path: Path) -> pd.DataFrame:
    """Return the members of the AI industry alliance by type and tier."""
    return _count(_aiia(path), {"Type": "type", "Tier (EN)": "tier"})


def aiia_companies(path: Path) -> pd.DataFrame:
    """Return the alliance's companies by size, focus and kind of AI product."""
    members = _aiia(path)
    labels = {
        "Estimated Size": "size",
        "Estimated Focus": "focus",
        "AI Product/Service Category": "category",
    }
    companies = members[members["Type"] == "Industry"]
    return _count(companies, labels)


def pla_contracts_by_month(path: Path) -> pd.DataFrame:
    """Return contract awards by month and buyer: how many, how many with a value, their sum."""
    contracts = _pla_contracts(path)
    groups = contracts.groupby(["month", "buyer"])["value"]
    table = groups.agg(contracts="size", valued="count", value_cny="sum").reset_index()
    return table.astype({"value_cny": "int64"})


def pla_contracts_by_size(path: Path) -> pd.DataFrame:
    """Return the valued contract awards by size class, three classes a power of ten."""
    value = _pla_contracts(path)["value"].dropna()
    edges = [round(10 ** (power / 3)) for power in range(11, 28)]
    classes = pd.cut(value, edges, right=False)
    table = value.groupby(classes, observed=True).agg(["size", "sum"]).reset_index()
    return pd.DataFrame(
        {
            "from_cny": [interval.left for interval in table.iloc[:, 0]],
            "below_cny": [interval.right for interval in table.iloc[:, 0]],
            "contracts": table["size"],
            "value_cny": table["sum"],
        }
    ).astype("int64")


def activity(path: Path) -> pd.DataFrame:
    """Return a yearly table of the metrics, all fields, for the areas that claims name.

    The sum of all countries stands beside them; a paper or family of two countries counts in each.
    """
    frame = _all_fields(path)
    value = _measure(frame)
    countries = frame[~frame["country"].isin(GROUPS)]
    total = countries.groupby("year", as_index=False).agg({value: "sum", "complete": "min"})
    total["country"] = "sum of countries"
    kept = pd.concat([frame[frame["country"].isin(KEPT)], total])
    return _long(kept, value)


def investment(path: Path) -> pd.DataFrame:
    """Return private investment: the areas that claims name by year, and 2021 by country."""
    frame = _all_fields(path)
    value = _measure(frame)
    latest = (frame["year"] == 2021) & ~frame["country"].isin(GROUPS)
    largest = frame[latest].nlargest(15, value)["country"]
    wanted = frame["country"].isin(["China (mainland)", "United States", "United Kingdom"])
    kept = frame[(wanted & (frame["year"] <= 2021)) | (latest & frame["country"].isin(largest))]
    return _long(kept, value)


def activity_owid(path: Path) -> pd.DataFrame:
    """Return a yearly table of the metrics as Our World in Data serves it."""
    frame = pd.read_csv(path)
    value = next(name for name in frame.columns if name.startswith(("All", "Number of")))
    kept = frame["Entity"].isin(
        [
            "China",
            "European Union (27) (CSET)",
            "Sweden",
            "United Kingdom",
            "United States",
            "World",
        ]
    )
    named = {"Entity": "area", "Year": "year", value: "value"}
    rows = frame.loc[kept & (frame["Year"] <= 2022), list(named)].rename(columns=named)
    return rows.dropna().astype({"value": "int64"}).reset_index(drop=True)


def _all_fields(path: Path) -> pd.DataFrame:
    """Return the rows that are of all fields together."""
    frame = pd.read_csv(path)
    if "complete" not in frame:
        frame["complete"] = pd.NA
    return frame[(frame["field"] == "All") & (frame["year"] <= 2022)]


def _measure(frame: pd.DataFrame) -> str:
    """Return the name of the column that holds the figures."""
    return next(str(n) for n in frame.columns if n not in _KEYS)


def _long(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return area, year, value and the publisher's flag of completeness, in order."""
    named = {"country": "area", "year": "year", value: "value", "complete": "complete"}
    rows = frame[list(named)].rename(columns=named).sort_values(["area", "year"])
    return rows.astype({"value": "int64", "complete": "boolean"}).reset_index(drop=True)


def _aiia(path: Path) -> pd.DataFrame:
    """Return the annotated list of members; its first line groups the columns."""
    members = pd.read_csv(path, header=1)
    category = members["AI Product/Service Category"].str.title()
    return members.assign(**{"AI Product/Service Category": category})


def _count(members: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """Return how many members there are by the columns named, most first; gaps are "unknown"."""
    named = members[list(labels)].rename(columns=labels).fillna("unknown")
    counted = named.value_counts().rename("members").reset_index()
    order = ["members", *labels.values()]
    ascending = [False] + [True] * len(labels)
    return counted.sort_values(order, ascending=ascending).reset_index(drop=True)


def _pla_contracts(path: Path) -> pd.DataFrame:
    """Return the contracts of the ragged original: of 996 records, those that bear data."""
    records = pd.read_csv(path, encoding="utf-8-sig").dropna(how="all")
    value = pd.to_numeric(records["contract_value_RMB"].str.replace(",", ""), errors="coerce")
    created = pd.to_datetime(records["created"].str.removesuffix(" UTC"), format="mixed")
    return pd.DataFrame(
        {
            "month": created.dt.strftime("%Y-%m"),
            "buyer": records["public_unit"].str.strip().map(BUYERS).fillna("others"),
            "value": value,
        }
    )
