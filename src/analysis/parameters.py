"""The choices of a notebook: read from its own parameters cell, and nowhere else declared.

A cell tagged ``parameters`` declares each choice in a line: its type, its default, and in the
comment what it means and what is allowed::

    edition: int = 2022  # edition of the AI Index; one of 2022, 2023
    confidence: float = 0.95  # coverage of the intervals; from 0.5 to 0.999
    cities: list[str] = ["Beijing"]  # cities counted as first-tier; one of Beijing, Shanghai
    day: str = "2022-10-31"  # day of the exchange rate; a date from 2014-01-01 to 2022-12-31

Types are bool, int, float and str, and lists of these. The notebook's first cell of code calls
:func:`check`, so that a value that is not allowed ends it in one line, whoever set it.
"""

import ast
import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import notebooks, paths
from analysis.errors import InputError
from analysis.values import parse

Scalar = bool | int | float | str
Setting = Scalar | list[Scalar]

_KINDS = {"bool": "true or false", "int": "a whole number", "float": "a number", "str": "a text"}
_TYPES: dict[str, type] = {"bool": bool, "int": int, "float": float, "str": str}
_RANGE = re.compile(r"(a date )?from (\S+) to (\S+)")
TAG = "parameters"


@dataclass(frozen=True)
class Choice:
    """One parameter of a notebook: an analytic decision that others could take otherwise.

    Attributes
    ----------
    name, meaning : str
        What it is called; what it means.
    kind : str
        ``"bool"``, ``"int"``, ``"float"`` or ``"str"``.
    many : bool
        Whether it is a list.
    default : bool, int, float, str or list
        What it is if nobody says otherwise.
    one_of : tuple
        The values allowed; any if empty.
    low, high : str
        The ends of what is allowed, both included; empty if there are none.
    is_date : bool
        Whether it is a date to the day.
    """

    name: str
    meaning: str
    kind: str
    many: bool
    default: Setting
    one_of: tuple[Scalar, ...] = ()
    low: str = ""
    high: str = ""
    is_date: bool = False

    @property
    def allowed(self) -> str:
        """The values allowed, in words."""
        if self.one_of:
            words = "one of " + ", ".join(map(str, self.one_of))
        else:
            words = "a date (YYYY-MM-DD)" if self.is_date else _KINDS[self.kind]
            words += f" from {self.low} to {self.high}" if self.low else ""
        return f"a list, each {words}" if self.many else words

    def parse(self, value: object) -> Setting:
        """Return a value as its type, from that type or from text; parts of a list by commas.

        Raises
        ------
        InputError
            If the value is of another type or not allowed; the message says what is.
        """
        if not self.many:
            return self._one(value, value)
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)) or not parts:
            raise self._refused(value)
        return [self._one(part.strip() if isinstance(part, str) else part, value) for part in parts]

    def _one(self, part: object, value: object) -> Scalar:
        """Return one value as its type."""
        parsed = _typed(self.kind, part)
        if parsed is None or not self._holds(parsed):
            raise self._refused(value)
        return parsed

    def _holds(self, value: Scalar) -> bool:
        """Return whether a value of the right type is allowed."""
        if self.one_of:
            return value in self.one_of
        if self.is_date:
            try:
                parse(str(value), "date")
            except InputError:
                return False
            return len(str(value)) == 10 and self.low <= str(value) <= self.high
        return not self.low or float(self.low) <= float(value) <= float(self.high)

    def _refused(self, value: object) -> InputError:
        return InputError(f"parameter {self.name}: {value!r} is not allowed; give {self.allowed}")


def choices_of(notebook: Path) -> dict[str, Choice]:
    """Return the choices of a notebook by name; none if it has no cell tagged ``parameters``.

    Raises
    ------
    InputError
        If the file is not a notebook, or a line of the cell declares no choice.
    """
    for cell in notebooks.load(notebook)["cells"]:
        if cell["cell_type"] == "code" and TAG in notebooks.tags(cell):
            return declared(notebooks.cell_source(cell), notebook.name)
    return {}


