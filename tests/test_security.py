"""Security: parameters are data, paths stay in their folder, and nobody else is let in."""

import ast
import html
import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from papermill.translators import PythonTranslator

from analysis import cli, notebooks, paths
from analysis.batch import cluster, sweep
from analysis.batch.schedule import Options, run
from analysis.batch.tasks import Task
from analysis.errors import InputError
from analysis.kernels import client, sockets
from analysis.report import display, ledger
from analysis.site import build, draw, model
from analysis.sources import citations, fetch, packages
from test_batch import notebook, statuses, task

NASTY = [
    'it\'s "quoted"',
    "two\nlines\r\n\ttab",
    "back\\slash\\",
    "'''\"\"\"",
    "__import__('os').system('true')",
    "{x} %s ${HOME} `id`",
    "漢字 \N{GRINNING FACE} \x00 \u2028",
    "</script><script>",
]
SCRIPT = "<script>alert('a')</script>"


@given(st.text() | st.lists(st.text()) | st.integers() | st.booleans())
def test_whatever_a_parameter_says_is_written_as_that_literal(value):
    assert ast.literal_eval(PythonTranslator.translate(value)) == value


def test_a_parameter_arrives_as_the_very_text_and_is_never_run(tmp_path):
    path = notebook(
        tmp_path / "10_a.ipynb", "texts: list[str] = []", "print(ascii(texts))", tags=["parameters"]
    )
    one = task(path, tmp_path / "out", texts=NASTY)
    assert statuses([one]) == ["ok"]
    printed = json.loads(one.target.read_text())["cells"][-1]["outputs"][0]["text"]
    assert ast.literal_eval("".join(printed)) == NASTY


@pytest.mark.parametrize("value", NASTY)
def test_a_parameter_that_is_no_value_of_its_type_is_refused(value, tmp_path):
    arguments = ["run", "10", "-p", "year", value, "--out", str(tmp_path / "out")]
    ended = CliRunner().invoke(cli.main, arguments)
    assert ended.exit_code == 2 and len(ended.output.splitlines()) == 1
    assert "parameter year: " in ended.output and not (tmp_path / "out").exists()


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.text(max_size=200), min_size=1))
def test_the_folder_of_a_run_is_one_short_name_whatever_the_values(values):
    name = sweep.name(values)
    assert Path(name).name == name and name not in (".", "..")
    assert len(name.encode()) <= sweep.LONGEST_NAME and "\x00" not in name


def test_a_value_that_looks_like_a_path_does_not_lead_out_of_the_folder(tmp_path):
    values = ["../../x", "/etc/passwd", "..", "a/../../b", "漢" * 300]
    runs = [{"ledger": value} for value in values]
    todo = sweep.tasks(notebooks.select(["00"])[0], runs, tmp_path / "out")
    for one in todo:
        assert one.target.resolve().parent.parent == (tmp_path / "out").resolve()
    assert len({one.target for one in todo}) == len(values)


TAGS = {
    "a call": "!!python/object/apply:os.system ['touch mark']",
    "a new object": "!!python/object/new:os.system ['touch mark']",
    "a name": "!!python/name:os.system",
    "a module": "!!python/module:os",
}


@pytest.mark.parametrize("case", TAGS)
def test_a_grid_that_names_an_object_of_python_is_refused(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("grid.yaml").write_text(f"year: {TAGS[case]}")
    ended = CliRunner().invoke(cli.main, ["sweep", "10", "grid.yaml"])
    assert ended.exit_code == 2 and ended.output.count("\n") == 1
    assert "could not determine a constructor for the tag" in ended.output
    assert [one.name for one in tmp_path.iterdir()] == ["grid.yaml"]


@pytest.mark.parametrize("prefix", sockets.PREFIXES)
def test_sockets_lie_in_a_folder_that_only_this_user_may_enter(prefix):
    before = os.umask(0)
    folder = sockets.make(prefix)
    os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700 and folder.stat().st_uid == os.getuid()
    folder.rmdir()


def asked_as(user, address):
    """Return what another user who asks at an address hears: the answer, or the error's name."""
    heard, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        said = b"?"
        try:
            os.setgroups([])
            os.setuid(user)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(address))
                connection.sendall(b'{"argv": [], "env": {}, "cwd": "/"}\n')
                said = connection.recv(100)
        except OSError as error:
            said = type(error).__name__.encode()
        finally:
            os.write(say, said)
            os._exit(0)
    os.waitpid(pid, 0)
    os.close(say)
    with os.fdopen(heard, "rb") as pipe:
        return pipe.read()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
