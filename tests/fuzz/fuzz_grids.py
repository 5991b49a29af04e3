"""Grids: a file of any bytes is sets of parameters of a notebook, or refused in one line."""

import os
import tempfile
from pathlib import Path

import atheris
from harness import fuzz, refused

with atheris.instrument_imports(include=["analysis", "yaml"]):
    from analysis import paths
    from analysis.batch import grids, sweep
    from analysis.errors import InputError

NOTEBOOK = paths.NOTEBOOKS / "10_private_investment.ipynb"
FILE = Path(tempfile.mkdtemp()) / f"{os.getpid()}.yaml"


def one(data: bytes) -> None:
    """Read bytes as a grid, and make its tasks."""
    FILE.write_bytes(data)
    try:
        runs = grids.load(FILE)
        assert runs and all(isinstance(run, dict) for run in runs)
        tasks = sweep.tasks(NOTEBOOK, runs, FILE.parent)
        assert len({task.target for task in tasks}) == len(runs)
    except InputError as error:
        refused(error)


if __name__ == "__main__":
    files = [*sorted((paths.NOTEBOOKS / "grids").glob("*.yaml")), paths.ROOT / "examples/grid.yaml"]
    more = [
        b"year: {seeds: 3}",
        b"year: {from: 2015, to: 2017, step: 1}\nchina: &a [mainland]\ntable: *a",
        b"deals: [estimated]\nyear: {from: 2015.5, to: 1e3, step: .5}",
        b'year: [!!int "2019", 2020-01-01, ~, true, .inf]',
    ]
    fuzz(one, [*(path.read_bytes() for path in files), *more])
