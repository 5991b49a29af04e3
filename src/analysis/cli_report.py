"""The commands that read findings: ``analysis claims``, ``why``, ``vintage`` and others."""

import sys
from pathlib import Path

import click

from analysis import paths

_LEDGER = click.option(
    "--ledger",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A ledger that `analysis run` wrote; the stored findings by default.",
)


@click.command()
@click.option("--topic", help="Only claims of this topic.")
@click.option("--standing", help="Only claims that stand here, such as misquoted.")
@click.option("--question", help="Only claims for which something answers this question.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
)
@_LEDGER
@click.option("--coverage", is_flag=True, help="Count claims by topic and question instead.")
def claims(
    topic: str | None,
    standing: str | None,
    question: str | None,
    form: str,
    path: Path | None,
    coverage: bool,
) -> None:
    """Print each claim: what the report says, what was found, five answers, where it stands."""
    from analysis.report import ledger, listing, scorecard

    table = scorecard.standings(ledger.load(path))
    table = scorecard.only(table, topic=topic, standing=standing, question=question)
    if coverage:
        click.echo(listing.coverage_text(table))
    elif form == "table":
        listing.print_claims(table)
    else:
        click.echo(listing.as_json(table) if form == "json" else listing.as_csv(table), nl=False)


@click.command()
@click.argument("claim")
@_LEDGER
def why(claim: str, path: Path | None) -> None:
    """Print all that stands behind CLAIM: paragraph, findings, tables, pages, checksums."""
    from analysis.report import ledger
    from analysis.report.why import why as chain

    click.echo(chain(claim, ledger.load(path)))


@click.group()
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

    problems = claims.check_table() or numbers.problems(report)
    for line in problems:
        click.echo(line, err=True)
    if problems:
        click.echo(f"error: {len(problems)} problems", err=True)
        sys.exit(1)
    counts = numbers.summary()
    click.echo(counts.to_string())
    compared = f", the same as in {report}" if report else ""
    click.echo(f"{counts['all'].sum()} numbers, {len(claims.claims())} claims{compared}")


@click.command()
@click.argument("page", required=False, type=click.Path(dir_okay=False, path_type=Path))
def headline(page: Path | None) -> None:
    """Print the stored findings' headline, or write it between the marks of PAGE."""
    from analysis.report import ledger, listing, scorecard

    table = scorecard.standings(ledger.load())
    if page is None:
        click.echo(scorecard.headline(table))
    else:
        listing.put_headline(table, page)


@click.command()
@click.argument("claim")
@_LEDGER
def vintage(claim: str, path: Path | None) -> None:
    """Print CLAIM's value in every edition and by every publisher at hand, by date."""
    from analysis.report import ledger, vintages

    click.echo(vintages.text(vintages.editions_of(claim, ledger.load(path))))


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=paths.ROOT / "build" / "site",
    help="Where to write; the project's build/site by default.",
)
@_LEDGER
def site(out: Path, path: Path | None) -> None:
    """Write the site: a front page, a page a claim, and data for machines."""
    from analysis.site import stamp

    written = stamp.update(path, out)
    click.echo(f"{len(written)} files written; open {out / 'index.html'}")


@click.command()
@click.argument("build", type=click.Path(file_okay=False, path_type=Path))
def crate(build: Path) -> None:
    """Describe the run in BUILD as an RO-Crate: inputs, notebooks, findings, checksums."""
    from analysis.site.machines import write_crate

    click.echo(write_crate(build))


@click.command()
@click.argument("before")
@click.argument("after", default="")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
)
def diff(before: str, after: str, form: str) -> None:
    """Print which claims stand elsewhere in AFTER than in BEFORE, or in the stored findings.

    Each is a release, a ledger, the folder of a run, or a commit.
    """
    from analysis.report import changes, ledger, scorecard

    first = changes.state(before)
    last = changes.state(after) if after else changes.stood(scorecard.standings(ledger.load()))
    frame = changes.changed(first, last)
    if form == "json":
        click.echo(frame.to_json(orient="records", force_ascii=False, indent=1))
    elif form == "html":
        click.echo(frame.to_html(index=False))
    else:
        click.echo(changes.in_words(frame))


report_commands = (claims, why, vintage, numbers, headline, site, crate, diff)
