"""Warm kernels: each a clean process, that behaves as a plain one and outlives nobody."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import papermill
import pytest
from click.testing import CliRunner
from jupyter_client.manager import KernelManager

from analysis import cli, notebooks, parameters, paths
from analysis.batch import engine, schedule, tasks
from analysis.batch.door import plan, write_ledger
from analysis.batch.limits import Limits
from analysis.batch.schedule import Options
from analysis.kernels import client, kept, sockets

THEIRS = Path(papermill.__file__).parent / "tests" / "notebooks"
"""papermill's own test notebooks, as its package has them."""

BEHAVIOUR = sorted(THEIRS.glob("*.ipynb"))


def value(client, expression):
    """Return the value of an expression in a kernel."""
    reply = client.execute_interactive(
        "", silent=True, user_expressions={"value": expression}, timeout=30
    )
    return reply["content"]["user_expressions"]["value"]["data"]["text/plain"]


@pytest.fixture
def start():
    """Starts warm kernels, and ends them."""
    running = []

    def one(**kwargs):
        manager = KernelManager(kernel_name="python3-warm")
        manager.start_kernel(**kwargs)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        running.append((manager, client))
        return manager, client

    yield one
    for manager, talks in running:
        talks.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_kernel_has_the_libraries_but_nothing_of_another(start):
    (_, one), (_, two) = start(), start()
    assert value(one, "'pandas' in __import__('sys').modules") == "True"
    assert value(one, "[m for m in __import__('sys').modules if m == 'analysis.figures']") == "[]"
    one.execute_interactive("import pandas; pandas.mine = 1; x = 1", timeout=30)
    assert value(two, "hasattr(__import__('pandas'), 'mine') or 'x' in globals()") == "False"
    for draw in ("random.random()", "numpy.random.rand()", "uuid.uuid4()"):
        module = draw.rsplit(".", 1)[0]
        expression = f"__import__('importlib').import_module({module!r}).{draw.split('.')[-1]}"
        assert value(one, expression) != value(two, expression)
    assert value(one, "__import__('os').getpid()") != value(two, "__import__('os').getpid()")


def test_a_kernel_runs_where_and_with_what_it_is_told(start, tmp_path):
    _, one = start(cwd=str(tmp_path), env={**os.environ, "MINE": "1", "TZ": "Asia/Tokyo"})
    assert value(one, "__import__('os').getcwd()") == repr(str(tmp_path))
    assert value(one, "__import__('os').environ['MINE']") == "'1'"
    assert value(one, "__import__('time').tzname[0]") == "'JST'"


def test_a_kernel_starts_where_who_started_it_is_by_then(start, tmp_path, monkeypatch):
    start()
    monkeypatch.chdir(tmp_path)
    _, one = start()
    assert value(one, "__import__('os').getcwd()") == repr(str(tmp_path))


def test_an_interrupt_stops_a_cell_and_a_restart_forgets(start):
    manager, one = start()
    one.execute_interactive("x = 1", timeout=30)
    message = one.execute("import time; time.sleep(60)")
    time.sleep(0.5)
    manager.interrupt_kernel()
    reply = one.get_shell_msg(timeout=10)
    assert reply["parent_header"]["msg_id"] == message
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    manager.restart_kernel(now=True)
    one.wait_for_ready(timeout=60)
    assert value(one, "'x' in globals()") == "False"


def test_messages_stay_off_the_network(start):
    manager, _ = start()
    assert manager.transport == "ipc"
    assert Path(f"{manager.ip}-{manager.shell_port}").is_socket()


def killed_after(script, seconds=0.0):
    """Run a script that prints a process id, kill it some time later, and return the id."""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    time.sleep(seconds)
    process.kill()
    process.wait()
    return pid


def ends(lives, seconds):
    """Return whether something no longer lives within some seconds."""
    limit = time.monotonic() + seconds
    while lives() and time.monotonic() < limit:
        time.sleep(0.02)
    return not lives()


