"""The collection as a whole: a run finds what is stored, and a changed figure changes an answer."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis import cli, paths
from analysis.batch import door, record, tasks
from analysis.batch.schedule import Options
from analysis.check import compare
from analysis.check.execute import stored
from analysis.report import ledger, scorecard
from analysis.sources import packages

BY_AREA = "ai_index_2022/private_investment_by_area_2021"
ELSEWHERE = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "2"}
WHOLE = "the whole collection under its default choices"


def run_all(out, names=(), given=None):
    todo = door.plan(names, given or {}, out)[::-1]
    ran = door.run_collection(todo, out, Options(jobs=2), whole=not names and not given)
    assert [o.error for o in ran.outcomes if o.error] == []
    return ran, ledger.load(out / "findings.json")


def key(entry):
    return entry["claim"], entry["question"], entry["notebook"], entry["cell"], *entry["sources"]


def changes(before, after):
    """Return a line for each finding that changed: sources, notebook, claim, values, answers."""
    old = {key(entry): entry for entry in before}
    lines = []
    for new in after:
        was = old.pop(key(new), None)
        if was is None or (was["value"], was["answer"]) != (new["value"], new["answer"]):
            then = f"{was['value']} {was['answer']}" if was else "nothing"
            lines.append(
                f"{new['notebook']}, cell {new['cell']}: {new['claim']} {new['question']}: "
                f"stored {then}, now {new['value']} {new['answer']}"
            )
    return lines + [f"{gone[2]}: {gone[0]} {gone[1]}: the finding is gone" for gone in old]


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    return tmp_path_factory.mktemp("build")


@pytest.fixture(scope="module")
def collection(build, tmp_path_factory):
    """The whole collection, run last notebook first, from elsewhere, in another zone and tongue."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        for name, value in ELSEWHERE.items():
            patch.setenv(name, value)
        return run_all(build)


@pytest.fixture(scope="module")
def entries(collection):
    return collection[1]


def test_a_run_finds_what_the_notebooks_store(entries):
    different = changes(ledger.load(), entries)
    assert not different, "\n" + "\n".join(different)


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_what_a_run_shows_is_what_is_stored(path, collection, build):
    executed = build / "notebooks" / path.name
    assert [str(one) for one in compare.between(stored(path), stored(executed))] == []


def test_the_headline_is_of_the_whole_and_tells_dates_apart(collection):
    headline = collection[0].headline
    amounts, dates = headline.splitlines()
    assert "amounts, shares, growth rates, counts, ranks and orders: " in amounts
    assert " dates: " in dates
    assert headline == scorecard.headline(scorecard.standings(ledger.load()))


def test_a_part_or_another_choice_gets_no_headline(tmp_path):
    ran, _ = run_all(tmp_path, ["31"])
    assert ran.headline == "" and WHOLE in ran.why_none
    assert not (tmp_path / "headline.txt").exists()


def test_the_processed_tables_are_what_the_cleaning_notebooks_make(entries):
    stale = [
        f"data/processed/{path.name} is not what the cleaning notebooks make of data/raw"
        for path in sorted((paths.data() / "processed").glob("*.csv"))
        if path.read_bytes() != (paths.ROOT / "data/processed" / path.name).read_bytes()
    ]
    assert not stale, "\n".join(stale)


def test_after_a_run_nothing_has_to_run(entries, build):
    why = tasks.explain(door.plan((), {}, build))
    assert {task.name: reasons for task, reasons in why.items() if reasons} == {}


def test_every_table_is_read_by_a_notebook(entries, build):
    records = [record.read(path)["reads"] for path in build.rglob("*.ipynb")]
    read = {Path(path).parts[-3:] for reads in records for path in reads}
    known = {tuple(path.parts[-3:]) for path in paths.data().rglob("*.csv")}
    assert known - read == set()


def test_a_changed_raw_figure_turns_the_answer_and_is_named(entries, data, tmp_path):
    path = packages.table(BY_AREA).path
    path.write_text(path.read_text().replace("52.878619257", "53.878619257"))
    _, changed = run_all(tmp_path / "build", ["01", "10"])
    (line,) = [line for line in changes(entries, changed) if "us.2021" in line]
    assert line.startswith("10_private_investment, cell ")
    assert line.endswith("reproduced: stored 52.878619257 yes, now 53.878619257 no")


def test_no_finding_from_outside_rests_on_the_report(entries):
    for entry in entries:
        if entry["question"] != "consistent":
            own = [s for s in entry["sources"] if s.startswith(("report/", "registry/"))]
            assert entry["sources"] and not own, entry["claim"]


def test_the_figures_the_report_took_from_the_ai_index_are_given_by_it():
    table = scorecard.standings(ledger.load()).set_index("id")
    areas = ["us.2021", "china.2021", "hongkong.2021", "uk.2021", "eu.2021"]
    areas += ["us.2013_2021", "china.2013_2021"]
    rows = table.loc[[f"investment.private.{area}" for area in areas]]
    assert set(rows["reproduced"]) == {"yes"}


def test_coverage_of_the_questions():
    kinds = scorecard.coverage(scorecard.standings(ledger.load())).loc["all"]
    assert kinds["beyond the report"] >= 0.73 * kinds["claims"]
    assert kinds["figures"] >= 150


def invoke(*arguments):
    return CliRunner().invoke(cli.main, list(arguments))


