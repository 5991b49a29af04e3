"""Universes: what a claim's value would be under every combination of defensible choices.

A notebook computes it under one combination and shows it by :func:`judge`; a sweep runs the
notebook under all, and :func:`gather` collects what they gave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import notebooks, values
from analysis.report import ledger
from analysis.report.claims import claim
from analysis.sources import series, tables

MIME = "application/vnd.china-ai-ecosystem.universe+json"
COUNTINGS = "registry/countings"
COLUMNS = ("claim", "notebook", "choices", "value", "number", "holds")


@dataclass(frozen=True)
class Universe:
    """A claim's value under one combination of choices.

    Attributes
    ----------
    claim : str
        The claim's id.
    value : str
        In its unit, in the language of :mod:`analysis.values`.
    holds : str
        ``"yes"`` or ``"no"``, by the claim's own qualifier.
    """

    claim: str
    value: str
    holds: str


class Universes(Sequence[Universe]):
    """Universes of one notebook that show themselves."""

    def __init__(self, universes: Iterable[Universe]) -> None:
        self._universes = tuple(universes)

    def __getitem__(self, index: Any) -> Any:
        return self._universes[index]

    def __len__(self) -> int:
        return len(self._universes)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        rows = [
            {
                "statement": claim(one.claim).statement,
                "the report says": claim(one.claim).says,
                "under these choices": claim(one.claim).shows(values.parse(one.value)),
                "holds": one.holds,
            }
            for one in self
        ]
        shown, none = pd.DataFrame(rows), "no data under these choices"
        return {
            "text/plain": shown.to_string(index=False) if rows else none,
            "text/html": shown.to_html(index=False) if rows else f"<p>{none}</p>",
            MIME: [asdict(one) for one in self],
        }


def judge(found: Mapping[str, float]) -> Universes:
    """Judge values found for claims under the choices of this run.

    Parameters
    ----------
    found : mapping of str to float
        Claim ids with the value of each, in its unit; missing values are left out.
    """
    made = []
    for key, number in found.items():
        if pd.isna(number):
            continue
        value = values.of(float(number), claim(key).unit)
        holds = "yes" if claim(key).meets(value).agrees else "no"
        made.append(Universe(key, str(value), holds))
    return Universes(made)


def counted(measure: str, counter: str, kind: str) -> pd.DataFrame:
    """Return the series of a measure by one counter, a column an area, a row a year.

    Empty if ``registry/countings`` has no such combination: a universe without data.
    """
    rows = tables.read(COUNTINGS).set_index(["measure", "counter", "kind"])["series"]
    name = rows.get((measure, counter, kind))
    return pd.DataFrame() if name is None else series.numbers(str(name))


def at(frame: pd.DataFrame, years: Iterable[int], areas: Iterable[str]) -> float:
    """Return the sum over years of the first of these areas that a series has, or missing."""
    wanted = list(years)
    area = next((code for code in areas if code in frame), None)
    if area is None or not set(wanted) <= set(frame.index):
        return float("nan")
    return float(frame.loc[wanted, area].sum(skipna=False))


def gather(executed: Iterable[Path]) -> pd.DataFrame:
    """Return what executed notebooks found under their choices, a row a claim and run.

    Parameters
    ----------
    executed : iterable of pathlib.Path
        Notebooks of sweeps. Of one that judges universes, these are taken; of any other, the
        findings of those cells whose values the choices move.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`COLUMNS`, sorted: ``choices`` as ``"counter=NCSES 2024; year=2021"``,
        ``number`` missing where the value is a bound or a list, ``holds`` ``"yes"`` or ``"no"``.
        The same universe by two runs stands once.
    """
    rows = [row for path in executed for row in _of_notebook(path)]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "place"])
    moved = frame.groupby(["notebook", "claim", "place"])["value"].transform("nunique") > 1
    frame = frame[moved | (frame["place"] == "")].drop(columns="place")
    frame = frame.drop_duplicates(["claim", "notebook", "choices", "value"])
    return frame.sort_values(["claim", "notebook", "choices", "value"], ignore_index=True)


def _of_notebook(path: Path) -> list[tuple[Any, ...]]:
    """Return the rows of one executed notebook."""
    book = notebooks.load(path)
    choices = "; ".join(f"{key}={value}" for key, value in notebooks.choices(book).items())
    judged = [
        one
        for _, cell in notebooks.own_cells(book)
        for output in cell.get("outputs", [])
        for one in output.get("data", {}).get(MIME, [])
    ]
    if judged or _judges(book):
        return [_row(path, choices, one["claim"], one["value"], one["holds"], "") for one in judged]
    return [
        _row(
            path,
            choices,
            entry["claim"],
            entry["value"],
            entry["answer"],
            f"{entry['cell']} {'; '.join(entry['sources'])}",
        )
        for entry in ledger.harvest([path])
        if entry["answer"] is not None and entry["question"] != "consistent"
    ]


def _judges(book: notebooks.Notebook) -> bool:
    """Return whether a notebook judges universes, even if this run had no data for one."""
    return any("universes.judge" in "".join(cell["source"]) for cell in book["cells"])


def _row(path: Path, choices: str, key: str, value: str, holds: str, place: str) -> tuple[Any, ...]:
    """Return one row."""
    try:
        number = values.parse(value, claim(key).unit).number
    except Exception:
        number = float("nan")
    return key, path.stem, choices, value, number, holds, place
