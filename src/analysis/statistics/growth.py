"""Growth of a series over time."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS
from statsmodels.tools import add_constant


def compound_rate(first: float, last: float, periods: float) -> float:
    """Return the compound growth rate per period.

    Parameters
    ----------
    first, last : float
        The values at the two ends, both above zero.
    periods : float
        How many periods lie between them.

    Returns
    -------
    float
        A share: 0.1 is 10 per cent.

    Raises
    ------
    ValueError
        If a value or the number of periods is not above zero.

    Examples
    --------
    >>> compound_rate(4, 9, 2)
    0.5
    """
    if min(first, last, periods) <= 0:
        raise ValueError(f"first {first}, last {last}, periods {periods}: all must be above zero")
    return float((last / first) ** (1 / periods) - 1)


@dataclass(frozen=True)
class Trend:
    """A log-linear trend: the growth rate per period with its confidence interval, as shares."""

    rate: float
    low: float
    high: float
    confidence: float
    observations: int


def log_linear(
    series: pd.Series, *, confidence: float = 0.95, covariance: str = "HC3", lags: int = 1
) -> Trend:
    """Fit ``log(value) = a + b * period`` by least squares and return the growth rate.

    Parameters
    ----------
    series : pandas.Series
        Values above zero, indexed by the period (years).
    confidence : float, optional
        Coverage of the interval, from Student's t with n - 2 degrees of freedom.
    covariance : {"HC1", "HC3", "HAC"}, optional
        Errors robust to changing variance (White; MacKinnon and White 1985), or to autocorrelation
        as well (Newey and West 1987).
    lags : int, optional
        Lags of the Newey-West errors.

    Returns
    -------
    Trend
        ``exp(b) - 1`` with the transformed ends of the interval of ``b``.

    Raises
    ------
    ValueError
        If there are fewer than four observations or one is not above zero.

    Examples
    --------
    >>> doubling = pd.Series([1.0, 2.0, 4.0, 8.0, 16.0], index=range(2000, 2005))
    >>> round(log_linear(doubling).rate, 6)
    1.0
    """
    if len(series) < 4:
        raise ValueError(f"a trend needs four observations, there are {len(series)}")
    if (series <= 0).any():
        raise ValueError(f"a log-linear trend needs values above zero, found {series.min()}")
    design = add_constant(series.index.to_numpy(dtype=float) - float(series.index[0]))
    options = {"maxlags": lags} if covariance == "HAC" else None
    model = OLS(np.log(series.to_numpy(dtype=float)), design)
    fit = model.fit(cov_type=covariance, cov_kwds=options, use_t=True)
    low, high = fit.conf_int(alpha=1 - confidence)[1]
    rate = float(np.expm1(fit.params[1]))
    return Trend(rate, float(np.expm1(low)), float(np.expm1(high)), confidence, len(series))


def overtakes(one: pd.Series, other: pd.Series) -> int | None:
    """Return the year from which one series exceeds another to the end, or None.

    Examples
    --------
    >>> years = [2010, 2011, 2012]
    >>> overtakes(pd.Series([1, 3, 4], years), pd.Series([2, 2, 2], years))
    2011
    """
    behind = (one <= other).to_numpy()
    if behind[-1]:
        return None
    first = len(behind) - int(behind[::-1].argmax()) if behind.any() else 0
    return int(one.index[first])


def decimal_years(dates: pd.Series) -> list[float]:
    """Return dates as decimal years: 2 July 2022 is about 2022.5.

    Parameters
    ----------
    dates : pandas.Series
        Dates, or texts ``YYYY-MM-DD``.

    Examples
    --------
    >>> decimal_years(pd.Series(["2022-01-01", "2022-07-02"]))
    [2022.0, 2022.4986301369863]
    """
    days = pd.to_datetime(dates)
    length = 365 + days.dt.is_leap_year
    return list(days.dt.year + (days.dt.day_of_year - 1) / length)


def reached(series: pd.Series, target: float) -> float:
    """Return when a growing series reaches a target, at constant growth between observations.

    Parameters
    ----------
    series : pandas.Series
        Values above zero, rising, indexed by time in decimal years.
    target : float
        The value to reach.

    Returns
    -------
    float
        Decimal year. Before the first and after the last observation the nearest pair's growth
        is carried on.

    Examples
    --------
    >>> reached(pd.Series([100.0, 400.0], index=[2020.0, 2022.0]), 200)
    2021.0
    """
    times = series.index.to_numpy(dtype=float)
    logs = np.log(series.to_numpy(dtype=float))
    pair = int(np.clip(np.searchsorted(logs, np.log(target)), 1, len(logs) - 1))
    slope = (logs[pair] - logs[pair - 1]) / (times[pair] - times[pair - 1])
    return float(times[pair] + (np.log(target) - logs[pair]) / slope)


def lead_since(one: pd.Series, other: pd.Series) -> str:
    """Return since when one series is above another for good, as the language of values has it.

    Parameters
    ----------
    one, other : pandas.Series
        Values by year.

    Returns
    -------
    str
        The year; ``"<=2014"`` if it leads from the first year of the series on, ``">2020"`` if it
        does not lead in the last.

    Examples
    --------
    >>> years = [2014, 2015, 2016]
    >>> ours, theirs = pd.Series([1, 2, 5], years), pd.Series([2, 2, 3], years)
    >>> lead_since(ours, theirs), lead_since(theirs, ours)
    ('2016', '>2016')
    """
    both = pd.concat([one, other], axis=1, keys=["one", "other"]).dropna()
    year = overtakes(both["one"], both["other"])
    if year is None:
        return f">{both.index[-1]}"
    return f"<={year}" if year == both.index[0] else str(year)


def since_words(year: str) -> str:
    """Return in words what :func:`lead_since` found.

    Examples
    --------
    >>> since_words("2016"), since_words("<=2014"), since_words(">2020")
    ('in 2016', 'in or before 2014', 'not by 2020')
    """
    for sign, words in (("<=", "in or before "), (">", "not by ")):
        if year.startswith(sign):
            return words + year.removeprefix(sign)
    return f"in {year}"


def slow_until(series: pd.Series, rate: float) -> int | None:
    """Return the last year of slow growth: that year's and the year before's both below a rate.

    Parameters
    ----------
    series : pandas.Series
        Values by year, without gaps.
    rate : float
        Growth a year, as a share.

    Returns
    -------
    int or None
        None if no two years in a row grew so slowly.

    Examples
    --------
    >>> slow_until(pd.Series([100, 101, 102, 130, 131, 170], range(2013, 2019)), 0.05)
    2015
    """
    slow = series.sort_index().pct_change() < rate
    ends = slow & slow.shift(fill_value=False)
    return int(ends[ends].index[-1]) if ends.any() else None


ESTIMATORS = ("end points", "log-linear", "Poisson")


def multiple(series: pd.Series, first: int, last: int, estimator: str = "end points") -> float:
    """Return by what a series multiplied from one year to another.

    Parameters
    ----------
    series : pandas.Series
        Values above zero by year.
    first, last : int
        The years, both included.
    estimator : {"end points", "log-linear", "Poisson"}, optional
        The ratio of the two years; or the growth that a trend fitted to all years between gives:
        least squares on logarithms, or a Poisson regression, which weighs large counts more.

    Returns
    -------
    float
        Missing if one of the years between is.

    Raises
    ------
    ValueError
        If the estimator is unknown.

    Examples
    --------
    >>> doubling = pd.Series([1.0, 2.0, 4.0, 8.0], index=range(2000, 2004))
    >>> [round(multiple(doubling, 2000, 2003, name), 6) for name in ESTIMATORS]
    [8.0, 8.0, 8.0]
    """
    if estimator not in ESTIMATORS:
        raise ValueError(f"estimator {estimator!r} is not one of {', '.join(ESTIMATORS)}")
    part = series.reindex(range(first, last + 1)).astype(float)
    if part.isna().any() or len(part) < 2:
        return float("nan")
    if estimator == "end points":
        return float(part.iloc[-1] / part.iloc[0])
    design = add_constant(np.arange(len(part), dtype=float))
    if estimator == "log-linear":
        slope = OLS(np.log(part.to_numpy()), design).fit().params[1]
    else:
        slope = GLM(part.to_numpy(), design, family=families.Poisson()).fit().params[1]
    return float(np.exp(slope * (len(part) - 1)))
