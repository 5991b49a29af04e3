"""Claims, findings and the ledger: what is accepted, what is refused, what decides."""

import json
import shutil

import jsonschema
import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.report import (
    chapters,
    claims,
    comparable,
    findings,
    ledger,
    links,
    measured,
    scorecard,
)
from analysis.report.standing import QUESTIONS, STANDINGS, answers, deciding
from analysis.report.why import why
from analysis.sources import citations, statements, tables

TABLE = "ai_index_2022/private_investment_by_area_2021"
US = "investment.private.us.2021"


@pytest.fixture
def read():
    tables.read(TABLE)
    tables.read("registry/claims")
    tables.read(statements.TABLE)


def find(value, claim=US, **more):
    how = {"question": "reproduced", "method": "test", "sources": [TABLE]} | more
    return findings.find({claim: value}, **how)[0]


def test_the_claims_are_in_order():
    assert claims.check_table() == []
    assert len(claims.claims()) >= 300


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",52.88,usd_bn,", ",52.88,parsec,", "column unit: 'parsec'"),
        (",52.88,usd_bn,", ",fifty,usd_bn,", "column value: 'fifty' is no number"),
        (",52.88,usd_bn,", ",,usd_bn,", "column value: ''"),
        (",52.88,usd_bn,2,exact,", ",52.88,usd_bn,2,roughly,", "'roughly'"),
        (",52.88,usd_bn,2,exact,", ",9..3,usd_bn,2,range,", "'9..3' is no number"),
        (",52.88,usd_bn,2,exact,", ",52.88,usd_bn,2,range,", "needs two ends, low..high"),
        (",52.88,usd_bn,", ",50..53,usd_bn,", "needs one value"),
        ("P116,Private investment in AI in the United States in 2021", "P999,x", "'P999'"),
        (f"{US},", "US 2021,", "column id: 'US 2021'"),
    ],
)
def test_a_bad_row_is_refused_in_one_line(data, old, new, message):
    path = data / "registry/claims.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    problems = claims.check_table()
    assert any(message in line for line in problems), problems
    assert all("data/registry/claims.csv, row" in line and "\n" not in line for line in problems)


def test_every_claim_can_be_read_alone_and_does_not_give_its_value_away():
    vague = (" this ", " those ", "that committee", "among them", "these companies")
    for item in claims.claims().values():
        assert not [word for word in vague if word in f" {item.statement.lower()} "], item.id
        assert item.says


def test_a_finding_is_judged_by_the_claim(read):
    good, cut, bad = (find(value) for value in (52.878619257, 52.872119257, 53.1))
    assert [one.answer for one in (good, cut, bad)] == ["yes", "yes", "no"]
    assert (good.marks, cut.marks) == ((), ("raised",))
    assert good.sources == (TABLE,)
    assert good.directness == "copy"


def test_a_near_finding_does_not_decide_and_must_say_what_differs(read):
    near = find(99, scope="near", differs="another year")
    assert (near.answer, near.scope) == ("no", "near")
    assert answers([near]) == dict.fromkeys(QUESTIONS)
    with pytest.raises(InputError, match="needs `differs`"):
        find(99, scope="near")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"sources": ["registry/claims"]}, "cannot rest on the report"),
        ({"question": "faithful", "sources": ["registry/claims"]}, "cannot rest on the report"),
        ({"sources": []}, "needs a source"),
        ({"sources": ["ncses/none"]}, "was not read"),
        ({"sources": [f"{TABLE}#Atlantis"]}, "no row 'Atlantis'"),
        ({"question": "hearsay"}, "question 'hearsay' is not one of"),
        ({"scope": "far"}, "scope 'far' is not one of"),
        ({"marks": ["odd"]}, "mark 'odd' is not one of"),
    ],
)
def test_what_is_no_finding_is_refused(read, more, message):
    with pytest.raises(InputError, match=message):
        find(52.88, **more)