def test_the_headline_is_put_between_its_marks(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# a\n<!-- headline -->\nold\n<!-- end of headline -->\nb\n")
    assert invoke("headline", str(page)).exit_code == 0
    text = page.read_text()
    assert "old" not in text and text.startswith("# a\n") and text.endswith("\nb\n")
    assert all(line in text for line in invoke("headline").output.splitlines())
    page.write_text("no marks")
    ended = invoke("headline", str(page))
    assert ended.exit_code == 2 and "no place for the headline" in ended.output
    assert page.read_text() == "no marks"


def test_claims_as_json():
    rows = json.loads(invoke("claims", "--format", "json").output)
    keys = {
        *("id", "topic", "paragraph", "statement", "kind", "stated", "value", "unit", "qualifier"),
        *("standing", "consistent", "faithful", "reproduced", "independent", "lasting"),
        *("found", "low", "high", "sources", "notebook"),
    }
    assert all(keys <= set(row) for row in rows)
    questions = ("consistent", "faithful", "reproduced", "independent", "lasting")
    assert {row[q] for row in rows for q in questions} <= {"yes", "no", "mixed", None}
    assert {type(row["found"]) for row in rows} <= {str, type(None)}
    assert {type(row[end]) for row in rows for end in ("low", "high")} <= {float, type(None)}
    tested = [row for row in rows if row["standing"] not in ("untested", None)]
    assert len(tested) >= 200
    assert all(row["sources"] and row["found"] for row in tested)


def test_claims_filtered_in_80_columns_and_as_csv():
    table = invoke("claims", "--topic", "patents", "--standing", "misquoted")
    assert table.exit_code == 0
    assert "misquoted" in table.output and "patents.grants" not in table.output
    assert max(map(len, table.output.splitlines())) <= 80
    rows = invoke("claims", "--question", "lasting", "--format", "csv").output.splitlines()
    assert rows[0].startswith("id,topic,") and len(rows) > 10
    assert max(map(len, invoke("claims", "--coverage").output.splitlines())) <= 80


def test_why_prints_the_chain():
    result = invoke("why", "patents.grants.china")
    assert result.exit_code == 0
    assert "revised: its publisher has since said otherwise" in result.output
    assert "analysis run 22 --fresh && analysis why patents.grants.china" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "10", "-p", "yaer", "2019"], "no parameter 'yaer'; there are: "),
        (["run", "10", "-p", "year", "2030"], "give a whole number from 2013 to 2021"),
        (["run", "77"], "no notebook '77'; there are: 00_overview"),
        (["claims", "--topic", "weather"], "--topic 'weather' is not one of"),
        (["claims", "--standing", "maybe"], "--standing 'maybe' is not one of"),
        (["claims", "--question", "really"], "--question 'really' is not one of"),
        (["claims", "--ledger", "nowhere.json"], "no such file"),
        (["why", "patents.china"], "no claim 'patents.china'; there are: "),
        (["sources", "verify", "--originals", "nowhere"], "no such folder"),
    ],
)
def test_bad_input_ends_in_one_line_and_exit_code_2(arguments, message):
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_a_failing_cell_is_named_there_is_no_headline_and_the_exit_code_is_1(data, tmp_path):
    (tmp_path / "headline.txt").write_text("of an earlier run\n")
    (data / "processed/private_investment.csv").unlink()
    result = invoke("run", "10", "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "cell 3, line 10 (investment = tables.read(" in result.output
    assert "private_investment.csv: the file is missing" in result.output
    assert "no headline: 1 of 1 failed" in result.output
    assert not (tmp_path / "headline.txt").exists()


def test_a_run_of_one_notebook_says_what_it_is_of(tmp_path):
    result = invoke("run", "31", "-p", "until", "2019", "--out", str(tmp_path))
    assert result.exit_code == 0
    assert WHOLE in result.output and "amounts" not in result.output


def test_a_sweep_keeps_only_the_runs_that_the_grid_asks_for(tmp_path):
    import pandas as pd

    grid, out = tmp_path / "grid.yaml", tmp_path / "out"
    for years in ([2018, 2019, 2020], [2019, 2020]):
        grid.write_text(f"until: {years}\n")
        assert invoke("sweep", "31", str(grid), "--out", str(out)).exit_code == 0
        found = pd.read_parquet(out / "findings.parquet")
        assert sorted(set(found["until"])) == years
    sums = found[found["claim"] == "education.colleges"].query("method.str.startswith('sum')")
    assert sums["number"].nunique() == 2


def test_a_copy_with_old_outputs_does_not_stop_the_claims(monkeypatch, tmp_path):
    folder = tmp_path / "notebooks"
    shutil.copytree(paths.NOTEBOOKS, folder)
    shutil.copy(folder / "10_private_investment.ipynb", folder / "10_mine.ipynb")
    monkeypatch.setattr(paths, "NOTEBOOKS", folder)
    result = invoke("claims", "--topic", "investment")
    assert result.exit_code == 0
    assert "findings left out" in result.output


def test_sources_list_names_every_table():
    assert set(packages.tables()) == {
        line.split()[0] for line in invoke("sources", "list").output.splitlines()
    }


def test_plain_papermill_runs_from_any_directory(tmp_path):
    notebook = paths.NOTEBOOKS / "10_private_investment.ipynb"
    command = [sys.executable, "-m", "papermill", str(notebook), "out.ipynb", "-p", "year", "2019"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    entries = ledger.harvest([tmp_path / "out.ipynb"])
    assert {entry["choices"]["year"] for entry in entries} == {2019}
