"""Statistics against hand-computed and published values."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import (
    curve,
    forecast,
    growth,
    money,
    ranks,
    revisions,
    samples,
    shares,
)


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


def test_three_that_tie_share_the_best_rank():
    assert ranks.rank(pd.Series([5, 9, 9, 9])).tolist() == [4, 1, 1, 1]


def test_stated_ranks_stand_beside_the_numbers_in_their_order():
    table = ranks.against(pd.Series([2, 1], list("ab")), pd.Series([5, 9], list("ab")))
    assert table.to_dict("list") == {
        "stated": [1, 2],
        "number": [9, 5],
        "computed": [1, 2],
        "agrees": [True, True],
    }


def test_equal_neighbours_are_in_order():
    assert ranks.out_of_order(pd.Series([1, 1, 2])) == []


def test_judges_who_tie_the_same_entries_agree_fully():
    assert ranks.kendall_w(pd.DataFrame({"a": [1, 2, 2, 2], "b": [5, 9, 9, 9]})) == pytest.approx(1)


def test_a_rank_allows_what_lies_between_its_neighbours():
    stated = pd.Series([1, 2, 3], list("abc"))
    found = ranks.allowed(stated, pd.Series([5, 7, 9], list("cba")))
    assert found.loc["b"].to_dict() == {"low": 5, "high": 9}
    assert found.loc["a"].to_dict() == {"low": 7, "high": 9}
    assert found.loc["c"].to_dict() == {"low": 0, "high": 7}


def test_the_rate_of_a_pair_is_set_beside_the_median_of_the_others():
    pairs = money.leave_one_out_rates(pd.Series([12.0, 7.0, 16.0]), pd.Series([2.0, 1.0, 2.0]))
    assert pairs.to_dict("list") == {
        "implied": [6, 7, 8],
        "others": [7.5, 7, 6.5],
        "dollars_at_others": [12 / 7.5, 1, 16 / 6.5],
        "ratio": [6 / 7.5, 1, 8 / 6.5],
    }


def test_shares_of_a_given_whole():
    assert shares.shares(pd.Series([3, 1]), 8).tolist() == [0.375, 0.125]


def test_a_wilson_interval_narrows_with_its_confidence():
    """The formula at 90 per cent, z = 1.6449, for half of 100."""
    table = samples.wilson(pd.Series([50.0]), 100, confidence=0.9)
    z = 1.6448536269514722
    half = 100 * z / (1 + z**2 / 100) * np.sqrt(0.25 / 100 + z**2 / 40_000)
    assert table.to_dict("list") == {
        "percent": [50.0],
        "low": [pytest.approx(50 - half)],
        "high": [pytest.approx(50 + half)],
    }


def test_a_resampled_sum_spreads_as_the_normal_distribution_says():
    """10,000 throws of a coin: the middle half lies within 0.6745 of 50 about 5,000."""
    coin = np.array([0.0, 1.0])
    low, high = samples.bootstrap_total(coin, draws=10_000, confidence=0.5)
    assert (low, high) == (pytest.approx(5000 - 33.7, abs=6), pytest.approx(5000 + 33.7, abs=6))
    assert samples.bootstrap_total(coin, draws=10_000, confidence=0.5, seed=0) == (low, high)
    assert samples.bootstrap_total(coin, draws=10_000, confidence=0.5, seed=1) != (low, high)


def test_a_trend_says_its_confidence_and_what_it_rests_on():
    trend = growth.log_linear(pd.Series([1.0, 2.0, 3.0, 8.0, 9.0], index=range(5)), confidence=0.9)
    assert (trend.confidence, trend.observations) == (0.9, 5)


def test_newey_west_errors_take_one_lag_unless_told_otherwise():
    series = pd.Series([1.0, 3.0, 2.0, 8.0, 5.0, 9.0], index=range(6))
    one = growth.log_linear(series, covariance="HAC")
    assert growth.log_linear(series, covariance="HAC", lags=1) == one
    assert growth.log_linear(series, covariance="HAC", lags=2) != one


def test_a_leap_year_has_366_days():
    assert growth.decimal_years(pd.Series(["2020-12-31"])) == [2020 + 365 / 366]


def test_the_nearest_pairs_growth_is_carried_on_at_either_end():
    series = pd.Series([100.0, 400.0, 3200.0], index=[2020.0, 2022.0, 2023.0])
    assert growth.reached(series, 50) == pytest.approx(2019)
    assert growth.reached(series, 200) == pytest.approx(2021)
    assert growth.reached(series, 800) == pytest.approx(2022 + 1 / 3)
    assert growth.reached(series, 25_600) == pytest.approx(2024)


def test_who_leads_from_the_first_year_on_leads_since_then_or_before():
    years = [2014, 2015, 2016]
    assert growth.lead_since(pd.Series([3, 2, 5], years), pd.Series(1, years)) == "<=2014"
    assert growth.lead_since(pd.Series([0, 2, 5], years), pd.Series(1, years)) == "2015"


def test_growth_at_the_rate_itself_is_not_slow():
    assert growth.slow_until(pd.Series([100, 150, 225], range(3)), 0.5) is None
    assert growth.slow_until(pd.Series([100, 149, 222], range(3)), 0.5) == 2


@pytest.mark.parametrize("estimator", growth.ESTIMATORS)
def test_a_multiple_needs_two_years_and_none_missing_between(estimator):
    series = pd.Series([5.0, 10.0, 40.0], index=[2000, 2001, 2003])
    assert growth.multiple(series, 2000, 2001, estimator) == pytest.approx(2)
    assert np.isnan(growth.multiple(series, 2001, 2003, estimator))
    assert np.isnan(growth.multiple(series, 2000, 2000, estimator))


def test_end_points_ignore_what_lies_between():
    series = pd.Series([5.0, 99.0, 20.0], index=[2000, 2001, 2002])
    assert growth.multiple(series, 2000, 2002) == 4


def test_revisions_leave_out_zeros_and_keep_small_values():
    first, later = pd.Series([0.0, 0.5, 2.0]), pd.Series([1.0, 0.25, 0.0])
    table = revisions.revisions(first, later)
    assert table.index.to_list() == [1]
    assert table["revision"].to_list() == [pytest.approx(-100 * np.log(2))]


def test_revisions_are_described_from_five_pairs_on():
    first = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0])
    later = first * np.exp([0.01, -0.02, 0.03, 0.0, 0.03])
    result = revisions.describe(first, later)
    assert list(result) == ["pairs", "mean", "mean absolute", "bias p", "news p", "noise p"]
    assert result["pairs"] == 5
    assert result["mean"] == pytest.approx(1)
    assert result["mean absolute"] == pytest.approx(1.8)
    with pytest.raises(ValueError, match="4 pairs of values, at least 5 are needed"):
        revisions.describe(first[:4], later)


def test_without_a_revision_there_is_nothing_to_explain_and_a_constant_one_is_biased():
    first = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0])
    assert np.isnan(revisions.describe(first, first)["bias p"])
    shifted = first * np.exp([0.01, 0.0100001, 0.01, 0.0099999, 0.01])
    assert revisions.describe(first, shifted)["bias p"] < 1e-6


LOGS = np.array([0.2, 0.7, 0.6, 1.4])
SERIES = pd.Series(np.exp(LOGS), index=[2015.0, 2016.0, 2018.0, 2019.0])


def test_a_drift_goes_on_at_the_mean_rate_and_its_interval_is_that_of_a_random_walk():
    """The variance a year is that of the steps about the drift; half is 80 per cent's 1.2816."""
    rate, gaps = 1.2 / 4, np.array([1, 2, 1])
    variance = np.sum((np.diff(LOGS) - rate * gaps) ** 2 / gaps) / 2
    found = forecast.forecast(SERIES, [2020.0, 2022.0], "drift")
    assert found.index.to_list() == [2020, 2022]
    for steps, (_, row) in zip((1, 3), found.iterrows(), strict=True):
        half = 1.2815515655446004 * np.sqrt(variance * steps * (1 + steps / 4))
        assert np.log(row.to_list()) == pytest.approx(
            1.4 + rate * steps + np.array([0, -half, half])
        )