def test_only_consistency_rests_on_the_report(read):
    one = find(3, claim="companies.huawei.rank", question="consistent", sources=["registry/claims"])
    assert one.answer == "yes"


def test_a_bound_that_decides_nothing_is_refused_unless_near(read):
    with pytest.raises(InputError, match="neither implies nor excludes"):
        find(">50")
    assert find(">50", scope="near", differs="a bound").answer is None
    assert find(">60").answer == "no"


def test_a_number_that_the_source_gives_as_a_bound_is_not_faithful(read):
    cited = find(">50", question="faithful", sources=[TABLE])
    assert cited.answer == "no"


def test_a_value_that_does_not_compare_names_its_claim(read):
    with pytest.raises(InputError, match=f"claim '{US}'"):
        find("China; India")
    with pytest.raises(InputError, match=f"claim '{US}'"):
        find(float("nan"))


def test_an_unknown_claim_lists_its_neighbours(read):
    with pytest.raises(InputError, match=r"investment\.private\.us\.2021"):
        find(1.0, claim="investment.us")


def test_a_finding_shows_words_to_a_person_and_a_record_to_machines(read):
    bundle = findings.Findings([find(52.878619257)])._repr_mimebundle_()
    assert "52.88 billion US dollars" in bundle["text/plain"]
    assert "R✓" in bundle["text/plain"]
    assert "The report: " in bundle["text/html"] and US not in bundle["text/html"]
    assert bundle[findings.MIME][0]["claim"] == US


def test_every_link_names_a_claim_and_a_statement_and_compares():
    topics = {item.topic for item in claims.claims().values()}
    found = links.findings(*topics)
    assert len(found) == len(tables.read(links.TABLE))
    with pytest.raises(InputError, match="topic 'weather' is not one of"):
        links.findings("weather")


def test_an_undated_page_is_near():
    dated = {key: row["published"] for key, (_, row) in tables.rows(statements.TABLE).items()}
    rows = tables.read(links.TABLE)
    same = rows[rows["scope"] == "same"]
    undated = [row.statement for row in same.itertuples() if not dated[row.statement]]
    allowed = [key for key in undated if key.startswith("law_")]
    assert sorted(set(undated) - set(allowed)) == []


def test_every_near_link_says_what_differs():
    rows = tables.read(links.TABLE)
    assert rows[(rows["scope"] == "near")]["differs"].notna().all()


def test_comparable_pairs_are_decided_once_and_all_speak():
    pair = comparable.pair(
        "ai_index_2022.patents_granted_share", "ncses_2024.patents_granted_share"
    )
    assert (pair.question, pair.scope) == ("independent", "near")
    with pytest.raises(InputError, match="no pair"):
        comparable.pair("ai_index_2022.patents_granted_share", "nobody.shares")
    frame = tables.read(comparable.TABLE)
    assert not frame.duplicated(["series", "other"]).any()


def test_claims_are_set_beside_every_comparable_series():
    found = measured.findings("patents")
    china = [one for one in found if one.claim == "patents.grants.china"]
    assert {one.question for one in china} == {"faithful", "independent", "lasting"}
    assert {one.answer for one in deciding(china, "lasting")} == {"no"}


def test_a_source_is_cited_to_the_row():
    cited = citations.cite(f"{TABLE}#China")
    assert cited.row == 3 and cited.directness == "copy"
    assert len(cited.sha256) == 64 and cited.url.startswith("https://")
    page = citations.cite(statements.source("miit_2022.core"))
    assert page.locator and page.edition == "2022-06-24"


def test_every_statement_has_a_locator_and_a_place_in_the_language_of_values():
    for key, (_, row) in tables.rows(statements.TABLE).items():
        assert row["locator"] and row["url"].startswith("http"), key
        assert statements.value(key)


@pytest.fixture(scope="module")
def entries():
    return ledger.load()


