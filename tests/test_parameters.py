"""Choices: declared in a notebook's parameters cell, and read from there by everybody."""

import nbformat
import papermill
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from analysis import cli, parameters, paths
from analysis.errors import InputError
from analysis.parameters import declared

NOTEBOOKS = paths.notebooks()
TEN = paths.NOTEBOOKS / "10_private_investment.ipynb"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_papermill_infers_the_same_choices(path):
    inferred = papermill.inspect_notebook(str(path))
    known = parameters.choices_of(path)
    assert list(inferred) == list(known) != []
    for name, choice in known.items():
        assert choice.meaning in inferred[name]["help"]
        assert choice.parse(choice.default) == choice.default


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_checks_its_choices_in_its_first_cell(path):
    code = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    assert f'parameters.check("{path.stem}", globals())' in code[1]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"year": 2030}, "parameter year: 2030 is not allowed; give a whole number from 2013 to"),
        ({"year": "soon"}, "a whole number"),
        ({"year": 2020.5}, "a whole number"),
        ({"dollars": "gold"}, "one of current, constant 2021"),
        ({"yaer": 2020}, "it has: table, china, dollars, deals, year"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(given, message):
    with pytest.raises(InputError, match=message) as caught:
        parameters.checked(TEN, given)
    assert "\n" not in str(caught.value)


def test_text_is_parsed_as_the_type():
    assert parameters.checked(TEN, {"year": "2019"}) == {"year": 2019}
    one = declared("write: bool = True  # whether to write")["write"]
    assert one.parse("false") is False
    many = declared('cities: list[str] = ["A"]  # cities; one of A, B')["cities"]
    assert many.parse("A, B") == ["A", "B"]
    with pytest.raises(InputError, match="a list, each one of A, B"):
        many.parse("A, C")


def test_a_date_is_a_day_within_its_limits():
    day = declared('day: str = "2020-01-01"  # day; a date from 2019-01-01 to 2021-12-31')["day"]
    assert day.parse("2020-02-29") == "2020-02-29"
    for bad in ("2020-02-30", "2018-12-31", "2020-02", "20200229"):
        with pytest.raises(InputError, match="a date"):
            day.parse(bad)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("year = 2020  # year", "name: type = default"),
        ("year: int = 2020", "name: type = default"),
        ("year: set = 2020  # year", "give a type"),
        ("year: int = now()  # year", "a plain default"),
        ("year: int = 2030  # year; from 2013 to 2021", "2030 is not allowed"),
        ("year: int =", "is no Python"),
    ],
)
def test_what_declares_no_choice_is_refused(source, message):
    with pytest.raises(InputError, match=message):
        declared(source, "n.ipynb")


@given(st.text())
def test_any_text_is_a_value_or_refused_in_a_line(text):
    choice = declared("year: int = 2020  # year; from 2013 to 2021")["year"]
    try:
        assert 2013 <= choice.parse(text) <= 2021
    except InputError as error:
        assert "parameter year" in str(error)


def test_the_command_lists_them_within_80_columns():
    result = CliRunner().invoke(cli.main, ["params", "10"])
    assert result.exit_code == 0
    assert "deals = 'disclosed'" in result.output
    assert "one of disclosed, estimated" in result.output
    assert max(map(len, result.output.splitlines())) <= 80
