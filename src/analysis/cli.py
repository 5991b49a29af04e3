"""The command ``analysis``."""

import sys
from pathlib import Path

import click

from analysis import paths
from analysis.errors import InputError


class _Group(click.Group):
    """A group whose commands end bad input with one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InputError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Recompute the numbers of "China's AI Ecosystem" (2022) from source data.

    Exit codes: 0 all well; 1 a notebook failed or a figure differs; 2 bad input.
    """


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
def run(notebooks: tuple[str, ...], parameters: tuple[tuple[str, str], ...], out: Path) -> None:
    """Run NOTEBOOKS, or all, into build/ and print the scorecard's headline."""
    from analysis.batch.notebooks import assign, select
    from analysis.batch.run import run as run_all
    from analysis.report import ledger, scorecard

    assigned = assign(select(notebooks), dict(parameters))
    failed = []
    for outcome in run_all(assigned, out, progress=sys.stderr.isatty()):
        status = "failed" if outcome.error else "ok"
        click.echo(f"{outcome.notebook:<28} {status:<7} {outcome.seconds:5.1f} s")
        if outcome.error:
            failed.append(outcome.notebook)
            click.echo(f"    {outcome.error}", err=True)
    click.echo(scorecard.headline(scorecard.headlines(ledger.load(out / "findings.json"))))
    if failed:
        click.echo(f"error: {len(failed)} failed: {', '.join(failed)}", err=True)
        sys.exit(1)


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
