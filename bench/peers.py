"""Run other projects' own tests with a plain and with a warm kernel, and compare test by test.

``make test-peers`` calls it in an environment of its own (the extra ``peers``). The tests come from
the source distributions of the versions that are installed. Both kernels are called ``python3``: a
folder first on ``JUPYTER_PATH`` holds the one or the other specification, so the suites are run as
they are. It writes ``docs/peers.md``. Its exit code is 1 if a test passes with the plain kernel and
not with ours, and ``bench/peers.csv`` gives no reason.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from peers_page import page

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / "peers"
SPECIFICATIONS = {
    "plain": Path(sys.prefix) / "share/jupyter/kernels/python3",
    "warm": ROOT / "src/analysis/kernels/python3-warm",
}
SIDES = ("plain", "warm", "engine")
SECONDS = 120
"""The limit of a test."""

PROBE = """
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel()
asked = {"value": "'pandas' in __import__('sys').modules"}
reply = client.execute_interactive("", silent=True, user_expressions=asked, timeout=60)
print(reply["content"]["user_expressions"]["value"]["data"]["text/plain"])
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


@dataclass(frozen=True)
class Suite:
    """A project's tests: its name, what pytest is given, and the sides on which they are run."""

    name: str
    arguments: tuple[str, ...]
    sides: tuple[str, ...] = ("plain", "warm")

    @property
    def version(self) -> str:
        """The version that is installed."""
        return metadata.version(self.name)


CLOUD = tuple(f"--ignore=papermill/tests/test_{one}.py" for one in ("abs", "adl", "gcs", "s3"))
"""papermill's tests of cloud storage: they start no kernel and need a dozen packages."""

SUITES = [
    Suite("ipykernel", ("tests",)),
    Suite("jupyter_kernel_test", ("test_ipykernel.py", "-c", os.devnull, "--rootdir=.")),
    Suite("nbclient", ("tests",)),
    Suite("papermill", ("papermill/tests", *CLOUD), SIDES),
]


def fetch(suite: Suite) -> Path:
    """Return the folder of a suite's source distribution, brought and unpacked if need be."""
    folder = WORK / f"{suite.name}-{suite.version}"
    if not folder.exists():
        pinned = f"{suite.name}=={suite.version}"
        command = ["pip", "download", "--quiet", "--no-deps", "--no-binary", suite.name, pinned]
        subprocess.run([sys.executable, "-m", *command], cwd=WORK, check=True)
        with tarfile.open(f"{folder}.tar.gz") as archive:
            archive.extractall(WORK, filter="data")
    return folder


def environment(side: str) -> dict[str, str]:
    """Return the environment of a side: which specification ``python3`` is, and an empty home."""
    kernel = "plain" if side == "plain" else "warm"
    home = WORK / "home"
    home.mkdir(exist_ok=True)
    folder = WORK / kernel / "kernels" / "python3"
    shutil.copytree(SPECIFICATIONS[kernel], folder, dirs_exist_ok=True)
    return {
        **os.environ,
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "JUPYTER_PATH": str(WORK / kernel),
        "PYTHONPATH": str(Path(__file__).parent),
        "PEERS_ENGINE": "analysis" if side == "engine" else "",
    }


def probe() -> None:
    """Make sure that ``python3`` is what a side says: only a warm kernel has pandas imported."""
    for side, expected in (("plain", "False"), ("warm", "True")):
        done = subprocess.run(
            [sys.executable, "-c", PROBE], env=environment(side), capture_output=True, text=True
        )
        if done.stdout.strip() != expected:
            sys.exit(f"python3 is not the {side} kernel: {done.stdout}{done.stderr}")


def run(suite: Suite, side: str) -> None:
    """Run a suite, and leave how each test ended, how many kernels were started, and a log."""
    report, started, log = (WORK / f"{suite.name}-{side}.{end}" for end in ("xml", "json", "log"))
    for old in (report, started):
        old.unlink(missing_ok=True)
    options = ["-p", "peers_plugin", "-p", "no:cacheprovider", f"--timeout={SECONDS}", "-q"]
    options += ["-o", "asyncio_default_fixture_loop_scope=function", f"--junitxml={report}"]
    command = [sys.executable, "-m", "pytest", *suite.arguments, *options]
    env = {**environment(side), "PEERS_STARTED": str(started)}
    with log.open("w") as file:
        subprocess.run(command, cwd=fetch(suite), env=env, stdout=file, stderr=file)


def outcomes(report: Path) -> dict[str, str]:
    """Return how each test of a JUnit report ended."""
    found: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        ends = {child.tag for child in case}
        failed = ends & {"failure", "error"} or found.get(name) == "failed"
        found[name] = "failed" if failed else "skipped" if "skipped" in ends else "passed"
    return found


def reasons() -> dict[tuple[str, str], str]:
    """Return why a test of a suite fails or ends differently, where that is known."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {(row["suite"], row["test"]): row["reason"] for row in csv.DictReader(file)}


def notable(ends: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """Return the tests that fail anywhere or end differently, and how they end on each side."""
    found = {}
    for name in sorted(set().union(*ends.values())):
        each = [ends[side].get(name, "absent") if side in ends else "" for side in SIDES]
        said = set(filter(None, each))
        if len(said) > 1 or "failed" in said:
            found[name] = each
    return found


def main() -> int:
    """Run all, write the page, and return how to exit; ``--page`` only writes it again."""
    stored = "--page" in sys.argv[1:]
    WORK.mkdir(parents=True, exist_ok=True)
    if not stored:
        probe()
    known = reasons()
    counts: list[list[object]] = []
    apart: list[list[object]] = []
    unexplained = []
    for suite in SUITES:
        ends = {}
        for side in suite.sides:
            if not stored:
                run(suite, side)
            ends[side] = outcomes(WORK / f"{suite.name}-{side}.xml")
            started = Counter(json.loads((WORK / f"{suite.name}-{side}.json").read_text()))
            tally = Counter(ends[side].values())
            how = [tally[end] for end in ("passed", "failed", "skipped")]
            kernels = [started[way] for way in ("launched", "forked")]
            counts.append([suite.name, suite.version, side, len(ends[side]), *how, *kernels])
            print(*counts[-1], flush=True)
        for name, each in notable(ends).items():
            reason = known.get((suite.name, name), "")
            apart.append([suite.name, f"`{name}`", *each, reason or "none known"])
            if each[0] == "passed" and not reason:
                unexplained.append(name)
    (ROOT / "docs" / "peers.md").write_text(page(counts, apart, SECONDS), encoding="utf-8")
    for name in unexplained:
        print("passes with the plain kernel and not with ours:", name)
    return int(bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
