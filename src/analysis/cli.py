"""The command ``analysis``."""

import os
import sys
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, NoReturn

import click

from analysis import notebooks, parameters, paths
from analysis.batch.options import end, prepared, running
from analysis.cli_check import audit, check
from analysis.cli_new import new
from analysis.cli_report import report_commands
from analysis.cli_sources import sources
from analysis.errors import InputError

if TYPE_CHECKING:
    from analysis.batch.tasks import Task

SECONDS_A_UNIVERSE = 0.7  # of one core, measured on two


class _Group(click.Group):
    """A group whose commands end bad input with one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "analysis"
            _refuse(f"{error.format_message()} `{command} -h` tells what is allowed")
        except InputError as error:
            _refuse(str(error))
        except UnicodeEncodeError as error:
            _refuse(f"{error.object[error.start : error.end]!r}: not UTF-8")
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            _refuse(f"{place}{error.strerror or error}")


def _refuse(message: str) -> NoReturn:
    """End with one line, whatever line ends a path or a value brings along."""
    click.echo(f"error: {message.replace(chr(10), chr(92) + 'n')}", err=True)
    sys.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="china-ai-ecosystem")
def main() -> None:
    """Recompute the numbers of "China's AI Ecosystem" (2022) from source data.

    Exit codes: 0 all well; 1 a notebook failed or a figure differs; 2 bad input; 130 interrupted.
    """


@main.command()
@click.argument("names", nargs=-1, metavar="[NOTEBOOKS]...")
@click.option("-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="Set a choice.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=paths.ROOT / "build",
    help="Where to write; the project's build/ by default.",
)
@click.option("--explain", is_flag=True, help="Only say what would run and why.")
@running
def run(
    names: tuple[str, ...], given: tuple[tuple[str, str], ...], out: Path, explain: bool, **how: Any
) -> None:
    """Run NOTEBOOKS, or all, into build/ and print the scorecard's headline.

    A notebook runs again only if its code, its choices, or the modules, tables or libraries that
    it used have changed since. The headline is of the whole collection under its default choices;
    anything else says what it found.
    """
    from analysis.batch import tasks

    todo = tasks.collection(parameters.assign(notebooks.select(names), dict(given)), out)
    reasons = tasks.explain(todo, fresh=how["fresh"])
    if explain:
        _print_reasons(reasons)
        return
    quiet, whole = how["log"] == "json", not names and not given
    summary = out / "headline.txt"
    if whole and summary.exists() and not any(reasons.values()):
        if not quiet:
            click.echo(f"{len(todo)} notebooks are up to date")
            click.echo(summary.read_text(encoding="utf-8").strip())
        return
    options, listener = prepared(busy=any(reasons.values()), **how)
    from analysis.batch import door

    ran = door.run_collection(todo, out, options, whole=whole, listener=listener)
    if not quiet:
        click.echo(ran.headline or ran.why_none)
    end(ran.outcomes)


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
@running
def sweep(notebook: str, grid: Path, out: Path | None, dry_run: bool, **how: Any) -> None:
    """Run NOTEBOOK once for each set of choices of GRID, a YAML file.

    A key of the grid is a choice with a value, a list, a range {from, to, step} or {seeds: N};
    all are crossed. Under the key zip stand sets of choices that go together. Each run gets a
    folder named by its choices; findings.parquet holds the findings of all of them.
    """
    from analysis.batch import grids, tasks
    from analysis.batch import sweep as sweeps

    path = notebooks.select([notebook])[0]
    place = out or paths.ROOT / "build" / "sweep" / path.stem
    todo = sweeps.tasks(path, grids.load(grid), place)
    if dry_run:
        for task in todo:
            click.echo(task.name)
        click.echo(f"{len(todo)} runs of {path.stem}")
        return
    busy = any(tasks.explain(todo, fresh=how["fresh"]).values())
    options, listener = prepared(busy=busy, **how)
    from analysis.batch import door

    outcomes, table = door.run_sweep(todo, place, options, listener=listener)
    if how["log"] != "json":
        ran = sum(outcome.status != "up to date" for outcome in outcomes)
        failed = sum(outcome.status == "failed" for outcome in outcomes)
        click.echo(
            f"{len(todo)} runs, {ran} of them now, {failed} failed; {len(todo) - failed} in {table}"
        )
    end(outcomes)


@main.command()
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    default=30,
    show_default=True,
    help="How long it waits for work.",
)
@click.option("--stop", is_flag=True, help="End it, and the kernels that it forked.")
def warm(minutes: float, stop: bool) -> None:
    """Keep the libraries imported between runs, so that a notebook edited runs at once.

    One process a user and environment; it ends by itself, and when the installed libraries change
    another takes its place.
    """
    from analysis.kernels import client, kept

    if not client.available():
        click.echo("nothing is kept: this system cannot fork safely")
    elif stop:
        click.echo(f"{kept.stop()} ended")
    else:
        place = kept.address(client.PRELOAD, client.at_start(os.environ))
        env = {**os.environ, **client.FOR_ZYGOTES}
        started = kept.keep(place, client.PRELOAD, env, minutes)
        click.echo(f"kept until idle for {minutes:g} minutes" if started else "kept already")


@main.command()
@click.argument("names", nargs=-1, metavar="[NOTEBOOKS]...")
def params(names: tuple[str, ...]) -> None:
    """Print the choices of NOTEBOOKS, or of all: default, meaning and what is allowed."""
    for path in notebooks.select(names):
        declared = parameters.choices_of(path)
        click.echo(path.stem)
        for choice in declared.values():
            lines = [f"{choice.name} = {choice.default!r}: {choice.meaning}", choice.allowed]
            for line, indent in zip(lines, ("  ", "      "), strict=True):
                click.echo(fill(line, 80, initial_indent=indent, subsequent_indent="      "))


@main.command()
@click.argument("names", nargs=-1, metavar="[NOTEBOOKS]...")
@running
def store(names: tuple[str, ...], **how: Any) -> None:
    """Run NOTEBOOKS, or all, and store their outputs in them; only what changed runs again.

    A notebook that fails stays as it was.
    """
    options, listener = prepared(busy=True, **how)
    from analysis.batch.store import store as run_and_store

    chosen = notebooks.select(names)
    end(run_and_store(chosen, paths.ROOT / "build" / "stored", options, listener=listener))


@main.command()
@click.argument("names", nargs=-1, metavar="[NOTEBOOKS]...")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=paths.ROOT / "build" / "figures",
    help="Where to write; the project's build/figures by default.",
)
def figures(names: tuple[str, ...], out: Path) -> None:
    """Write the stored figures of NOTEBOOKS, or of all, as SVG files."""
    for notebook in notebooks.select(names):
        for path in notebooks.figures(notebook, out):
            click.echo(path)


@main.command()
@click.option(
    "--grids",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=paths.NOTEBOOKS / "grids",
    help="Folder of grids, each named by its notebook; the collection's own by default.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=paths.ROOT / "build" / "multiverse",
    help="Where to write; build/multiverse by default.",
)
@click.option("--check", is_flag=True, help="Do not write data/processed/universes.csv.")
@running
def multiverse(grids: Path, out: Path, check: bool, **how: Any) -> None:
    """Run every grid, and write what each claim would be under every combination of choices."""
    from analysis.batch import sweep, tasks

    todo = sweep.of_folder(grids, out)
    due = sum(map(bool, tasks.explain(todo, fresh=how["fresh"]).values()))
    minutes = due * SECONDS_A_UNIVERSE / how["jobs"] / 60
    click.echo(f"{len(todo)} runs, {due} of them to do: about {minutes:.1f} minutes")
    options, listener = prepared(busy=due > 0, **how)
    from analysis.batch import door

    outcomes, made = door.run_multiverse(todo, out, options, listener=listener)
    if how["log"] != "json":
        empty = len(todo) - made.groupby(["notebook", "choices"]).ngroups
        click.echo(f"{len(made)} values of {made['claim'].nunique()} claims; {empty} runs had none")
    if not check and all(outcome.status != "failed" for outcome in outcomes):
        from analysis.sources.tables import write

        click.echo(write(made, "processed/universes"))
    end(outcomes)


for command in (sources, check, audit, new, *report_commands):
    main.add_command(command)