def test_a_damped_forecast_grows_by_a_tenth_less_each_year():
    found = forecast.forecast(SERIES, [2020.0, 2021.0, 2022.0], "damped")["value"]
    assert np.log(found.to_numpy()) == pytest.approx(1.4 + 0.3 * np.cumsum([0.9, 0.81, 0.729]))


def test_a_log_linear_forecast_is_the_least_squares_line_with_its_prediction_interval():
    """Student's t of two degrees of freedom covers 80 per cent within 1.8856."""
    x = SERIES.index.to_numpy()
    slope, intercept = np.polyfit(x - x.mean(), LOGS, 1)
    residuals = LOGS - intercept - slope * (x - x.mean())
    away = 2021 - x.mean()
    error = np.sqrt(residuals @ residuals / 2 * (1 + 1 / 4 + away**2 / np.sum((x - x.mean()) ** 2)))
    found = forecast.forecast(SERIES, [2021.0], "log-linear")
    half = 1.8856180831641267 * error
    assert found.index.to_list() == [2021]
    assert np.log(found.loc[2021].to_list()) == pytest.approx(
        intercept + slope * away + np.array([0, -half, half])
    )


@pytest.mark.parametrize("model", forecast.MODELS)
def test_fewer_than_four_values_give_a_forecast_without_ends(model):
    found = forecast.forecast(SERIES[:3], [2020.0], model)
    assert found.index.to_list() == [2020]
    assert found["value"].notna().all() and found[["low", "high"]].isna().all(axis=None)


