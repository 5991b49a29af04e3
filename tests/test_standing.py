"""Where a claim stands: DESIGN's table row by row, and what may never happen."""

from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.standing import (
    QUESTIONS,
    STANDINGS,
    answers,
    near_against,
    question_of,
    standing,
)


@dataclass(frozen=True)
class One:
    question: str
    answer: str | None
    scope: str = "same"
    directness: str = "original"


FINDINGS = st.builds(
    One,
    st.sampled_from(list(QUESTIONS)),
    st.sampled_from(["yes", "no"]),
    st.sampled_from(["same", "near"]),
    st.sampled_from(["original", "copy", "account"]),
)
ORDER = list(STANDINGS)


def stands(findings):
    return standing(answers(findings))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"consistent": "no", "faithful": "no", "reproduced": "yes"}, "inconsistent"),
        ({"faithful": "no", "reproduced": "no"}, "misquoted"),
        ({"faithful": "mixed", "reproduced": "yes"}, "misquoted"),
        ({"faithful": "yes", "reproduced": "no"}, "not reproduced"),
        ({"reproduced": "mixed", "independent": "yes"}, "not reproduced"),
        ({"faithful": "yes", "independent": "no"}, "disputed"),
        ({"reproduced": "yes", "independent": "mixed"}, "disputed"),
        ({"faithful": "yes", "reproduced": "yes", "lasting": "no"}, "revised"),
        ({"faithful": "yes", "lasting": "mixed"}, "revised"),
        ({"reproduced": "yes"}, "confirmed"),
        ({"independent": "yes", "faithful": "yes", "lasting": "yes"}, "confirmed"),
        ({"faithful": "yes", "consistent": "yes"}, "as cited"),
        ({"consistent": "yes"}, "untested"),
        ({"lasting": "yes"}, "untested"),
        ({}, "untested"),
    ],
)
def test_the_table_row_by_row(given, expected):
    assert standing(given) == expected


def test_every_combination_stands_somewhere_and_names_its_question():
    for said in product((None, "yes", "no", "mixed"), repeat=len(QUESTIONS)):
        given = dict(zip(QUESTIONS, said, strict=True))
        name = standing(given)
        question = question_of(name, given)
        assert name in STANDINGS
        assert (question is None) == (name == "untested")
        assert question is None or given[question] is not None


@given(st.lists(FINDINGS), st.lists(FINDINGS))
def test_a_near_finding_never_changes_it(findings, more):
    near = [One(f.question, f.answer, "near", f.directness) for f in more]
    assert answers(findings + near) == answers(findings)
    assert stands(findings + near) == stands(findings)


@given(st.lists(FINDINGS), FINDINGS)
def test_one_more_no_never_improves_it(findings, extra):
    no = One(extra.question, "no", "same", extra.directness)
    assert ORDER.index(stands([*findings, no])) <= ORDER.index(stands(findings)) or stands(
        findings
    ) in ("untested", "as cited", "confirmed")
    worse = {"confirmed": 2, "as cited": 1, "untested": 1}
    before, after = (worse.get(stands(f), 0) for f in (findings, [*findings, no]))
    assert after <= before


@given(st.lists(FINDINGS))
def test_the_report_alone_settles_nothing_in_its_favour(findings):
    own = [f for f in findings if f.question == "consistent"]
    assert stands(own) in ("untested", "inconsistent")


def test_the_more_direct_decides_and_equals_are_mixed():
    account = One("faithful", "no", directness="account")
    original = One("faithful", "yes")
    assert answers([account, original])["faithful"] == "yes"
    assert answers([One("faithful", "no"), original])["faithful"] == "mixed"
    assert answers([One("lasting", None), original])["lasting"] is None


def test_near_against_is_told_apart():
    near = One("independent", "no", "near")
    assert near_against([near]) == ["independent"]
    assert answers([near])["independent"] is None
    assert near_against([One("independent", "no")]) == []
