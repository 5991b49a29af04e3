"""Vintages, universes and forecasts: what survives another edition and another analyst."""

import random
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from analysis import cli, paths
from analysis.batch import door, sweep
from analysis.batch.schedule import Options
from analysis.report import ledger, robustness, universes, vintages
from analysis.sources import tables
from analysis.statistics import curve, forecast, growth, revisions

SMALL = """\
zip:
  - {counter: AI Index 2022, kind: private}
  - {counter: OECD 2026, kind: venture capital}
year: [2020, 2021]
"""


@pytest.fixture(scope="module")
def editions():
    return vintages.editions(ledger.load())


def test_many_claims_have_two_editions_or_publishers(editions):
    assert vintages.several(editions)["claim"].nunique() >= 60
    fallen = editions[(editions["question"] == "lasting") & (editions["scope"] == "same")]
    fallen = fallen[fallen["answer"] == "no"]
    assert fallen.loc[fallen["why"] != "", "claim"].nunique() >= 10


def test_a_revision_is_the_value_against_the_reports(editions):
    mine = editions[editions["claim"] == "investment.private.china.2021"].set_index("source")
    assert mine.loc["AI Index 2026", "revision_percent"] == pytest.approx(
        100 * (25.891135 / 17.21 - 1)
    )
    assert mine.loc["AI Index 2026", "year"] == 2026


def test_survival_counts_an_edition_once_and_needs_all_its_findings():
    columns = ["claim", "kind", "source", "year", "question", "answer"]
    rows = [
        ("a", "rank", "one", 2023, "lasting", "yes"),
        ("a", "rank", "two", 2024, "lasting", "yes"),
        ("b", "share", "one", 2023, "lasting", "yes"),
        ("b", "share", "one", 2023, "lasting", "no"),
        ("c", "share", "one", 2023, "independent", "no"),
    ]
    found = vintages.survival(pd.DataFrame(rows, columns=columns))
    assert found[["editions", "claims", "held"]].to_numpy().tolist() == [[1, 2, 1], [2, 1, 1]]


def invoke(*arguments):
    return CliRunner().invoke(cli.main, list(arguments))


def test_the_command_prints_a_claims_vintages():
    said = invoke("vintage", "patents.grants.china").output
    assert "2026  AI Index 2026: 58.0430 per cent (+883.8 %): fails, lasting" in said
    nothing = invoke("vintage", "governance.plan.age")
    assert nothing.exit_code == 2 and "no edition or publisher at hand" in nothing.output


def test_news_and_noise_are_told_apart():
    random_ = np.random.default_rng(1)
    truth = pd.Series(np.exp(random_.normal(3, 1, 400)))
    noisy = truth * np.exp(random_.normal(0, 0.5, 400))
    noise = revisions.describe(noisy, truth)
    assert noise["news p"] < 0.01 < noise["noise p"]
    later = truth * np.exp(random_.normal(0, 0.5, 400))
    news = revisions.describe(truth, later)
    assert news["noise p"] < 0.01 < news["news p"]
    with pytest.raises(ValueError, match="at least 5"):
        revisions.describe(truth.head(4), later.head(4))


@given(st.lists(st.floats(1, 100), min_size=8, max_size=8))
def test_parts_of_a_balanced_design_never_exceed_the_whole(numbers):
    made = pd.DataFrame({"y": numbers, "a": list("uuuuvvvv"), "b": list("xxyyxxyy")})
    shares = curve.decompose(made, "y", ["a", "b"])["share"]
    assert shares.sum() <= 100 + 1e-6 and (shares >= 0).all()


def test_a_choice_that_moves_nothing_is_not_found_to():
    made = pd.DataFrame(
        {"y": [1.0, 2, 3, 4] * 10, "a": ["u", "v"] * 20, "b": ["x"] * 20 + ["z"] * 20}
    )
    assert curve.permuted(made, "y", "b") > 0.9
    made.loc[20:, "y"] += 5
    assert curve.permuted(made, "y", "b") < 0.01


def test_growth_by_end_points_is_the_ratio_of_the_raw_figures():
    filings = tables.read("ai_index_2022/patent_filings").set_index("year")["filings"]
    table = robustness.chosen()
    mine = table[
        (table["claim"] == "patents.filings.growth") & (table["estimator"] == "end points")
    ]
    row = mine[(mine["first"] == "2015") & (mine["last"] == "2021")].iloc[0]
    assert row["number"] == pytest.approx(filings[2021] / filings[2015])
    fitted = np.polyfit(range(7), np.log(filings.loc[2015:2021]), 1)[0]
    assert growth.multiple(filings, 2015, 2021, "log-linear") == pytest.approx(np.exp(6 * fitted))


def test_the_base_of_a_share_does_what_it_says():
    table = robustness.chosen()
    mine = table[table["claim"].str.startswith("publications.journals.")]
    mine = mine[(mine["counter"] == "NCSES 2024") & (mine["year"] == "2021")]
    mine = mine[mine["europe"] == "EU and UK"].set_index(["base", "claim"])["number"]
    world = mine["world"]
    three = world[[f"publications.journals.{area}" for area in ("china", "us", "eu_uk")]]
    china = mine["the three areas"]["publications.journals.china"]
    assert china == pytest.approx(100 * three.iloc[0] / three.sum())


