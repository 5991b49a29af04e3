"""Bad input: one line that names the place, the value and what is allowed; nothing half-written."""

import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from analysis import cli, files
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


def test_a_grid_in_another_encoding_is_refused(tmp_path):
    grid = tmp_path / "grid.yaml"
    grid.write_text("year: [2019, 2020]", encoding="utf-16")
    ended = CliRunner().invoke(cli.main, ["sweep", "10", str(grid), "--out", str(tmp_path / "out")])
    assert ended.exit_code == 2 and "grid.yaml: not UTF-8" in ended.output


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
