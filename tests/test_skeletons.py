"""What ``analysis new`` makes of good and of bad input."""

import pytest
from click.testing import CliRunner

from analysis import cli
from analysis.skeletons import unfilled


def invoke(*arguments):
    return CliRunner().invoke(cli.main, ["new", *arguments])


def test_what_is_not_given_waits_to_be_filled(data):
    assert unfilled() == []
    assert invoke("source", "a_2022", "b", "area:string", "share:number").exit_code == 0
    assert invoke("claim", "hubs.new", "P003", "1").exit_code == 0
    assert unfilled() == ["claims.csv", "datapackage.json", "unanswered.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["source", "statements", "b", "a:string"], "data/raw/statements: exists already"),
        (["source", "a_2022", "b", "a:text"], "type 'text' is not one of string, integer"),
        (["claim", "patents.grants.us", "P003", "1"], "'patents.grants.us' exists already"),
        (["claim", "hubs.new", "P003", "99"], "no number 99 in paragraph P003"),
        (["claim", "weather.new", "P003", "1"], "column topic: 'weather': must be one of"),
        (
            ["claim", "hubs.new", "P003", "1", "--unit", "miles"],
            "unit: 'miles': must be one of",
        ),
        (["notebook", "trade", "patents.grants.us", "statements/statements"], "two digits and a"),
        (["notebook", "10_private_investment", "patents.grants.us", "statements/statements"], "ex"),
        (["notebook", "48_x", "patents.nothing", "statements/statements"], "no claim"),
        (["notebook", "48_x", "patents.grants.us", "nowhere/nothing"], "no table"),
    ],
)
def test_bad_input_ends_in_a_line_and_writes_nothing(arguments, message, data):
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    ended = invoke(*arguments)
    assert ended.exit_code == 2 and message in ended.output
    assert len(ended.output.strip().splitlines()) == 1
    assert before == {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
