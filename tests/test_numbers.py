"""The registry of numbers and the tokenizer behind it."""

import os
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis import cli
from analysis.errors import InputError
from analysis.report import claims, numbers
from analysis.report.tokens import paragraphs_of, tokens, tokens_of
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
        ("<u>half</u> of 3", ["half", "3"]),
    ],
)
def test_what_counts_as_a_number(text, expected):
    assert found(text) == expected


def test_a_number_is_a_year_digits_or_a_word():
    kinds = [(token.token, token.kind) for token in tokens("[P001] In 2021 Half of 1,200, 2100")]
    assert kinds == [("2021", "year"), ("half", "word"), ("1,200", "digits"), ("2100", "digits")]


def test_references_are_left_out_and_positions_run_by_paragraph():
    text = "[P001] One 1.\n\n[P002] Two 2 and 3\n\n## References\n\n- 4"
    where = [(token.paragraph, token.position, token.token) for token in tokens(text)]
    assert where == [("P001", 1, "1"), ("P002", 1, "two"), ("P002", 2, "2"), ("P002", 3, "3")]


def test_the_registry_is_whole():
    assert numbers.problems() == []


@pytest.fixture
def made_report(tmp_path):
    """A text that holds the numbers and the phrases of the registry, and nothing else."""
    whole = pd.concat([tables.read(numbers.TABLE)[["paragraph", "token"]], phrases()])
    lines = [
        f"[{name}] {' . '.join(rows['token'])}\n"
        for name, rows in whole.groupby("paragraph", sort=True)
    ]
    path = tmp_path / "report.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def phrases():
    return tables.read(numbers.PHRASES).rename(columns={"phrase": "token"})[["paragraph", "token"]]


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return numbers.problems(path)


def test_a_text_of_the_registrys_numbers_and_phrases_has_nothing_wrong(made_report):
    assert numbers.problems(made_report) == []


def test_a_number_or_a_phrase_that_the_text_has_not_or_has_besides_is_named(made_report):
    assert change(made_report, "[P116] 17.21", "[P116] 17.12") == [
        "P116: '17.12' (digits) stands in the report, not in numbers.csv",
        "P116: '17.21' (digits) stands in numbers.csv, not in the report",
    ]
    lines = change(made_report, "still ahead", "behind")
    assert lines[2:] == ["P019: 'still ahead' stands in phrases.csv, not in the report"]


def test_a_phrase_whose_paragraph_is_gone_is_named(made_report):
    lines = change(made_report, "[P019]", "[P999]")
    assert "P019: 'still ahead' stands in phrases.csv, not in the report" in lines


def test_what_is_wrong_with_the_registry_is_named_beside_what_the_text_lacks(data, made_report):
    lines = edit(data, "17.21,digits,17.21", "17.21,digits,12.17")
    assert len(lines) == 2
    assert numbers.problems(made_report) == lines


def test_paragraphs_are_known_by_name(tmp_path):
    path = tmp_path / "report.md"
    path.write_text("Title\n\n[P001] One\n[P002] Two\n", encoding="utf-8")
    assert paragraphs_of(path) == {"P001": "One\n", "P002": "Two\n"}


def test_the_registry_and_a_text_are_compared_paragraph_by_paragraph():
    registry = pd.DataFrame(
        [("P002", "7", "digits"), ("P001", "5", "digits"), ("P001", "2020", "year")],
        columns=["paragraph", "token", "kind"],
    )
    same = tokens("[P001] 5 in 2020\n[P002] 7")
    assert numbers.unmatched(registry, same) == []
    assert numbers.unmatched(registry, tokens("[P001] 5 in 2020 and 6\n[P003] half")) == [
        "P001: '6' (digits) stands in the report, not in numbers.csv",
        "P002: '7' (digits) stands in numbers.csv, not in the report",
        "P003: 'half' (word) stands in the report, not in numbers.csv",
    ]


def test_one_number_more_is_one_line_even_among_hundreds_that_are_equal():
    ones = pd.DataFrame({"paragraph": "P001", "token": ["1"] * 250, "kind": "digits"})
    lines = numbers.unmatched(ones, tokens(f"[P001] 7 and {'1 ' * 250}"))
    assert lines == ["P001: '7' (digits) stands in the report, not in numbers.csv"]


