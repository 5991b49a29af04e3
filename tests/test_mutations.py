"""Mutation of the claims: a wrong value in the registry turns an answer, whatever the claim."""

from dataclasses import replace

import pytest

from analysis import values
from analysis.errors import InputError
from analysis.report import ledger
from analysis.report.claims import claims


@pytest.fixture(scope="module")
def answered():
    """The findings beyond the report's own text that decide something, by claim."""
    found = {}
    for one in ledger.typed(ledger.load()):
        if one.answer is not None and one.question != "consistent":
            found.setdefault(one.claim, []).append(one)
    return found


def wrong_values(item, findings):
    """Yield other values for a claim: far from its own, and those that were found."""
    stated = item.stated
    if stated.kind == "number" and not stated.is_range:
        yield from (str(round(item.number * times, 6)) for times in (3, 1 / 3, 1.5, 0.1))
    elif stated.is_range and ".." in item.value:
        yield "..".join(str(float(end) * 3) for end in item.value.split(".."))
    elif stated.kind == "date":
        year = int(item.value.lstrip("<>=")[:4])
        yield from (item.value.replace(str(year), str(year + more)) for more in (-9, 9))
    elif stated.kind == "names":
        yield "Atlantis; Lemuria"
    yield from (one.value for one in findings)


def turned(item, value, findings):
    """Return whether an answer turns if the claim has another value."""
    try:
        changed = replace(item, value=value)
        results = [(changed.meets(values.parse(one.value, item.unit)), one) for one in findings]
        return any(now.undecided or now.agrees != (one.answer == "yes") for now, one in results)
    except (InputError, ValueError):
        return False


@pytest.mark.parametrize("key", claims())
def test_a_wrong_value_of_a_claim_turns_an_answer(key, answered):
    item, findings = claims()[key], answered.get(key, [])
    if findings:
        assert any(turned(item, value, findings) for value in wrong_values(item, findings))


@pytest.mark.parametrize("key", claims())
def test_the_value_of_a_claim_as_it_stands_turns_none(key, answered):
    item = claims()[key]
    decided = [one for one in answered.get(key, []) if one.scope == "same"]
    assert not turned(item, item.value, decided)
