"""The blind second reading: what agreement is counted as."""

import pandas as pd
import pytest

from analysis.report import agreement, ledger, scorecard
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


def test_kappa_is_that_of_cohens_formula():
    pair = pd.DataFrame({"a": ["yes"] * 20 + ["no"] * 15 + ["yes"] * 5 + ["no"] * 10})
    pair["b"] = ["yes"] * 20 + ["no"] * 15 + ["no"] * 5 + ["yes"] * 10
    assert agreement._kappa(pair) == pytest.approx(0.4)