def test_a_zygote_refuses_another_user_even_if_the_folder_is_open():
    zygote = client.ZygoteProcess([], os.environ)
    zygote.wait()
    nobody = 65534
    assert asked_as(nobody, zygote.address) == b"PermissionError"
    zygote.folder.chmod(0o755)
    zygote.address.chmod(0o777)
    assert asked_as(nobody, zygote.address) in (b"", b"ConnectionResetError", b"BrokenPipeError")
    assert b"pid" in asked_as(0, zygote.address)
    zygote.close()


@pytest.mark.parametrize("file", ["../x.csv", "/etc/x.csv", "package/../../x.csv"])
def test_an_original_is_not_fetched_to_a_place_outside_its_folder(file, tmp_path):
    one = fetch.Original(file, "0" * 64, "https://127.0.0.1:9/x.csv", ("package/x",))
    ((_, reason),) = fetch.fetch([one], tmp_path / "originals", retries=0)
    assert reason == f"{file}: leads out of {tmp_path / 'originals'}"
    assert [path.name for path in tmp_path.iterdir()] == ["originals"]


def test_an_address_on_the_command_line_is_no_original():
    ended = CliRunner().invoke(cli.main, ["sources", "fetch", "https://example.org/x.csv"])
    assert ended.exit_code == 2
    assert "no raw table or package 'https://example.org/x.csv'" in ended.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("source", "../../x", "table", "a:string"),
        ("source", "x_2022", "../../table", "a:string"),
        ("source", "x_2022", "table", "a/b:string"),
        ("notebook", "48_../../x", "patents.grants.china", "ai_index_2022/shares"),
    ],
)
def test_a_name_that_leads_elsewhere_makes_no_file(arguments, data):
    before = {path for path in data.parent.rglob("*")} | set(paths.ROOT.glob("*"))
    ended = CliRunner().invoke(cli.main, ["new", *arguments])
    assert ended.exit_code == 2 and ended.output.count("\n") == 1 and "name" in ended.output
    assert {path for path in data.parent.rglob("*")} | set(paths.ROOT.glob("*")) == before


def test_a_commit_that_looks_like_an_option_is_not_taken_for_one(tmp_path):
    ended = CliRunner().invoke(cli.main, ["diff", "--", f"--output={tmp_path}/x"])
    assert ended.exit_code == 2 and "is no release, no ledger" in ended.output
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def scripted(data):
    """The registry with a statement that is a script."""
    path = data / "registry" / "claims.csv"
    claims = ledger.load()[0]["claim"]
    lines = path.read_text().splitlines(keepends=True)
    header = lines[0].strip().split(",")
    assert header.index("statement") > 0
    import csv
    import io

    rows = list(csv.DictReader(io.StringIO("".join(lines))))
    (row,) = [one for one in rows if one["id"] == claims]
    row["statement"] = SCRIPT
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue())
    return claims


def test_a_statement_that_is_a_script_is_text_on_every_page(scripted):
    books = {path.stem: path for path in paths.notebooks()}
    made = build._pages(model.Collected(ledger.load()), books)
    shown = {name: text for name, text in made.items() if name.endswith((".html", ".xml"))}
    assert [name for name, text in shown.items() if SCRIPT in text] == []
    assert "&lt;script&gt;" in shown[f"claims/{scripted}.html"]
    assert "&lt;script&gt;" in shown["index.html"]
    for embedded in re.findall(
        r'<script type="application/ld.json">(.*?)</script>', "".join(shown.values()), re.S
    ):
        json.loads(html.unescape(embedded))