def test_the_ledger_keeps_its_schema(entries):
    schema = json.loads((paths.ROOT / "docs/findings.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(entries, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**entries[0], "answer": "perhaps"}], schema)


def test_no_standing_rests_on_a_near_finding_or_on_the_report_alone(entries):
    table = scorecard.standings(entries)
    same = [entry for entry in entries if entry["scope"] == "same"]
    assert scorecard.standings(same)["standing"].tolist() == table["standing"].tolist()
    own = [entry for entry in entries if entry["question"] == "consistent"]
    alone = scorecard.standings(own)["standing"].dropna()
    assert set(alone) <= {"untested", "inconsistent"}


def test_a_claim_is_answered_or_it_is_said_what_was_looked_for(entries):
    table = scorecard.with_standing(scorecard.standings(entries))
    open_ = table[table["standing"] == "untested"]
    assert open_[open_["looked_for"] == ""]["id"].tolist() == []
    settled = table[(table["standing"] != "untested") & (table["looked_for"] != "")]
    outside = [question for question in QUESTIONS if question != "consistent"]
    assert settled[settled[outside].notna().any(axis=1)]["id"].tolist() == []


def test_claims_of_the_report_about_itself_are_not_counted(entries):
    table = scorecard.standings(entries)
    own = table[table["subject"] == "report"]
    assert len(own) and own["standing"].isna().all()
    assert len(scorecard.with_standing(table)) == len(table) - len(own)


def test_a_copied_notebook_is_left_out_with_a_line(tmp_path, capsys):
    book = paths.NOTEBOOKS / "10_private_investment.ipynb"
    copy = tmp_path / "10_private_investment-Copy1.ipynb"
    shutil.copy(book, copy)
    once, twice = ledger.harvest([book]), ledger.harvest([book, copy])
    assert twice == once
    assert f"Copy1.ipynb: {len(once)} findings left out" in capsys.readouterr().err


def test_counts_add_up(entries):
    table = scorecard.standings(entries)
    by_topic = scorecard.by(table, "topic")
    assert by_topic.to_numpy().sum() == len(scorecard.with_standing(table))
    assert list(by_topic.columns) == list(STANDINGS)
    assert scorecard.coverage(table).loc["all", "claims"] == len(scorecard.with_standing(table))


def test_what_is_found_is_what_decided(entries):
    table = scorecard.standings(entries).set_index("id")
    assert table.loc["patents.grants.china", "standing"] == "revised"
    assert table.loc["patents.grants.china", "found"].startswith("58.04")
    assert table.loc["patents.grants.us", "standing"] == "misquoted"
    assert table.loc["patents.grants.us", "found"] == "39.59±0.005"
    assert table.loc["targets.core.2020.usd", "standing"] == "inconsistent"


def test_why_leads_to_every_source_within_80_columns(entries):
    text = why("patents.grants.china", entries)
    for word in ("AI INDEX 26", "SINV-17", "cset_activity_2024_12", "near, context only", "sha256"):
        assert word in text or word.replace(" ", "%20") in text
    long = [line for line in text.splitlines() if len(line) > 80 and "http" not in line]
    assert long == []
    with pytest.raises(InputError, match=r"no claim 'patents\.china'"):
        why("patents.china", entries)


def test_the_claims_of_most_consequence_fail_and_are_told(entries):
    table = scorecard.standings(entries)
    shown = chapters.consequential(table).frame
    assert len(shown) == len(tables.read(chapters.CONSEQUENTIAL))
    assert (shown[["the report says", "found", "from", "why it matters"]] != "").all(axis=None)
    first = tables.read(chapters.CONSEQUENTIAL)["claim"][0]
    table.loc[table["id"] == first, "standing"] = "confirmed"
    assert len(chapters.consequential(table).frame) == len(shown) - 1
    with pytest.raises(InputError, match="row 2, column claim: no claim"):
        chapters.consequential(table[table["id"] != first])
