"""Make skeletons; what is not given is marked, and a test fails until the mark is gone."""

import csv
import datetime
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path

import nbformat

from analysis import files, paths
from analysis.errors import InputError
from analysis.report.claims import claim
from analysis.sources import packages, schema

TO_FILL = "TO FILL"
"""What stands where something is still to be written."""

LIKELY = {"kind": "count", "subject": "world", "value": "0", "unit": "count", "qualifier": "exact"}
"""What a claim has until somebody says otherwise: valid, so that everything else goes on."""

_NAME = re.compile(r"[a-z0-9_]+")

TYPES = ("string", "integer", "number", "date", "boolean")


def new_source(name: str, table: str, columns: Mapping[str, str], **about: str) -> list[Path]:
    """Make a data package with one empty table.

    Parameters
    ----------
    name : str
        The folder, ``PUBLISHER_EDITION``.
    table : str
        Name of the table.
    columns : mapping of str to str
        The type of each column; the first ones that are no numbers identify a row.
    **about
        ``publisher``, ``edition``, ``url``, ``licence`` and ``locator``.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    InputError
        If the folder exists, or a type is unknown.
    """
    for word in (name, table, *columns):
        _plain(word)
    folder = paths.data() / "raw" / name
    if folder.exists():
        raise InputError(f"data/raw/{name}: exists already")
    for column, kind in columns.items():
        if kind not in TYPES:
            raise InputError(f"column {column}: type {kind!r} is not one of {', '.join(TYPES)}")
    said = {key: about.get(key) or TO_FILL for key in ("publisher", "edition", "url", "locator")}
    licence = about.get("licence") or TO_FILL
    fields = [
        {"name": column, "type": kind, "description": TO_FILL, "constraints": {"required": True}}
        for column, kind in columns.items()
    ]
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name.replace("_", "-"),
        "title": TO_FILL,
        "publisher": said["publisher"],
        "edition": said["edition"],
        "short": f"{said['publisher']} {said['edition']}",
        "accessed": datetime.date.today().isoformat(),
        "licenses": [{"name": licence, "title": licence}],
        "sources": [{"title": said["publisher"], "path": said["url"]}],
        "directness": "account",
        "resources": [
            {
                "name": table,
                "title": TO_FILL,
                "path": f"{table}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "locator": said["locator"],
                "schema": {
                    "fields": fields,
                    "primaryKey": [c for c, kind in columns.items() if kind != "number"],
                    "missingValues": [""],
                },
            }
        ],
    }
    made = [folder / f"{table}.csv", folder / "datapackage.json"]
    files.write_text(made[0], ",".join(columns) + "\n")
    files.write_text(made[1], json.dumps(described, indent=2, ensure_ascii=False) + "\n")
    return made


def new_claim(identifier: str, paragraph: str, position: int, **given: str) -> list[Path]:
    """Add a claim to the registry, and its id to the number of the report that it carries.

    Parameters
    ----------
    identifier : str
        Topic, subject and period, joined by dots.
    paragraph : str
        Where the report makes it, such as ``"P013"``.
    position : int
        Which of the paragraph's numbers it carries, from 1.
    **given
        Other columns of ``registry/claims``.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    InputError
        If there is such a claim already or no such number, or a value is not allowed.
    """
    table = packages.table("registry/claims")
    rows = table.cells()
    if any(row["id"] == identifier for row in rows):
        raise InputError(f"claim {identifier!r} exists already")
    numbers = packages.table("registry/numbers")
    counted = numbers.cells()
    mine = [r for r in counted if (r["paragraph"], r["position"]) == (paragraph, str(position))]
    if not mine:
        raise InputError(f"{numbers.label}: no number {position} in paragraph {paragraph}")
    topic = identifier.partition(".")[0].replace("_", " ")
    row = dict.fromkeys(table.resource.schema.field_names, "") | LIKELY | {"statement": TO_FILL}
    row |= {"id": identifier, "topic": topic, "paragraph": paragraph}
    row |= {key: text for key, text in given.items() if text}
    ids = [one for one in mine[0]["claims"].split("; ") if one]
    mine[0] |= {"claims": "; ".join([*ids, identifier]), "reason": ""}
    waiting = packages.table("registry/unanswered")
    looked = {"claim": identifier, "looked_for": TO_FILL}
    for one, lines in ((table, [*rows, row]), (numbers, counted)):
        _write(one, lines)
    _write(waiting, [*waiting.cells(), looked])
    return [table.path, numbers.path, waiting.path]


def new_notebook(name: str, identifier: str, table: str) -> Path:
    """Make a notebook that answers a claim by a table.

    Parameters
    ----------
    name : str
        ``NN_theme``.
    identifier : str
        The claim.
    table : str
        ``"PACKAGE/TABLE"``.

    Raises
    ------
    InputError
        If the notebook exists, its name does not begin with two digits, or there is no such claim
        or table.
    """
    claim(identifier)
    packages.table(table)
    path = paths.NOTEBOOKS / f"{name}.ipynb"
    if path.exists():
        raise InputError(f"notebooks/{path.name}: exists already")
    if not (name[:2].isdigit() and name[2:3] == "_" and _NAME.fullmatch(name)):
        raise InputError(f"notebook {name!r}: a name is two digits and a theme, such as 48_trade")
    text = (Path(__file__).parent / "notebook.json").read_text(encoding="utf-8")
    marks = {"NUMBER": name[:2], "NAME": name, "CLAIM": identifier, "TABLE": table}
    for mark, words in marks.items():
        text = text.replace(f"<{mark}>", words)
    files.write_text(path, nbformat.writes(nbformat.reads(text, as_version=4)) + "\n")
    return path


def unfilled() -> list[str]:
    """Return the files of data and notebooks in which something is still to be written."""
    places = [path for path in paths.data().rglob("*") if path.suffix in (".csv", ".json")]
    waiting = [p for p in (*places, *paths.notebooks()) if TO_FILL in p.read_text(encoding="utf-8")]
    return sorted(path.name for path in waiting)


def _plain(name: str) -> None:
    """Raise ``InputError`` if a name could lead anywhere else."""
    if not _NAME.fullmatch(name):
        raise InputError(f"name {name!r}: give small letters, digits and underscores")


def _write(table: packages.Table, rows: list[dict[str, str]]) -> None:
    """Write a table of the registry, if it is what its schema says."""
    text = io.StringIO()
    writer = csv.DictWriter(text, table.resource.schema.field_names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with files.replacing(table.path) as beside:
        beside.write_text(text.getvalue(), encoding="utf-8", newline="\n")
        wrong = schema.broken(table, beside)
        if wrong:
            raise InputError(wrong[0])
