"""Stanford HAI's AI Index: its tool, its public data by edition, and copies through others."""

from pathlib import Path

import pandas as pd

from analysis.sources import areas

TOOL_MEASURES = [
    "journal_publications",
    "conference_publications",
    "repository_publications",
    "journal_citations",
    "conference_citations",
    "repository_citations",
    "patent_fillings",
    "patent_grants",
]
"""The counts of the Global AI Vibrancy Tool, as its columns name them."""


def tool_counts(path: Path) -> pd.DataFrame:
    """Return the tool's counts of 2021 by country, whole counting: a paper counts in each."""
    frame = _tool(path)
    latest = frame[frame["year"] == 2021].set_index("area")
    columns = {f"number_of_total_{name}": name for name in TOOL_MEASURES}
    counts = latest[list(columns)].rename(columns=columns).astype("int64")
    return counts.rename(columns={"patent_fillings": "patent_filings"}).reset_index()


def tool_conference_publications(path: Path) -> pd.DataFrame:
    """Return the tool's conference publications by country and year."""
    frame = _tool(path)
    column = "number_of_total_conference_publications"
    return frame[["area", "year", column]].rename(columns={column: "publications"})


def tool_2021(path: Path) -> pd.DataFrame:
    """Return papers of the tool of 2021 by year: China, the United States, and the sum of all."""
    frame = pd.read_csv(path)
    columns = {"num_AIjournal_papers": "journal_papers", "num_AIconf_papers": "conference_papers"}
    counts = frame[["CountryName", "PublishYear", *columns]].rename(
        columns={**columns, "CountryName": "area", "PublishYear": "year"}
    )
    counts[list(columns.values())] = counts[list(columns.values())].apply(
        pd.to_numeric, errors="coerce"
    )
    world = counts.groupby("year", as_index=False)[list(columns.values())].sum()
    world.insert(0, "area", f"{counts['area'].nunique()} countries")
    named = counts[counts["area"].isin(["China", "United States"])]
    both = pd.concat([named, world]).sort_values(["area", "year"]).reset_index(drop=True)
    return both.round(1)


def preliminary(path: Path) -> pd.DataFrame:
    """Return papers and citations of 2021 before the edition: three areas and the sum of all."""
    columns = {
        "('Number of Papers', 'Journal')": "journal_publications",
        "('Number of Papers', 'Conference')": "conference_publications",
        "('Number of Citations', 'Journal')": "journal_citations",
    }
    counts = pd.read_csv(path).set_index("Country Name")[list(columns)].rename(columns=columns)
    members = counts.index.isin([*areas.eu27_names(), "United Kingdom"])
    rows = {
        "China": counts.loc["China"],
        "United States": counts.loc["United States"],
        "European Union and United Kingdom": counts[members].sum(),
        f"{len(counts)} countries": counts.sum(),
    }
    return pd.DataFrame(rows).T.round(1).rename_axis("area").reset_index()


def by_label(path: Path) -> pd.DataFrame:
    """Return a table of the public data of 2026 in long form: area or type, year, value."""
    frame = pd.read_csv(path)
    value = next(name for name in frame.columns if name not in ("Year", "Label"))
    return pd.DataFrame(
        {
            "label": frame["Label"],
            "year": frame["Year"].astype("int64"),
            "value": frame[value],
        }
    )


def china_sectors(path: Path) -> pd.DataFrame:
    """Return the shares of sectors in China's publications in computer science, of 2026."""
    frame = pd.read_csv(path).query("Label == 'China'")
    share = frame["AI Publications (% of Total)"] * 100
    sectors = frame["Sector"].str.lower()
    return pd.DataFrame({"sector": sectors, "share_percent": share}).reset_index(drop=True)


def private_investment_owid(path: Path) -> pd.DataFrame:
    """Return private investment by area and year in constant dollars of 2021."""
    frame = pd.read_csv(path)
    value = "Global total private investment in AI"
    named = {"Entity": "area", "Year": "year", value: "investment_usd_2021"}
    return frame[list(named)].rename(columns=named)


def _tool(path: Path) -> pd.DataFrame:
    """Return the tool's workbook with areas in the usual spelling."""
    frame = pd.read_excel(path)
    return frame.assign(area=frame["country"].str.title())
