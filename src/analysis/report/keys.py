"""Tables that explain the scorecard: the five questions, and what each standing means."""

from collections import Counter

import pandas as pd

from analysis.report.display import Shown
from analysis.report.scorecard import with_standing
from analysis.report.standing import QUESTIONS, STANDINGS


def questions() -> Shown:
    """Return the five questions with what each asks."""
    rows = [
        {"": name[0].upper(), "question": name, "asks": asks} for name, asks in QUESTIONS.items()
    ]
    return Shown(pd.DataFrame(rows), "The five questions, in the order of the strip")


def meanings(table: pd.DataFrame) -> Shown:
    """Return the standings with when each applies, what it means, and how many claims stand so."""
    number = Counter(with_standing(table)["standing"])
    rows = [
        {"standing": name, "when": when, "in words": words, "claims": number[name]}
        for name, (when, words) in STANDINGS.items()
    ]
    return Shown(pd.DataFrame(rows), "Where a claim stands: the first that applies")
