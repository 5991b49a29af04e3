"""Shares of a whole and how concentrated they are."""

import pandas as pd


def shares(values: pd.Series, whole: float | None = None) -> pd.Series:
    """Return each value as a share of a whole.

    Parameters
    ----------
    values : pandas.Series
        Values of zero or more.
    whole : float, optional
        The whole; their sum if not given.

    Examples
    --------
    >>> shares(pd.Series([3, 1])).tolist()
    [0.75, 0.25]
    """
    return values / (values.sum() if whole is None else whole)


def herfindahl(parts: pd.Series) -> float:
    """Return the Herfindahl-Hirschman index: the sum of squared shares, 1/n to 1.

    Shares that do not add up to one (the smallest areas are not listed) give a lower bound.

    Examples
    --------
    The United States Department of Justice's example, firms of 30, 30, 20 and 20 per cent, has an
    index of 2,600 on the scale of percentages.

    >>> round(herfindahl(pd.Series([0.3, 0.3, 0.2, 0.2])) * 10_000)
    2600
    """
    return float((parts**2).sum())


def largest(parts: pd.Series, count: int) -> float:
    """Return the joint share of the largest few (the concentration ratio).

    Examples
    --------
    >>> round(largest(pd.Series([0.2, 0.5, 0.3]), 2), 3)
    0.8
    """
    return float(parts.nlargest(count).sum())


def implied(counts: pd.Series, printed: pd.Series) -> pd.Series:
    """Return the share of each entry in the whole that the other entries' counts and shares imply.

    Leaves out the entry's own share, so that the result does not lean on what it tests.

    Parameters
    ----------
    counts : pandas.Series
        Counts by entry.
    printed : pandas.Series
        Shares in per cent by entry, as printed.

    Returns
    -------
    pandas.Series
        Shares in per cent, for the entries that have both.

    Examples
    --------
    >>> implied(pd.Series({"a": 10, "b": 30}), pd.Series({"a": 11.0, "b": 30.0})).round(1).to_dict()
    {'a': 10.0, 'b': 33.0}
    """
    both = pd.DataFrame({"count": counts, "share": printed}).dropna()
    others = both.sum() - both
    whole = others["count"] / others["share"] * 100
    return both["count"] / whole * 100