def test_a_forecast_refuses_a_single_value():
    with pytest.raises(ValueError, match="needs two values, there are 1"):
        forecast.forecast(SERIES[:1], [2020.0], "drift")


def test_a_choice_with_one_category_accounts_for_nothing_and_is_left_out():
    made = pd.DataFrame({"y": [1.0, 2.0, 5.0, 6.0], "a": list("uuvv"), "b": list("xxxx")})
    found = curve.decompose(made, "y", ["a", "b"])
    assert found.index.to_list() == ["a"]
    assert found.loc["a"].to_dict() == {"share": pytest.approx(100 * 16 / 17), "universes": 4}
    nothing = curve.decompose(made, "y", ["b"])
    assert nothing.empty and list(nothing) == ["share", "universes"]
    assert nothing.dtypes.to_list() == [float, int]


UNEQUAL = pd.DataFrame({"y": [1.0, 2.0, 4.0, 8.0, 3.0, 10.0], "a": list("uuvvvv")})


def test_a_permutation_test_nears_the_count_of_all_labellings():
    numbers = UNEQUAL["y"]

    def between(pair):
        one, rest = numbers[list(pair)], numbers.drop(list(pair))
        return one.mean() ** 2 * 2 + rest.mean() ** 2 * 4

    pairs = [between(pair) for pair in combinations(range(6), 2)]
    exact = np.mean([pair >= between((0, 1)) - 1e-9 for pair in pairs])
    assert curve.permuted(UNEQUAL, "y", "a", times=4000) == pytest.approx(exact, abs=0.02)


def test_a_permutation_test_is_repeatable_and_tries_999_times_unless_told_otherwise():
    apart = pd.DataFrame({"y": [0.0] * 20 + [1.0] * 20, "a": ["u"] * 20 + ["v"] * 20})
    assert curve.permuted(apart, "y", "a") == 1 / 1000
    assert curve.permuted(apart, "y", "a", times=0) == 1
    middling = UNEQUAL.assign(y=[3.0, 2.0, 4.0, 8.0, 1.0, 10.0])
    seen = [curve.permuted(middling, "y", "a", seed=seed) for seed in (0, 1, 2)]
    assert len(set(seen)) > 1
    assert [curve.permuted(middling, "y", "a", seed=seed) for seed in (0, 1, 2)] == seen
    assert curve.permuted(middling, "y", "a") == seen[0] != seen[1]
