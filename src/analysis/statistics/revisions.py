"""How a published number changes from one edition to the next."""

from collections.abc import Hashable

import numpy as np
import pandas as pd


def revisions(first: pd.Series, later: pd.Series) -> pd.DataFrame:
    """Return first and later values of the same quantities, with the revision.

    Parameters
    ----------
    first, later : pandas.Series
        Values of two editions by the same index, such as area and year; what only one of them has,
        or what is zero in either, is left out.

    Returns
    -------
    pandas.DataFrame
        ``first`` and ``later`` as natural logarithms, and ``revision``, 100 times their difference:
        about the change in per cent, symmetric for rises and falls.

    Examples
    --------
    >>> revisions(pd.Series([100.0, 50.0]), pd.Series([110.0, 50.0])).revision.round(2).to_list()
    [9.53, 0.0]
    """
    both = pd.DataFrame({"first": first, "later": later}).dropna()
    logs = both[(both > 0).all(axis=1)].apply(np.log)
    return logs.assign(revision=100 * (logs["later"] - logs["first"]))


def describe(first: pd.Series, later: pd.Series) -> dict[Hashable, float]:
    """Return the statistics of revisions that the literature on real-time data uses.

    Parameters
    ----------
    first, later : pandas.Series
        As of :func:`revisions`; at least five pairs.

    Returns
    -------
    dict
        ``pairs``; ``mean`` and ``mean absolute`` revision in per cent; ``bias p``, of a mean of
        zero; ``news p``, that the revision is not predictable from the first value (a regression on
        it has no intercept and no slope); ``noise p``, the same of the later value. p-values are
        missing if there is no revision to explain.

    Raises
    ------
    ValueError
        If there are fewer than five pairs.

    Notes
    -----
    Mankiw and Shapiro (1986), News or noise: an analysis of GNP revisions, Survey of Current
    Business 66 (5), 20-25: an efficient first estimate (news) leaves revisions that do not depend
    on it; a mismeasured one (noise) leaves revisions that do not depend on the final value. Bias as
    in Aruoba (2008), Data revisions are not well behaved, Journal of Money, Credit and Banking 40,
    319-340. Standard errors are robust to heteroscedasticity (HC1).
    """
    data = revisions(first, later)
    if len(data) < 5:
        raise ValueError(f"{len(data)} pairs of values, at least 5 are needed")
    revision = data["revision"]
    result: dict[Hashable, float] = {
        "pairs": len(data),
        "mean": revision.mean(),
        "mean absolute": revision.abs().mean(),
    }
    for name, regressors in {"bias p": [], "news p": ["first"], "noise p": ["later"]}.items():
        result[name] = _nothing_explains(revision, data[regressors])
    return result


def _nothing_explains(revision: pd.Series, regressors: pd.DataFrame) -> float:
    """Return the p-value that an intercept and the regressors are all zero."""
    if np.allclose(revision, 0):
        return float("nan")
    import statsmodels.api as sm

    exogenous = sm.add_constant(regressors, has_constant="add")
    if regressors.empty:
        exogenous = pd.DataFrame({"const": 1.0}, index=revision.index)
    fitted = sm.OLS(revision, exogenous).fit(cov_type="HC1")
    return float(fitted.f_test(np.eye(exogenous.shape[1])).pvalue)
