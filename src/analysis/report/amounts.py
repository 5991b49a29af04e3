"""Amounts of money that the report states in two currencies."""

import pandas as pd

from analysis.report import units
from analysis.report.claims import claims
from analysis.sources import statements, tables


def yuan_dollar_pairs() -> pd.DataFrame:
    """Return every amount that the report states both in yuan and in dollars.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``dollar_claim``: ``yuan_claim``, ``paragraph``, ``yuan_bn``, ``dollars_bn``
        (billions), and ``unit_bn``, the dollar claim's own unit in billions of dollars.
    """
    factors = tables.read("registry/units").set_index("unit")["factor"] / 1e9
    known = claims()
    pairs = tables.read("registry/yuan_dollar_pairs")
    yuan = [known[key] for key in pairs["yuan_claim"]]
    dollars = [known[key] for key in pairs["dollar_claim"]]
    return pairs.assign(
        paragraph=[claim.paragraph for claim in dollars],
        yuan_bn=[claim.number * factors[claim.unit] for claim in yuan],
        dollars_bn=[claim.number * factors[claim.unit] for claim in dollars],
        unit_bn=[float(factors[claim.unit]) for claim in dollars],
    ).set_index("dollar_claim")


def in_dollars(announced: pd.DataFrame, yuan_per_dollar: pd.Series) -> list[str]:
    """Return amounts announced in yuan as dollars, each in the unit of its claim.

    Parameters
    ----------
    announced : pandas.DataFrame
        Columns ``claim`` and ``statement``.
    yuan_per_dollar : pandas.Series
        A rate for each row.

    Returns
    -------
    list of str
        Values as statements write them: a bound stays a bound, an interval an interval.
    """
    rows = zip(announced["claim"], announced["statement"], yuan_per_dollar, strict=True)
    return [
        str(
            units.convert(
                statements.value(key),
                statements.row(key)["unit"],
                claims()[claim].unit,
                yuan_per_dollar=rate,
            )
        )
        for claim, key, rate in rows
    ]
