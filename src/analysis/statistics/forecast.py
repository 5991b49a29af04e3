"""Simple forecasts of a growing series, and what they would have said before."""

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS
from statsmodels.tools import add_constant

MODELS = ("log-linear", "drift", "damped")
DAMPING = 0.9


def forecast(
    series: pd.Series, ahead: list[float], model: str, *, confidence: float = 0.8
) -> pd.DataFrame:
    """Return what a model makes of a series at later times.

    Parameters
    ----------
    series : pandas.Series
        Values above zero by decimal year, at least two.
    ahead : list of float
        Decimal years after the last one.
    model : {"log-linear", "drift", "damped"}
        A straight line through all logarithms by least squares; the last value growing on at the
        mean rate so far (random walk with drift); the same with growth that weakens by a tenth a
        year (damped trend).
    confidence : float, optional
        Coverage of the prediction interval.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``ahead``: ``value``, ``low``, ``high``; the ends are missing where fewer than
        four values leave no error to judge by.

    Raises
    ------
    ValueError
        If the model is unknown or there are fewer than two values.

    Notes
    -----
    Hyndman and Athanasopoulos, Forecasting: principles and practice, third edition, chapters 5
    (drift, and its interval) and 8 (damped trends, after Gardner and McKenzie 1985).

    Examples
    --------
    >>> doubling = pd.Series([1.0, 2.0, 4.0], index=[2020.0, 2021.0, 2022.0])
    >>> forecast(doubling, [2023.0], "drift")["value"].round(6).to_list()
    [8.0]
    """
    if model not in MODELS:
        raise ValueError(f"model {model!r} is not one of {', '.join(MODELS)}")
    if len(series) < 2:
        raise ValueError(f"a forecast needs two values, there are {len(series)}")
    times, logs = series.index.to_numpy(dtype=float), np.log(series.to_numpy(dtype=float))
    steps = np.array(ahead) - times[-1]
    if model == "log-linear":
        return _line(times, logs, np.array(ahead), confidence)
    rate = (logs[-1] - logs[0]) / (times[-1] - times[0])
    growing = steps if model == "drift" else (1 - DAMPING**steps) / (1 - DAMPING) * DAMPING
    middle = logs[-1] + rate * growing
    spread = np.full(len(steps), np.nan)
    if len(series) >= 4:
        gaps = np.diff(times)
        variance = float(np.sum((np.diff(logs) - rate * gaps) ** 2 / gaps) / (len(gaps) - 1))
        spread = np.sqrt(variance * steps * (1 + steps / (times[-1] - times[0])))
    return _frame(ahead, middle, _quantile(confidence) * spread)


def _line(
    times: np.ndarray, logs: np.ndarray, ahead: np.ndarray, confidence: float
) -> pd.DataFrame:
    """Return the least squares line with its prediction interval."""
    fitted = OLS(logs, add_constant(times - times[0])).fit()
    design = add_constant(ahead - times[0], has_constant="add")
    if len(times) < 4:
        return _frame(list(ahead), fitted.predict(design), np.full(len(ahead), np.nan))
    found = fitted.get_prediction(design).summary_frame(alpha=1 - confidence)
    half = (found["obs_ci_upper"] - found["obs_ci_lower"]).to_numpy() / 2
    return _frame(list(ahead), found["mean"].to_numpy(), half)


def _frame(ahead: list[float], middle: np.ndarray, half: np.ndarray) -> pd.DataFrame:
    """Return logarithms and half widths as values."""
    return pd.DataFrame(
        {
            "value": np.exp(middle),
            "low": np.exp(middle - half),
            "high": np.exp(middle + half),
        },
        index=ahead,
    )


def _quantile(confidence: float) -> float:
    """Return the normal quantile that covers so much of the middle."""
    from scipy import stats

    return float(stats.norm.ppf(0.5 + confidence / 2))
