"""Faults: whatever ends or stops in the middle, what had ended is kept and one line says so."""

import ast
import contextlib
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis import cli, files, paths
from analysis.batch import door, record, schedule
from analysis.batch.limits import Limits
from analysis.batch.progress import JUnit
from analysis.batch.schedule import Options, Outcome
from analysis.errors import InputError
from analysis.kernels import client
from test_batch import kernels_of, notebook, statuses, task

STOPPED = "stopped; what had ended is kept\n"


def until(condition, seconds=20.0):
    """Wait until something holds."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.02)


def children(pid):
    """Return the processes that a process has started and that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def listens(pid):
    """Return whether a process has a handler of its own for a request to end."""
    caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    return bool(int(caught[1], 16) & (1 << (signal.SIGTERM - 1)))


def has_kernels(pid):
    return any(children(zygote) for zygote in children(pid))


MOMENTS = {
    "it begins": (listens, 0),
    "the zygote imports": (children, 0),
    "kernels start": (has_kernels, 0),
    "cells run": (has_kernels, 0.4),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a request"])
def test_a_run_is_stopped_within_two_seconds_at_any_moment(number, moment, tmp_path):
    condition, later = MOMENTS[moment]
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis", "run", "--fresh", "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TOY": str(tmp_path)},
        # A shell's background job ignores the interrupt, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until(lambda: condition(process.pid))
    time.sleep(later)
    sent = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert time.monotonic() - sent < 2
    assert (process.returncode, errors) == (130, STOPPED)
    until(lambda: kernels_of(tmp_path) == [], 2)
    assert list(tmp_path.rglob("*.part")) == []
    for one in tmp_path.rglob("*.ipynb"):
        assert record.read(one)["status"] == "ok"


def test_a_zygote_whose_owner_died_before_it_began_ends_at_once(tmp_path):
    address = tmp_path / "socket"
    command = [sys.executable, "-m", "analysis.kernels.zygote", str(address), "1", "this"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert not address.exists()


def test_a_run_that_is_stopped_leaves_no_folder_of_sockets(tmp_path):
    script = (
        "import sys, time; from analysis import __main__, cli\n"
        "from analysis.kernels import sockets\n"
        "cli.main = lambda **_: (print(sockets.make('kernel-'), flush=True), time.sleep(60))\n"
        "import analysis.kernels.client\n"
        "__main__.begin()"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    folder = Path(process.stdout.readline().strip())
    assert folder.is_dir()
    process.terminate()
    assert process.wait(10) == 130
    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_file_being_written_is_not_left_behind(number, tmp_path):
    (tmp_path / "file").write_text("before")
    script = (
        "import sys, time; from pathlib import Path; from analysis import __main__, cli, files\n"
        "def main(**_):\n"
        "    with files.replacing(Path(sys.argv[1])) as beside:\n"
        "        beside.write_text('half'); print('ready', flush=True); time.sleep(60)\n"
        "cli.main = main; __main__.begin()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "file")],
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout.readline() == b"ready\n"
    assert len(list(tmp_path.glob(".file.*.part"))) == 1
    process.send_signal(number)
    assert process.wait(10) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "before"


def test_what_a_killed_run_left_half_written_is_removed_by_the_next(tmp_path):
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], text=True, capture_output=True
    )
    killed = tmp_path / "notebooks" / f".10.ipynb.{int(gone.stdout)}.part"
    another = tmp_path / f".site.{os.getpid()}.part"
    killed.parent.mkdir()
    for one in (killed, another):
        one.write_text("half")
    with door.locked(tmp_path):
        assert not killed.exists() and another.exists()


def test_an_interrupt_that_a_shell_ignores_is_ignored():
    script = (
        "import os, signal; from analysis import __main__, cli\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "cli.main = lambda **_: (os.kill(os.getpid(), signal.SIGINT), print('goes on'))\n"
        "__main__.begin()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "goes on\n")


def test_after_a_fault_no_other_notebook_begins(tmp_path, monkeypatch):
    """The first result cannot be written; the other's kernel has started, its cells have not."""
    mark = tmp_path / "mark"
    first = notebook(tmp_path / "01_a.ipynb", "import time; time.sleep(0.5)")
    second = notebook(tmp_path / "10_b.ipynb", f"open({str(mark)!r}, 'w')")

    def refuse(path, text):
        raise InputError("no space")

    monkeypatch.setattr(files, "write_text", refuse)
    monkeypatch.setattr(schedule, "kill_all", lambda: None)  # As for a kernel that starts just now.
    todo = [task(first, tmp_path / "out"), task(second, tmp_path / "out")]
    with pytest.raises(InputError, match="no space"):
        schedule.run(todo, Options(jobs=1))
    time.sleep(1)
    assert not mark.exists()


def test_a_second_run_in_a_folder_is_refused(tmp_path):
    with door.locked(tmp_path):
        ended = CliRunner().invoke(cli.main, ["run", "31", "--out", str(tmp_path)])
    assert ended.exit_code == 2
    assert ended.output == f"error: {tmp_path}: another run is writing there\n"


@contextlib.contextmanager
def full():
    """No file may be larger than a hundred bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up_leaves_the_file_as_it_was(tmp_path):
    (tmp_path / "file").write_text("before")
    with full(), pytest.raises(InputError, match=r"file: cannot be written: File too large"):
        files.write_text(tmp_path / "file", "x" * 1000)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("file", "before")]


def test_a_disk_that_fills_up_leaves_no_half_of_a_junit_file(tmp_path):
    outcomes = [Outcome(f"{n}", "a.ipynb", "ok") for n in range(20)]
    with full(), pytest.raises(InputError, match=r"junit.xml: cannot be written: File too large"):
        JUnit(tmp_path / "junit.xml").done(outcomes)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def readonly(tmp_path):
    """A folder on a disk that is mounted for reading only, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no disk can be mounted")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("command", [("run", "31"), ("figures", "31")], ids=["run", "figures"])
def test_a_disk_for_reading_only_is_named_in_one_line(command, readonly):
    arguments = [*command, "--out", str(readonly / "out")]
    ended = CliRunner().invoke(cli.main, arguments)
    assert ended.exit_code == 2 and ended.output.count("\n") == 1
    assert f"{readonly}/out" in ended.output and "Read-only file system" in ended.output


def test_a_clock_set_back_makes_a_notebook_run_again_rather_than_not(tmp_path):
    (tmp_path / "table.csv").write_text("1")
    report = {"reads": [str(tmp_path / "table.csv")], "writes": [], "modules": [], "libraries": []}
    known = record.complete({**report, "cpu_seconds": 0}, time.time() - 3600)
    assert known["reads"] == {str(tmp_path / "table.csv"): "changed"}


def test_a_clock_set_back_does_not_leave_old_findings_in_the_table(tmp_path):
    """The table is of tomorrow; what ran just now is written to it all the same."""
    (tmp_path / "grid.yaml").write_text("until: 2019\n")
    arguments = ["sweep", "31", str(tmp_path / "grid.yaml"), "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(cli.main, arguments).exit_code == 0
    table = tmp_path / "out" / "findings.parquet"
    tomorrow = time.time() + 86400
    os.utime(table, (tomorrow, tomorrow))
    assert CliRunner().invoke(cli.main, [*arguments, "--fresh"]).exit_code == 0
    assert table.stat().st_mtime < tomorrow - 3600


def test_a_torn_table_of_findings_is_written_anew(tmp_path):
    (tmp_path / "grid.yaml").write_text("until: 2019\n")
    arguments = ["sweep", "31", str(tmp_path / "grid.yaml"), "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(cli.main, arguments).exit_code == 0
    table = tmp_path / "out" / "findings.parquet"
    whole = table.read_bytes()
    table.write_bytes(whole[:500])
    ended = CliRunner().invoke(cli.main, arguments)
    assert ended.exit_code == 0 and "0 of them now" in ended.output
    assert table.read_bytes() == whole


CELLS = {
    "a syntax error": ("x = = 1", "cell 3: SyntaxError: invalid syntax"),
    "endless": ("while True: pass", "cell 3: CellTimeoutError: no answer within 1 s"),
    "stops itself": (
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        "cell 3: CellTimeoutError: no answer within 1 s",
    ),
    "ignores interrupts": (
        "import signal, time; signal.signal(2, signal.SIG_IGN); time.sleep(60)",
        "cell 3: CellTimeoutError: no answer within 1 s",
    ),
    "exits": ("import os; os._exit(0)", "cell 3: DeadKernelError: the kernel died"),
    "kills itself": ("import os; os.kill(0, 9)", "cell 3: DeadKernelError: the kernel died"),
    "reads beyond memory": (
        "import ctypes; ctypes.string_at(0)",
        "cell 3: DeadKernelError: the kernel died",
    ),
    "recurs for ever": (
        "def f(): f()\nf()",
        "cell 3, line 2 (f()): RecursionError: maximum recursion depth exceeded",
    ),
    "asks somebody": ("input()", "cell 3, line 1 (input()): StdinNotImplementedError: "),
    "a child that prints too much": (
        "import subprocess, time\n"
        "subprocess.run(['head', '-c', '20000000', '/dev/zero']); time.sleep(60)",
        "cell 3: DeadKernelError: more than 5 MB of output",
    ),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_that_goes_wrong_is_named_and_the_next_notebook_runs(case, tmp_path, monkeypatch):
    # Under pytest, ipykernel leaves a child the standard output of whoever started the kernel.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    source, message = CELLS[case]
    bad = notebook(tmp_path / "10_bad.ipynb", "1", source, "2")
    good = notebook(tmp_path / "20_good.ipynb", "1")
    limits = Limits(seconds=1 if "TimeoutError" in message else 0, output=5)
    todo = [task(bad, tmp_path / "out"), task(good, tmp_path / "out")]
    outcomes = schedule.run(todo, Options(limits=limits, jobs=2))
    assert outcomes[0].error.startswith(message), outcomes[0].error
    assert "\n" not in outcomes[0].error
    assert outcomes[1].status == "ok"
    assert record.read(todo[0].target)["status"] == "failed"


def test_threads_and_children_of_a_notebook_end_with_it(tmp_path):
    left = (
        "import subprocess, threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        f"p = subprocess.Popen(['sleep', '60'], env={{'TOY': {str(tmp_path)!r}}})"
    )
    one = task(notebook(tmp_path / "10_a.ipynb", left), tmp_path / "out")
    began = time.monotonic()
    assert statuses([one]) == ["ok"]
    assert time.monotonic() - began < 20
    until(lambda: kernels_of(tmp_path) == [], 2)


def test_a_stopped_zygote_is_replaced(tmp_path, monkeypatch):
    zygote = client.start(client.PRELOAD, os.environ)
    zygote.wait()
    monkeypatch.setattr(client, "PATIENCE", 1.0)
    zygote.process.send_signal(signal.SIGSTOP)
    one = task(notebook(tmp_path / "10_a.ipynb", "1"), tmp_path / "out")
    assert statuses([one]) == ["ok"]
    assert zygote.process.wait(5) == -signal.SIGKILL


@pytest.fixture
def empty():
    """A zygote that imports nothing, so that it is there at once."""
    zygote = client.ZygoteProcess([], os.environ)
    zygote.wait()
    yield zygote
    zygote.close()


@pytest.mark.parametrize("request_", [b"{\n", b"\xff\n", b"x" * (1 << 20), b""])
def test_a_zygote_outlives_a_request_that_is_none(request_, empty):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(empty.address))
        connection.sendall(request_)
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(100) == b""
    time.sleep(0.05)
    assert empty.alive


ODD = 'it\'s "a b" 漢字 #%$\n x'


def test_a_project_and_its_output_lie_anywhere(tmp_path):
    project = tmp_path / ODD
    for name in ("src", "data", "notebooks"):
        shutil.copytree(paths.ROOT / name, project / name)
    shutil.copy(paths.ROOT / "pyproject.toml", project)
    usual = {key: text for key, text in os.environ.items() if key != "ANALYSIS_DATA"}
    command = [sys.executable, "-m", "analysis", "run", "31", "--out", str(tmp_path / ODD / "out")]
    env = {**usual, "PYTHONPATH": str(project / "src")}
    first, again = (
        subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True)
        for _ in range(2)
    )
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("31_education                     ok")
    assert again.stdout.startswith("31_education                     up to date")
    known = record.read(project / "out" / "notebooks" / "31_education.ipynb")
    assert any(name.startswith(str(project / "data")) for name in known["reads"])


PAGE = paths.ROOT / "docs" / "faults.md"


def rows():
    """Return the rows of the page's tables, each as its cells."""
    found = [
        line.strip("| ").split(" | ")
        for line in PAGE.read_text().splitlines()
        if line.startswith("| ")
    ]
    return [row for row in found if row[0] not in ("case", "---")]


def named(test):
    """Return the files of tests in which a function and, in brackets, its case are found."""
    file, _, rest = test.strip("`").partition("::")
    function, _, case = rest.rstrip("]").partition("[")
    text = (paths.ROOT / "tests" / file).read_text()
    defined = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    return function in defined and (not case or f'"{case}"' in text)


def test_each_fault_of_the_page_is_held_by_a_test():
    assert [row[0] for row in rows() if len(row) != 4] == []
    assert [row[3] for row in rows() if not named(row[3])] == []


def test_the_page_has_a_row_for_each_of_at_least_eighty_cases():
    cases = [row[0] for row in rows()]
    assert len(cases) >= 80 and len(set(cases)) == len(cases)
