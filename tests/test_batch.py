"""The batch engine: what runs again and why, in which order, within which limits."""

import gc
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

from analysis import cli, notebooks, paths
from analysis.batch import door, grids, progress, record, recorder, schedule, sweep, tasks
from analysis.batch.limits import Limits
from analysis.batch.schedule import Listener, Options
from analysis.batch.tasks import Task
from analysis.errors import InputError
from analysis.kernels import NUMBER, client, manager, sockets

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
    limits = Limits(seconds=2, megabytes=300)
    outcomes = schedule.run(todo, Options(kernel=kernel, limits=limits, jobs=2))
    assert [outcome.error.split(": ", 2)[:2] for outcome in outcomes] == [
        ["cell 3", "CellTimeoutError"],
        ["cell 3, line 1 (x = bytearray(2_000_000_000))", "MemoryError"],
    ]
    assert outcomes[0].error.endswith("no answer within 2 s")
    assert outcomes[1].error.endswith("(--memory 300)")


def test_an_untouched_notebook_needs_little_memory_of_its_own(tmp_path):
    path = notebook(tmp_path / "small.ipynb", "import pandas", "x = bytearray(10_000_000)")
    assert statuses([task(path, tmp_path / "out")], limits=Limits(megabytes=100)) == ["ok"]


def test_a_kernel_that_dies_is_named(tmp_path):
    path = notebook(tmp_path / "dies.ipynb", "1", "import os; os.kill(os.getpid(), 9)")
    (outcome,) = schedule.run([task(path, tmp_path / "out")], Options())
    assert outcome.error == "cell 3: DeadKernelError: the kernel died"


def lines(path):
    """Return how many lines each code cell of an executed notebook printed."""
    cells = json.loads(path.read_text())["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    texts = ["".join("".join(o.get("text", "")) for o in cell["outputs"]) for cell in code]
    return [text.count("\n") for text in texts]


@pytest.mark.parametrize("kernel", ["warm", "cold"])
def test_no_output_is_lost_under_load(tmp_path, kernel):
    loud = "for i in range(5000): print(i, flush=True)"
    path = notebook(tmp_path / "loud.ipynb", loud, "print('end')")
    todo = [Task(f"{n}", path, {}, tmp_path / "out" / f"{n}.ipynb") for n in range(4)]
    assert statuses(todo, jobs=4, kernel=kernel) == ["ok"] * 4
    assert [lines(one.target) for one in todo] == [[5000, 1]] * 4


def test_output_that_does_not_arrive_is_an_error(tmp_path, monkeypatch):
    """A channel that drops a message, as a full queue would."""
    receive = manager.Counted._recv
    dropped = []

    async def lossy(self, **how):
        message = await receive(self, **how)
        if message["msg_type"] == "stream" and not dropped:
            dropped.append(message)
            self.early.discard(message["metadata"][NUMBER])
            self.expected = min(self.expected, message["metadata"][NUMBER])
            return await lossy(self, **how)
        return message

    monkeypatch.setattr(manager.Counted, "_recv", lossy)
    path = notebook(tmp_path / "a.ipynb", "print(1)", "print(2)")
    (outcome,) = schedule.run([task(path, tmp_path / "out")], Options())
    assert outcome.error == "cell 2: OutputError: 1 pieces of output were lost on their way"


def test_output_beyond_its_limit_ends_the_notebook(tmp_path):
    path = notebook(tmp_path / "flood.ipynb", "1", "while True: print('x' * 100)", "2")
    limits = Limits(output=5)
    (outcome,) = schedule.run([task(path, tmp_path / "out")], Options(limits=limits))
    assert outcome.error == "cell 3: DeadKernelError: more than 5 MB of output"
    assert (tmp_path / "out" / "flood.ipynb").stat().st_size < 20_000_000


def test_large_outputs_are_kept(tmp_path):
    path = notebook(
        tmp_path / "big.ipynb",
        "print('y' * 50_000_000)",
        "import os; from IPython.display import Image; Image(os.urandom(20_000_000), format='png')",
    )
    one = task(path, tmp_path / "out")
    assert statuses([one], limits=Limits(output=200)) == ["ok"]
    assert one.target.stat().st_size > 70_000_000


def test_a_limit_of_half_a_second_is_half_a_second(tmp_path, capfd):
    path = notebook(tmp_path / "slow.ipynb", "import time; time.sleep(30)")
    limits = Limits(seconds=0.5)
    (outcome,) = schedule.run([task(path, tmp_path / "out")], Options(limits=limits))
    assert outcome.error == "cell 2: CellTimeoutError: no answer within 0.5 s"
    gc.collect()
    assert "Task was destroyed" not in capfd.readouterr().err


def test_a_killed_zygote_is_replaced_and_its_notebooks_begin_anew(tmp_path):
    path = notebook(tmp_path / "slow.ipynb", "import time; time.sleep(2)")
    todo = [Task(f"{n}", path, {}, tmp_path / "out" / f"{n}.ipynb") for n in range(3)]
    client.start(client.PRELOAD, os.environ).wait()

    class Kill(Listener):
        killed = False

        def cell(self, name, cell, cells):
            if name == "1" and not self.killed:
                self.killed = True
                client.start(client.PRELOAD, os.environ).process.kill()

    outcomes = schedule.run(todo, Options(jobs=2), listener=Kill())
    assert [one.status for one in outcomes] == ["ok"] * 3


def test_a_kernel_that_dies_before_it_answers_is_replaced(tmp_path, monkeypatch):
    fork = client.ZygoteProcess.fork
    killed = []

    def kill_the_first(self, request):
        lease, pid = fork(self, request)
        if not killed:
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)
        return lease, pid

    monkeypatch.setattr(client.ZygoteProcess, "fork", kill_the_first)
    one = task(notebook(tmp_path / "10_a.ipynb", "1"), tmp_path / "out")
    assert statuses([one]) == ["ok"] and len(killed) == 1


