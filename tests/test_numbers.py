"""The registry of numbers and the tokenizer behind it."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis import cli
from analysis.errors import InputError
from analysis.report import claims, numbers
from analysis.report.tokens import tokens, tokens_of
from analysis.sources import tables

REPORT = Path(os.environ.get("REPORT", "no report"))
has_report = pytest.mark.skipif(not REPORT.is_file(), reason="the report's text is not at hand")


def found(text):
    return [token.token for token in tokens(f"[P001] {text}")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("about $13 trillion by 2030", ["13", "2030"]),
        ("55,000 members, 1.2% each", ["55,000", "1.2"]),
        ("from 2013-2021", ["2013", "2021"]),
        ("the 1970s", ["1970"]),
        ("as noted elsewhere.¹² And¹", []),
        ("Twenty years, three-quarters, over half", ["twenty", "three-quarters", "half"]),
        ("second only to the US", ["second"]),
        ("first-tier cities, third parties, one of them, often", []),
        ("world's largest, number one", ["largest", "number one"]),
        ("[a link](https://example.org/2022) <https://example.org/7>", ["2022"]),
    ],
)
def test_what_counts_as_a_number(text, expected):
    assert found(text) == expected


def test_references_are_left_out_and_positions_run_by_paragraph():
    text = "[P001] One 1.\n\n[P002] Two 2 and 3\n\n## References\n\n- 4"
    where = [(token.paragraph, token.position, token.token) for token in tokens(text)]
    assert where == [("P001", 1, "1"), ("P002", 1, "two"), ("P002", 2, "2"), ("P002", 3, "3")]


def test_the_registry_is_whole():
    assert numbers.problems() == []


def test_few_numbers_are_no_claim_and_each_reason_is_counted():
    counts = numbers.summary()
    assert 1 - counts.loc["claim", "digits"] / counts["digits"].sum() < 0.4
    assert 1 - counts.loc["claim", "year"] / counts["year"].sum() < 0.2
    assert counts["all"].sum() == len(tables.read(numbers.TABLE))


def test_topics_and_number_of_claims():
    topics = {claim.topic for claim in claims.claims().values()}
    assert len(claims.claims()) >= 200
    assert len(topics) == 20


def test_tables_and_claims_state_the_same():
    known = claims.claims()
    regions = tables.read("report/table_1_regions").set_index("region")
    for region, ranks in regions.iterrows():
        assert known[f"hubs.rank.{region.lower()}"].value == "; ".join(map(str, ranks))
    for table, prefix, column, scale in [
        ("table_4_funded_startups_2022", "companies.funding.", "funding_usd_mn", 1),
        ("table_6_institutions_2021", "institutions.publications.", "publications", 1),
        ("table_6_institutions_2021", "institutions.rank.", "rank", 1),
    ]:
        stated = [
            float(c.value) * (1000 if c.unit == "usd_bn" else scale)
            for c in known.values()
            if c.id.startswith(prefix)
        ]
        assert stated == pytest.approx(tables.read(f"report/{table}")[column].astype(float))
    dates = [c.value for c in known.values() if c.id.startswith("zones.date.")]
    assert dates == list(tables.read("report/table_2_pilot_zones")["announced"])


@has_report
def test_the_registry_holds_exactly_the_numbers_of_the_report():
    assert numbers.problems(REPORT) == []


@has_report
def test_deleting_any_one_row_is_noticed():
    whole = tables.read(numbers.TABLE)
    text = tokens_of(REPORT)
    for row in whole.itertuples():
        lines = numbers.unmatched(whole.drop(index=row.Index), text)
        assert len(lines) == 1, lines
        assert lines[0].startswith(f"{row.paragraph}: {row.token!r}")


@has_report
def test_a_number_more_or_other_is_noticed(tmp_path):
    path = tmp_path / "report.md"
    text = REPORT.read_text(encoding="utf-8")
    path.write_text(text.replace("17.21 billion", "17.12 billion, or 18"), encoding="utf-8")
    lines = numbers.problems(path)
    assert [line[:5] for line in lines] == ["P116:"] * 3
    assert "'17.12' (digits) stands in the report" in lines[0]


def edit(data, old, new):
    path = data / "registry/numbers.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return numbers.problems()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "P116,1,17.21,digits,17.21,usd_bn,investment.private.china.2021,\n",
            "",
            "'2021': 1 is next",
        ),
        ("usd_bn,investment.private.china.2021,", "usd_bn,,", "has neither; it needs one"),
        ("investment.private.china.2021,", "investment.private.china.2021,heading", "has both"),
        ("investment.private.china.2021,", "investment.china,", "is no id of claims.csv"),
        ("17.21,digits,17.21", "17.21,digits,12.17", "12.17 is not '17.21'"),
        (",digits,17.21,usd_bn,", ",digits,17.21,parsec,", "column unit: 'parsec'"),
        ("P116,1,17.21", "P116,1,17.12", "value: 17.21 is not '17.12'"),
        (
            ",usd_bn,investment.private.hongkong.2021,",
            ",usd_bn,investment.private.us.2021,",
            "'investment.private.hongkong.2021' is reached by no number",
        ),
    ],
)
def test_a_bad_row_is_named(data, old, new, message):
    lines = edit(data, old, new)
    assert any(message in line for line in lines), lines
    assert all(line.startswith("data/registry/") and "\n" not in line for line in lines)


def test_the_command_says_what_is_wrong_and_exits_1(data):
    (data / "registry/numbers.csv").write_text(
        (data / "registry/numbers.csv").read_text().replace("P019,1,second", "P019,4,second")
    )
    result = CliRunner().invoke(cli.main, ["numbers", "check"])
    assert result.exit_code == 1
    assert "P019 'second': 1 is next" in result.output


def test_the_command_counts_by_reason():
    result = CliRunner().invoke(cli.main, ["numbers", "check"])
    assert result.exit_code == 0
    for reason in ("document date", "name", "heading", "page furniture", "enumeration"):
        assert reason in result.output


def test_a_file_that_is_no_report_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        tokens_of(tmp_path / "none.md")
    (tmp_path / "other.md").write_text("hello")
    with pytest.raises(InputError, match="no paragraph is marked"):
        tokens_of(tmp_path / "other.md")
