"""The commands ``analysis sources ...``."""

import sys
from collections import Counter
from pathlib import Path

import click

READ = ("agrees", "differs")
"""How a table stands whose original was read."""


@click.group()
def sources() -> None:
    """The tables of figures."""


@sources.command("list")
def list_sources() -> None:
    """Print every table with its publisher, edition and number of rows."""
    from analysis.sources import packages

    for name, table in packages.tables().items():
        about = table.about
        rows = sum(1 for _ in table.path.open(encoding="utf-8")) - 1 if table.path.exists() else 0
        click.echo(f"{name:<58} {rows:>5} rows  {about['publisher']}, {about['edition']}")


@sources.command("fetch")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to fetch into; a cache of the user by default.",
)
@click.option(
    "--timeout", default=30.0, show_default=True, help="Seconds to wait for an answer, each time."
)
@click.option("--retries", default=2, show_default=True, help="How often to try again.")
def fetch_sources(names: tuple[str, ...], into: Path | None, timeout: float, retries: int) -> None:
    """Fetch the originals of tables or packages, or of all, from their public copies."""
    from analysis.sources import fetch

    folder = into or fetch.cache()
    wanted = fetch.originals(names)
    missing = 0
    bars = sys.stderr.isatty()
    for one, reason in fetch.fetch(wanted, folder, timeout=timeout, retries=retries, progress=bars):
        missing += bool(reason)
        click.echo(f"{one.file}: {reason or 'at hand'}", err=bool(reason))
    click.echo(f"{len(wanted) - missing} of {len(wanted)} originals in {folder}")
    if missing:
        sys.exit(1)


@sources.command("verify")
@click.option(
    "--originals",
    type=click.Path(path_type=Path),
    help="Folder with the publishers' original files; what was fetched, by default.",
)
def verify_sources(originals: Path | None) -> None:
    """Re-read the originals and name every figure that differs."""
    from analysis.sources import fetch
    from analysis.sources.verify import verify

    results = verify(originals or fetch.cache())
    for result in results:
        click.echo(f"{result.table:<58} {result.status:<12} {result.figures:>6} figures")
        for line in result.lines:
            click.echo(f"    {line}")
    counts = Counter(result.status for result in results)
    click.echo(", ".join(f"{number} {status}" for status, number in counts.most_common()))
    unread = sum(number for status, number in counts.items() if status not in READ)
    if unread:
        click.echo(
            f"{unread} of {len(results)} tables were not compared with an original", err=True
        )
    from analysis.sources.seal import unsealed

    tampered = unsealed()
    for name in tampered:
        click.echo(f"{name}: not what its package's checksum says", err=True)
    if counts["differs"] or tampered:
        sys.exit(1)


@sources.command("seal")
def seal_sources() -> None:
    """Write each table's checksum into its package, after an edit that was meant."""
    from analysis.sources.seal import seal

    changed = seal()
    for name in changed:
        click.echo(name)
    click.echo(f"{len(changed)} checksums changed")
