"""The batch engine: what runs again and why, in which order, within which limits."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from analysis import cli
from analysis.batch import door, engine, progress, record, recorder, schedule, sweep, tasks
from analysis.batch.schedule import Listener, Options
from analysis.batch.tasks import Task
from analysis.errors import InputError

KERNELSPEC = {"name": "python3", "language": "python", "display_name": "Python 3"}


def notebook(path, *sources, tags=(), prose="Text."):
    """Write a notebook of these code cells."""
    cells = [nbformat.v4.new_markdown_cell(prose), *map(nbformat.v4.new_code_cell, sources)]
    cells[1].metadata["tags"] = list(tags)
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})
    nbformat.write(made, path)
    return path


def task(path, out, **values):
    return Task(path.stem, path, values, out / path.name)


def statuses(todo, **options):
    return [one.status for one in schedule.run(todo, Options(**options))]


def reasons(one):
    known = record.read(one.target)
    return record.reasons(known, one.notebook, one.parameters, record.Checksums())


@pytest.fixture
def ran(tmp_path):
    """A notebook that has run: it read a table and imported a module of the user's."""
    (tmp_path / "table.csv").write_text("1\n")
    (tmp_path / "mine.py").write_text("x = 1\n")
    path = notebook(
        tmp_path / "10_one.ipynb",
        "import sys\nsys.path.insert(0, '.')\nimport mine, pandas",
        "open('table.csv').read()",
        tags=["parameters"],
    )
    one = task(path, tmp_path / "out", year=2020)
    assert statuses([one]) == ["ok"]
    assert statuses([one]) == ["up to date"]
    return one


def test_prose_tags_and_outputs_do_not_make_it_run(ran):
    notebook(
        ran.notebook,
        "import sys\nsys.path.insert(0, '.')\nimport mine, pandas",
        "open('table.csv').read()",
        tags=["parameters", "another"],
        prose="Other text.",
    )
    assert reasons(ran) == []


def test_code_parameters_modules_tables_and_libraries_make_it_run(ran, monkeypatch):
    folder = ran.notebook.parent
    (folder / "table.csv").write_text("2\n")
    assert reasons(ran) == [f"{folder}/table.csv changed"]
    (folder / "table.csv").unlink()
    assert reasons(ran) == [f"{folder}/table.csv is gone"]
    (folder / "table.csv").write_text("1\n")
    (folder / "mine.py").write_text("x = 2\n")
    assert reasons(ran) == [f"{folder}/mine.py changed"]
    (folder / "mine.py").write_text("x = 1\n")
    assert reasons(Task("10_one", ran.notebook, {"year": 2021}, ran.target)) == [
        "its parameters changed: {'year': 2020} to {'year': 2021}"
    ]
    notebook(ran.notebook, "1")
    assert reasons(ran)[0] == "its code changed"
    was = record.version("pandas")
    monkeypatch.setattr(record, "version", lambda name: "0" if name == "pandas" else was)
    assert f"pandas {was} became 0" in reasons(ran)


def test_a_failed_or_torn_notebook_runs_again(ran):
    ran.target.write_text(ran.target.read_text()[:-200])
    assert reasons(ran) == ["it has not run"]
    notebook(ran.notebook, "1 / 0")
    (outcome,) = schedule.run([ran], Options())
    assert (outcome.status, outcome.error) == (
        "failed",
        "cell 2, line 1 (1 / 0): ZeroDivisionError: division by zero",
    )
    assert reasons(ran) == [f"it failed the last time: {outcome.error}"]


class Order(Listener):
    def __init__(self):
        self.names = []

    def ended(self, outcome):
        self.names.append(outcome.name)


def test_the_order_comes_from_what_was_read_and_written(tmp_path):
    made = f"{tmp_path}/made.csv"
    late = notebook(tmp_path / "10_late.ipynb", f"open({made!r}).read()")
    early = notebook(tmp_path / "20_early.ipynb", f"open({made!r}, 'w').write('1')")
    todo = [task(late, tmp_path / "out"), task(early, tmp_path / "out")]
    Path(made).write_text("0")
    schedule.run(todo, Options(jobs=2))
    waits = tasks.before(todo, {one: record.read(one.target) for one in todo})
    assert waits == {todo[0]: {todo[1]}, todo[1]: set()}
    order = Order()
    schedule.run(todo, Options(jobs=2, fresh=True), listener=order)
    assert order.names == ["20_early", "10_late"]
    assert statuses(todo) == ["up to date", "up to date"]
    notebook(early, f"open({made!r}, 'w').write('2')")
    assert tasks.explain(todo) == {
        todo[0]: ["if what it reads changes: 20_early would run"],
        todo[1]: ["its code changed"],
    }
    assert statuses(todo) == ["ok", "ok"]