def test_the_stored_universes_are_what_the_notebooks_give(tmp_path):
    stored = tables.read("processed/universes")
    assert stored.groupby(["notebook", "choices"]).ngroups >= 500
    todo = sweep.of_folder(paths.NOTEBOOKS / "grids", tmp_path)
    assert len(todo) >= 1000
    some = random.Random(7).sample(todo, 12)
    outcomes, made = door.run_multiverse(some, tmp_path, Options(jobs=2))
    assert [one.error for one in outcomes if one.error] == []
    keys = ["claim", "notebook", "choices", "value"]
    both = made[keys].merge(stored[keys], how="left", indicator=True)
    judged = both[both["notebook"].str.match("5[0-2]")]
    assert len(judged) and (judged["_merge"] == "both").all()


def test_the_stored_universes_of_a_theme_are_what_its_notebook_gives(tmp_path):
    stored = tables.read("processed/universes").query("notebook == '22_patents'")
    todo = sweep.of_folder(paths.NOTEBOOKS / "grids", tmp_path)
    mine = random.Random(7).sample([one for one in todo if "22_patents" in str(one.notebook)], 4)
    door.run_multiverse(mine, tmp_path, Options(jobs=2))
    for one in mine:
        choices = "; ".join(f"{key}={value}" for key, value in one.parameters.items())
        expected = stored[stored["choices"] == choices]
        found = {(row["claim"], row["value"]) for row in ledger.harvest([one.target])}
        assert len(expected)
        assert set(zip(expected["claim"], expected["value"], strict=True)) <= found


def small(tmp_path):
    folder = tmp_path / "grids"
    folder.mkdir()
    (folder / "51_investment_by_choice.yaml").write_text(SMALL)
    return sweep.of_folder(folder, tmp_path / "out")


def test_a_multiverse_resumes_with_nothing_lost_or_twice(tmp_path):
    todo = small(tmp_path)
    door.run_multiverse(todo[:2], tmp_path / "out", Options(jobs=2))
    outcomes, made = door.run_multiverse(todo, tmp_path / "out", Options(jobs=2))
    assert [one.status for one in outcomes] == ["up to date", "up to date", "ok", "ok"]
    assert not made.duplicated(["claim", "choices"]).any()
    whole = door.run_multiverse(small_again(tmp_path), tmp_path / "again", Options(jobs=1))[1]
    pd.testing.assert_frame_equal(made, whole)


def small_again(tmp_path):
    return sweep.of_folder(tmp_path / "grids", tmp_path / "again")


def test_a_multiverse_killed_in_the_middle_goes_on(tmp_path):
    todo = small(tmp_path)
    options = ["--grids", tmp_path / "grids", "--out", tmp_path / "out", "--check", "--jobs", "1"]
    command = [sys.executable, "-m", "analysis", "multiverse", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None and not todo[1].target.exists():
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    kept = [one.target.exists() for one in todo]
    outcomes, made = door.run_multiverse(todo, tmp_path / "out", Options(jobs=2))
    assert [one.status == "up to date" for one in outcomes] == kept and not all(kept)
    whole = door.run_multiverse(small_again(tmp_path), tmp_path / "again", Options(jobs=1))[1]
    pd.testing.assert_frame_equal(made, whole)


def test_a_combination_without_data_is_left_out(tmp_path):
    assert universes.counted("investment", "OECD 2026", "private").empty
    assert universes.judge({"investment.private.us.2021": float("nan")})[:] == ()


def test_a_folder_without_grids_is_refused(tmp_path):
    ended = invoke("multiverse", "--grids", str(tmp_path))
    assert ended.exit_code == 2 and "no grid (*.yaml) there" in ended.output


@pytest.mark.parametrize("model", forecast.MODELS)
def test_forecasts_go_on_from_the_last_value_and_widen(model):
    series = pd.Series([1.0, 1.3, 1.5, 2.2, 2.6], index=[2018.0, 2019, 2020, 2021, 2022])
    found = forecast.forecast(series, [2023.0, 2026.0], model)
    assert (found["low"] < found["value"]).all() and (found["value"] < found["high"]).all()
    widths = np.log(found["high"] / found["low"])
    assert widths.iloc[1] > widths.iloc[0]
    two = forecast.forecast(series.head(2), [2023.0], model)
    assert two["low"].isna().all()


def test_a_bad_model_or_estimator_is_named():
    series = pd.Series([1.0, 2.0], index=[2020, 2021])
    with pytest.raises(ValueError, match="'magic' is not one of log-linear"):
        forecast.forecast(series, [2022.0], "magic")
    with pytest.raises(ValueError, match="'magic' is not one of end points"):
        growth.multiple(series, 2020, 2021, "magic")
    assert np.isnan(growth.multiple(series, 2019, 2021))
