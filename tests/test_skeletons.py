"""What ``analysis new`` makes, and the page that walks through it."""

import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from analysis import cli, paths
from analysis.skeletons import unfilled


def invoke(*arguments):
    return CliRunner().invoke(cli.main, ["new", *arguments])


def blocks(heading):
    """Return the commands of a chapter of the README."""
    chapter = (paths.ROOT / "README.md").read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


@pytest.fixture
def clone(tmp_path):
    """Copy what is committed or about to be."""
    listed = ["git", "ls-files", "-co", "--exclude-standard"]
    names = subprocess.run(listed, cwd=paths.ROOT, capture_output=True, check=True).stdout
    subprocess.run(
        f"tar -cf - -T - | tar -xf - -C '{tmp_path}'",
        shell=True,
        cwd=paths.ROOT,
        input=names,
        check=True,
    )
    return tmp_path


def pasted(script, folder):
    """Run commands in a copy of the project, by the libraries at hand."""
    (folder / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    tool = folder / ".venv" / "bin" / "analysis"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m analysis "$@"\n')
    tool.chmod(0o755)
    usual = {key: text for key, text in os.environ.items() if key != "ANALYSIS_DATA"}
    environment = {**usual, "PYTHONPATH": str(folder / "src")}
    return subprocess.run(
        ["bash", "-euc", script], cwd=folder, env=environment, capture_output=True, text=True
    )


def test_the_walk_through_works_as_pasted(clone):
    (script,) = blocks("Extend")
    done = pasted(script, clone)
    assert done.returncode == 0, done.stderr
    assert "confirmed: figures bear it out" in done.stdout
    assert "example_2022/dates" in done.stdout
    assert "TO FILL" not in (clone / "notebooks" / "48_example.ipynb").read_text()


def test_what_is_not_given_waits_to_be_filled(data):
    assert unfilled() == []
    assert invoke("source", "a_2022", "b", "area:string", "share:number").exit_code == 0
    assert invoke("claim", "hubs.new", "P003", "1").exit_code == 0
    assert unfilled() == ["claims.csv", "datapackage.json", "unanswered.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["source", "statements", "b", "a:string"], "data/raw/statements: exists already"),
        (["source", "a_2022", "b", "a:text"], "type 'text' is not one of string, integer"),
        (["claim", "patents.grants.us", "P003", "1"], "'patents.grants.us' exists already"),
        (["claim", "hubs.new", "P003", "99"], "no number 99 in paragraph P003"),
        (["claim", "weather.new", "P003", "1"], "column topic: 'weather': must be one of"),
        (
            ["claim", "hubs.new", "P003", "1", "--unit", "miles"],
            "unit: 'miles': must be one of",
        ),
        (["notebook", "trade", "patents.grants.us", "statements/statements"], "two digits and a"),
        (["notebook", "10_private_investment", "patents.grants.us", "statements/statements"], "ex"),
        (["notebook", "48_x", "patents.nothing", "statements/statements"], "no claim"),
        (["notebook", "48_x", "patents.grants.us", "nowhere/nothing"], "no table"),
    ],
)
def test_bad_input_ends_in_a_line_and_writes_nothing(arguments, message, data):
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    ended = invoke(*arguments)
    assert ended.exit_code == 2 and message in ended.output
    assert len(ended.output.strip().splitlines()) == 1
    assert before == {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
