"""Parameters: the notebooks' own cells and the table of what is allowed agree."""

import nbformat
import papermill
import pytest

from analysis import parameters, paths
from analysis.errors import InputError

NOTEBOOKS = paths.notebooks()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_declares_what_it_checks(path):
    inferred = papermill.inspect_notebook(str(path))
    known = parameters.of(path.stem)
    assert list(inferred) == list(known)
    for name, found in inferred.items():
        assert found["inferred_type_name"] == known[name].kind.__name__
        assert found["help"] == known[name].help
        known[name].parse(name, eval(found["default"]))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_checks_every_parameter_in_its_first_cell(path):
    code = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    call = f'parameters.check("{path.stem}", '
    assert call in code[1].replace("\n    ", "").replace("(\n", "(")
    for name in parameters.of(path.stem):
        assert f"{name}={name}" in code[1]


@pytest.mark.parametrize(
    ("notebook", "values", "message"),
    [
        ("10_private_investment", {"year": 2030}, "from 2013 to 2021"),
        ("10_private_investment", {"year": "soon"}, "a whole number"),
        ("10_private_investment", {"year": 2020.5}, "a whole number"),
        ("10_private_investment", {"covariance": "HC9"}, "HC1, HC3, HAC"),
        ("10_private_investment", {"yaer": 2020}, "it has: year, confidence, covariance"),
        ("01_clean_ai_index", {"write": "maybe"}, "true or false"),
        ("99_none", {}, "there are: "),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(notebook, values, message):
    with pytest.raises(InputError, match=message):
        parameters.check(notebook, **values)


def test_text_is_parsed_as_the_type():
    assert parameters.check("10_private_investment", year="2019") == {"year": 2019}
    assert parameters.check("01_clean_ai_index", write="false") == {"write": False}
