"""Statistics against hand-computed and published values."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import growth, money, ranks, samples, shares


def test_compound_rate_by_hand():
    assert growth.compound_rate(100, 121, 2) == pytest.approx(0.1)


@pytest.mark.parametrize("bad", [(0, 1, 1), (1, -1, 1), (1, 2, 0)])
def test_compound_rate_refuses_what_has_no_rate(bad):
    with pytest.raises(ValueError, match="above zero"):
        growth.compound_rate(*bad)


@given(st.floats(0.5, 1e6), st.floats(-0.5, 2), st.integers(1, 20))
def test_compound_rate_undoes_compounding(first, rate, periods):
    last = first * (1 + rate) ** periods
    assert growth.compound_rate(first, last, periods) == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize("covariance", ["HC1", "HC3", "HAC"])
def test_log_linear_finds_a_known_trend(covariance):
    noise = np.array([0.02, -0.02, -0.02, 0.02, 0.0])
    years = np.arange(2015, 2020)
    series = pd.Series(np.exp(0.3 * (years - 2015) + noise), index=years)
    trend = growth.log_linear(series, covariance=covariance)
    slope = np.polyfit(years, np.log(series), 1)[0]
    assert trend.rate == pytest.approx(np.expm1(slope))
    assert trend.low < trend.rate < trend.high


def test_log_linear_hc3_interval_by_hand():
    """HC3 with leverages h = 1/n + x²/Σx² and residuals e: var b = Σ x²e²/(1-h)² / (Σx²)²."""
    x = np.array([-1.5, -0.5, 0.5, 1.5])
    y = np.log([1.0, 2.0, 3.0, 8.0])
    slope = (x @ y) / (x @ x)
    residuals = y - y.mean() - slope * x
    leverage = 1 / 4 + x**2 / (x @ x)
    error = np.sqrt(np.sum(x**2 * residuals**2 / (1 - leverage) ** 2)) / (x @ x)
    trend = growth.log_linear(pd.Series([1.0, 2.0, 3.0, 8.0], index=range(4)))
    t_two_degrees = 4.302652729911275
    assert trend.low == pytest.approx(np.expm1(slope - t_two_degrees * error))


def test_log_linear_refuses_short_or_negative_series():
    with pytest.raises(ValueError, match="four observations"):
        growth.log_linear(pd.Series([1.0, 2.0, 3.0]))
    with pytest.raises(ValueError, match="above zero"):
        growth.log_linear(pd.Series([1.0, 2.0, 0.0, 3.0]))


def test_reached_between_before_and_after():
    series = pd.Series([100.0, 400.0, 800.0], index=[2020.0, 2022.0, 2023.0])
    assert growth.reached(series, 200) == pytest.approx(2021)
    assert growth.reached(series, 50) == pytest.approx(2019)
    assert growth.reached(series, 1600) == pytest.approx(2024)


def test_herfindahl_of_equal_parts_is_one_over_n():
    assert shares.herfindahl(pd.Series([0.25] * 4)) == pytest.approx(0.25)


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30))
def test_shares_add_up(values):
    parts = shares.shares(pd.Series(values))
    assert parts.sum() == pytest.approx(1)
    assert 1 / len(values) - 1e-9 <= shares.herfindahl(parts) <= 1 + 1e-9
    assert shares.largest(parts, len(values)) == pytest.approx(1)


def test_one_wrong_conversion_stands_out():
    yuan = pd.Series([150.0, 400.0, 1000.0, 10.0])
    dollars = pd.Series([0.021, 56.0, 140.0, 1.4])
    ratios = money.leave_one_out_rates(yuan, dollars)["ratio"]
    assert ratios.round(2).tolist() == [1000, 1, 1, 1]


def test_two_pairs_cannot_tell_which_is_wrong():
    with pytest.raises(ValueError, match="three pairs"):
        money.leave_one_out_rates(pd.Series([1.0, 2.0]), pd.Series([1.0, 2.0]))


def test_wilson_against_newcombe():
    """Newcombe (1998), table I, method 3: 15 of 148 gives 0.0624 to 0.1605."""
    interval = samples.wilson(pd.Series([100 * 15 / 148]), 148).iloc[0]
    assert interval[["low", "high"]].round(2).tolist() == [6.24, 16.05]


@given(st.floats(0, 100), st.integers(10, 5000))
def test_wilson_holds_the_share_and_stays_within_bounds(percent, size):
    low, high = samples.wilson(pd.Series([percent]), size).iloc[0][["low", "high"]]
    assert -1e-9 <= low <= percent + 1e-9 and percent - 1e-9 <= high <= 100 + 1e-9


def test_differ_is_symmetric_and_knows_equals():
    assert samples.differ(29, 20, 675) == samples.differ(20, 29, 675)
    assert samples.differ(20, 20, 675) == pytest.approx(1)


def test_overtaking_counts_only_if_it_lasts():
    years = range(2010, 2015)
    one = pd.Series([2, 0, 2, 2, 2], years)
    assert growth.overtakes(one, pd.Series(1, years)) == 2012
    assert growth.overtakes(pd.Series(1, years), one) is None
    assert growth.overtakes(one + 5, pd.Series(1, years)) == 2010


def test_ranks_and_order():
    assert ranks.rank(pd.Series([5, 9, 9])).tolist() == [3, 1, 1]
    table = ranks.against(pd.Series([1, 2, 3]), pd.Series([9, 5, 7]))
    assert table["agrees"].tolist() == [True, False, False]
    assert ranks.out_of_order(pd.Series([3, 2, 1]), descending=True) == []
    assert ranks.out_of_order(pd.Series([3, 2, 4]), descending=True) == [2]
