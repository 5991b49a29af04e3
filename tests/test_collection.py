"""The collection as a whole: a run finds what is stored, and a changed figure changes a verdict."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from analysis import cli, paths
from analysis.batch import tasks
from analysis.batch.notebooks import assign, select
from analysis.batch.run import Options, run, write_ledger
from analysis.errors import InputError
from analysis.report import ledger, scorecard
from analysis.sources import packages

BY_AREA = "ai_index_2022/private_investment_by_area_2021"


def run_all(out, names=()):
    todo = tasks.collection(assign(select(names), {}), out)
    outcomes = run(todo, Options(jobs=2), gather=lambda: write_ledger(todo, out))
    assert [o.error for o in outcomes if o.error] == []
    return write_ledger(todo, out)


def changes(before, after):
    """Return a line for each finding that changed: tables, notebook, claim, values, verdicts."""
    old = {(r["claim"], r["evidence"]): r for r in before}
    lines = []
    for new in after:
        was = old.pop((new["claim"], new["evidence"]), None)
        if was is None or (was["recomputed"], was["verdict"]) != (
            new["recomputed"],
            new["verdict"],
        ):
            then = f"{was['recomputed']} {was['verdict']}" if was else "nothing"
            lines.append(
                f"tables {', '.join(new['sources'])}; notebook {new['notebook']}; claim "
                f"{new['claim']}: stored {then}, now {new['recomputed']} {new['verdict']}"
            )
    return lines + [f"claim {claim}: the {kind} finding is gone" for claim, kind in old]


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    return run_all(tmp_path_factory.mktemp("build"))


def test_a_run_finds_what_the_notebooks_store(findings):
    different = changes(ledger.load(), findings)
    assert not different, "\n" + "\n".join(different)


def test_the_processed_tables_are_what_the_cleaning_notebooks_make(findings):
    stale = [
        f"data/processed/{path.name} is not what the cleaning notebooks make of data/raw"
        for path in sorted((paths.data() / "processed").glob("*.csv"))
        if path.read_bytes() != (paths.ROOT / "data/processed" / path.name).read_bytes()
    ]
    assert not stale, "\n".join(stale)


def test_a_changed_raw_figure_turns_the_verdict_and_is_named(findings, data, tmp_path):
    path = packages.table(BY_AREA).path
    path.write_text(path.read_text().replace("52.878619257", "53.878619257"))
    changed = run_all(tmp_path / "build", ["01", "10"])
    lines = changes(findings, changed)
    assert lines == [
        f"tables {BY_AREA}; notebook 10_private_investment; claim investment.private.us.2021: "
        "stored 52.878619257 confirmed, now 53.878619257 contradicted"
    ]


def test_no_finding_from_outside_rests_on_the_report(findings):
    for record in findings:
        if record["evidence"] not in ("internal", "none"):
            assert record["sources"], record["claim"]
            assert not [s for s in record["sources"] if s.startswith("report/")], record["claim"]


def test_research_talent_and_education_are_settled_or_looked_for(findings):
    """P195 to P212, P231 and P232: who tests how much of what they claim."""
    sections = [*range(195, 213), 231, 232]
    table = scorecard.headlines(findings)
    rows = table[table["paragraph"].str[1:].astype(int).isin(sections)]
    assert set(rows["id"]) <= {record["claim"] for record in findings}
    strong = rows["evidence"].isin(["recomputed", "cross-checked"]).mean()
    known = rows["evidence"].isin(["recomputed", "cross-checked", "stated"]).mean()
    assert strong >= 0.4 and known >= 0.6
    assert (rows.loc[rows["evidence"] == "none", "method"] != "").all()


def test_the_figures_the_report_took_from_the_ai_index_are_confirmed():
    table = scorecard.headlines(ledger.load()).set_index("id")
    areas = ["us.2021", "china.2021", "hongkong.2021", "uk.2021", "eu.2021"]
    areas += ["us.2013_2021", "china.2013_2021"]
    rows = table.loc[[f"investment.private.{area}" for area in areas]]
    assert set(rows["verdict"]) == {"confirmed"}
    assert set(rows["evidence"]) == {"recomputed"}
    assert table.loc["targets.core.2020.usd", "verdict"] == "inconsistent"


def invoke(*arguments):
    return CliRunner().invoke(cli.main, list(arguments))


def test_claims_as_json():
    result = invoke("claims", "--format", "json")
    rows = json.loads(result.output)
    keys = {
        *("id", "topic", "paragraph", "statement", "value", "unit", "qualifier", "recomputed"),
        *("evidence", "verdict", "sources", "notebook"),
    }
    assert all(keys <= set(row) for row in rows)
    tested = [row for row in rows if row["verdict"] != "untested"]
    assert len(tested) >= 20
    assert all(row["sources"] and row["recomputed"] is not None for row in tested)


def test_claims_filtered_and_as_csv():
    table = invoke("claims", "--topic", "investment", "--verdict", "confirmed", "--format", "csv")
    assert table.exit_code == 0
    assert all(",investment,P" in line for line in table.output.splitlines()[1:])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "10", "-p", "yaer", "2019"], "no parameter 'yaer'; there are: "),
        (["run", "10", "-p", "year", "2030"], "give a whole number from 2013 to 2021"),
        (["run", "77"], "no notebook '77'; there are: 01_clean_ai_index"),
        (["claims", "--topic", "weather"], "--topic 'weather' is not one of"),
        (["claims", "--verdict", "maybe"], "--verdict 'maybe' is not one of"),
        (["claims", "--ledger", "nowhere.json"], "no such file"),
        (["sources", "verify", "--originals", "nowhere"], "no such folder"),
    ],
)
def test_bad_input_ends_in_one_line_and_exit_code_2(arguments, message):
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_a_failing_cell_is_named_and_the_exit_code_is_1(data, tmp_path):
    (data / "processed/private_investment.csv").unlink()
    result = invoke("run", "10", "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "cell 3: InputError" in result.output
    assert "private_investment.csv: the file is missing" in result.output


def test_sources_list_names_every_table():
    assert set(packages.tables()) == {
        line.split()[0] for line in invoke("sources", "list").output.splitlines()
    }


def test_plain_papermill_runs_from_any_directory(tmp_path):
    notebook = paths.NOTEBOOKS / "10_private_investment.ipynb"
    command = [sys.executable, "-m", "papermill", str(notebook), "out.ipynb", "-p", "year", "2019"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ledger.harvest([tmp_path / "out.ipynb"])


def test_the_ten_of_most_consequence_fail_and_are_told():
    table = scorecard.headlines(ledger.load())
    shown = scorecard.consequential(table).frame
    assert len(shown) == 10
    assert (shown[["report says", "found", "from", "why it matters"]] != "").all(axis=None)


def test_a_claim_that_does_not_fail_is_not_of_consequence():
    table = scorecard.headlines(ledger.load())
    table.loc[table["id"] == "patents.filings.china", "verdict"] = "confirmed"
    assert len(scorecard.consequential(table).frame) == 9
    with pytest.raises(InputError, match=r"row 2, column claim: no claim 'patents.filings.china'"):
        scorecard.consequential(table[table["id"] != "patents.filings.china"])


def test_the_share_of_claims_with_evidence():
    kinds = scorecard.coverage(scorecard.headlines(ledger.load())).loc["all"]
    assert kinds["no notebook"] == 0
    assert kinds["none"] <= kinds["all"] / 3
    assert kinds["recomputed"] + kinds["cross-checked"] >= kinds["all"] / 3
