"""Notebooks under other choices, in this process: each choice counts, and a bad one is named."""

import pytest

from analysis import figures, parameters, paths
from analysis.check.collection import unsaved
from analysis.check.execute import seen, stored
from analysis.errors import InputError
from analysis.report import findings, ledger

NO_CHOICE = {"ledger", "write"}
"""Where to read, and whether to write: no analytic decisions."""

CASES = [
    pytest.param(path, choice, id=f"{path.stem}-{choice.name}")
    for path in paths.notebooks()
    for choice in parameters.choices_of(path).values()
    if choice.name not in NO_CHOICE
]


def another(choice):
    """Return a valid value that is not the default."""
    if choice.kind == "bool":
        return not choice.default
    if choice.many:
        return [next(one for one in choice.one_of if [one] != choice.default)]
    if choice.one_of:
        return next(one for one in choice.one_of if one != choice.default)
    if choice.is_date:
        return choice.high if choice.default != choice.high else choice.low
    return choice.parse(choice.low if str(choice.default) != choice.low else choice.high)


def carried(cells):
    """Return what cells show beyond their text: findings, and the figures' data."""
    kinds = (findings.MIME, figures.MIME)
    return [cell.data.get(kind) for cell in cells for kind in kinds]


def test_there_are_at_least_twenty_choices():
    assert len(CASES) >= 20


@pytest.mark.parametrize(("path", "choice"), CASES)
def test_each_choice_reaches_a_finding_or_a_figure(path, choice, data):
    with unsaved():
        now = seen(path, {choice.name: another(choice)})
    assert carried(now) != carried(stored(path))


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_an_invalid_value_stops_before_anything_is_computed_and_names_what_is_valid(path, data):
    choice = next(iter(parameters.choices_of(path).values()))
    bad = {"bool": "perhaps", "int": -1, "float": -1.0, "str": "nowhere/none"}[choice.kind]
    with pytest.raises(InputError) as caught:
        seen(path, {choice.name: [bad] if choice.many else bad})
    assert caught.value.__notes__ == [f"{path.stem}, cell 3"]
    if choice.name != "ledger":
        assert choice.allowed in str(caught.value)


def test_the_scorecard_reads_another_ledger(data, tmp_path):
    entries = [entry for entry in ledger.load() if entry["notebook"].startswith("10")]
    path = tmp_path / "ledger.json"
    ledger.dump(entries, path)
    cells = seen(paths.NOTEBOOKS / "90_scorecard.ipynb", {"ledger": str(path)})
    texts = [text for cell in cells for text in (cell.printed, *map(str, cell.data.values()))]
    assert any("Something answers for 10 of" in text for text in texts)
