"""Tables: schema, provenance, verification, bad input."""

import json
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.sources import packages, schema, seal, tables, verify
from analysis.sources.citations import DIRECTNESS

ORIGINALS = Path(os.environ.get("ORIGINALS", "no originals"))
NAMES = list(packages.tables())
OURS = ("processed/", "registry/")
RAW = [name for name in NAMES if not name.startswith(OURS)]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_keeps_its_schema(name):
    assert schema.broken(packages.table(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_unit_or_says_what_it_is(name):
    for field in packages.table(name).resource.schema.to_descriptor()["fields"]:
        if field["type"] in ("integer", "number"):
            assert field.get("unit") or field.get("description"), field["name"]


@pytest.mark.parametrize("folder", sorted({name.split("/")[0] for name in RAW}))
def test_every_raw_package_states_its_provenance(folder):
    about = json.loads((paths.data() / "raw" / folder / "datapackage.json").read_text())
    asked = {"publisher", "edition", "licenses", "sources", "accessed", "directness", "short"}
    if folder == "statements":  # Each row says so of itself.
        asked -= {"directness", "short"}
    missing = sorted(key for key in asked if not about.get(key))
    assert not missing, f"data/raw/{folder}/datapackage.json says nothing of: {', '.join(missing)}"
    assert about.get("directness", "original") in DIRECTNESS
    for resource in about["resources"]:
        if "original" in resource:
            assert re.fullmatch("[0-9a-f]{64}", resource["original"]["sha256"])


def test_every_processed_table_names_tables_that_exist():
    for name in [name for name in NAMES if name.startswith("processed/")]:
        assert packages.table(name).derived_from
        assert set(packages.roots(name)) <= set(RAW)


def test_no_file_lies_in_data_unlisted():
    listed = {packages.table(name).path for name in NAMES}
    assert set(paths.data().rglob("*.csv")) == listed


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2021,93.535757202", "2021,much", "row 10, column investment_usd_bn: 'much'"),
        ("2021,93.535757202", "2021,-1", "row 10, column investment_usd_bn: '-1'"),
        ("2021,93.535757202", "2020,93.5", "row 10"),
        ("year,", "jahr,", "year"),
    ],
)
def test_a_broken_cell_is_named(data, old, new, message):
    path = data / "raw/ai_index_2022/private_investment.csv"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError) as caught:
        tables.read("ai_index_2022/private_investment")
    assert message in str(caught.value)
    assert "data/raw/ai_index_2022/private_investment.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_table_lists_those_there_are():
    with pytest.raises(InputError, match="private_investment"):
        tables.read("ai_index_2022/investment")


def test_a_missing_file_is_named(data):
    (data / "raw/ai_index_2022/publications.csv").unlink()
    with pytest.raises(InputError, match=r"publications\.csv: the file is missing"):
        tables.read("ai_index_2022/publications")


def test_a_broken_descriptor_is_named(data):
    (data / "raw/ai_index_2022/datapackage.json").write_text("{")
    with pytest.raises(InputError, match=r"data/raw/ai_index_2022/datapackage\.json"):
        packages.tables()


def test_only_processed_tables_are_written_and_never_by_halves(data):
    with pytest.raises(InputError, match="processed"):
        tables.write(pd.DataFrame(), "ai_index_2022/publications")
    path = data / "processed/private_investment.csv"
    before = path.read_bytes()
    frame = tables.read("processed/private_investment")
    with pytest.raises(InputError, match="row 2, column investment_usd_bn"):
        tables.write(frame.assign(investment_usd_bn=-1.0), "processed/private_investment")
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(".")] == []


def test_a_difference_is_named_by_row_and_column():
    ours = pd.DataFrame({"year": [2020, 2021], "value": [1.0, 2.0]})
    theirs = pd.DataFrame({"year": [2020, 2021], "value": [1.0, 2.5]})
    assert verify.table_differences(ours, theirs, "t.csv") == [
        "t.csv, row 3, column value: 2.0, original 2.5"
    ]
    assert verify.table_differences(ours, ours, "t.csv") == []
    assert "rows" in verify.table_differences(ours, theirs.head(1), "t.csv")[0]


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals are not at hand")
def test_every_figure_agrees_with_its_original():
    results = verify.verify(ORIGINALS)
    there = [result for result in results if result.status != "not at hand"]
    assert [line for result in there for line in result.lines] == []
    assert sum(result.figures for result in results if result.status == "agrees") > 900


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals are not at hand")
def test_a_changed_figure_differs_from_the_original(data):
    path = data / "raw/ai_index_2022/private_investment_by_area_2021.csv"
    path.write_text(path.read_text().replace("52.878619257", "52.9"))
    found = {v.table: v for v in verify.verify(ORIGINALS)}
    changed = found.pop("ai_index_2022/private_investment_by_area_2021")
    assert changed.status == "differs"
    assert "row 2, column investment_usd_bn: 52.9, original 52.878619257" in changed.lines[0]
    assert not [v for v in found.values() if v.status == "differs"]


def test_every_table_is_what_its_checksum_says(data):
    assert seal.unsealed() == [], "after an edit that was meant: analysis sources seal"
    path = data / "raw" / "world_bank_gdp" / "gdp.csv"
    path.write_text(path.read_text().replace("2022", "2021", 1))
    assert seal.unsealed() == ["world_bank_gdp/gdp"]
    assert seal.seal() == ["world_bank_gdp/gdp"] and seal.unsealed() == []
