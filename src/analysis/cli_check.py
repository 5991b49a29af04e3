"""The commands that recompute what is stored: ``analysis check`` and ``audit``."""

import os
import sys
from pathlib import Path

import click

from analysis import paths


@click.command()
@click.argument("names", nargs=-1, metavar="[NOTEBOOKS]...")
@click.option("--table", help="Only what this table reaches: PACKAGE/TABLE.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Notebooks at once.")
def check(names: tuple[str, ...], table: str | None, jobs: int) -> None:
    """Recompute findings, tables and figures in process, and name what differs from the stored."""
    import matplotlib

    matplotlib.use("Agg")
    from analysis.check import collection

    chosen = list(names) + (collection.touched_by(table) if table else [])
    if table and not chosen:
        click.echo(f"no notebook reads {table}")
        return
    found = collection.compare_all(chosen, jobs)
    for one in found:
        click.echo(str(one))
    checked = len(chosen) or len(paths.notebooks())
    click.echo(f"{len(found)} differences in {checked} notebooks", err=bool(found))
    if found:
        sys.exit(1)


@click.command()
@click.argument("names", nargs=-1, metavar="[PACKAGE[/TABLE]]...")
@click.option(
    "--most",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help="Figures of a large table that are changed; of others all are.",
)
@click.option("--sample", type=click.IntRange(1), help="Figures of any table, at most.")
@click.option("--seed", default=0, show_default=True, help="Where the random choice begins.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Processes.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=paths.ROOT / "build" / "audit.csv",
    help="Where each change is written; build/audit.csv by default.",
)
def audit(
    names: tuple[str, ...], most: int, sample: int | None, seed: int, jobs: int, out: Path
) -> None:
    """Change raw figures one at a time, and count which changes are noticed and by what."""
    import matplotlib

    matplotlib.use("Agg")
    import pandas as pd

    from analysis import files
    from analysis.check import audit as auditing
    from analysis.check import mutate
    from analysis.sources import packages

    todo = []
    for table in packages.raw_tables(names):
        large = sample or (most if mutate.size(table) > 1000 else mutate.size(table) or 1)
        todo += mutate.mutations(table, most=large, seed=seed)
    click.echo(f"{len(todo)} changes")
    results = list(auditing.audit(todo, jobs))
    files.write_text(out, pd.DataFrame(results).to_csv(index=False))
    click.echo(auditing.by_table(results).to_string(index=False))
    noticed = sum(bool(one["by"]) for one in results)
    click.echo(f"{noticed} of {len(results)} changes noticed; each is in {out}")
