"""Bad input: one line that names the place, the value and what is allowed; nothing half-written."""

import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from analysis import cli, files, parameters, paths
from analysis.errors import InputError
from analysis.sources import packages, schema, verify
from analysis.sources.verify import Verification

NAME = "macropolo_tracker/talent"
HEADER = "conference,tier,stage,area,share_percent"
FIRST = "2019,top,origin,China,29"


def changed(text, before, after):
    assert before in text
    return text.replace(before, after)


TABLES = {
    "empty": (lambda t: "", ": the file is empty"),
    "header only": (lambda t: t.partition("\n")[0] + "\n", ": there is a header and no row"),
    "semicolons": (lambda t: t.replace(",", ";"), f"it must be {HEADER!r}"),
    "tabs": (lambda t: t.replace(",", "\t"), f"it must be {HEADER!r}"),
    "missing column": (
        lambda t: "\n".join(line.rpartition(",")[0] for line in t.split("\n")),
        ": the header is 'conference,tier,stage,area'; it must be",
    ),
    "extra column": (lambda t: t.replace("\n", ",x\n"), "share_percent,x'; it must be"),
    "columns in another order": (
        lambda t: changed(t, "conference,tier", "tier,conference"),
        "the header is 'tier,conference,",
    ),
    "decimal comma": (
        lambda t: changed(t, FIRST, FIRST + ",5"),
        ", row 2: 6 cells, the header 5; a comma within a cell must stand in quotes",
    ),
    "short row": (lambda t: changed(t, FIRST, "2019,top,origin"), ", row 2: 3 cells, the header 5"),
    "thousands": (
        lambda t: changed(t, FIRST, FIRST.replace("29", '"2,900"')),
        ", row 2, column share_percent: '2,900': must be a whole number, digits only",
    ),
    "text": (
        lambda t: changed(t, FIRST, FIRST.replace("29", "many")),
        ", row 2, column share_percent: 'many': must be a whole number",
    ),
    "NaN": (
        lambda t: changed(t, FIRST, FIRST.replace("29", "NaN")),
        ", row 2, column share_percent: 'NaN': must be a whole number",
    ),
    "half": (
        lambda t: changed(t, FIRST, FIRST.replace("29", "29.5")),
        ", row 2, column share_percent: '29.5': must be a whole number",
    ),
    "negative": (
        lambda t: changed(t, FIRST, FIRST.replace("29", "-29")),
        ", row 2, column share_percent: '-29': may not be below 0",
    ),
    "over a hundred": (
        lambda t: changed(t, FIRST, FIRST.replace("29", "129")),
        ", row 2, column share_percent: '129': may not be above 100",
    ),
    "empty cell": (
        lambda t: changed(t, FIRST, FIRST.removesuffix("29")),
        ", row 2, column share_percent: '': may not be empty",
    ),
    "year": (
        lambda t: changed(t, FIRST, FIRST.replace("2019", "1019")),
        ", row 2, column conference: '1019': must be one of: 2019, 2022",
    ),
    "duplicate": (
        lambda t: t + FIRST + "\n",
        ": the same conference, tier, stage, area as row 2; a key may stand only once",
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_bad_table_is_named_with_row_column_value_and_rule(case, data):
    change, message = TABLES[case]
    path = packages.table(NAME).path
    path.write_text(change(path.read_text()))
    lines = schema.broken(packages.table(NAME))
    assert lines and lines[0].startswith("data/raw/macropolo_tracker/talent.csv")
    assert message in lines[0]
    assert len([line for line in lines if message in line]) == 1 or case in ("missing column",)


def test_latin_1_is_named_and_a_mark_or_windows_line_ends_are_taken(data):
    path = packages.table(NAME).path
    text = path.read_text()
    path.write_bytes(text.replace("China", "Chiná").encode("latin-1"))
    assert "is no UTF-8; save the file as UTF-8" in schema.broken(packages.table(NAME))[0]
    for taken in (text.encode("utf-8-sig"), text.replace("\n", "\r\n").encode()):
        path.write_bytes(taken)
        assert schema.broken(packages.table(NAME)) == []
    path.unlink()
    assert schema.broken(packages.table(NAME))[0].endswith("talent.csv: the file is missing")


PACKAGES = {
    "not JSON": (lambda d: "{", "not a data package: "),
    "no publisher": (lambda d: json.dumps({**d, "publisher": ""}), "'publisher' is missing"),
    "no edition": (lambda d: json.dumps({k: d[k] for k in d if k != "edition"}), "'edition' is"),
    "no licence": (lambda d: json.dumps({**d, "licenses": []}), "datapackage.json: "),
    "no tables": (
        lambda d: json.dumps({k: d[k] for k in d if k != "resources"}),
        "'resources' is a required property",
    ),
    "a list": (lambda d: json.dumps([d]), "not a data package: "),
    "a table elsewhere in the folders": (
        lambda d: json.dumps({**d, "resources": [{**d["resources"][0], "path": "../a.csv"}]}),
        'path "../a.csv" is not safe',
    ),
    "a table of the web": (
        lambda d: json.dumps({**d, "resources": [{**d["resources"][0], "path": "http://a/b.csv"}]}),
        "'http://a/b.csv' is not beside it, and nothing is fetched",
    ),
    "a schema of the web": (
        lambda d: json.dumps({**d, "resources": [{**d["resources"][0], "schema": "http://a/b"}]}),
        "'http://a/b' is not beside it, and nothing is fetched",
    ),
}


@pytest.mark.parametrize("case", PACKAGES)
def test_a_bad_package_is_named(case, data):
    change, message = PACKAGES[case]
    path = data / "raw/macropolo_tracker/datapackage.json"
    path.write_text(change(json.loads(path.read_text())))
    with pytest.raises(InputError) as caught:
        packages.table(NAME)
    text = str(caught.value)
    assert text.startswith("data/raw/macropolo_tracker/datapackage.json: ") and message in text
    assert "\n" not in text


GRIDS = {
    "UTF-16": ("year: [2019]".encode("utf-16"), "grid.yaml: not UTF-8; save the file as UTF-8"),
    "no YAML": (b"year: [", "grid.yaml: not YAML: while parsing"),
    "a NUL": (b"year: \x00", "grid.yaml: not YAML: unacceptable character #x0000"),
    "only words": (b"some words", "grid.yaml: a grid is parameters with their values; found 'some"),
    "a list": (b"- year", "a grid is parameters with their values; found ['year']"),
    "a key twice": (b"year: 2019\nyear: 2020", "begins at line 1, year stands twice"),
    "a key twice within": (b"zip:\n- {year: 2019, year: 2020}", "line 2, year stands twice"),
    "a reference": (b"year: &a [2019]\ndeals: *a", "a reference (*) is not allowed in a grid"),
    "deep": (b"[" * 5000, "grid.yaml: too deep; a grid is parameters with their values"),
    "a million runs": (
        b"year: {seeds: 1000}\nuntil: {seeds: 1000}",
        "grid.yaml: 1,000,000 runs; a grid may mean 100,000 at most",
    ),
    "seeds without end": (b"year: {seeds: 1000000000000}", "year: 1,000,000,000,000 runs; a grid"),
    "a range without end": (b"year: {from: 0, to: 1000000000000}", "year: 1,000,000,000,001 runs"),
    "a step of almost nothing": (
        b"year: {from: 0, to: 1, step: 1.0e-300}",
        "runs; a grid may mean",
    ),
    "infinity": (b"year: {from: 0, to: .inf}", "is not a range of numbers"),
    "not a number": (b"year: {from: .nan, to: 3}", "is not a range of numbers"),
    "backwards": (b"year: {from: 2020, to: 2019}", "has no values; step upwards"),
    "no step": (b"year: {from: 2019, to: 2020, step: 0}", "has no values; step upwards"),
    "a date": (b"year: 2019-01-01", "parameter year: datetime.date(2019, 1, 1) is not allowed"),
    "nothing": (b"year:", "parameter year: None is not allowed; give a whole number from 2013"),
    "a number as key": (b"2019: 1", "2019 is no name of a parameter"),
}


@pytest.mark.parametrize("case", GRIDS)
def test_a_bad_grid_is_refused_in_one_line(case, tmp_path):
    content, message = GRIDS[case]
    (tmp_path / "grid.yaml").write_bytes(content)
    out = tmp_path / "out"
    refused(message, "sweep", "10", tmp_path / "grid.yaml", "--out", out)
    assert not out.exists()


def test_a_grid_that_is_a_folder_or_missing_is_refused(tmp_path):
    refused(f"{tmp_path}: cannot be read: Is a directory", "sweep", "10", tmp_path)
    refused("cannot be read: No such file or directory", "sweep", "10", tmp_path / "grid.yaml")


def refused(message, *arguments):
    """Run a command that must end in one line with this message, and exit code 2."""
    ended = CliRunner().invoke(cli.main, list(map(str, arguments)), prog_name="analysis")
    assert message in ended.output, (ended.output, ended.exception)
    assert ended.exit_code == 2 and ended.output.count("\n") == 1


PARAMETERS = {
    "unknown": (("10", "-p", "yaer", "2019"), "no parameter 'yaer'; there are: china (10_priv"),
    "outside its range": (("10", "-p", "year", "1999"), "give a whole number from 2013 to 2021"),
    "half a year": (("10", "-p", "year", "2019.5"), "parameter year: '2019.5' is not allowed"),
    "text": (("10", "-p", "year", "soon"), "parameter year: 'soon' is not allowed"),
    "not one of them": (("10", "-p", "deals", "all"), "give one of disclosed, estimated"),
    "NaN": (("13", "-p", "confidence", "nan"), "parameter confidence: 'nan' is not allowed"),
    "infinity": (("13", "-p", "confidence", "inf"), "parameter confidence: 'inf' is not allowed"),
    "no such day": (("11", "-p", "due", "2025-02-30"), "give a date (YYYY-MM-DD) from 2025-01-01"),
    "an empty list": (("14", "-p", "giants", ""), "parameter giants: '' is not allowed"),
    "maybe": (("01", "-p", "write", "maybe"), "'maybe' is not allowed; give true or false"),
}


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_bad_parameter_is_refused_before_anything_runs(case, tmp_path):
    arguments, message = PARAMETERS[case]
    refused(message, "run", *arguments, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_number_too_large_for_its_type_is_refused(tmp_path):
    (tmp_path / "grid.yaml").write_text("confidence: 1" + "0" * 400)
    refused("is not allowed; give a number from 0.5", "sweep", "13", tmp_path / "grid.yaml")


def cell(source, **more):
    return {"cell_type": "code", "source": [source], "metadata": {}, **more}


NOTEBOOKS = {
    "empty": ("", "99_toy.ipynb: not a notebook"),
    "not JSON": ("{", "99_toy.ipynb: not a notebook"),
    "a list": ("[]", "99_toy.ipynb: not a notebook"),
    "deep": ("[" * 100_000, "99_toy.ipynb: not a notebook"),
    "cells that are none": ('{"cells": 3}', "99_toy.ipynb: not a notebook"),
    "a cell without a source": ('{"cells": [{}]}', "99_toy.ipynb: not a notebook"),
    "no parameters cell": (
        json.dumps({"cells": [cell("1")]}),
        "no parameter 'year'; there are: ",
    ),
    "parameters that are no Python": (
        json.dumps({"cells": [cell("year = ", metadata={"tags": ["parameters"]})]}),
        "99_toy.ipynb: the parameters cell is no Python: invalid syntax",
    ),
    "parameters that are computed": (
        json.dumps({"cells": [cell("year: int = f()  # a", metadata={"tags": ["parameters"]})]}),
        "99_toy.ipynb: parameter year: give a type (bool, int, float, str, or a list of one) and",
    ),
    "a parameter without a meaning": (
        json.dumps({"cells": [cell("year: int = 1", metadata={"tags": ["parameters"]})]}),
        "line 1: give `name: type = default  # meaning; what is allowed`",
    ),
}


@pytest.mark.parametrize("case", NOTEBOOKS)
def test_a_bad_notebook_is_refused_before_anything_runs(case, tmp_path, monkeypatch):
    text, message = NOTEBOOKS[case]
    (tmp_path / "99_toy.ipynb").write_text(text)
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    refused(message, "run", "99", "-p", "year", "1", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_notebook_in_latin_1_is_refused(tmp_path, monkeypatch):
    (tmp_path / "99_toy.ipynb").write_bytes(json.dumps({"cells": []}).encode() + b"\xe4")
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    refused("99_toy.ipynb: not a notebook", "params", "99")


def test_a_notebook_that_checks_parameters_it_does_not_declare_is_refused(tmp_path, monkeypatch):
    (tmp_path / "99_toy.ipynb").write_text('{"cells": []}')
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    with pytest.raises(InputError, match="no cell tagged 'parameters' declares a choice"):
        parameters.check("99_toy", {"year": 1})


LEDGERS = {
    "not JSON": (b"{", "not JSON: Expecting property name"),
    "Latin-1": (b"[\xe4]", "not JSON: 'utf-8' codec can't decode byte 0xe4"),
    "an object": (b"{}", "no list of findings, such as `analysis run` writes"),
    "a list of numbers": (b"[1]", "no list of findings, such as `analysis run` writes"),
    "records of another thing": (
        b'[{"claim": "a"}]',
        "no list of findings, such as `analysis run`",
    ),
}


@pytest.mark.parametrize("case", LEDGERS)
@pytest.mark.parametrize("command", [("claims",), ("why", "patents.grants.china"), ("site",)])
def test_a_bad_ledger_is_refused(case, command, tmp_path):
    content, message = LEDGERS[case]
    (tmp_path / "findings.json").write_bytes(content)
    out = ("--out", tmp_path / "site") if command == ("site",) else ()
    refused(message, *command, "--ledger", tmp_path / "findings.json", *out)
    assert not (tmp_path / "site").exists()


def test_a_report_that_cannot_be_read_is_refused(tmp_path):
    refused("nowhere.txt: no such file", "numbers", "check", "--report", tmp_path / "nowhere.txt")
    (tmp_path / "report.txt").write_bytes(b"[P001] \xe4")
    refused("report.txt: not UTF-8; save", "numbers", "check", "--report", tmp_path / "report.txt")
    (tmp_path / "report.txt").write_text("words")
    refused("no paragraph is marked", "numbers", "check", "--report", tmp_path / "report.txt")


OPTIONS = {
    "an unknown option": (("--jobz", "2"), "No such option '--jobz'"),
    "no jobs": (("--jobs", "0"), "'--jobs': 0 is not in the range x>=1"),
    "no time": (("--timeout", "-1"), "'--timeout': -1.0 is not in the range x>=0"),
    "words for a number": (("--memory", "much"), "'--memory': 'much' is not a valid integer"),
    "an unknown log": (("--log", "xml"), "'--log': 'xml' is not one of 'auto', 'text', 'json'"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_a_bad_option_is_refused_in_one_line_that_names_where_help_is(case):
    arguments, message = OPTIONS[case]
    refused(message, "run", *arguments)
    refused("`analysis run -h` tells what is allowed", "run", *arguments)


def test_an_unknown_command_is_refused_in_one_line():
    refused("No such command 'rnu'", "rnu")


def test_an_output_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    refused("file' is a file", "run", "10", "--out", tmp_path / "file")
    refused("Not a directory", "run", "10", "--out", tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text() == "mine"


def test_junit_into_a_missing_folder_is_refused_before_the_run(tmp_path):
    junit = tmp_path / "nowhere" / "junit.xml"
    refused("no folder that can be", "run", "10", "--out", tmp_path / "out", "--junit", junit)
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_is_no_unicode_is_refused():
    ended = CliRunner().invoke(cli.main, ["why", "\udce4"])
    assert ended.exit_code == 2 and isinstance(ended.exception, SystemExit)


def test_a_line_end_in_a_path_does_not_break_the_line(tmp_path):
    refused("two\\nlines/grid.yaml: cannot", "sweep", "10", tmp_path / "two\nlines/grid.yaml")


def test_where_nothing_can_be_written_is_said_in_one_line(tmp_path):
    command = [sys.executable, "-m", "analysis", "run", "10", "--out", "/proc/nothing"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert done.stderr.strip().count("\n") == 0 and "/proc/nothing" in done.stderr
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        files.write_text(file / "below", "x")


@pytest.fixture
def small():
    """A disk of a few kilobytes, where this user may mount one."""
    from pathlib import Path
    from tempfile import mkdtemp

    folder = Path(mkdtemp())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        shutil.rmtree(folder)
        pytest.skip("no small disk can be mounted")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk_ends_in_one_line_and_leaves_no_part(small):
    command = [sys.executable, "-m", "analysis", "run", "10", "--out", str(small / "out")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "10_private_investment.ipynb: cannot be written: No space left on device" in done.stderr
    assert [p for p in small.rglob("*") if p.is_file() and p.name != ".lock"] == []


def test_what_was_not_compared_with_an_original_is_said(data, monkeypatch):
    found = [
        Verification(NAME, "agrees", 28, []),
        Verification("cset_aiia_2021/companies", "not at hand", 0, []),
    ]
    monkeypatch.setattr(verify, "verify", lambda folder: found)
    ended = CliRunner().invoke(cli.main, ["sources", "verify"])
    assert ended.exit_code == 0
    assert "1 of 2 tables were not compared with an original" in ended.output