def test_what_depends_does_not_run_when_what_it_reads_is_the_same(tmp_path):
    made = f"{tmp_path}/made.csv"
    early = notebook(tmp_path / "01_early.ipynb", f"open({made!r}, 'w').write('1')")
    late = notebook(tmp_path / "10_late.ipynb", f"open({made!r}).read()")
    todo = [task(early, tmp_path / "out"), task(late, tmp_path / "out")]
    assert statuses(todo) == ["ok", "ok"]
    notebook(early, f"open({made!r}, 'w').write(str(1))")
    assert statuses(todo) == ["ok", "up to date"]


def test_the_whole_collection_knows_why(tmp_path):
    done = CliRunner().invoke(cli.main, ["run", "10", "--out", str(tmp_path), "--explain"])
    assert done.exit_code == 0
    assert done.output.split() == ["10_private_investment", "it", "has", "not", "run"]
    first = CliRunner().invoke(cli.main, ["run", "10", "--out", str(tmp_path)])
    assert "10_private_investment            ok" in first.output
    again = CliRunner().invoke(cli.main, ["run", "10", "--out", str(tmp_path)])
    assert "10_private_investment            up to date" in again.output
    assert again.output.splitlines()[-1] == first.output.splitlines()[-1]


def test_two_in_a_circle_end_with_one_line(tmp_path):
    (tmp_path / "a").write_text("0")
    (tmp_path / "b").write_text("0")
    one = notebook(
        tmp_path / "10_one.ipynb",
        f"open('{tmp_path}/a').read()",
        f"open('{tmp_path}/b', 'w').write('1')",
    )
    two = notebook(
        tmp_path / "20_two.ipynb",
        f"open('{tmp_path}/b').read()",
        f"open('{tmp_path}/a', 'w').write('1')",
    )
    todo = [task(one, tmp_path / "out"), task(two, tmp_path / "out")]
    assert {outcome.status for outcome in schedule.run(todo, Options())} == {"ok"}
    with pytest.raises(InputError, match=r"in a circle.*10_one.ipynb.*remove .*out") as raised:
        schedule.run(todo, Options())
    assert "20_two.ipynb" in str(raised.value) and "\n" not in str(raised.value)


def test_the_recorder_hears_a_project_wherever_it_lies(monkeypatch):
    monkeypatch.setattr(recorder, "_IGNORED", ("/var", "/usr", "/var/lib/mine/.venv"))
    monkeypatch.setattr(recorder, "_kept", {"/var/lib/mine"})
    heard = ["/var/lib/mine/data/a.csv", "/variants/a.csv", "/var/lib/mine/.venvs/a"]
    assert [path for path in heard if recorder._ignored(path)] == []
    left = ["/var/log/a", "/usr/share/a", "/var/lib/mine/.venv/lib/a", "/var/lib/mine2/a"]
    assert [path for path in left if not recorder._ignored(path)] == []


def test_a_failing_cell_is_quoted(tmp_path):
    path = notebook(tmp_path / "10_a.ipynb", "1 + 1", "x = 1\nimport json\njson.loads('{')\n")
    (outcome,) = schedule.run([task(path, tmp_path / "out")], Options())
    assert outcome.error.startswith("cell 3, line 3 (json.loads('{')): JSONDecodeError: ")


@pytest.mark.parametrize("kernel", ["warm", "cold"])
def test_limits_name_the_cell(tmp_path, kernel):
    slow = notebook(tmp_path / "slow.ipynb", "1", "import time; time.sleep(30)", "2")
    large = notebook(tmp_path / "large.ipynb", "1", "x = bytearray(2_000_000_000)")
    todo = [task(slow, tmp_path / "out"), task(large, tmp_path / "out")]
    limits = engine.Limits(seconds=2, megabytes=1500)
    outcomes = schedule.run(todo, Options(kernel=kernel, limits=limits, jobs=2))
    assert [outcome.error.split(": ", 2)[:2] for outcome in outcomes] == [
        ["cell 3", "CellTimeoutError"],
        ["cell 3, line 1 (x = bytearray(2_000_000_000))", "MemoryError"],
    ]
    assert outcomes[0].error.endswith("no answer within 2 s")


