"""Claims and findings: what is accepted, what is refused, what heads the scorecard."""

import pytest

from analysis.errors import InputError
from analysis.report import claims, findings, scorecard
from analysis.sources import tables

TABLE = "ai_index_2022/private_investment_by_area_2021"


@pytest.fixture
def read():
    tables.read(TABLE)
    tables.read("report/claims")


def test_the_claims_are_in_order():
    assert claims.check() == []
    assert len(claims.claims()) >= 20


ROW = "investment.private.us.2021,investment,P116,"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",52.88,,,usd_bn,", ",52.88,,,parsec,", "column unit: 'parsec'"),
        (",52.88,,,usd_bn,", ",fifty,,,usd_bn,", "column value: 'fifty'"),
        (",52.88,,,usd_bn,", ",,,,usd_bn,", "column value: empty"),
        ("usd_bn,2,exact,2021,United States", "usd_bn,2,roughly,2021,United States", "'roughly'"),
        (
            ",52.88,,,usd_bn,2,exact,2021,United States",
            ",,9,3,usd_bn,2,range,2021,United States",
            "column low: 9.0 is above high, 3.0",
        ),
        (ROW, ROW.replace("P116", "P999"), "column paragraph: 'P999'"),
        (ROW, ROW.replace("us.2021", "uk.2021"), "investment.private.uk.2021"),
        (ROW, ROW.replace("investment.private.us.2021", "US 2021"), "column id: 'US 2021'"),
    ],
)
def test_a_bad_row_is_refused_in_one_line(data, old, new, message):
    path = data / "raw/report/claims.csv"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    problems = claims.check()
    assert any(message in line for line in problems), problems
    assert all("data/raw/report/claims.csv, row" in line and "\n" not in line for line in problems)


def test_a_finding_is_judged_by_the_claim(read):
    good, bad = (
        findings.find(
            {"investment.private.us.2021": value},
            evidence="recomputed",
            method="test",
            sources=[TABLE],
        )[0]
        for value in (52.878619257, 52.872119257)
    )
    assert (good.verdict, bad.verdict) == ("confirmed", "contradicted")
    assert good.sources == (TABLE,)


def test_the_report_contradicting_itself_is_inconsistent(read):
    finding = findings.find(
        {"targets.core.2020.usd": 21_000},
        evidence="internal",
        method="test",
        sources=["report/claims"],
    )[0]
    assert finding.verdict == "inconsistent"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"evidence": "recomputed", "sources": ["report/claims"]}, "cannot rest on the report"),
        ({"evidence": "stated", "sources": ["report/claims"]}, "cannot rest on the report"),
        ({"evidence": "cross-checked", "sources": []}, "needs a source"),
        ({"evidence": "recomputed", "sources": ["ncses/none"]}, "was not read"),
        ({"evidence": "hearsay", "sources": [TABLE]}, "is not one of"),
        ({"evidence": "none", "sources": [TABLE]}, "is not one of"),
    ],
)
def test_a_claim_is_never_its_own_evidence(read, arguments, message):
    with pytest.raises(InputError, match=message):
        findings.find({"investment.private.us.2021": 1.0}, method="test", **arguments)


def test_an_unknown_claim_lists_its_neighbours(read):
    with pytest.raises(InputError, match=r"investment\.private\.us\.2021"):
        findings.find({"investment.us": 1.0}, evidence="recomputed", method="test", sources=[TABLE])


def record(evidence, verdict, value, notebook="n"):
    claim = "investment.private.us.2021"
    return {
        "claim": claim,
        "recomputed": value,
        "evidence": evidence,
        "verdict": verdict,
        "method": "",
        "sources": [],
        "notebook": notebook,
    }


def test_the_strongest_evidence_heads():
    records = [
        record("internal", "inconsistent", 3),
        record("recomputed", "confirmed", 1),
        record("stated", "contradicted", 2),
    ]
    table = scorecard.headlines(records).set_index("id")
    assert table.loc["investment.private.us.2021", "recomputed"] == 1
    assert table.loc["investment.private.china.2021", "verdict"] == "untested"
    assert table.loc["investment.private.china.2021", "evidence"] == "none"


def test_two_findings_of_a_kind_are_refused():
    records = [record("stated", "confirmed", 1, "a"), record("stated", "confirmed", 1, "b")]
    with pytest.raises(InputError, match="in a and in b"):
        scorecard.headlines(records)


def test_counts_add_up():
    table = scorecard.headlines([])
    assert scorecard.counts(table).loc["all", "all"] == len(claims.claims())
    assert scorecard.counts(table).loc["none", "untested"] == len(claims.claims())