def test_a_long_folder_for_temporary_files_will_do(tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    command = [sys.executable, "-m", "analysis", "run", "10", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, env={**os.environ, "TMPDIR": str(long)}, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert list(long.glob("kernel-*")) == []


def test_what_killed_runs_left_is_removed_later():
    gone = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os\nfrom analysis.kernels import sockets\n"
            "print(sockets.make('kernel-'), flush=True)\nos._exit(9)",
        ],
        capture_output=True,
        text=True,
    )
    left = Path(gone.stdout.strip())
    assert left.is_dir() and left.stat().st_mode & 0o777 == 0o700
    mine = sockets.make("kernel-")
    sockets._sweep.cache_clear()
    sockets.make("warm-").rmdir()
    assert not left.exists() and mine.is_dir()
    mine.rmdir()


def test_a_time_stamp_in_the_future_does_not_make_it_run_for_ever(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("1")
    later = time.time() + 1e6
    os.utime(table, (later, later))
    time.sleep(0.05)
    one = task(notebook(tmp_path / "a.ipynb", f"open({str(table)!r}).read()"), tmp_path / "out")
    assert statuses([one]) == ["ok"]
    assert statuses([one]) == ["up to date"]


def test_batch_kernels_keep_no_history(tmp_path):
    path = notebook(tmp_path / "a.ipynb", "print(get_ipython().history_manager.enabled)")
    for kernel in ("warm", "cold"):
        one = task(path, tmp_path / kernel)
        assert statuses([one], kernel=kernel) == ["ok"]
        printed = json.loads(one.target.read_text())["cells"][1]["outputs"][0]["text"]
        assert "".join(printed) == "False\n"


def test_a_notebook_from_elsewhere_is_not_taken_for_our_own(tmp_path):
    path = notebook(tmp_path / "11_industry_size.ipynb", "1")
    with pytest.raises(InputError, match="not one of the collection"):
        notebooks.select([str(path)])
    assert notebooks.select(["notebooks/11_industry_size.ipynb"])[0].parent == paths.NOTEBOOKS


def test_a_child_left_behind_does_not_hold_the_pipe(tmp_path):
    left = "import subprocess; p = subprocess.Popen(['sleep', '60'], start_new_session=True)"
    notebook(tmp_path / "toy.ipynb", "n: int = 0", left, "print(p.pid)", tags=["parameters"])
    begun = time.monotonic()
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), "1"]
    # Under pytest, ipykernel leaves a child the standard output of whoever started the kernel.
    usual = {key: text for key, text in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
    subprocess.run(command, capture_output=True, check=True, env=usual)
    assert time.monotonic() - begun < 30
    (text,) = json.loads((tmp_path / "out" / "0.ipynb").read_text())["cells"][-1]["outputs"]
    os.kill(int("".join(text["text"])), signal.SIGKILL)


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
    assert grids.expand(grid, "grid") == runs


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.lists(st.integers(), min_size=1, max_size=4, unique=True)
    )
)
def test_a_grid_of_lists_is_crossed_whole(grid):
    if grid:
        runs = grids.expand(grid, "grid")
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
        ("zip: []", "zip: give a list of sets of parameters"),
        ("1: 2\nzip: [{1: 2}]", "1 is no name of a parameter"),
        ('"a\\nb": []', "'a\\nb' is no name of a parameter"),
        ("year: {from: .nan, to: 2}", "is not a range of numbers"),
        ("year: {from: 1, to: .inf}", "is not a range of numbers"),
        ("year: {from: 1, to: 2, step: .inf}", "is not a range of numbers"),
        ("year: {from: 1, to: 2, step: 0}", "has no values; step upwards"),
        ("year: {from: 1, to: 9, step: 1e-20}", "800,000,000,000,000,000,001 runs; a grid"),
        ("year: {seeds: 100001}", "year: 100,001 runs; a grid may mean 100,000 at most"),
        ("a: {seeds: 99}\nb: {seeds: 99}\nc: {seeds: 99}", "970,299 runs; a grid may mean"),
        ("year: 2020-13-45", "not YAML: month must be in 1..12"),
        ("year: !!int x", "not YAML"),
        ("year: !!int ''", "not YAML"),
        ("year: !!bool x", "not YAML"),
        ("year: !!timestamp x", "not YAML"),
        ("year: " + "[" * 5000, "too deep"),
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