def test_a_statement_that_is_a_script_is_text_in_a_notebook(scripted):
    typed = [one for one in ledger.typed(ledger.load()) if one.claim == scripted]
    shown = display.findings_html(typed)
    assert SCRIPT not in shown and html.escape(SCRIPT) in shown


def test_a_cell_of_a_table_that_is_a_script_is_text_in_a_notebook():
    import pandas as pd

    frame = pd.DataFrame({SCRIPT: [SCRIPT]})
    shown = display.Shown(frame, SCRIPT)._repr_mimebundle_()["text/html"]
    assert SCRIPT not in shown and shown.count(html.escape(SCRIPT)) == 3


def test_a_label_of_a_drawing_that_is_a_script_is_text():
    dot = {"label": SCRIPT, "value": 1.0, "shown": SCRIPT, "kind": "report"}
    shown = draw.dot_plot([dot, {**dot, "value": 2.0}], SCRIPT)
    assert SCRIPT not in shown and "&lt;script&gt;" in shown


def test_a_source_whose_address_is_a_script_is_refused(data):
    path = data / "raw" / "macropolo_tracker" / "datapackage.json"
    about = json.loads(path.read_text())
    about["sources"][0]["path"] = "javascript:alert(1)"
    path.write_text(json.dumps(about))
    with pytest.raises(InputError, match=r"url 'javascript:alert\(1\)': must begin with https://"):
        citations.cite("macropolo_tracker/talent")


@pytest.mark.parametrize("key", ["schema", "dialect", "profile"])
def test_a_data_package_has_nothing_fetched(key, data, monkeypatch):
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: asked.append(address))
    path = data / "raw" / "macropolo_tracker" / "datapackage.json"
    about = json.loads(path.read_text())
    about["resources"][0][key] = "http://127.0.0.1:9/x.json"
    path.write_text(json.dumps(about))
    with pytest.raises(InputError, match="is not beside it, and nothing is fetched"):
        packages.table("macropolo_tracker/talent")
    assert asked == []


UNSAFE = {
    "pickle": r"\b(c?pickle|joblib|shelve|marshal|dill)\b",
    "a shell": r"shell=True|os\.system|os\.popen",
    "yaml that makes objects": r"yaml\.(unsafe_load|full_load|UnsafeLoader|FullLoader|Loader)\b",
    "code from text": r"(?<![\w.])(eval|exec)\(",
    "a check of certificates left out": r"verify=False|_create_unverified_context|CERT_NONE",
    "a folder of a known name": r"mktemp\(",
}
RUNS_NOTEBOOKS = {"check/execute.py": ["exec(", "exec(", "eval("]}
"""What executes the collection's own cells in process has to."""


@pytest.mark.parametrize("case", UNSAFE)
def test_the_code_has_nothing_of(case):
    found = {}
    for module in (paths.ROOT / "src").rglob("*.py"):
        hits = [match.group() for match in re.finditer(UNSAFE[case], module.read_text())]
        name = module.relative_to(paths.ROOT / "src" / "analysis").as_posix()
        if hits and hits != RUNS_NOTEBOOKS.get(name):
            found[name] = hits
    assert found == {}


def test_a_worker_of_another_version_is_refused_by_name():
    same = {name: "1.0" for name in cluster.SAME}
    versions = {
        "client": {"packages": same},
        "workers": {"tcp://a:1": {"packages": same}, "tcp://b:1": {"packages": same}},
    }
    assert cluster._different(versions) == ""
    versions["workers"]["tcp://b:1"] = {"packages": {**same, "pandas": "0.9"}}
    assert cluster._different(versions) == ("worker tcp://b:1 has pandas 0.9, this machine 1.0")


def readme(start):
    """Return the words of a command of the README after `dask`, all ports free ones."""
    text = (paths.ROOT / "README.md").read_text().replace("\\\n", "")
    (line,) = [one for one in text.splitlines() if one.startswith(start)]
    return line.removesuffix(" &").replace("8787", "0").split()[1:]


