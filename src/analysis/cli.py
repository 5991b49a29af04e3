"""The command ``analysis``."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis import paths
from analysis.errors import InputError

if TYPE_CHECKING:
    from analysis.batch.run import Outcome
    from analysis.batch.tasks import Task


class _Group(click.Group):
    """A group whose commands end bad input with one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InputError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("stopped; what had ended is kept", err=True)
            sys.exit(130)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Recompute the numbers of "China's AI Ecosystem" (2022) from source data.

    Exit codes: 0 all well; 1 a notebook failed or a figure differs; 2 bad input; 130 interrupted.
    """


def _running(command: Callable[..., None]) -> Callable[..., None]:
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
            "--memory", type=click.IntRange(0), default=0, help="Megabytes a kernel may take."
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


@main.command()
@click.argument("notebooks", nargs=-1)
@click.option(
    "-p", "parameters", nargs=2, multiple=True, metavar="NAME VALUE", help="Set a parameter."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=paths.ROOT / "build",
    help="Where to write; the project's build/ by default.",
)
@click.option("--explain", is_flag=True, help="Only say what would run and why.")
@_running
def run(
    notebooks: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    out: Path,
    explain: bool,
    **how: Any,
) -> None:
    """Run NOTEBOOKS, or all, into build/ and print the scorecard's headline.

    A notebook runs again only if its code, its parameters, or the modules, tables or libraries that
    it used have changed since.
    """
    from analysis.batch import tasks
    from analysis.batch.notebooks import assign, select

    todo = tasks.collection(assign(select(notebooks), dict(parameters)), out)
    reasons = tasks.explain(todo, fresh=how["fresh"])
    if explain:
        _print_reasons(reasons)
        return
    summary = out / "headline.txt"
    if any(reasons.values()) or not summary.exists():
        _run_collection(todo, out, **how)
    elif how["log"] != "json":
        click.echo(f"{len(todo)} notebooks are up to date")
    if how["log"] != "json":
        click.echo(summary.read_text(encoding="utf-8").strip())


def _run_collection(todo: "list[Task]", out: Path, **how: Any) -> None:
    """Run tasks of the collection, and write the ledger and the headline."""
    _warm_up(**how)
    from analysis.batch.run import write_ledger
    from analysis.files import write_text
    from analysis.report import scorecard

    outcomes = _run(todo, out, gather=lambda: write_ledger(todo, out), **how)
    headlines = scorecard.headlines(write_ledger(todo, out))
    write_text(out / "headline.txt", scorecard.headline(headlines) + "\n")
    _end(outcomes)


def _warm_up(*, kernel: str, dask: str, **_: Any) -> None:
    """Start the zygote before anything else is imported, so that both import at once."""
    from analysis.batch import warm

    warm.offer(ahead=kernel == "warm" and not dask)


def _run(
    todo: "list[Task]",
    out: Path,
    *,
    gather: Callable[[], object] | None = None,
    log: str,
    junit: Path | None,
    timeout: float,
    memory: int,
    **how: Any,
) -> "list[Outcome]":
    """Run tasks while holding the folder that they are written to."""
    _warm_up(**how)
    from analysis.batch import engine, progress
    from analysis.batch.run import Options, locked, run

    options = Options(limits=engine.Limits(timeout, memory), **how)
    with locked(out):
        return run(todo, options, listener=progress.listener(log, junit), gather=gather)


def _end(outcomes: "list[Outcome]") -> None:
    """End with exit code 1 if a task failed."""
    gc.freeze()  # Nothing on the heap needs tidying: spares a third of a second at exit.
    failed = [outcome.name for outcome in outcomes if outcome.status == "failed"]
    if failed:
        click.echo(f"error: {len(failed)} failed: {', '.join(failed)}", err=True)
        sys.exit(1)


def _print_reasons(reasons: "dict[Task, list[str]]") -> None:
    """Print what would run and why."""
    for task, why in reasons.items():
        click.echo(f"{task.name:<32} {'; '.join(why) or 'up to date'}")


@main.command()
@click.argument("notebook")
@click.argument("grid", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; build/sweep/NOTEBOOK by default.",
)
@click.option("--dry-run", is_flag=True, help="Only print the runs.")
@_running
def sweep(notebook: str, grid: Path, out: Path | None, dry_run: bool, **how: Any) -> None:
    """Run NOTEBOOK once for each set of parameters of GRID, a YAML file.

    A key of the grid is a parameter with a value, a list, a range {from, to, step} or {seeds: N};
    all are crossed. Under the key zip stand sets of parameters that go together. Each run gets a
    folder named by its parameters; findings.parquet holds the findings of all.
    """
    from analysis.batch import sweep as sweeps
    from analysis.batch import tasks
    from analysis.batch.notebooks import select

    path = select([notebook])[0]
    place = out or paths.ROOT / "build" / "sweep" / path.stem
    todo = sweeps.tasks(path, sweeps.load(grid), place)
    if dry_run:
        for task in todo:
            click.echo(task.name)
        click.echo(f"{len(todo)} runs of {path.stem}")
        return
    table = place / "findings.parquet"
    if table.exists() and not any(tasks.explain(todo, fresh=how["fresh"]).values()):
        click.echo(f"{len(todo)} runs are up to date: {table}")
        return
    outcomes = _run(todo, place, **how)
    ended = zip(todo, outcomes, strict=True)
    found = sweeps.findings([task for task, outcome in ended if outcome.status != "failed"])
    sweeps.write(found, table)
    if how["log"] != "json":
        click.echo(f"{len(todo)} runs, {len(found)} findings in {table}")
    _end(outcomes)


@main.command()
@click.option("--topic", help="Only claims of this topic.")
@click.option("--verdict", help="Only claims with this verdict.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
)
@click.option(
    "--ledger",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A ledger that `analysis run` wrote; the stored findings by default.",
)
@click.option("--coverage", is_flag=True, help="Count claims by topic and evidence instead.")
def claims(
    topic: str | None, verdict: str | None, form: str, path: Path | None, coverage: bool
) -> None:
    """Print each claim with the report's value, the recomputed one, evidence and verdict."""
    from analysis.report import ledger, scorecard

    table = scorecard.headlines(ledger.load(path))
    table = scorecard.only(table, topic=topic, verdict=verdict)
    if coverage:
        click.echo(scorecard.coverage(table).to_string())
        orphans = table[table["notebook"] == ""]
        click.echo(f"{len(orphans)} claims have no notebook yet")
        for row in orphans.itertuples():
            click.echo(f"    {row.id}")
        return
    if form == "json":
        click.echo(table.to_json(orient="records", force_ascii=False, indent=1))
    elif form == "csv":
        sources = table["sources"].map("; ".join)
        click.echo(table.assign(sources=sources).to_csv(index=False), nl=False)
    else:
        click.echo(scorecard.readable(table).frame.to_string(index=False))
        click.echo(scorecard.headline(table))


