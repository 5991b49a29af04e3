"""Single figures that publications state: rows of ``data/raw/statements``."""

from analysis.errors import InputError
from analysis.sources import packages, tables

TABLE = "statements/statements"


def stated(identifier: str) -> float:
    """Return a stated figure in the unit of its row.

    Raises
    ------
    InputError
        If there is no such row; the message lists those of the same publication.
    """
    return float(_row(identifier))


def stated_text(identifier: str) -> str:
    """Return a statement that is no number, such as a date, as text.

    Raises
    ------
    InputError
        If there is no such row; the message lists those of the same publication.
    """
    return _row(identifier)


def sources(*identifiers: str) -> list[str]:
    """Return the names under which findings cite these rows."""
    return [f"{TABLE}#{identifier}" for identifier in identifiers]


def number(identifier: str) -> float:
    """Return the number of a statement that is a bound or rounded, without sign and rounding."""
    return float(_row(identifier).lstrip("<>=").split("±")[0])


def published(identifier: str) -> str:
    """Return when the figure was stated: year, month or day."""
    return _row(identifier, "published")


def publisher(source: str) -> str:
    """Return who states the figures of a source and in which edition, as findings name sources.

    Parameters
    ----------
    source : str
        A table (``"ai_index_2022/patent_filings"``) or a row of the table of statements.
    """
    name, _, identifier = source.partition("#")
    if identifier:
        return f"{_row(identifier, 'publisher')}, {published(identifier)}"
    about = packages.table(name).package.to_descriptor()
    return f"{about['publisher']}, {about['edition']}"


def _row(identifier: str, column: str = "value") -> str:
    rows = tables.read(TABLE).set_index("id")[column]
    if identifier not in rows:
        near = [key for key in rows.index if key.split(".")[0] == identifier.split(".")[0]]
        raise InputError(f"no statement {identifier!r}; there are: {', '.join(near or rows.index)}")
    return str(rows[identifier])
