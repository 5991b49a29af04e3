"""How each raw table is taken from its publisher's original file.

A table's ``datapackage.json`` names the original and either the sheet that holds the table as it
stands or a function of this module that derives it. The same recipe makes a table and verifies it.
"""

import html
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.sources.packages import Table

Recipe = Callable[[Path], pd.DataFrame]


def take(table: Table, originals: Path) -> pd.DataFrame:
    """Return a raw table as its recipe takes it from the original.

    Parameters
    ----------
    table : Table
        A raw table whose descriptor names an original file.
    originals : pathlib.Path
        The folder with the originals, laid out as the descriptors say.

    Returns
    -------
    pandas.DataFrame
        The columns of the table's schema, the rows in the original's order.

    Raises
    ------
    InputError
        If the original is missing, or names neither a sheet nor a known recipe.
    """
    original = table.original
    path = originals / original["file"]
    if not path.exists():
        raise InputError(f"{table.name}: no original {original['file']} in {originals}")
    if "sheet" in original:
        return from_sheet(table, path)
    recipe = original.get("recipe")
    if recipe not in RECIPES:
        raise InputError(
            f"{table.name}: unknown recipe {recipe!r}; there are: {', '.join(sorted(RECIPES))}"
        )
    return RECIPES[recipe](path)


def from_sheet(table: Table, path: Path) -> pd.DataFrame:
    """Return a sheet of a workbook whose header holds the titles of the table's fields.

    Raises
    ------
    InputError
        If the workbook has no such sheet or the sheet no such column.
    """
    sheet = table.original["sheet"]
    workbook = _workbook(path)
    if sheet not in workbook:
        raise InputError(f"{path.name}: no sheet {sheet!r}; there are: {list(workbook)}")
    frame = workbook[sheet]
    titles = {field.title: field for field in table.resource.schema.fields}
    missing = [title for title in titles if title not in frame.columns]
    if missing:
        raise InputError(f"{path.name}, sheet {sheet!r}: no column {missing[0]!r}")
    frame = frame[list(titles)].dropna(how="all").reset_index(drop=True)
    for title, field in titles.items():
        if field.type == "integer":
            frame[title] = frame[title].astype("int64")
    return frame.rename(columns={title: field.name for title, field in titles.items()})


@cache
def _workbook(path: Path) -> dict[str, pd.DataFrame]:
    """Read a workbook once for all its sheets."""
    sheets: dict[str, pd.DataFrame] = pd.read_excel(path, sheet_name=None, engine="openpyxl")
    return sheets


def ncses_articles_by_year(path: Path) -> pd.DataFrame:
    """Return articles by area and year.

    The export lost its years: each area's rows are 2003 to 2022 in order. Its hierarchy is wrong
    ("World -> Seychelles -> China"), so an area is the last name of the path.
    """
    frame = pd.read_csv(path)
    areas = frame["time_period"]
    years = 2003 + frame.groupby(areas, sort=False).cumcount()
    names = _without_footnotes(areas.str.split(" -> ").str[-1])
    return pd.DataFrame({"area": names, "year": years, "articles": frame["value"]})


def ncses_articles_total(path: Path) -> pd.DataFrame:
    """Return articles by area over all years, in whole and in fractional counting."""
    columns = {
        "region_country_or_economy": "area",
        "region": "region",
        "number_of_papers_whole_": "articles_whole",
        "number_of_papers_fractional_": "articles_fractional",
    }
    return pd.read_csv(path)[list(columns)].rename(columns=columns)


def ncses_patents(path: Path) -> pd.DataFrame:
    """Return grants by area, with the level that the path shows."""
    frame = pd.read_csv(path)
    parts = frame["time_period"].str.split(" -> ")
    levels = parts.str.len().map({1: "world", 2: "region", 3: "country"}).fillna("country")
    names = _without_footnotes(parts.str[-1])
    return pd.DataFrame({"area": names, "level": levels, "grants": frame["value"]})


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


def yuan_per_dollar(path: Path) -> pd.DataFrame:
    """Return the monthly mean exchange rate of the yuan since 2014."""
    frame = pd.read_csv(path)
    china = frame[(frame["Country"] == "China") & (frame["Date"] >= "2014")]
    months = china["Date"].str[:7]
    return pd.DataFrame({"month": months, "yuan_per_dollar": china["Exchange rate"]}).reset_index(
        drop=True
    )


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


def _without_footnotes(labels: pd.Series) -> pd.Series:
    """Return labels of an HTML table without footnote marks and escapes."""
    return labels.str.replace(r"<sup>.*?</sup>", "", regex=True).map(html.unescape)


RECIPES: dict[str, Recipe] = {
    "aiia_companies": aiia_companies,
    "aiia_members_by_city": aiia_members_by_city,
    "aiia_members_by_type": aiia_members_by_type,
    "ncses_articles_by_year": ncses_articles_by_year,
    "ncses_articles_total": ncses_articles_total,
    "ncses_patents": ncses_patents,
    "pla_contracts_by_month": pla_contracts_by_month,
    "pla_contracts_by_size": pla_contracts_by_size,
    "yuan_per_dollar": yuan_per_dollar,
}