@main.group(cls=_Group)
def numbers() -> None:
    """The registry of the report's numbers."""


@numbers.command("check")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="The report's text, paragraphs marked [P001] and on; compares its numbers with ours.",
)
def check_numbers(report: Path | None) -> None:
    """Check that every number has a claim or a reason, and every claim a number."""
    from analysis.report import claims, numbers

    problems = claims.check() or numbers.check(report)
    for line in problems:
        click.echo(line, err=True)
    if problems:
        click.echo(f"error: {len(problems)} problems", err=True)
        sys.exit(1)
    counts = numbers.summary()
    click.echo(counts.to_string())
    compared = f", the same as in {report}" if report else ""
    click.echo(f"{counts['all'].sum()} numbers, {len(claims.claims())} claims{compared}")


@main.command()
@click.argument("notebooks", nargs=-1)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=paths.ROOT / "build" / "figures",
    help="Where to write; the project's build/figures by default.",
)
def figures(notebooks: tuple[str, ...], out: Path) -> None:
    """Write the stored figures of NOTEBOOKS, or of all, as PNG files."""
    from analysis.batch.notebooks import select
    from analysis.batch.pictures import extract

    for notebook in select(notebooks):
        for path in extract(notebook, out):
            click.echo(path)


@main.group(cls=_Group)
def sources() -> None:
    """The tables of figures."""


@sources.command("list")
def list_sources() -> None:
    """Print every table with its publisher, edition and number of rows."""
    from analysis.sources import packages

    for name, table in packages.tables().items():
        about = table.package.to_descriptor()
        rows = sum(1 for _ in table.path.open(encoding="utf-8")) - 1 if table.path.exists() else 0
        click.echo(f"{name:<58} {rows:>5} rows  {about['publisher']}, {about['edition']}")


@sources.command("verify")
@click.option(
    "--originals",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder with the publishers' original files.",
)
def verify_sources(originals: Path) -> None:
    """Re-read the originals and name every figure that differs."""
    from analysis.sources.verify import verify

    results = verify(originals)
    for result in results:
        click.echo(f"{result.table:<58} {result.status:<12} {result.figures:>6} figures")
        for line in result.lines:
            click.echo(f"    {line}")
    if any(result.status == "differs" for result in results):
        sys.exit(1)
