"""The commands that make skeletons: ``analysis new source``, ``claim`` and ``notebook``."""

from collections.abc import Iterable
from pathlib import Path

import click

from analysis import paths


@click.group()
def new() -> None:
    """Make the skeleton of a source, a claim or a notebook.

    What no option gives is marked TO FILL, and a test fails until it is filled.
    """


@new.command("source")
@click.argument("name", metavar="PUBLISHER_EDITION")
@click.argument("table")
@click.argument("columns", nargs=-1, required=True, metavar="COLUMN:TYPE...")
@click.option("--publisher", default="", help="Who states the figures.")
@click.option("--edition", default="", help="Which published state it is.")
@click.option("--url", default="", help="Where it can be read.")
@click.option("--licence", default="", help="Under which terms.")
@click.option("--locator", default="", help="Table, figure or page.")
def add_source(name: str, table: str, columns: tuple[str, ...], **about: str) -> None:
    """Make data/raw/PUBLISHER_EDITION with an empty TABLE and its description.

    A type is string, integer, number, date or boolean.
    """
    from analysis.skeletons import new_source

    pairs = [one.partition(":") for one in columns]
    _say(new_source(name, table, {column: kind for column, _, kind in pairs}, **about))


@new.command("claim")
@click.argument("identifier", metavar="TOPIC.SUBJECT")
@click.argument("paragraph")
@click.argument("position", type=click.IntRange(1))
@click.option("--statement", default="", help="What the report says, in our words.")
@click.option("--kind", default="", help="amount, share, growth, count, rank, order or date.")
@click.option("--value", default="", help="As stated, in the language of values.")
@click.option("--unit", default="", help="A unit of registry/units.")
@click.option("--qualifier", default="", help="How the number is stated, such as exact or over.")
@click.option("--period", default="", help="When it holds.")
def add_claim(identifier: str, paragraph: str, position: int, **given: str) -> None:
    """Add a claim to the registry: it carries number POSITION of PARAGRAPH."""
    from analysis.skeletons import new_claim

    _say(new_claim(identifier, paragraph, position, **given))


@new.command("notebook")
@click.argument("name", metavar="NN_THEME")
@click.argument("identifier", metavar="CLAIM")
@click.argument("table", metavar="PACKAGE/TABLE")
def add_notebook(name: str, identifier: str, table: str) -> None:
    """Make notebooks/NN_THEME.ipynb, which answers CLAIM by a table."""
    from analysis.skeletons import new_notebook

    _say([new_notebook(name, identifier, table)])


def _say(made: Iterable[Path]) -> None:
    """Say what was written."""
    for path in made:
        inside = path.is_relative_to(paths.ROOT)
        click.echo(path.relative_to(paths.ROOT) if inside else path)
