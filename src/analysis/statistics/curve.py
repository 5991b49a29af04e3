"""What moves a value over many combinations of choices."""

import warnings

import numpy as np
import pandas as pd


def decompose(frame: pd.DataFrame, value: str, choices: list[str]) -> pd.DataFrame:
    """Return how much of a value's variation each choice accounts for.

    Parameters
    ----------
    frame : pandas.DataFrame
        A row a universe: the value and a column each choice, taken as categories.
    value : str
        The column of the value.
    choices : list of str
        Columns of choices; those with one category are left out.

    Returns
    -------
    pandas.DataFrame
        Indexed by choice, the largest first: ``share``, its part of the sum of squares given the
        other choices (type II analysis of variance of an additive model), in per cent of the
        value's total sum of squares; and ``universes``, the rows used. Parts need not add up to
        100: choices that go together share some of the variation, and interactions have the rest.

    Notes
    -----
    Analysis of variance over specifications: Simonsohn, Simmons and Nelson (2020), Specification
    curve analysis, Nature Human Behaviour 4, 1208-1214; type II sums of squares: Langsrud (2003),
    Statistics and Computing 13, 163-167.

    Examples
    --------
    >>> made = pd.DataFrame({"y": [1.0, 1.0, 5.0, 5.0], "a": list("uuvv"), "b": list("xyxy")})
    >>> decompose(made, "y", ["a", "b"])["share"].round(1).to_dict()
    {'a': 100.0, 'b': 0.0}
    """
    data = frame[[value, *choices]].dropna().reset_index(drop=True)
    used = [choice for choice in choices if data[choice].nunique() > 1]
    total = float(((data[value] - data[value].mean()) ** 2).sum())
    if not used or total == 0:
        return pd.DataFrame({"share": pd.Series(dtype=float), "universes": pd.Series(dtype=int)})
    dummies = {choice: pd.get_dummies(data[choice], dtype=float) for choice in used}
    left = {
        choice: _unexplained(data[value], [dummies[one] for one in used if one != choice])
        for choice in used
    }
    whole = _unexplained(data[value], list(dummies.values()))
    shares = pd.Series({choice: 100 * max(left[choice] - whole, 0) / total for choice in used})
    return pd.DataFrame({"share": shares, "universes": len(data)}).sort_values(
        "share", ascending=False
    )


def _unexplained(values: pd.Series, parts: list[pd.DataFrame]) -> float:
    """Return the sum of squares that an additive model of these parts leaves.

    Choices that go together make the design rank-deficient: the coefficients are then not unique,
    the fitted values are.
    """
    from statsmodels.regression.linear_model import OLS

    design = pd.concat([pd.Series(1.0, values.index, name="const"), *parts], axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(OLS(values.to_numpy(), design.to_numpy()).fit().ssr)


def permuted(
    frame: pd.DataFrame, value: str, choice: str, *, times: int = 999, seed: int = 0
) -> float:
    """Return the p-value that a choice does not move the value, by permutation.

    The statistic is the variance between the means of the choice's categories; under the null the
    labels are exchangeable.

    Parameters
    ----------
    frame : pandas.DataFrame
        A row a universe.
    value, choice : str
        Columns of the value and the choice.
    times, seed : int, optional
        How many permutations, and where the random numbers begin.

    Notes
    -----
    Universes share data, so they are no sample: the p-value describes this set of universes, as in
    the inference of specification curves (Simonsohn, Simmons and Nelson 2020).
    """
    data = frame[[value, choice]].dropna()
    codes, _ = pd.factorize(data[choice])
    sizes = np.bincount(codes)
    numbers = data[value].to_numpy(dtype=float)

    def between(sample: np.ndarray) -> float:
        means = np.bincount(codes, sample) / sizes
        return float((sizes * (means - sample.mean()) ** 2).sum())

    random = np.random.default_rng(seed)
    seen = between(numbers) * (1 - 1e-12)
    beyond = sum(between(random.permutation(numbers)) >= seen for _ in range(times))
    return (1 + beyond) / (1 + times)
