"""The README's commands: each is one that exists, and the quick ones are run."""

import os
import re
import shlex
import subprocess
import sys

import pytest
from click.testing import CliRunner

from analysis import cli, paths

README = (paths.ROOT / "README.md").read_text()
SLOW = {"audit", "multiverse", "run", "site", "store", "sweep", "warm"}
"""What takes long or leaves something behind: only parsed here, and run by tests of its own."""


def blocks(heading=""):
    """Return the commands of a chapter of the README, or of all."""
    chapter = README.split(f"## {heading}\n")[1].split("\n## ")[0] if heading else README
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


def commands():
    """Return every command of ``analysis`` outside the chapter that is pasted whole."""
    pasted = "".join(blocks("Extend"))
    lines = "".join(one for one in blocks() if one not in pasted).splitlines()
    ours = [line for line in lines if line.startswith(".venv/bin/analysis")]
    return [shlex.split(line, comments=True)[1:] for line in ours]


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_a_command_does_what_it_says(arguments):
    report = "FILE" in arguments or arguments[:2] in (["sources", "fetch"], ["sources", "verify"])
    parsed_only = arguments[0] in SLOW or report or "HEAD" in arguments
    given = [*arguments, "--help"] if parsed_only else arguments
    ended = CliRunner().invoke(cli.main, given)
    assert ended.exit_code == 0, ended.output
    assert ended.output.strip()


def test_every_target_of_make_exists():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (paths.ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"^make ([a-z-]+)", "".join(blocks()), re.M))
    assert named and named <= targets


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
