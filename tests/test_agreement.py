"""The blind second reading: what agreement is counted as."""

import pandas as pd
import pytest

from analysis.report import agreement, claims, ledger, scorecard
from analysis.report.standing import QUESTIONS


@pytest.fixture(scope="module")
def both():
    return agreement.beside(scorecard.standings(ledger.load()))


def test_sixty_claims_were_read_again_and_every_difference_is_settled_or_of_reach(both):
    assert len(both) >= 60
    kappas = agreement.kappas(both)
    assert kappas.loc["standing", "kappa"] > 0.6
    outside = agreement.differences(both).query("question != 'consistent'")
    assert (outside["settled"] != "").all()


def test_two_readers_who_say_the_same_agree_fully(both):
    twins = both.copy()
    for what in [*QUESTIONS, "standing"]:
        twins[f"{what}, theirs"] = twins[f"{what}, ours"]
    kappas = agreement.kappas(twins)
    assert set(kappas["kappa"].dropna().round(9)) == {1.0}
    assert agreement.differences(twins).empty


def two_readers(ours, theirs):
    """Every question and the standing answered alike by one reader and by the other."""
    columns = {}
    for what in [*QUESTIONS, "standing"]:
        columns |= {f"{what}, ours": ours, f"{what}, theirs": theirs}
    return pd.DataFrame(columns, index=list(claims.claims())[: len(ours)]).assign(settled="ours")


def test_claims_that_one_reader_left_open_count_unless_left_out():
    both = two_readers(["yes", "no", "yes", "none", "none"], ["yes", "yes", "no", "yes", "none"])
    counted = agreement.kappas(both)
    assert counted.index.name == "what"
    assert counted.loc["faithful", ["claims", "same"]].to_list() == [5, 0.4]
    answered = agreement.kappas(both, nothing=False)
    assert answered["claims"].dtype == int
    assert answered.loc["faithful", ["claims", "same"]].to_list() == [3, pytest.approx(1 / 3)]
    assert answered.loc["standing", "claims"] == 5


def test_kappa_is_missing_where_both_always_say_one_thing():
    assert agreement.kappas(two_readers(["yes"] * 3, ["yes"] * 3))["kappa"].isna().all()


def test_a_difference_is_told_with_the_statement_and_both_answers():
    both = two_readers(["yes", "no"], ["yes", "yes"])
    found = agreement.differences(both)
    first = found.iloc[0].to_dict()
    assert len(found) == len(QUESTIONS)
    assert first == {
        "statement": claims.claim(both.index[1]).statement,
        "question": "consistent",
        "ours": "no",
        "theirs": "yes",
        "settled": "ours",
    }


def test_ours_is_the_answer_from_before_the_reading(data):
    path = data / "registry/second_reading.csv"
    table = pd.read_csv(path, keep_default_na=False)
    table["before"], table["settled"] = "", ""
    table.loc[0, "before"] = "faithful=no; lasting=mixed"
    table.loc[1, "settled"] = "by the source"
    table.to_csv(path, index=False)
    both = agreement.beside(scorecard.standings(ledger.load()))
    first = both.loc[table.loc[0, "claim"]]
    assert first[["faithful, ours", "lasting, ours", "standing, ours"]].to_list() == [
        "no",
        "mixed",
        "misquoted",
    ]
    assert both["settled"].to_list() == ["", "by the source", *[""] * (len(table) - 2)]


def test_kappa_is_that_of_cohens_formula():
    pair = pd.DataFrame({"a": ["yes"] * 20 + ["no"] * 15 + ["yes"] * 5 + ["no"] * 10})
    pair["b"] = ["yes"] * 20 + ["no"] * 15 + ["no"] * 5 + ["yes"] * 10
    assert agreement._kappa(pair) == pytest.approx(0.4)