def test_no_kernel_outlives_who_started_it():
    pid = killed_after(
        "from jupyter_client.manager import start_new_kernel\n"
        "manager, client = start_new_kernel(kernel_name='python3-warm')\n"
        'client.execute(\'import subprocess; subprocess.Popen(["sleep", "100"])\')\n'
        "import time; time.sleep(1); print(manager.provisioner.pid, flush=True); time.sleep(100)"
    )
    assert ends(lambda: _group(pid), 10)


def test_a_zygote_that_still_imports_ends_with_who_started_it():
    pid = killed_after(
        "import os, time\n"
        "from analysis.kernels import client\n"
        "print(client.start(client.PRELOAD, os.environ).process.pid, flush=True)\n"
        "time.sleep(100)",
        seconds=0.3,
    )
    assert ends(lambda: _lives(pid), 1)


def test_a_kernel_outlives_a_signal_to_the_group_of_who_started_it():
    script = (
        "import os, signal, time\n"
        "from jupyter_client.manager import start_new_kernel\n"
        "signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "manager, client = start_new_kernel(kernel_name='python3-warm')\n"
        "os.killpg(0, signal.SIGTERM)\n"
        "time.sleep(0.5)\n"
        "print(manager.is_alive())"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, start_new_session=True, capture_output=True, text=True)
    assert done.stdout == "True\n"


@pytest.fixture
def kept_apart(tmp_path, monkeypatch):
    """A folder of its own for what this user keeps."""
    folder = tempfile.mkdtemp(prefix="k", dir="/tmp")
    monkeypatch.setattr(sockets, "private_name", lambda: f"{folder}/mine")
    yield Path(folder, "mine")
    with contextlib.suppress(PermissionError):
        kept.stop()
    shutil.rmtree(folder)


def keep(minutes=1.0):
    place = kept.address(["json"], {})
    return place, kept.keep(place, ["json"], dict(os.environ), minutes)


def test_a_kept_zygote_goes_on_and_forks_for_the_next(kept_apart, monkeypatch):
    place, started = keep()
    assert started and kept_apart.stat().st_mode & 0o777 == 0o700
    assert keep() == (place, False)
    assert kept.here(["json"], {}) == place
    assert kept.here(["json"], {"LANG": "xx"}) is None
    zygote = client.KeptZygote(place)
    request = {"argv": ["no such option"], "env": dict(os.environ), "cwd": "/"}
    lease, pid = zygote.fork(request)
    assert _lives(pid) and zygote.alive
    lease.close()
    assert kept.stop() == 1
    assert zygote.ended() and list(kept_apart.iterdir()) == []
    with pytest.raises(client.KernelLost):
        zygote.fork(request)


def test_a_kept_zygote_ends_when_idle(kept_apart):
    place, _ = keep(minutes=0.005)
    limit = time.monotonic() + 10
    while kept.listens(place) and time.monotonic() < limit:
        time.sleep(1)  # To look is to be heard of.
    assert not kept.listens(place)


def test_after_an_update_another_zygote_is_kept(kept_apart, monkeypatch):
    place, _ = keep()
    monkeypatch.setattr(sys, "version", "of tomorrow")
    other, started = keep()
    assert started and other != place and not kept.listens(place)


def test_where_forking_is_unsafe_kernels_are_plain(monkeypatch, tmp_path):
    monkeypatch.setattr(client, "available", lambda: False)
    monkeypatch.setattr(client, "_zygotes", {})
    (outcome,) = schedule.run(plan(["31"], {}, tmp_path), Options())
    assert outcome.error == "" and client._zygotes == {}


def test_a_folder_that_others_may_enter_is_refused(kept_apart):
    kept_apart.mkdir(mode=0o755)
    kept_apart.chmod(0o755)
    with pytest.raises(PermissionError, match="not a folder of this user alone"):
        keep()
    assert kept.here(["json"], {}) is None


