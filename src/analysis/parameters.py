"""The typed parameters of every notebook, and the check that a notebook makes first."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.errors import InputError

Value = bool | int | float | str


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Attributes
    ----------
    kind : type
        ``bool``, ``int``, ``float`` or ``str``.
    help : str
        What it does, as the notebook's own comment says.
    choices : tuple, optional
        The values allowed; any within ``low`` and ``high`` if empty.
    low, high : float, optional
        The ends of the range allowed, both included.
    """

    kind: type
    help: str
    choices: tuple[Value, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def allowed(self) -> str:
        """The values allowed, in words."""
        if self.choices:
            return "one of " + ", ".join(map(str, self.choices))
        if self.low is not None:
            return f"{_KINDS[self.kind]} from {self.low} to {self.high}"
        return _KINDS[self.kind]

    def parse(self, name: str, value: object) -> Value:
        """Return a value as its type, from that type or from text.

        Raises
        ------
        InputError
            If the value is of another type or not allowed; the message says what is.
        """
        parsed = _parse(self.kind, value)
        outside = self.low is not None and parsed is not None and not self._inside(parsed)
        if parsed is None or outside or (self.choices and parsed not in self.choices):
            raise InputError(f"parameter {name}: {value!r} is not allowed; give {self.allowed}")
        return parsed

    def _inside(self, value: Value) -> bool:
        assert self.low is not None and self.high is not None
        return self.low <= float(value) <= self.high


_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def _parse(kind: type, value: object) -> Value | None:
    """Return the value as its type, or None if it is not one."""
    if kind is bool:
        if isinstance(value, bool):
            return value
        return {"true": True, "false": False}.get(str(value).lower())
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if kind is int and isinstance(value, float):
        return None
    try:
        return kind(value)  # type: ignore[no-any-return]
    except ValueError:
        return None


_TOLERANCE = Parameter(
    float, "relative deviation of an exchange rate that is flagged", low=0.001, high=0.5
)
_CONFIDENCE = Parameter(float, "coverage of the intervals", low=0.5, high=0.999)

PARAMETERS: dict[str, dict[str, Parameter]] = {
    "01_clean_ai_index": {
        "write": Parameter(bool, "whether to write data/processed or only to check it"),
    },
    "02_clean_ncses": {
        "write": Parameter(bool, "whether to write data/processed or only to check it"),
    },
    "10_private_investment": {
        "year": Parameter(int, "year of the shares and comparisons", low=2013, high=2021),
        "confidence": _CONFIDENCE,
        "covariance": Parameter(
            str, "standard errors of the growth rates", choices=("HC1", "HC3", "HAC")
        ),
    },
    "11_industry_size": {"tolerance": _TOLERANCE},
    "12_public_funding": {"tolerance": _TOLERANCE},
    "13_military": {
        "confidence": _CONFIDENCE,
        "seed": Parameter(int, "seed of the bootstrap", low=0, high=10_000),
    },
    "14_tech_giants": {
        "companies": Parameter(int, "major AI companies considered", low=116, high=250),
    },
    "20_publications": {
        "break_year": Parameter(int, "year of the second break test", low=2012, high=2019),
        "lags": Parameter(int, "lags of the Newey-West errors", low=0, high=4),
    },
    "21_citations_and_quality": {
        "edition": Parameter(int, "later edition to compare with", choices=(2022, 2023)),
    },
    "22_patents": {
        "first_year": Parameter(int, "first year of the growth of filings", low=2010, high=2017),
    },
    "23_institutions": {
        "largest": Parameter(int, "institutions in the concentration ratio", low=1, high=9),
    },
    "30_talent_flows": {
        "confidence": _CONFIDENCE,
        "sample": Parameter(int, "researchers in the sample", low=100, high=2000),
    },
    "31_education": {
        "hundreds": Parameter(int, "least number that 'hundreds' means", low=100, high=300),
    },
    "40_hubs": {"confidence": _CONFIDENCE},
    "41_pilot_zones": {
        "last_year": Parameter(int, "year by which the zones are counted", low=2019, high=2021),
    },
    "42_companies": {
        "largest": Parameter(int, "companies in the share of the largest", low=1, high=9),
    },
    "43_alliances_and_actors": {"confidence": _CONFIDENCE},
    "44_governance_and_data": {
        "since": Parameter(int, "first year of the time line", low=2015, high=2022),
    },
    "45_macro": {
        "start": Parameter(int, "year from which growth is compounded", low=2015, high=2020),
    },
    "80_errors_inside_the_report": {"tolerance": _TOLERANCE},
    "90_scorecard": {
        "ledger": Parameter(str, "path of a ledger of findings; empty for the stored ones"),
    },
}


def check(notebook: str, **values: object) -> dict[str, Value]:
    """Return a notebook's parameters as their types, or stop.

    Parameters
    ----------
    notebook : str
        The notebook's name without its ending.
    **values : bool, int, float or str
        Values by parameter.

    Raises
    ------
    InputError
        If the notebook or a parameter is unknown or a value not allowed; the message lists what is.
    """
    known = of(notebook)
    for name in values:
        if name not in known:
            allowed = ", ".join(known) or "none"
            raise InputError(f"{notebook} has no parameter {name!r}; it has: {allowed}")
    return {name: known[name].parse(name, value) for name, value in values.items()}


def of(notebook: str) -> Mapping[str, Parameter]:
    """Return the parameters of a notebook by name.

    Raises
    ------
    InputError
        If there is no such notebook.
    """
    if notebook not in PARAMETERS:
        raise InputError(f"no notebook {notebook!r}; there are: {', '.join(PARAMETERS)}")
    return PARAMETERS[notebook]
