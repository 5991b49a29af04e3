"""Who listens to a run: bars for a terminal, lines or JSON for a file, and marks for CI."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO
from xml.etree import ElementTree

from tqdm import tqdm

from analysis import files
from analysis.batch.schedule import Listener, Outcome


class Lines(Listener):
    """A line a task, as it ends."""

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def ended(self, outcome: Outcome) -> None:
        """Print how a task ended."""
        seconds = f"{outcome.seconds:6.1f} s" if outcome.seconds else ""
        line = f"{outcome.name:<32} {outcome.status:<11}{seconds}".rstrip()
        print(line, file=self.file, flush=True)
        if outcome.error:
            print(f"    {outcome.error}", file=sys.stderr, flush=True)


class Bars(Lines):
    """A bar for the whole with the time left, and a live line for each notebook that runs."""

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
        self.bars: dict[str, Any] = {}

    def began(self, tasks: int) -> None:
        """Draw the bar of the whole."""
        self.whole = tqdm(total=tasks, desc="notebooks", unit="nb", position=0, file=sys.stderr)

    def cell(self, name: str, cell: int, cells: int) -> None:
        """Move the live line of a notebook."""
        if name not in self.bars:
            taken = {bar.pos for bar in self.bars.values()}
            free = min(set(range(1, len(taken) + 2)) - {abs(place) for place in taken})
            self.bars[name] = tqdm(
                total=cells, desc=name, unit="cell", position=free, leave=False, file=sys.stderr
            )
        self.bars[name].n = cell
        self.bars[name].refresh()

    def ended(self, outcome: Outcome) -> None:
        """Take the live line away and move the whole."""
        bar = self.bars.pop(outcome.name, None)
        if bar is not None:
            bar.close()
        with self.whole.external_write_mode(file=self.file):
            super().ended(outcome)
        self.whole.update()

    def done(self, outcomes: Sequence[Outcome]) -> None:
        """Take the bar of the whole away."""
        self.whole.close()


class Json(Listener):
    """An object a line, for machines."""

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def began(self, tasks: int) -> None:
        """Write how many tasks there are."""
        self._write({"event": "began", "tasks": tasks})

    def ended(self, outcome: Outcome) -> None:
        """Write how a task ended."""
        self._write({"event": "ended", **vars(outcome)})

    def done(self, outcomes: Sequence[Outcome]) -> None:
        """Write how many ended how."""
        counts: dict[str, int] = {}
        for outcome in outcomes:
            counts[outcome.status] = counts.get(outcome.status, 0) + 1
        self._write({"event": "done", "counts": counts})

    def _write(self, event: dict[str, object]) -> None:
        print(json.dumps(event, ensure_ascii=False), file=self.file, flush=True)


class Several(Listener):
    """Passes all on to several listeners."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self.listeners = listeners

    def began(self, tasks: int) -> None:
        """Pass on."""
        for listener in self.listeners:
            listener.began(tasks)

    def cell(self, name: str, cell: int, cells: int) -> None:
        """Pass on."""
        for listener in self.listeners:
            listener.cell(name, cell, cells)

    def ended(self, outcome: Outcome) -> None:
        """Pass on."""
        for listener in self.listeners:
            listener.ended(outcome)

    def done(self, outcomes: Sequence[Outcome]) -> None:
        """Pass on."""
        for listener in self.listeners:
            listener.done(outcomes)


class JUnit(Listener):
    """Writes a JUnit XML file at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def done(self, outcomes: Sequence[Outcome]) -> None:
        """Write the file, whole or not at all."""
        failed = [outcome for outcome in outcomes if outcome.status == "failed"]
        suite = ElementTree.Element(
            "testsuite",
            name="notebooks",
            tests=str(len(outcomes)),
            failures=str(len(failed)),
            skipped=str(sum(outcome.status == "up to date" for outcome in outcomes)),
            time=f"{sum(outcome.seconds for outcome in outcomes):.3f}",
        )
        for outcome in outcomes:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname="notebooks",
                name=outcome.name,
                file=outcome.notebook,
                time=f"{outcome.seconds:.3f}",
            )
            if outcome.status == "failed":
                ElementTree.SubElement(case, "failure", message=outcome.error)
            if outcome.status == "up to date":
                ElementTree.SubElement(case, "skipped", message="up to date")
        root = ElementTree.Element("testsuites")
        root.append(suite)
        with files.replacing(self.path) as beside:
            ElementTree.ElementTree(root).write(beside, encoding="utf-8", xml_declaration=True)


class GitHub(Listener):
    """Marks failing notebooks in the check of a pull request."""

    def ended(self, outcome: Outcome) -> None:
        """Print a workflow command."""
        if outcome.status == "failed":
            message = outcome.error.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
            print(f"::error file={outcome.notebook},title={outcome.name}::{message}", flush=True)


def listener(log: str, junit: Path | None) -> Listener:
    """Return who listens.

    Parameters
    ----------
    log : str
        ``"auto"`` for bars on a terminal and lines otherwise, ``"text"`` or ``"json"``.
    junit : pathlib.Path or None
        Where to write JUnit XML.
    """
    terminal = log == "auto" and sys.stderr.isatty()
    chosen: Listener = Bars(sys.stdout) if terminal else Lines(sys.stdout)
    listeners = [Json(sys.stdout) if log == "json" else chosen]
    if junit is not None:
        listeners.append(JUnit(junit))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        listeners.append(GitHub())
    return Several(listeners)