def test_a_kernel_that_dies_is_named(tmp_path):
    path = notebook(tmp_path / "dies.ipynb", "1", "import os; os.kill(os.getpid(), 9)")
    (outcome,) = schedule.run([task(path, tmp_path / "out")], Options())
    assert outcome.error == "cell 3: DeadKernelError: the kernel died"


def test_what_cannot_even_start_fails_alone(tmp_path):
    (tmp_path / "torn.ipynb").write_text("not a notebook")
    good = notebook(tmp_path / "good.ipynb", "1")
    todo = [task(tmp_path / "torn.ipynb", tmp_path / "out"), task(good, tmp_path / "out")]
    outcomes = schedule.run(todo, Options(jobs=2))
    assert [outcome.status for outcome in outcomes] == ["failed", "ok"]
    assert outcomes[0].error.startswith("NotJSONError: ")


def test_two_runs_do_not_write_to_one_folder(tmp_path):
    with (
        door.locked(tmp_path),
        pytest.raises(InputError, match="another run"),
        door.locked(tmp_path),
    ):
        pass


SCRIPT = """
import sys
from pathlib import Path
from analysis.batch import schedule
from analysis.batch.schedule import Options
from analysis.batch.tasks import Task
folder = Path(sys.argv[1])
todo = [
    Task(f"{n}", folder / "toy.ipynb", {"n": n}, folder / "out" / f"{n}.ipynb")
    for n in range(int(sys.argv[2]))
]
for outcome in schedule.run(todo, Options(jobs=2)):
    assert outcome.status != "failed", outcome
"""


