"""Chapters of the scorecard: the report's own errors, and what fails with most consequence."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.report import ledger
from analysis.report.claims import claim
from analysis.report.display import Shown
from analysis.report.scorecard import CONSEQUENTIAL, FAILURES, found_words, with_standing
from analysis.sources import citations, tables

Entries = Sequence[ledger.Entry]


def contradictions(entries: Entries) -> Shown:
    """Return what the report itself contradicts, with the arithmetic in a line."""
    rows = [
        {
            "statement": claim(one.claim).statement,
            "paragraph": claim(one.claim).paragraph,
            "the report says": claim(one.claim).says,
            "follows": found_words(claim(one.claim), one.value),
            "from": one.method,
        }
        for one in ledger.typed(entries)
        if one.question == "consistent" and one.answer == "no"
    ]
    return Shown(pd.DataFrame(rows), "Where the report contradicts itself")


def consequential(table: pd.DataFrame) -> Shown:
    """Return the failing claims of most consequence, as ``registry/consequential`` has them.

    Which they are, their order and the sentence of why are a judgement; values, standings and
    sources are those of the findings. A listed claim that does not fail is left out.

    Raises
    ------
    InputError
        If a listed claim is unknown.
    """
    known = table.set_index("id")
    fails = known["standing"].isin(FAILURES)
    rows = []
    row: Any
    for row in tables.read(CONSEQUENTIAL).itertuples():
        if row.claim not in known.index:
            raise InputError(
                f"data/registry/consequential.csv, row {row.Index + 2}, column claim: "
                f"no claim {row.claim!r}"
            )
        if not fails[row.claim]:
            continue
        item = known.loc[row.claim]
        where = dict.fromkeys(citations.cite(source).short for source in item["sources"])
        rows.append(
            {
                "": row.place,
                "claim": item["statement"],
                "paragraph": item["paragraph"],
                "the report says": item["stated"],
                "found": found_words(claim(row.claim), item["found"]),
                "standing": item["standing"],
                "from": "; ".join(where),
                "why it matters": row.why,
            }
        )
    return Shown(pd.DataFrame(rows), "Claims that fail, those of most consequence first")


def by_section(table: pd.DataFrame) -> pd.DataFrame:
    """Return claims in the order of the report: ``section``, ``id``, ``statement``, ``standing``.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`analysis.report.scorecard.standings` gives it; claims without a standing are left
        out.
    """
    sections = tables.read("report/sections")
    counted = with_standing(table).sort_values("paragraph", kind="stable")
    starts = np.searchsorted(sections["first"], counted["paragraph"], side="right") - 1
    counted = counted.assign(section=sections["section"].to_numpy()[starts])
    return counted[["section", "id", "statement", "standing"]].reset_index(drop=True)