@pytest.fixture
def started(tmp_path):
    """Starts Dask's own commands, and ends them."""
    running = []
    usual = {key: text for key, text in os.environ.items() if key != "JUPYTER_PATH"}

    def one(*arguments):
        command = [sys.executable, "-m", "dask", *map(str, arguments)]
        null = subprocess.DEVNULL
        quiet = {"stdout": null, "stderr": null, "cwd": tmp_path}
        running.append(subprocess.Popen(command, env={**usual, "TOY": str(tmp_path)}, **quiet))

    yield one
    for process in running:
        process.kill()
    for process in running:
        process.wait(20)


def address_of(file):
    """Return the address that a scheduler has written to a file."""
    limit = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < limit
        time.sleep(0.05)
    return json.loads(file.read_text())["address"]


def listening(folder):
    """Return the addresses at which processes of a folder's environment listen, as hexadecimals."""
    sockets_of = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"TOY={folder}\0" not in (process / "environ").read_bytes().decode(errors="replace"):
                continue
            sockets_of |= {str(one.readlink()) for one in (process / "fd").iterdir()}
        except OSError:
            continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            cells = line.split()
            if cells[3] == "0A" and f"socket:[{cells[9]}]" in sockets_of:
                found.add(cells[1].partition(":")[0])
    return found


def test_dask_as_the_readme_starts_it_listens_to_this_machine_only(started, tmp_path):
    from distributed import Client

    words = readme(".venv/bin/dask scheduler")
    words[words.index("--port") + 1] = "0"
    file = tmp_path / "scheduler.json"
    started(*words, "--scheduler-file", file)
    address = address_of(file)
    words = [address if "8786" in word else word for word in readme(".venv/bin/dask worker")]
    started(*words)
    with Client(address, timeout="60s", set_as_default=False) as one:
        one.wait_for_workers(2, timeout=60)
        assert listening(tmp_path) == {"0100007F"}


def certificates(folder):
    """Write an authority's certificate, and one of 127.0.0.1 with its key."""
    authority = trustme.CA()
    folder.mkdir()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(folder / "mine.pem")
    return folder


def test_a_cluster_over_tls_runs_and_lets_nobody_in_without_its_certificates(started, tmp_path):
    import dask

    ours, theirs = certificates(tmp_path / "ours"), certificates(tmp_path / "theirs")
    tls = ["--tls-ca-file", ours / "ca.pem"]
    tls += ["--tls-cert", ours / "mine.pem", "--tls-key", ours / "mine.pem"]
    here = ["--host", "127.0.0.1", "--no-dashboard", "--protocol", "tls", *tls]
    file = tmp_path / "scheduler.json"
    started("scheduler", "--port", "0", "--scheduler-file", file, *here)
    address = address_of(file)
    assert address.startswith("tls://127.0.0.1:")
    started("worker", address, "--nthreads", "1", "--no-nanny", *here)
    path = notebook(tmp_path / "10_a.ipynb", "print(1)")
    todo = [Task("a", path, {}, tmp_path / "out" / "a.ipynb")]

    def given_by(folder):
        keys = {"client.cert": folder / "mine.pem", "client.key": folder / "mine.pem"}
        keys["ca-file"] = folder / "ca.pem"
        return {f"distributed.comm.tls.{key}": str(place) for key, place in keys.items()}

    with pytest.raises(InputError, match="no certificates are set; the README says how"):
        run(todo, Options(dask=address))
    with (
        dask.config.set(given_by(theirs)),
        pytest.raises(InputError, match="no scheduler answers there"),
    ):
        run(todo, Options(dask=address))
    with dask.config.set(given_by(ours)):
        from distributed import Client

        with Client(address, timeout="60s", set_as_default=False) as one:
            one.wait_for_workers(1, timeout=60)
        (outcome,) = run(todo, Options(dask=address))
    assert outcome.status == "ok"
