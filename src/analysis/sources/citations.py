"""What a finding cites: a table, or one row of it, with all that a reader needs to trace it.

A source is named ``"FOLDER/TABLE"``, or ``"FOLDER/TABLE#KEY"`` for one row, where the key is the
row's primary key, its parts joined by a comma: ``"statements/statements#miit_2022.core"``.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.errors import InputError
from analysis.sources import packages, tables

DIRECTNESS: dict[str, str] = {
    "original": "the publisher's own file or page",
    "copy": "a mirror, rendering or translation",
    "account": "somebody else's report of it",
}
"""How near a source is to its publisher, the most direct first."""


@dataclass(frozen=True)
class Citation:
    """A source with all that a reader needs to find it.

    Attributes
    ----------
    source : str
        As findings name it.
    publisher, edition, title : str
        Who states it, in which edition or when, in what.
    locator : str
        Where in the publication: page, section, article, table.
    directness : str
        A key of :data:`DIRECTNESS`.
    url, licence : str
        Where a public copy is, and under which terms.
    short : str
        Publisher and edition in a few words, as tables and figures name it.
    file : str
        Our table.
    row : int or None
        The line of the file, the header being the first; None for the whole table.
    sha256 : str
        Of the original file that the table was taken from; empty for a page.
    note : str
        What a reader should know of it.
    """

    source: str
    publisher: str
    edition: str
    title: str
    locator: str
    directness: str
    url: str
    licence: str
    short: str
    file: str
    row: int | None
    sha256: str = ""
    note: str = ""


def cite(source: str) -> Citation:
    """Return what a source's name stands for.

    Raises
    ------
    InputError
        If there is no such table or row, or its package does not say how direct it is.
    """
    return _cite(source, packages.table(source.partition("#")[0]).state)


@cache
def _cite(source: str, state: tuple[str, int, str]) -> Citation:
    """Return what a source's name stands for while its table is in this state."""
    name, _, key = source.partition("#")
    table = packages.table(name)
    line, row = _row(table, key) if key else (None, {})
    about = table.about
    where = (about.get("sources") or [{}])[0]

    def first(column: str, *others: Any) -> str:
        return next((str(one) for one in (row.get(column), *others) if one), "")

    directness = first("directness", table.custom("directness", ""), about.get("directness"))
    if directness not in DIRECTNESS:
        allowed = ", ".join(DIRECTNESS)
        raise InputError(f"{table.label}: directness {directness!r} is not one of: {allowed}")
    url = first("url", table.custom("url", ""), where.get("path"), about.get("homepage"))
    if url and not url.startswith(("https://", "http://")):
        raise InputError(f"{table.label}: url {url!r}: must begin with https:// or http://")
    publisher = first("publisher", about.get("publisher"))
    edition = first("published") if "published" in row else str(about.get("edition", ""))
    return Citation(
        source,
        publisher,
        edition,
        first("title", table.custom("title", ""), about.get("title")),
        first("locator", table.custom("locator", ""), table.original.get("sheet")),
        directness,
        url,
        str(about["licenses"][0]["title"]) if about.get("licenses") else "",
        str(about.get("short") or ", ".join(part for part in (publisher, edition) if part)),
        table.label,
        line,
        str(table.original.get("sha256", "")),
        first("note"),
    )


def least_direct(sources: list[str]) -> str:
    """Return the directness of a value that rests on all of these sources: that of the farthest."""
    order = list(DIRECTNESS)
    return max((cite(source).directness for source in sources), key=order.index)


def key_columns(name: str) -> list[str]:
    """Return the columns whose values, joined by commas, name a row of a table."""
    return list(packages.table(name).resource.schema.primary_key)


def _row(table: packages.Table, key: str) -> tuple[int, dict[str, str]]:
    """Return the line and the cells of the row of a key."""
    rows = tables.rows(table.name)
    if key not in rows:
        start = key.split(".")[0]
        near = [known for known in rows if known.startswith(start)] or list(rows)
        raise InputError(f"{table.label}: no row {key!r}; there are: {', '.join(near[:20])}")
    return rows[key]