def test_years_that_carry_a_claim_are_found():
    found = numbers.mentions("investment.private.china.2021", "investment.private.us.2021")
    assert set(found["kind"]) == {"year"}
    assert set(found["value"]) == {2021}
    assert pd.api.types.is_integer_dtype(found["value"])
    assert not found.duplicated(["paragraph", "position"]).any()
    two = numbers.mentions("investment.private.us.2021")
    assert set(two["claim"]) == {"investment.private.us.2021"}


def test_a_year_that_carries_two_claims_is_mentioned_once():
    shared = numbers.carriers(tables.read(numbers.TABLE))
    shared = shared[shared["kind"] == "year"]
    place = shared[shared.duplicated(["paragraph", "position"])].iloc[0]
    at = shared[["paragraph", "position"]].eq(place[["paragraph", "position"]]).all(axis=1)
    assert at.sum() > 1
    found = numbers.mentions(*shared.loc[at, "claim"])
    assert (
        found[["paragraph", "position"]].eq(place[["paragraph", "position"]]).all(axis=1).sum() == 1
    )


def test_phrases_stand_beside_the_numbers_as_words():
    carried = numbers.carriers(tables.read(numbers.TABLE)).set_index("token")
    assert carried.loc["still ahead", ["kind", "claim"]].to_list() == [
        "word",
        "citations.high_impact.order",
    ]


def test_digits_are_compared_whatever_their_power_of_ten_and_a_missing_value_has_none():
    assert numbers._same_digits("1,200", 1.2)
    assert numbers._same_digits("0", 0.0)
    assert not numbers._same_digits("1,200", 1.3)
    assert not numbers._same_digits("1,200", float("nan"))


def test_the_summary_has_the_most_first_and_names_its_rows():
    counts = numbers.summary()
    assert counts.index.name == "carried by" and counts.columns.name is None
    assert counts["all"].is_monotonic_decreasing


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


def test_a_bad_row_is_named_by_its_place_in_the_file(data):
    lines = edit(data, "17.21,digits,17.21", "17.21,digits,12.17")
    rows = (data / "registry/numbers.csv").read_text().splitlines()
    place = next(at for at, row in enumerate(rows, start=1) if "17.21,digits,12.17" in row)
    assert any(line.startswith(f"data/registry/numbers.csv, row {place},") for line in lines)


def test_every_claim_that_no_number_reaches_or_elsewhere_or_otherwise_is_named(data):
    path = data / "registry/numbers.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    missing = table["claims"].isin(["investment.private.us.2021", "investment.private.uk.2021"])
    table.loc[missing, ["claims", "reason"]] = ["", "name"]
    table.loc[table["claims"] == "investment.private.china.2021", "value"] = "1.721"
    table.to_csv(path, index=False)
    lines = numbers.problems()
    assert [line.split("'")[1] for line in lines if "is reached by no number" in line] == [
        "investment.private.us.2021",
        "investment.private.uk.2021",
    ]
    assert [line for line in lines if "its numbers [" in line] == [
        "data/registry/claims.csv: claim 'investment.private.china.2021' "
        "has value 17.21, its numbers [1.721]"
    ]


def test_a_claim_whose_numbers_stand_elsewhere_is_named(data):
    path = data / "registry/claims.csv"
    text = path.read_text()
    row = next(one for one in text.splitlines() if one.startswith("investment.private.us.2021,"))
    path.write_text(text.replace(row, row.replace("P116", "P117")))
    assert (
        "data/registry/claims.csv: claim 'investment.private.us.2021' stands in P117, "
        "its numbers do not" in numbers.problems()
    )


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


def test_a_text_without_a_paragraph_before_its_references_has_no_numbers():
    assert tokens("2021") == tokens("Cover\n## References\n[P001] 2021") == []


def test_a_file_that_is_no_report_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        tokens_of(tmp_path / "none.md")
    (tmp_path / "other.md").write_text("hello")
    (tmp_path / "latin.md").write_bytes("[P001] Chiná".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.md: not UTF-8"):
        tokens_of(tmp_path / "latin.md")
    with pytest.raises(InputError, match="no paragraph is marked"):
        tokens_of(tmp_path / "other.md")
