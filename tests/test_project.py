"""The project's own files agree with each other."""

import ast
import collections
import re
import tomllib

import pytest
import yaml

from analysis import figures, notebooks, paths, skeletons
from analysis.report import ledger, listing, scorecard
from analysis.report.standing import QUESTIONS, STANDINGS

PROJECT = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
ALONE = ("bench", "fuzz", "mutants", "peers")  # Extras that a target of the Makefile installs.


def test_the_environment_file_lists_the_same_packages():
    extras = PROJECT["optional-dependencies"].items()
    wanted = {*PROJECT["dependencies"]}
    wanted |= {package for name, extra in extras if name not in ALONE for package in extra}
    conda = set(yaml.safe_load((paths.ROOT / "environment.yml").read_text())["dependencies"])
    assert conda - {"python>=3.11"} == wanted
    assert f"python{PROJECT['requires-python']}" in conda


def test_every_package_is_pinned_with_hashes():
    pins = (paths.ROOT / "requirements.txt").read_text()
    named = {re.split("[><=]", package)[0] for package in PROJECT["dependencies"]}
    for package in named:
        assert re.search(rf"^{package}==\S+.*\\\n    --hash=sha256:", pins, re.M), package


@pytest.mark.parametrize("layer", ["statistics", "kernels", "sources", "report", "batch", "site"])
def test_imports_run_down_only(layer):
    order = ["statistics", "kernels", "sources", "report", "batch", "site", "check", "cli"]
    forbidden = order[order.index(layer) + 1 :]
    if layer == "sources":
        forbidden = ["statistics", "kernels", *forbidden]
    if layer == "kernels":
        forbidden = ["statistics", "notebooks", *forbidden]
    for module in (paths.ROOT / "src/analysis" / layer).rglob("*.py"):
        for other in forbidden:
            text = module.read_text()
            assert f"analysis.{other}" not in text, f"{module.name} imports {other}"
            assert f"from analysis import {other}" not in text, f"{module.name} imports {other}"


def test_no_module_is_long():
    modules = (paths.ROOT / "src").rglob("*.py")
    lengths = {module.name: len(module.read_text().splitlines()) for module in modules}
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_a_notebook_is_tidy(path):
    import nbformat

    notebook = nbformat.read(path, 4)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.cells[0].source.startswith(f"# {path.stem.split('_')[0]} ")
    tags = [cell.metadata.get("tags") for cell in notebook.cells]
    assert tags.count(["parameters"]) == 1, "one cell is tagged parameters"
    for number, cell in enumerate(notebook.cells, start=1):
        assert set(cell.metadata) <= {"tags"}
        if cell.cell_type == "code":
            assert cell.execution_count, f"cell {number} was not run: `make notebooks`"
            assert not re.search(r"^\s*(def|class) ", cell.source, re.M)
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len([line for line in lines if not line.lstrip().startswith("#")]) <= 12
            assert "data/raw" not in cell.source and "read_csv" not in cell.source
            assert len(re.findall(r"[\"'][a-z0-9_]+(?:\.[a-z0-9_]+)+[\"']", cell.source)) <= 8
            assert not [
                o
                for o in cell.outputs
                if o.output_type in ("error", "stream") and o.get("name") == "stderr"
            ]
            for output in cell.outputs:
                if figures.SVG in output.get("data", {}):
                    assert output.metadata[figures.SVG]["alt"]


def test_the_readme_states_the_headline_and_shows_the_stored_picture(tmp_path):
    readme = (paths.ROOT / "README.md").read_text()
    standings = scorecard.standings(ledger.load())
    for line in [*scorecard.headline(standings).splitlines(), listing.topics_markdown(standings)]:
        assert line in readme, "`make notebooks` writes the headline of README.md"
    (picture,) = notebooks.figures(paths.NOTEBOOKS / "90_scorecard.ipynb", tmp_path)[:1]
    assert (paths.ROOT / "docs" / picture.name).read_bytes() == picture.read_bytes()
    assert f"docs/{picture.name}" in readme


def test_questions_and_standings_are_explained_in_the_readme():
    readme = (paths.ROOT / "README.md").read_text()
    for name, asks in QUESTIONS.items():
        assert f"| `{name}` | {asks} |" in readme
    for name, (when, words) in STANDINGS.items():
        assert f"| `{name}` | {when} | {words} |" in readme


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_a_notebook_answers_its_question_at_its_top(path):
    cells = [cell for cell in notebooks.load(path)["cells"] if cell["cell_type"] == "code"]
    shown = cells[2]["outputs"][-1]["data"]["text/plain"]
    assert "".join(shown) == f"Answer. {notebooks.answer(path)}"
    assert notebooks.question(path).endswith((".", "?"))


def test_nothing_waits_to_be_filled():
    assert skeletons.unfilled() == []


COMMANDS = {
    "audit",
    "check",
    "claims",
    "figures",
    "headline",
    "main",
    "numbers",
    "run",
    "sources",
    "store",
    "why",
}
"""A command of the command line is called what the module behind it is."""

SAME = {"findings", "load", "read", "value", "write"}
"""The same deed on another thing: ``tables.read``, ``series.read``."""


def test_no_two_public_names_are_alike():
    found = collections.defaultdict(list)
    for module in (paths.ROOT / "src").rglob("*.py"):
        for node in ast.parse(module.read_text()).body:
            named = isinstance(node, (ast.FunctionDef, ast.ClassDef))
            if named and not node.name.startswith("_"):
                found[node.name].append(module.name)
    alike = {name: modules for name, modules in found.items() if len(modules) > 1}
    assert {name: alike[name] for name in alike.keys() - COMMANDS - SAME} == {}
