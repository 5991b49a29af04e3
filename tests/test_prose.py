"""Every number of a notebook's prose, and of a page's, stands in what is computed or declared."""

import json
import re
import tomllib
from decimal import Decimal

import pytest

from analysis import cli, notebooks, paths
from analysis.report import ledger, listing, scorecard
from analysis.sources import packages

NUMBER = re.compile(r"(?<![\w.`/-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w/]|\.\d)")
NO_PROSE = re.compile(r"`[^`]*`|\]\([^)]*\)|^# \d\d |P\d{3}", re.M)
YEARS = range(1900, 2101)


def stated(text):
    """Return the numbers of a text; code, links, paragraphs and years apart."""
    found = (
        Decimal("".join(one).replace(",", "")) for one in NUMBER.findall(NO_PROSE.sub("", text))
    )
    return [one for one in found if one not in YEARS]


def computed(book):
    """Return every number in the code and the outputs of a notebook."""
    texts = []
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            texts.append(notebooks.cell_source(cell))
            for output in cell["outputs"]:
                data = output.get("data", {})
                shown = {k: v for k, v in data.items() if not k.startswith("image/")}
                texts += ["".join(output.get("text", "")), json.dumps(shown)]
    return numbers_of("\n".join(texts))


def stands(number, found):
    """Return whether a number is there, or one that it rounds."""
    digits = max(-number.as_tuple().exponent, 0)
    return any(one == number or round(one, digits) == number for one in found)


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_no_number_of_the_prose_is_typed_by_hand(path):
    book = notebooks.load(path)
    found = computed(book)
    for cell in book["cells"]:
        if cell["cell_type"] == "markdown":
            text = notebooks.cell_source(cell)
            assert [n for n in stated(text) if not stands(n, found)] == [], text


def numbers_of(text):
    """Return every number of a text."""
    found = re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)
    return {Decimal(one.replace(",", "")) for one in found}


def facts(page):
    """Return the numbers that a page may state, each from where it is computed or declared."""
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    standings = scorecard.standings(ledger.load())
    told = {
        "README.md": [
            cli.main.help,
            project["requires-python"],
            project["license"],
            scorecard.headline(standings),
            listing.topics_markdown(standings),
        ],
        "DESIGN.md": [
            (paths.ROOT / "tests" / "test_project.py").read_text(),
            *(path.stem for path in paths.notebooks()),
        ],
        "docs/method.md": [
            (paths.ROOT / "src" / "analysis" / "check" / "mutate.py").read_text(),
            packages.table("registry/second_reading").custom("title", ""),
        ],
    }
    return numbers_of(" ".join(told[page]))


@pytest.mark.parametrize("page", ["README.md", "DESIGN.md", "docs/method.md"])
def test_no_number_of_a_page_is_typed_by_hand(page):
    text = (paths.ROOT / page).read_text()
    text = re.sub(r"^\d+\. |^```.*?^```$", "", text, flags=re.M | re.S)
    assert [n for n in stated(text) if not stands(n, facts(page))] == []


def test_a_number_typed_by_hand_is_seen():
    book = {"cells": [{"cell_type": "code", "source": ["x = 58.043"], "outputs": []}]}
    assert [stands(n, computed(book)) for n in stated("58 of 2021, 58.0, but 59.")] == [
        True,
        True,
        False,
    ]
