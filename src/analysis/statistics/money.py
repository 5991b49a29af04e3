"""Amounts in two currencies."""

import pandas as pd


def leave_one_out_rates(yuan: pd.Series, dollars: pd.Series) -> pd.DataFrame:
    """Compare each pair's implied exchange rate with the median of the other pairs'.

    Parameters
    ----------
    yuan, dollars : pandas.Series
        The same amounts in both currencies, in the same unit, with the same index. At least three.

    Returns
    -------
    pandas.DataFrame
        Indexed likewise: ``implied`` (yuan per dollar), ``others`` (the median implied by the other
        pairs), ``dollars_at_others`` (the yuan at that rate), ``ratio`` (implied to others).

    Raises
    ------
    ValueError
        If there are fewer than three pairs.

    Examples
    --------
    >>> pairs = leave_one_out_rates(pd.Series([14.0, 7.0, 70.0]), pd.Series([2.0, 1.0, 0.01]))
    >>> pairs["ratio"].round(2).tolist()
    [0.0, 0.0, 1000.0]
    """
    if len(yuan) < 3:
        raise ValueError(f"an outlier needs at least three pairs, there are {len(yuan)}")
    implied = yuan / dollars
    others = pd.Series(
        {label: implied.drop(label).median() for label in implied.index}, dtype=float
    )
    return pd.DataFrame(
        {
            "implied": implied,
            "others": others,
            "dollars_at_others": yuan / others,
            "ratio": implied / others,
        }
    )
