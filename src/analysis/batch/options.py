"""The options of every command that runs notebooks, and how such a command begins and ends."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import InputError

if TYPE_CHECKING:
    from analysis.batch.schedule import Listener, Options, Outcome


def running(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every command that runs notebooks has."""
    options = [
        click.option(
            "--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Notebooks at once."
        ),
        click.option(
            "--kernel",
            default="warm",
            show_default=True,
            help="warm forks from a process that has the libraries imported; cold starts a plain "
            "kernel; or the name of a kernel specification.",
        ),
        click.option("--fresh", is_flag=True, help="Run all, whatever the records say."),
        click.option(
            "--timeout", type=click.FloatRange(0), default=0, help="Seconds a cell may take."
        ),
        click.option(
            "--memory", type=click.IntRange(0), default=0, help="Megabytes a notebook may take."
        ),
        click.option(
            "--output",
            type=click.IntRange(0),
            default=500,
            show_default=True,
            help="Megabytes a notebook may print and show; 0 for no limit.",
        ),
        click.option("--dask", default="", metavar="ADDRESS", help="Run on a Dask cluster."),
        click.option(
            "--log",
            type=click.Choice(["auto", "text", "json"]),
            default="auto",
            help="Bars on a terminal and lines otherwise; or lines; or JSON.",
        ),
        click.option(
            "--junit",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write JUnit XML to this file.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def prepared(
    *,
    busy: bool,
    log: str,
    junit: Path | None,
    timeout: float,
    memory: int,
    output: int,
    **how: Any,
) -> "tuple[Options, Listener]":
    """Return how to run and who listens.

    If there is something to do, the zygote starts first, so that both import at once.
    """
    from analysis.kernels import client

    if junit is not None and not os.access(junit.absolute().parent, os.W_OK | os.X_OK):
        raise InputError(f"--junit {junit}: no folder that can be written to; make it first")
    if busy and how["kernel"] == "warm" and not how["dask"]:
        client.start(client.PRELOAD, os.environ)
    from analysis.batch import progress
    from analysis.batch.limits import Limits
    from analysis.batch.schedule import Options

    options = Options(limits=Limits(timeout, memory, output), **how)
    return options, progress.listener(log, junit)


def end(outcomes: "list[Outcome]") -> None:
    """End with exit code 1 if a task failed."""
    gc.freeze()  # Nothing on the heap needs tidying: spares a third of a second at exit.
    failed = [outcome.name for outcome in outcomes if outcome.status == "failed"]
    if failed:
        click.echo(f"error: {len(failed)} failed: {', '.join(failed)}", err=True)
        sys.exit(1)
