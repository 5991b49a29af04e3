"""Rankings: whether a stated order is that of the numbers."""

from collections.abc import Mapping

import pandas as pd


def rank(numbers: pd.Series) -> pd.Series:
    """Return the rank of each number, 1 for the largest; ties share the best rank.

    Examples
    --------
    >>> rank(pd.Series([30, 50, 40])).tolist()
    [3, 1, 2]
    """
    return numbers.rank(ascending=False, method="min").astype(int)


def against(stated: pd.Series, numbers: pd.Series) -> pd.DataFrame:
    """Put stated ranks beside those that the numbers give.

    Parameters
    ----------
    stated, numbers : pandas.Series
        Rank and number of each entry, with the same index.

    Returns
    -------
    pandas.DataFrame
        Columns ``stated``, ``number``, ``computed``, ``agrees``, in the stated order.

    Examples
    --------
    >>> against(pd.Series([1, 2]), pd.Series([10, 20]))["agrees"].tolist()
    [False, False]
    """
    ranks = rank(numbers)
    table = pd.DataFrame({"stated": stated, "number": numbers, "computed": ranks})
    return table.assign(agrees=table["stated"] == table["computed"]).sort_values("stated")


def out_of_order(numbers: pd.Series, *, descending: bool = False) -> list[int]:
    """Return the positions (from 0) of entries that come before their predecessor should.

    Examples
    --------
    >>> out_of_order(pd.Series([1, 3, 2]))
    [2]
    >>> out_of_order(pd.Series([9, 5, 5]), descending=True)
    []
    """
    steps = numbers.reset_index(drop=True).diff()
    wrong = steps > steps * 0 if descending else steps < steps * 0
    return list(wrong[wrong].index)


def kendall_w(ranks: pd.DataFrame) -> float:
    """Return Kendall's coefficient of concordance, corrected for ties: 0 to 1.

    Parameters
    ----------
    ranks : pandas.DataFrame
        A row each entry, a column each ranking; ranked again within the entries.

    Examples
    --------
    Three rankings of four that agree but for one swap: S = 77, W = 12 * 77 / (9 * 60).

    >>> table = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "c": [1, 2, 4, 3]})
    >>> round(kendall_w(table), 4)
    0.9111
    """
    within = ranks.rank()
    count, judges = within.shape
    sums = within.sum(axis=1)
    spread = ((sums - sums.mean()) ** 2).sum()
    ties = sum(float((size**3 - size).sum()) for size in map(_tie_sizes, within.items()))
    return float(12 * spread / (judges**2 * (count**3 - count) - judges * ties))


def _tie_sizes(column: tuple[object, pd.Series]) -> pd.Series:
    """Return how many entries share each rank of one ranking."""
    return column[1].value_counts()


def ordered(numbers: pd.Series, names: Mapping[str, str]) -> list[str]:
    """Return the names of the entries, the largest number first.

    Examples
    --------
    >>> ordered(pd.Series({"CHN": 3, "USA": 5}), {"CHN": "China", "USA": "United States"})
    ['United States', 'China']
    """
    return [names[str(key)] for key in numbers.sort_values(ascending=False).index]


def allowed(stated: pd.Series, numbers: pd.Series) -> pd.DataFrame:
    """Return the numbers that each stated rank allows, given the numbers of the other ranks.

    Parameters
    ----------
    stated : pandas.Series
        Ranks, the first of which has the largest number, without ties.
    numbers : pandas.Series
        Numbers by the same entries.

    Returns
    -------
    pandas.DataFrame
        Columns ``low`` and ``high``, both included: the largest number ranked after, or zero, and
        the smallest ranked before, or the entry's own if none is. Where the two cross, they are
        exchanged.

    Examples
    --------
    >>> ranks = pd.Series([1, 2, 3], list("abc"))
    >>> allowed(ranks, pd.Series([9, 4, 5], list("abc"))).loc["b"].to_list()
    [5, 9]
    """
    rows = []
    for rank, own in zip(stated, numbers.reindex(stated.index), strict=True):
        after, before = numbers[stated > rank], numbers[stated < rank]
        low = after.max() if len(after) else 0
        high = before.min() if len(before) else max(own, low)
        rows.append({"low": min(low, high), "high": max(low, high)})
    return pd.DataFrame(rows, stated.index)
