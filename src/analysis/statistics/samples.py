"""Shares in a sample: how far they can be trusted."""

import numpy as np
import pandas as pd


def wilson(percent: pd.Series, size: int, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return the Wilson score interval of each share.

    Parameters
    ----------
    percent : pandas.Series
        Shares of the sample, in per cent.
    size : int
        Size of the sample.
    confidence : float, optional
        Coverage of the intervals.

    Returns
    -------
    pandas.DataFrame
        Columns ``percent``, ``low``, ``high``, in per cent.

    Examples
    --------
    Newcombe (1998, Statistics in Medicine 17, table I) gives 0.2553 to 0.3662 for 81 of 263.

    >>> wilson(pd.Series([100 * 81 / 263]), 263).round(2).values.tolist()
    [[30.8, 25.53, 36.62]]
    """
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(
        percent / 100 * size, size, alpha=1 - confidence, method="wilson"
    )
    return pd.DataFrame({"percent": percent, "low": low * 100, "high": high * 100})


def differ(one: float, other: float, size: int) -> float:
    """Return the p-value that two shares of one sample are equal in the population.

    Parameters
    ----------
    one, other : float
        Shares of the same sample that exclude each other, in per cent.
    size : int
        Size of the sample.

    Notes
    -----
    Of those in either group, half would be in each: the sign test's normal approximation
    (McNemar 1947).

    Examples
    --------
    40 against 20 of 100: z is 20 over the root of 60, 2.582.

    >>> round(differ(40, 20, 100), 4)
    0.0098
    """
    from scipy import stats

    first, second = one / 100 * size, other / 100 * size
    z = abs(first - second) / np.sqrt(first + second)
    return float(2 * stats.norm.sf(z))


def bootstrap_total(
    values: np.ndarray, *, draws: int, confidence: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Return the percentile interval of a sum under resampling (Efron 1979).

    Parameters
    ----------
    values : numpy.ndarray
        Observed values, shape (n,).
    draws : int
        How many values are summed in each resample.
    confidence : float, optional
        Coverage of the interval.
    seed : int, optional
        Seed of the random numbers; 2,000 resamples are drawn.

    Examples
    --------
    >>> bootstrap_total(np.array([2.0, 2.0]), draws=5)
    (10.0, 10.0)
    """
    random = np.random.default_rng(seed)
    totals = random.choice(values, size=(2000, draws)).sum(axis=1)
    low, high = np.quantile(totals, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def lognormal_of_classes(edges: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    """Fit a log-normal distribution to counts in size classes by maximum likelihood.

    Parameters
    ----------
    edges : numpy.ndarray
        Ends of the classes, shape (k + 1,), above zero.
    counts : numpy.ndarray
        Observations in each class, shape (k,).

    Returns
    -------
    tuple of float
        Mean and standard deviation of the natural logarithm.

    Examples
    --------
    >>> edges = np.exp([-9.0, -1.0, 0.0, 1.0, 9.0])
    >>> mean, spread = lognormal_of_classes(edges, np.array([159, 341, 341, 159]))
    >>> abs(round(mean, 2)), round(spread, 2)
    (0.0, 1.0)
    """
    from scipy import stats

    intervals = np.repeat(np.column_stack([edges[:-1], edges[1:]]), counts, axis=0)
    spread, _, scale = stats.lognorm.fit(stats.CensoredData(interval=intervals), floc=0)
    return float(np.log(scale)), float(spread)