def declared(source: str, label: str = "parameters cell") -> dict[str, Choice]:
    """Return the choices that the source of a parameters cell declares.

    Raises
    ------
    InputError
        If the source does not parse, or a statement is not ``name: type = default  # meaning``.

    Examples
    --------
    >>> declared("year: int = 2021  # year of the shares; from 2013 to 2021")["year"].allowed
    'a whole number from 2013 to 2021'
    """
    try:
        body = ast.parse(source).body
        comments = {
            token.start[0]: token.string.lstrip("# ")
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.COMMENT
        }
    except (SyntaxError, tokenize.TokenError) as error:
        raise InputError(f"{label}: the parameters cell is no Python: {error}") from error
    found = {}
    for node in body:
        comment = comments.get(node.end_lineno or node.lineno, "")
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and comment):
            raise InputError(
                f"{label}: the parameters cell, line {node.lineno}: "
                "give `name: type = default  # meaning; what is allowed`"
            )
        found[node.target.id] = _choice(node, comment, label)
    return found


def check(notebook: str, names: Mapping[str, Any]) -> dict[str, Setting]:
    """Return a notebook's parameters as their types, or stop.

    Parameters
    ----------
    notebook : str
        The notebook's name without its ending.
    names : mapping
        Values by name; what is no parameter is passed over, so that a notebook gives ``globals()``.

    Raises
    ------
    InputError
        If there is no such notebook, or a value is not allowed; the message says what is.
    """
    known = choices_of(paths.NOTEBOOKS / f"{notebook}.ipynb")
    if not known:
        raise InputError(f"{notebook}: no cell tagged 'parameters' declares a choice")
    return {name: choice.parse(names[name]) for name, choice in known.items() if name in names}


def checked(notebook: Path, given: Mapping[str, Any]) -> dict[str, Setting]:
    """Return the values given for a notebook as their types.

    Raises
    ------
    InputError
        If a parameter is unknown or its value not allowed; the message lists what is.
    """
    known = choices_of(notebook)
    for name in given:
        if name not in known:
            allowed = ", ".join(known) or "none; no cell is tagged 'parameters'"
            raise InputError(f"{notebook.stem} has no parameter {name!r}; it has: {allowed}")
    return {name: known[name].parse(value) for name, value in given.items()}


def assign(books: Sequence[Path], given: Mapping[str, Any]) -> dict[Path, dict[str, Setting]]:
    """Return the parameters of each notebook, parsed and checked before anything runs.

    Parameters
    ----------
    books : sequence of pathlib.Path
        The notebooks to run.
    given : mapping
        Values by parameter; each goes to every notebook that has such a parameter.

    Raises
    ------
    InputError
        If no notebook has a parameter, or a value is not allowed; the message lists what is.
    """
    known = {path: choices_of(path) for path in books}
    for name in given:
        if not any(name in own for own in known.values()):
            there = sorted(f"{key} ({path.stem})" for path, own in known.items() for key in own)
            raise InputError(f"no parameter {name!r}; there are: {', '.join(there)}")
    return {
        path: {name: own[name].parse(value) for name, value in given.items() if name in own}
        for path, own in known.items()
    }


def _choice(node: ast.AnnAssign, comment: str, label: str) -> Choice:
    """Return the choice that one line declares."""
    assert isinstance(node.target, ast.Name)
    name, annotation = node.target.id, ast.unparse(node.annotation)
    many = annotation.startswith("list[")
    kind = annotation.removeprefix("list[").removesuffix("]")
    meaning, _, allowed = (part.strip() for part in comment.partition(";"))
    try:
        default = ast.literal_eval(node.value) if node.value is not None else None
    except ValueError:
        default = None
    if kind not in _KINDS or default is None:
        raise InputError(
            f"{label}: parameter {name}: give a type ({', '.join(_KINDS)}, or a list of one) "
            "and a plain default"
        )
    values: tuple[Scalar, ...] = ()
    if allowed.startswith("one of "):
        texts = allowed.removeprefix("one of ").split(",")
        values = tuple(one for text in texts if (one := _typed(kind, text.strip())) is not None)
    limits = _RANGE.fullmatch(allowed)
    low, high = (limits[2], limits[3]) if limits else ("", "")
    choice = Choice(
        name, meaning, kind, many, default, values, low, high, bool(limits and limits[1])
    )
    choice.parse(default)
    return choice


def _typed(kind: str, value: object) -> Scalar | None:
    """Return the value as its type, or None if it is not one."""
    if kind == "bool":
        known = {"true": True, "false": False}
        return value if isinstance(value, bool) else known.get(str(value).lower())
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if kind == "int" and isinstance(value, float):
        return None
    try:
        return _TYPES[kind](value)  # type: ignore[no-any-return]
    except (ValueError, OverflowError):
        return None
