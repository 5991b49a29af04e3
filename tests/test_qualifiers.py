"""Each qualifier's rule at its edges."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.qualifiers import QUALIFIERS, RULES, meets


@pytest.mark.parametrize(
    ("qualifier", "stated", "decimals", "recomputed", "expected"),
    [
        ("exact", "52.88", 2, 52.878619257, True),
        ("exact", "52.88", 2, 52.872119257, False),
        ("exact", "52.88", 2, 52.875, True),
        ("exact", "52.88", 2, 52.8851, False),
        ("exact", "30", -1, 30.59, True),
        ("exact", "30", -1, 36, False),
        ("exact", "30", -1, 25, True),
        ("exact", "30", 0, 30.59, False),
        ("exact", "150", 0, 150, True),
        ("exact", "1", 0, math.nan, False),
        ("about", "4.65", 2, 4.650457482, True),
        ("about", "4.65", 2, 4.661, False),
        ("about", "16", 0, 15.7, True),
        ("about", "16", 0, 14.0, False),
        ("about", "20", 0, 21, True),
        ("about", "20", 0, 23, False),
        ("almost", "2.5", 1, 2.49, True),
        ("almost", "2.5", 1, 2.51, False),
        ("almost", "2.5", 1, 2.5, False),
        ("almost", "2.5", 1, 2.0, False),
        ("over", "3000", -3, 3001, True),
        ("over", "3000", -3, 3000, False),
        ("over", "3000", -3, ">3000", True),
        ("over", "3000", -3, ">2500", False),
        ("over", "3000", -3, ">=3000", False),
        ("under", "15", 0, 14.9, True),
        ("under", "15", 0, 15, False),
        ("under", "15", 0, "<15", True),
        ("at least", "1.6", 1, 1.6, True),
        ("at least", "1.6", 1, 1.59, False),
        ("at least", "1.6", 1, ">=1.6", True),
        ("up to", "300", -2, 300, True),
        ("up to", "300", -2, 275, True),
        ("up to", "300", -2, 360, False),
        ("up to", "300", -2, 100, False),
        ("up to", "50", 0, "<=50", True),
        ("up to", "50", 0, "<=60", False),
        ("exact", "50", 0, "<=50", False),
        ("exact", "31.04", 2, "31.0±0.05", True),
        ("exact", "13.57", 2, "13.7±0.05", False),
        ("exact", "36.59", 2, "39.657±0.424", False),
        ("over", "172000", -3, "172110±5", True),
        ("over", "50", 0, "53±0.5", True),
        ("at least", "1.6", 1, "1.5±0.05", False),
        ("almost", "2.5", 1, "2.5±0.05", True),
        ("rank", "2", 0, 2, True),
        ("rank", "2", 0, 3, False),
        ("range", "211..452", 0, [211, 452], True),
        ("range", "211..452", 0, [200, 452], False),
        ("range", "211..452", 0, 300, True),
        ("range", "211..452", 0, 453, False),
        ("order", "United States; China", 0, ["United States", "China"], True),
        ("order", "United States; China", 0, ["China", "United States"], False),
        ("exact", "2017-07", 0, "2017-07-20", True),
        ("exact", "2017-07-22", 0, "2017-07-20", False),
        ("exact", "2017", 0, "2017-07-20", True),
        ("exact", "2017", 0, "2018-07-20", False),
        ("exact", "2017-07", 0, "2017-08", False),
        ("exact", "2019-02-25", 0, "2019-02", False),
        ("exact", "2019-02-25", 0, "2019-03", False),
        ("exact", "2017-09", 0, "2021", False),
    ],
)
def test_edges(qualifier, stated, decimals, recomputed, expected):
    assert meets(qualifier, stated, recomputed, decimals=decimals) is expected


def test_every_rule_says_what_it_means():
    assert all(rule.says for rule in RULES.values())
    assert set(QUALIFIERS) - set(RULES) == {"order"}


def test_an_undefined_qualifier_is_an_error():
    with pytest.raises(KeyError):
        meets("roughly", "3", 3.0)


numbers = st.decimals(min_value="0.01", max_value="1e6", places=2)


@given(numbers)
def test_a_number_meets_itself_unless_the_qualifier_excludes_it(number):
    stated = str(number)
    for qualifier in ("exact", "about", "at least", "up to", "rank"):
        assert meets(qualifier, stated, float(number), decimals=2)
    for qualifier in ("almost", "over", "under"):
        assert not meets(qualifier, stated, float(number), decimals=2)


@given(numbers, numbers)
def test_over_and_under_are_opposites(stated, found):
    over = meets("over", str(stated), float(found))
    assert over != (meets("under", str(stated), float(found)) or stated == found)


@given(numbers, st.integers(-2, 2), st.floats(0.1, 1e6))
def test_about_is_never_stricter_than_exact(stated, decimals, found):
    if meets("exact", str(stated), found, decimals=decimals):
        assert meets("about", str(stated), found, decimals=decimals)
