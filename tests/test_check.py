"""What is recomputed in process: the same as stored, and every change of a figure named."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis import cli, paths
from analysis.check import audit, collection, compare, mutate
from analysis.check.execute import Seen
from analysis.errors import InputError
from analysis.sources import packages, tables


def test_a_changed_figure_is_named_with_table_notebook_cell_and_claim(data):
    table = data / "raw/ai_index_2022/shares.csv"
    text = table.read_text()
    changed = text.replace(
        "patents granted,United States,39.59", "patents granted,United States,36.59"
    )
    assert changed != text
    table.write_text(changed)
    found = [str(one) for one in collection.compare_all(["03", "22"])]
    assert any("data/processed/series.csv, row" in one and "column value" in one for one in found)
    assert any("22_patents, cell" in one and "patents.grants.us, faithful" in one for one in found)
    ended = CliRunner().invoke(cli.main, ["check", "03", "22", "--jobs", "1"])
    assert ended.exit_code == 1 and "differences in 2 notebooks" in ended.output


def test_an_error_in_a_cell_is_a_difference(data):
    (data / "raw/macropolo_tracker/talent.csv").unlink()
    (found,) = collection.compare_all(["30"])
    assert "30_talent_flows, cell" in found.where and "the file is missing" in found.after


def test_nothing_is_written_to_the_data(data):
    before = {path: path.read_bytes() for path in data.rglob("*.csv")}
    collection.compare_all(["01", "10"])
    assert before == {path: path.read_bytes() for path in data.rglob("*.csv")}


def test_cells_figures_tables_and_texts_are_compared():
    figure = {"title": "t", "unit": "u", "source": "s", "data": {"x": [1, 2]}}
    one = [Seen("a", 1, "1\n", {compare.FIGURE: figure}), Seen("a", 2, "x\ny", {})]
    other = json.loads(json.dumps(figure))
    other["data"]["x"][1] = 3
    two = [Seen("a", 1, "1\n", {compare.FIGURE: other}), Seen("a", 2, "x\nz", {})]
    assert [str(d) for d in compare.between(one, two)] == [
        "a, cell 1: the figure's data, column x, row 2: stored 2, computed 3",
        "a, cell 2: prints: stored y, computed z",
    ]
    assert [d.what for d in compare.between(one, one[:1])] == ["cells"]


def test_tables_are_compared_by_row_and_column(tmp_path):
    for name, text in {"a.csv": "x,y\n1,2\n3,4\n", "b.csv": "x,y\n1,2\n3,5\n"}.items():
        (tmp_path / name).write_text(text)
    (found,) = compare.between_tables("t.csv", tmp_path / "a.csv", tmp_path / "b.csv")
    assert str(found) == "t.csv, row 3: column y: stored 4, computed 5"


def test_what_a_table_reaches_is_known_or_everything(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert len(collection.touched_by("macropolo_tracker/talent")) == len(paths.notebooks())
    with pytest.raises(InputError, match="no table"):
        collection.touched_by("macropolo_tracker/nothing")


@pytest.mark.parametrize(
    "name", ["world_bank_gdp/gdp", "statements/statements", "cset_pla_contracts_2021/by_month"]
)
def test_a_mutation_changes_one_cell_to_something_else(name):
    table = packages.table(name)
    text = table.path.read_text(encoding="utf-8")
    before = pd.read_csv(table.path, dtype=str, keep_default_na=False)
    for one in mutate.mutations(table, most=20):
        (found,) = [
            (row + 2, column)
            for column in before
            for row in before.index[
                before[column]
                != pd.read_csv(_file(mutate.applied(text, one)), dtype=str, keep_default_na=False)[
                    column
                ]
            ]
        ]
        assert found == (one.row, one.column) and one.before != one.after


def _file(text):
    import io

    return io.StringIO(text)


def test_the_same_seed_makes_the_same_mutations():
    table = packages.table("statements/statements")
    assert mutate.mutations(table, most=5) == mutate.mutations(table, most=5)
    assert mutate.mutations(table, most=5) != mutate.mutations(table, most=5, seed=1)


def test_the_audit_says_who_notices_and_leaves_the_data_as_it_is(data):
    before = {path: path.read_bytes() for path in data.rglob("*.csv")}
    todo = [
        mutate.Mutation("world_bank_gdp/gdp", "gdp_usd", row, "7 per cent more", old, new)
        for row, old, new in _gdp()
    ]
    results = list(audit.audit(todo, 1, ["01", "47", "50", "51", "52"]))
    assert {one["by"] for one in results} <= {"finding", "figure", "shown"}
    assert audit.by_table(results).loc[0, ["changed", "noticed"]].tolist() == [2, 2]
    assert before == {path: path.read_bytes() for path in data.rglob("*.csv")}


def _gdp():
    """The two largest economies of 2022, 7 per cent more."""
    column = mutate.figures(packages.table("world_bank_gdp/gdp"))[0]
    assert column == "gdp_usd"
    frame = tables.read("world_bank_gdp/gdp")
    largest = frame[frame["year"] == 2022].nlargest(2, "gdp_usd")
    return [(n + 2, str(v), str(v * 1.07)) for n, v in largest["gdp_usd"].items()]


def test_a_swapped_link_is_noticed(data):
    path = data / "registry/links.csv"
    lines = path.read_text().splitlines(keepends=True)
    mine = [n for n, line in enumerate(lines) if line.startswith("talent.origin.")]
    first, second = (lines[n].split(",") for n in mine[:2])
    assert first[1] != second[1]
    first[1], second[1] = second[1], first[1]
    lines[mine[0]], lines[mine[1]] = ",".join(first), ",".join(second)
    path.write_text("".join(lines))
    assert any("30_talent_flows" in one.where for one in collection.compare_all(["30"]))
