"""Notebooks under other choices, places, times, tongues and orders."""

import json
import os
import subprocess
import sys

import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from analysis import figures, parameters, paths
from analysis.report import ledger

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


def execute(path, out, given):
    papermill.execute_notebook(path, out, given, kernel_name="python3-warm", progress_bar=False)


def carried(path):
    """Return what a notebook shows beyond its text: findings without choices, figures' data."""
    entries = [{**entry, "choices": {}} for entry in ledger.harvest([path])]
    outputs = [o for c in json.loads(path.read_text())["cells"] for o in c.get("outputs", [])]
    return entries, [o["data"].get(figures.MIME) for o in outputs if "data" in o]


def test_there_are_at_least_twenty_choices():
    assert len(CASES) >= 20


@pytest.mark.parametrize(("path", "choice"), CASES)
def test_each_choice_reaches_a_finding_or_a_figure(path, choice, data, tmp_path):
    out = tmp_path / path.name
    execute(path, out, {choice.name: another(choice)})
    assert carried(out) != carried(path)
    assert all(entry["choices"][choice.name] == another(choice) for entry in ledger.harvest([out]))


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_an_invalid_value_stops_in_the_first_cell_and_names_what_is_valid(path, data, tmp_path):
    choice = next(iter(parameters.choices_of(path).values()))
    bad = {"bool": "perhaps", "int": -1, "float": -1.0, "str": "nowhere/none"}[choice.kind]
    with pytest.raises(PapermillExecutionError) as caught:
        execute(path, tmp_path / path.name, {choice.name: [bad] if choice.many else bad})
    assert caught.value.ename == "InputError"
    assert caught.value.exec_count == 3  # after the defaults and the injected parameters
    if choice.name != "ledger":
        assert choice.allowed in caught.value.evalue


def test_the_scorecard_reads_another_ledger(data, tmp_path):
    entries = [entry for entry in ledger.load() if entry["notebook"].startswith("10")]
    path = tmp_path / "ledger.json"
    ledger.dump(entries, path)
    out = tmp_path / "90_scorecard.ipynb"
    execute(paths.NOTEBOOKS / "90_scorecard.ipynb", out, {"ledger": str(path)})
    assert "Something answers for 10 of" in out.read_text()


def test_reversed_in_tokyo_from_elsewhere_the_outputs_are_the_same(tmp_path):
    notebooks = [str(path) for path in reversed(paths.notebooks())]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *notebooks]
    environment = {**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
