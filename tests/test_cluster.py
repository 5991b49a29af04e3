"""Runs on a Dask cluster: what is lost is done again, and what it gives is the same to the byte."""

import json
import os
import subprocess
import sys
import time

import nbformat
import pytest

from analysis.batch import door, schedule, sweep, tasks
from analysis.batch.schedule import Options
from analysis.errors import InputError

SMALL = """\
zip:
  - {counter: AI Index 2022, kind: private}
  - {counter: OECD 2026, kind: venture capital}
year: [2020, 2021]
"""


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, started as anybody would."""
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker"]
    file = tmp_path / "scheduler.json"
    env = {key: value for key, value in os.environ.items() if key != "JUPYTER_PATH"}
    null = subprocess.DEVNULL
    quiet = {"stdout": null, "stderr": null, "cwd": tmp_path, "env": env}
    started = [
        subprocess.Popen(
            [
                *dask,
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--no-dashboard",
                "--scheduler-file",
                file,
            ],
            **quiet,
        )
    ]
    limit = time.monotonic() + 60
    while not file.exists() and time.monotonic() < limit:
        time.sleep(0.1)
    address = json.loads(file.read_text())["address"]
    for _ in range(2):
        arguments = [address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        started.append(subprocess.Popen([*worker, *arguments], **quiet))
    from distributed import Client

    with Client(address, timeout="60s", set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield address, started
    for process in started:
        process.kill()
        process.wait()


def toys(tmp_path):
    """Eight runs of a notebook that takes its time."""
    cells = ["n: int = 0", "import time; time.sleep(0.5)", "print(n)"]
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}},
    )
    made.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(made, tmp_path / "toy.ipynb")
    return [
        tasks.Task(f"{n}", tmp_path / "toy.ipynb", {"n": n}, tmp_path / "out" / f"{n}.ipynb")
        for n in range(8)
    ]


class Kill(schedule.Listener):
    """Kills a process when two runs have ended."""

    def __init__(self, process):
        self.process = process
        self.names = []

    def ended(self, outcome):
        self.names.append(outcome.name)
        if len(self.names) == 2:
            self.process.kill()


def test_a_dask_worker_is_lost_and_every_result_is_there_once(cluster, tmp_path):
    address, (_, *workers) = cluster
    todo = toys(tmp_path)

    listener = Kill(workers[0])
    outcomes = schedule.run(todo, Options(dask=address), listener=listener)
    assert {outcome.status for outcome in outcomes} == {"ok"}
    assert sorted(listener.names) == [f"{n}" for n in range(8)]
    for n in range(8):
        printed = json.loads((tmp_path / "out" / f"{n}.ipynb").read_text())["cells"][-1]["outputs"]
        assert "".join(printed[0]["text"]) == f"{n}\n"


def test_a_dask_scheduler_is_lost_and_the_run_ends_and_goes_on(cluster, tmp_path):
    address, (scheduler, *_) = cluster
    todo = toys(tmp_path)
    listener = Kill(scheduler)
    began = time.monotonic()
    with pytest.raises(InputError, match="the scheduler went away; what ended is kept"):
        schedule.run(todo, Options(dask=address), listener=listener)
    assert time.monotonic() - began < 30
    kept = {path.stem for path in (tmp_path / "out").glob("[0-9]*.ipynb")}
    assert kept == set(listener.names) and len(kept) >= 2
    outcomes = schedule.run(todo, Options(jobs=2))
    assert {one.name for one in outcomes if one.status == "up to date"} == kept
    assert {one.status for one in outcomes} == {"up to date", "ok"}


def test_a_multiverse_on_dask_is_the_same_to_the_byte(cluster, tmp_path):
    address, _ = cluster
    folder = tmp_path / "grids"
    folder.mkdir()
    (folder / "51_investment_by_choice.yaml").write_text(SMALL)
    made = [
        door.run_multiverse(sweep.of_folder(folder, tmp_path / name), tmp_path / name, options)[1]
        for name, options in {"here": Options(jobs=2), "there": Options(dask=address)}.items()
    ]
    assert len(made[0]) > 4
    assert made[0].to_csv() == made[1].to_csv()