def test_a_run_takes_its_kernels_from_the_kept_zygote(kept_apart, monkeypatch, tmp_path):
    place = kept.address(client.PRELOAD, client.at_start(os.environ))
    kept.keep(place, client.PRELOAD, {**os.environ, **client.FOR_ZYGOTES}, 1)
    monkeypatch.setattr(client, "_zygotes", {})
    todo = plan(["31"], {}, tmp_path)
    (outcome,) = schedule.run(todo, Options())
    assert outcome.error == ""
    assert [type(one) for one in client._zygotes.values()] == [client.KeptZygote]


def _lives(pid):
    """Return whether a process runs and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _group(pid):
    """Return the processes of a group that are not dead."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = stat.read_text().rsplit(")", 1)[1].split()[:3]
        except OSError:
            continue
        if int(group) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def behaviour(path, kernel, tmp_path):
    """Return how a notebook ends under a kernel: its error and each cell's outputs."""
    limits = Limits(seconds=5)
    job = engine.Job(path.stem, path.read_text(), str(tmp_path), {}, kernel, limits)
    result = engine.execute(job)
    cells = []
    for cell in json.loads(result.text)["cells"]:
        said: dict[str, str] = {}
        shown = []
        for output in cell.get("outputs", []):
            if output["output_type"] == "stream":
                name = output["name"]
                said[name] = said.get(name, "") + "".join(output["text"])
            else:
                shown.append([output.get(key) for key in ("data", "ename", "evalue")])
        cells.append((cell.get("execution_count"), said, shown))
    return result.error, cells


def test_papermills_own_notebooks_are_at_hand():
    assert len(BEHAVIOUR) >= 20


@pytest.mark.parametrize("path", BEHAVIOUR, ids=lambda path: path.stem)
def test_papermills_own_notebooks_behave_as_under_a_plain_kernel(path, tmp_path):
    ends = []
    for kernel in ("cold", "warm"):
        try:
            ends.append(behaviour(path, kernel, tmp_path))
        except Exception as error:
            ends.append((type(error), str(error).splitlines()[0]))
    assert ends[0] == ends[1]


def findings(folder, **options):
    todo = plan(["01", "10", "90"], {}, folder)
    outcomes = schedule.run(todo, Options(**options), gather=lambda: write_ledger(todo, folder))
    assert [outcome.error for outcome in outcomes] == ["", "", ""]
    return json.dumps(write_ledger(todo, folder), sort_keys=True)


def test_the_findings_are_the_same_however_they_are_run(tmp_path):
    warm = findings(tmp_path / "warm", jobs=2)
    assert findings(tmp_path / "cold", kernel="cold") == warm
    plain = tmp_path / "plain" / "notebooks"
    plain.mkdir(parents=True)
    todo = tasks.collection(
        parameters.assign(notebooks.select(["01", "10", "90"]), {}), tmp_path / "plain"
    )
    for task in todo:
        if task.gathers:
            write_ledger(todo, tmp_path / "plain")
        papermill.execute_notebook(
            task.notebook, task.target, task.parameters, cwd=paths.NOTEBOOKS, progress_bar=False
        )
    assert json.dumps(write_ledger(todo, tmp_path / "plain"), sort_keys=True) == warm


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--dask", "tcp://127.0.0.1:1", "--dask tcp://127.0.0.1:1: no scheduler answers there"),
        ("--kernel", "fortran", "no kernel 'fortran'; there are: warm, cold, python3"),
    ],
)
def test_where_nothing_can_run_is_said_in_one_line(option, value, message, tmp_path):
    arguments = ["run", "10", "--out", str(tmp_path), option, value]
    done = CliRunner().invoke(cli.main, arguments)
    assert done.exit_code == 2
    assert message in done.output


def test_jupyter_and_papermill_find_what_the_package_installs():
    from papermill.engines import papermill_engines

    from analysis.batch.engine import Engine

    listed = subprocess.run(
        [sys.executable, "-m", "jupyter", "kernelspec", "list", "--json"],
        env={key: value for key, value in os.environ.items() if key != "JUPYTER_PATH"},
        capture_output=True,
        check=True,
    )
    assert "python3-warm" in json.loads(listed.stdout)["kernelspecs"]
    found = papermill_engines.get_engine("analysis")
    assert found.execute_managed_notebook == Engine.execute_managed_notebook
