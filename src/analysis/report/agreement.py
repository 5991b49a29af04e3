"""A blind second reading beside our answers: how far the two agree."""

import pandas as pd
from statsmodels.stats.inter_rater import cohens_kappa, to_table

from analysis.report.claims import claim
from analysis.report.standing import QUESTIONS, standing
from analysis.sources import tables

TABLE = "registry/second_reading"
NONE = "none"


def beside(table: pd.DataFrame) -> pd.DataFrame:
    """Return the claims of the second reading with both readers' answers at the time.

    Where the reading changed our answer, ours is the one from before: agreement is that of two
    readers who did not know of each other.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`analysis.report.scorecard.standings` returns it.

    Returns
    -------
    pandas.DataFrame
        A row each claim; for each question and ``standing`` a column ``NAME, ours`` and
        ``NAME, theirs``, answers being ``yes``, ``no``, ``mixed`` or ``none``; ``settled``.
    """
    theirs = tables.read(TABLE).set_index("claim")
    ours = table.set_index("id").loc[theirs.index, list(QUESTIONS)].fillna(NONE)
    for key, changed in theirs["before"].dropna().items():
        for part in changed.split("; "):
            question, _, answer = part.partition("=")
            ours.loc[key, question] = answer
    both = {}
    for question in QUESTIONS:
        both[f"{question}, ours"] = ours[question]
        both[f"{question}, theirs"] = theirs[question]
    for name, said in (("ours", ours), ("theirs", theirs[list(QUESTIONS)])):
        answers = said.astype(object).where(said != NONE, None)
        both[f"standing, {name}"] = answers.apply(lambda row: standing(row.to_dict()), axis=1)
    return pd.DataFrame(both).assign(settled=theirs["settled"].fillna(""))


def kappas(both: pd.DataFrame, *, nothing: bool = True) -> pd.DataFrame:
    """Return the agreement on each question and on the standing.

    Parameters
    ----------
    both : pandas.DataFrame
        As :func:`beside` returns it.
    nothing : bool, optional
        Whether claims to which one of the two has no answer count, too.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``what``: ``claims``, ``same`` (share of claims on which both say the same) and
        ``kappa`` (Cohen, 1960; missing where both always say one thing).
    """
    rows = {}
    for what in [*QUESTIONS, "standing"]:
        pair = both[[f"{what}, ours", f"{what}, theirs"]]
        if not nothing and what != "standing":
            pair = pair[(pair != NONE).all(axis=1)]
        same = (pair.iloc[:, 0] == pair.iloc[:, 1]).mean()
        rows[what] = {"claims": len(pair), "same": same, "kappa": _kappa(pair)}
    return pd.DataFrame(rows).T.astype({"claims": int}).rename_axis("what")


def _kappa(pair: pd.DataFrame) -> float:
    """Return Cohen's kappa of two columns; missing where both always say one thing."""
    said = sorted(set(pair.stack()))
    if len(said) < 2:
        return float("nan")
    codes = pair.apply(lambda column: column.map(said.index)).to_numpy()
    return float(cohens_kappa(to_table(codes)[0]).kappa)


def differences(both: pd.DataFrame) -> pd.DataFrame:
    """Return the answers on which the two differ, in words, with how that was settled."""
    rows = [
        {
            "statement": claim(str(key)).statement,
            "question": question,
            "ours": row[f"{question}, ours"],
            "theirs": row[f"{question}, theirs"],
            "settled": row["settled"],
        }
        for question in QUESTIONS
        for key, row in both.iterrows()
        if row[f"{question}, ours"] != row[f"{question}, theirs"]
    ]
    return pd.DataFrame(rows)