def kernels_of(folder):
    """Return the process ids of kernels and zygotes that a run in this folder left."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in (process / "environ").read_bytes().decode(errors="replace"):
                found.append(int(process.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def test_killed_at_any_moment_the_next_run_does_only_what_is_left(tmp_path):
    # Written by another process, so that it is no notebook's output.
    log = tmp_path / "log"
    log.touch()
    notebook(
        tmp_path / "toy.ipynb",
        "n: int = 0  # number",
        "import time; time.sleep(0.3)",
        f"import os; os.system(f'echo {{n}} >> {log}')",
        tags=["parameters"],
    )
    environment = {**os.environ, "TOY": str(tmp_path)}
    kills = int(os.environ.get("KILLS", "4"))
    everyone = {f"{n}" for n in range(3 * kills)}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), str(len(everyone))]
    whole: set[str] = set()
    for _ in range(kills):
        process = subprocess.Popen(command, env=environment)
        time.sleep(random.uniform(0.2, 5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = {path.name for path in (tmp_path / "out").glob("[0-9]*.ipynb")}
        assert whole <= kept
        whole = kept
        for name in kept:
            assert record.read(tmp_path / "out" / name)["status"] == "ok"
        limit = time.monotonic() + 5
        while kernels_of(tmp_path) and time.monotonic() < limit:
            time.sleep(0.05)
        assert kernels_of(tmp_path) == []
    before = log.read_text().split()
    subprocess.run(command, env=environment, check=True)
    added = log.read_text().split()[len(before) :]
    assert sorted(added) == sorted(everyone - {Path(name).stem for name in whole})
    assert {path.stem for path in (tmp_path / "out").glob("[0-9]*")} == everyone


def test_ctrl_c_stops_at_once_and_keeps_what_ended(tmp_path):
    command = [sys.executable, "-m", "analysis", "run", "--out", str(tmp_path), "--jobs", "1"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        # A shell's background job ignores the interrupt, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert " ok " in first
    assert process.returncode == 130
    assert errors.strip().splitlines()[-1] == "stopped; what had ended is kept"
    assert record.read(tmp_path / "notebooks" / f"{first.split()[0]}.ipynb")["status"] == "ok"


def outcomes():
    return [
        schedule.Outcome("10_a", "notebooks/10_a.ipynb", "ok", 1.5),
        schedule.Outcome("11_b", "notebooks/11_b.ipynb", "failed", 0.5, "cell 3: E: 100 %\nno"),
        schedule.Outcome("12_c", "notebooks/12_c.ipynb", "up to date"),
    ]


def tell(listener):
    listener.began(3)
    for outcome in outcomes():
        listener.ended(outcome)
    listener.done(outcomes())


def test_ci_gets_junit_and_marks(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    tell(progress.listener("json", tmp_path / "junit.xml"))
    lines = capsys.readouterr().out.splitlines()
    mark = "::error file=notebooks/11_b.ipynb,title=11_b::cell 3: E: 100 %25%0Ano"
    assert mark in lines
    events = [json.loads(line) for line in lines if not line.startswith("::")]
    assert [event["event"] for event in events] == ["began", "ended", "ended", "ended", "done"]
    assert events[-1]["counts"] == {"ok": 1, "failed": 1, "up to date": 1}
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()[0]
    assert {key: suite.get(key) for key in ("tests", "failures", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "skipped": "1",
    }


def test_bars_on_a_terminal(capsys):
    bars = progress.Bars(sys.stdout)
    bars.began(3)
    bars.cell("10_a", 1, 5)
    bars.cell("11_b", 2, 5)
    for outcome in outcomes():
        bars.ended(outcome)
    bars.done(outcomes())
    said = capsys.readouterr()
    assert "notebooks: 100%" in said.err
    assert "10_a" in said.out


@pytest.mark.parametrize(
    ("grid", "runs"),
    [
        ({"a": [1, 2], "b": 3}, [{"a": 1, "b": 3}, {"a": 2, "b": 3}]),
        ({"a": {"from": 1, "to": 3}}, [{"a": 1}, {"a": 2}, {"a": 3}]),
        ({"a": {"from": 0.1, "to": 0.3, "step": 0.1}}, [{"a": 0.1}, {"a": 0.2}, {"a": 0.3}]),
        ({"seed": {"seeds": 2}}, [{"seed": 0}, {"seed": 1}]),
        ({"zip": [{"a": 1, "b": 2}]}, [{"a": 1, "b": 2}]),
    ],
)
def test_a_grid_means_these_runs(grid, runs):
    assert sweep.expand(grid, "grid") == runs


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.lists(st.integers(), min_size=1, max_size=4, unique=True)
    )
)
def test_a_grid_of_lists_is_crossed_whole(grid):
    if grid:
        runs = sweep.expand(grid, "grid")
        size = 1
        for values in grid.values():
            size *= len(values)
        assert len(runs) == size == len({sweep.name(one) for one in runs})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a grid is parameters with their values; found None"),
        ("year: []", "year: the list is empty"),
        ("year: {from: 2020, to: 2019}", "has no values; step upwards"),
        ("year: {from: a, to: 2}", "is not a range of numbers"),
        ("year: {first: 1}", "is neither a range (from, to, step) nor seeds"),
        ("zip: 3", "zip: give a list of sets of parameters"),
        ("year: [2019]\nzip: [{year: 2020}]", "year is given twice"),
        ("year: [2019, 2019]", "the grid has year=2019 twice"),
        ("month: [1]", "10_private_investment has no parameter 'month'; it has: table, china"),
        ("year: [1999]", "parameter year: 1999 is not allowed; give a whole number from 2013"),
        ("a: [", "not YAML"),
    ],
)
def test_a_bad_grid_is_refused_before_anything_runs(tmp_path, text, message):
    (tmp_path / "grid.yaml").write_text(text)
    arguments = ["sweep", "10", str(tmp_path / "grid.yaml"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(cli.main, arguments)
    assert done.exit_code == 2
    assert message in done.output
    assert len(done.output.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_sweep_makes_a_folder_a_run_and_one_table(tmp_path):
    import pandas as pd

    (tmp_path / "grid.yaml").write_text("year: [2019, 2020]\ndeals: estimated\n")
    arguments = ["sweep", "10", str(tmp_path / "grid.yaml"), "--out", str(tmp_path / "out")]
    dry = CliRunner().invoke(cli.main, [*arguments, "--dry-run"])
    names = ["year=2019,deals=estimated", "year=2020,deals=estimated"]
    assert dry.output.splitlines() == [*names, "2 runs of 10_private_investment"]
    assert not (tmp_path / "out").exists()
    done = CliRunner().invoke(cli.main, arguments)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir()) == names
    table = pd.read_parquet(tmp_path / "out" / "findings.parquet")
    assert set(table["year"]) == {2019, 2020}
    assert table.groupby("run").size().nunique() == 1
    again = CliRunner().invoke(cli.main, arguments)
    assert "2 runs, 0 of them now, 0 failed" in again.output
