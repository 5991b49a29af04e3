"""Notebooks under other parameters, places, times, tongues and orders."""

import json
import os
import subprocess
import sys

import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from analysis import parameters, paths
from analysis.report import ledger

BAD = {bool: "perhaps", int: -1, float: -1.0, str: "nowhere/none"}


def default(path, name):
    return eval(papermill.inspect_notebook(str(path))[name]["default"])


def another(path, name):
    """Return a valid value that is not the default."""
    known = parameters.of(path.stem)[name]
    given = default(path, name)
    if known.kind is bool:
        return not given
    if known.choices:
        return next(choice for choice in known.choices if choice != given)
    return known.kind(known.low if known.low != given else known.high)


CASES = [
    pytest.param(path, name, id=f"{path.stem}-{name}")
    for path in paths.notebooks()
    for name in parameters.of(path.stem)
    if name != "ledger"
]


@pytest.mark.parametrize(("path", "name"), CASES)
def test_a_second_valid_value_runs(path, name, data, tmp_path):
    value = another(path, name)
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        path, out, {name: value}, kernel_name="python3-warm", progress_bar=False
    )


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_an_invalid_value_stops_in_the_first_cell_and_names_what_is_valid(path, data, tmp_path):
    name, known = next(iter(parameters.of(path.stem).items()))
    out = tmp_path / "out.ipynb"
    with pytest.raises(PapermillExecutionError) as caught:
        papermill.execute_notebook(
            path, out, {name: BAD[known.kind]}, kernel_name="python3-warm", progress_bar=False
        )
    assert caught.value.ename == "InputError"
    assert caught.value.exec_count == 3  # after the defaults and the injected parameters
    if name != "ledger":
        assert known.allowed in caught.value.evalue


def test_the_scorecard_reads_another_ledger(data, tmp_path):
    records = [record for record in ledger.load() if record["notebook"].startswith("10")]
    path = tmp_path / "ledger.json"
    ledger.dump(records, path)
    out = tmp_path / "out.ipynb"
    notebook = paths.NOTEBOOKS / "90_scorecard.ipynb"
    papermill.execute_notebook(
        notebook, out, {"ledger": str(path)}, kernel_name="python3-warm", progress_bar=False
    )
    assert f"{len(records)} confirmed, 0 contradicted" in json.dumps(json.loads(out.read_text()))


def test_reversed_in_tokyo_from_elsewhere_the_outputs_are_the_same(tmp_path):
    notebooks = [str(path) for path in reversed(paths.notebooks())]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *notebooks]
    environment = {**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
