"""The little language of values, and when a found value agrees with a stated one."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import values
from analysis.errors import InputError
from analysis.intervals import INFINITY, Interval
from analysis.report.qualifiers import RULES, Stated, _several, agreement

NUMBERS = st.decimals(-1_000_000, 1_000_000, places=3)
POSITIVE = st.decimals(Decimal("0.01"), 1_000_000, places=2)
DAYS = st.dates().map(str)


@st.composite
def texts(draw):
    """Any value of the language with its unit."""
    number = values.plain(draw(NUMBERS))
    other = values.plain(draw(POSITIVE))
    low, high = sorted((Decimal(number), Decimal(other)))
    kind = draw(st.sampled_from(["point", "rounded", "bound", "range", "date", "names"]))
    if kind == "rounded":
        return f"{number}±{other}", "percent"
    if kind == "bound":
        return draw(st.sampled_from([">", ">=", "<", "<="])) + number, "count"
    if kind == "range":
        return f"{low}..{high}", "count"
    if kind == "date":
        return draw(DAYS)[: draw(st.sampled_from([4, 7, 10]))], "date"
    if kind == "names":
        return "; ".join(draw(st.lists(st.sampled_from("abc"), min_size=2))), "names"
    return number, "usd_bn"


@given(texts())
def test_what_is_written_parses_back(pair):
    text, unit = pair
    value = values.parse(text, unit)
    assert values.parse(str(value), unit) == value
    assert values.show(value, "{} things")


@given(NUMBERS)
def test_a_computed_number_is_kept(number):
    assert values.of(float(number)).number == pytest.approx(float(number))


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_any_finite_result_is_a_value(number):
    value = values.of(number)
    assert values.parse(str(value)) == value


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("fifty", "count", "'fifty' is no number"),
        ("", "count", "'' is no number"),
        ("2017-13", "date", "is no date"),
        ("2017-02-30", "date", "is no date"),
        ("about 5", "count", "is no number"),
        ("5..3", "count", "is no number"),
        ("1..2..3", "count", "is no number"),
        ("5±-1", "count", "is no number"),
        ("nan", "count", "is no number"),
        (">inf", "count", "is no number"),
        ("5±", "count", "is no number"),
        ("6..1±5", "count", "is no number"),
        ("1e3", "count", "is no number"),
        ("1_000", "count", "is no number"),
        (">\x1d5", "count", "is no number"),
        ("٥", "count", "is no number"),
        ("a;;b", "names", "is no list of names"),
    ],
)
def test_what_is_no_value_is_refused_in_a_line(text, unit, message):
    with pytest.raises(InputError, match=message) as caught:
        values.parse(text, unit)
    assert "\n" not in str(caught.value)


def test_a_result_that_is_not_finite_is_refused():
    with pytest.raises(InputError, match="nan is no number"):
        values.of(float("nan"))


def day(text):
    return Decimal(date.fromisoformat(text).toordinal())


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("31.0±0.05", "percent", Interval(Decimal("30.95"), Decimal("31.05"), high_open=True)),
        ("30±0.5..31", "count", Interval(Decimal("29.5"), Decimal(31))),
        ("30..31±0.5", "count", Interval(Decimal(30), Decimal("31.5"), high_open=True)),
        ("2017", "year", Interval(day("2017-01-01"), day("2017-12-31"))),
        (">2017", "year", Interval(day("2017-12-31"), INFINITY, low_open=True)),
        (">=2017", "year", Interval(day("2017-01-01"), INFINITY)),
        ("<2017-02", "date", Interval(-INFINITY, day("2017-02-01"), high_open=True)),
        ("<=2017-02", "date", Interval(-INFINITY, day("2017-02-28"))),
    ],
)
def test_a_text_stands_for_a_set_with_or_without_its_ends(text, unit, expected):
    assert values.parse(text, unit).interval == expected


def test_intervals_that_share_no_number_are_apart_and_one_lies_within_itself():
    whole, inside = Interval(Decimal(1), Decimal(3)), Interval(Decimal(1), Decimal(2))
    open_end = Interval(Decimal(1), Decimal(3), high_open=True)
    assert whole.within(whole) and inside.within(whole) and not whole.within(inside)
    assert open_end.within(whole) and not whole.within(open_end)


@pytest.mark.parametrize(
    ("text", "unit", "words", "decimals", "expected"),
    [
        ("52.878619257", "usd_bn", "{} billion US dollars", 2, "52.88 billion US dollars"),
        ("3", "rank", "{th}", None, "3rd"),
        ("4", "rank", "{th}", None, "4th"),
        ("11", "rank", "{th}", None, "11th"),
        ("12", "rank", "{th}", None, "12th"),
        ("13", "rank", "{th}", None, "13th"),
        ("21", "rank", "{th}", None, "21st"),
        ("22", "rank", "{th}", None, "22nd"),
        ("111", "rank", "{th}", None, "111th"),
        (">=30", "count", "{} companies", None, "at least 30 companies"),
        ("<600", "cny_bn", "{} billion yuan", None, "less than 600 billion yuan"),
        ("2017", "year", "{}", 2, "2017"),
        ("2019..2021", "year", "{}", None, "2019 to 2021"),
        ("2022-06", "date", "{}", None, "June 2022"),
        ("172110±5", "count", "{} publications", None, "172,110 publications"),
        ("United States; China", "names", "{}", None, "United States; China"),
        ("0.801..1.449", "points", "{} points", 1, "0.8 to 1.4 points"),
        (">16.78", "percent", "{} %", 0, "more than 17 %"),
        ("31.04±0.005", "percent", "{} %", 1, "31.04 %"),
        ("30±0.5..31.25", "percent", "{} %", 1, "30 to 31.2 %"),
        (">31.04±0.005", "percent", "{} %", 1, "more than 31.04 %"),
    ],
)
def test_a_person_reads_words(text, unit, words, decimals, expected):
    assert values.show(values.parse(text, unit), words, decimals=decimals) == expected


@pytest.mark.parametrize(
    ("number", "decimals", "expected"),
    [
        (31, 1, "31.0±0.05"),
        (2.5, 0, "2±0.5"),
        (Decimal("1234"), -2, "1234±50"),
        (0.125, 3, "0.125±0.0005"),
    ],
)
def test_a_number_as_printed_promises_half_a_unit_of_its_last_digit(number, decimals, expected):
    assert values.rounded(number, decimals) == expected


def test_what_is_computed_is_read_in_its_unit():
    assert values.of(2017, "year") == values.parse("2017", "year")
    assert values.of(["China"]).kind == "names"
    assert str(values.of([1, 2.50, "?"], "names")) == "1; 2.5; ?"
    with pytest.raises(InputError, match="is no date"):
        values.of(float("inf"), "year")


def test_scaling_leaves_dates_names_and_a_factor_of_one_as_they_are():
    month, names, number = (
        values.parse("2017-07", "date"),
        values.parse("1; 2", "names"),
        values.parse("1.40±0.05"),
    )
    assert month.scaled(Decimal(1000)) == month
    assert names.scaled(Decimal(1000)) == names
    assert number.scaled(Decimal(1)) == number
    assert str(number.scaled(Decimal(2))) == "2.8±0.1"


def meets(qualifier, stated, found, decimals=0, unit=""):
    result = agreement(
        qualifier, values.parse(stated, unit), values.parse(found, unit), decimals=decimals
    )
    return result.agrees, result.undecided, result.marks


YES, NO, OPEN = (True, False, ()), (False, False, ()), (False, True, ())


@pytest.mark.parametrize(
    ("qualifier", "stated", "decimals", "found", "expected"),
    [
        ("exact", "52.88", 2, "52.878619257", YES),
        ("exact", "52.88", 2, "52.875", YES),
        ("exact", "52.88", 2, "52.872119257", (True, False, ("raised",))),
        ("exact", "52.88", 2, "52.8875", (True, False, ("truncated",))),
        ("exact", "52.88", 2, "52.885", (True, False, ("truncated",))),
        ("exact", "52.88", 2, "52.89", NO),
        ("exact", "52.88", 2, "52.87", NO),
        ("exact", "15", 0, "16", NO),
        ("exact", "15", 0, "14", NO),
        ("exact", "30", -1, "30.59", YES),
        ("exact", "30", -1, "41", NO),
        ("exact", "31.04", 2, "31.0±0.05", (True, False, ("coarser",))),
        ("exact", "31.0", 1, "31.0±0.05", YES),
        ("exact", "13.57", 2, "13.7±0.05", NO),
        ("exact", "36.59", 2, "39.6±0.05", NO),
        ("exact", "50", 0, "<=50", OPEN),
        ("exact", "50", 0, "<=40", NO),
        ("about", "4.65", 2, "4.650457482", YES),
        ("about", "4.65", 2, "4.661", NO),
        ("about", "20", 0, "21", YES),
        ("about", "20", 0, "23", NO),
        ("about", "20", 0, "20±1", (True, False, ("coarser",))),
        ("about", "9", 0, "9.9", YES),
        ("about", "9", 0, "9.95", NO),
        ("about", "4", 0, "4.5", YES),
        ("about", "4", 0, "4.6", NO),
        ("almost", "2.5", 1, "2.49", YES),
        ("almost", "2.5", 1, "2.5", NO),
        ("almost", "2.5", 1, "2.5±0.05", YES),
        ("almost", "2.5", 1, "2.51", NO),
        ("almost", "2.5", 1, "2.0", NO),
        ("over", "3000", -3, "3001", YES),
        ("over", "3000", -3, "3000", NO),
        ("over", "3000", -3, "3000±500", YES),
        ("over", "3000", -3, "6000", (True, False, ("loose",))),
        ("over", "3000", -3, ">3000", YES),
        ("over", "3000", -3, ">2500", OPEN),
        ("over", "3000", -3, ">=3000", OPEN),
        ("over", "3000", -3, "<3000", NO),
        ("under", "15", 0, "<15", YES),
        ("under", "15", 0, "15", NO),
        ("under", "15", 0, "10", YES),
        ("under", "15", 0, "9", (True, False, ("loose",))),
        ("at least", "1.6", 1, ">=1.6", YES),
        ("at least", "1.6", 1, ">1.5", OPEN),
        ("at least", "1.6", 1, "1.59", NO),
        ("at least", "1.6", 1, "2.4", YES),
        ("at least", "1.6", 1, "2.5", (True, False, ("loose",))),
        ("up to", "300", -2, "275", YES),
        ("up to", "300", -2, "100", NO),
        ("up to", "300", -2, "350", YES),
        ("up to", "300", -2, "360", NO),
        ("up to", "50", 0, "<=50", YES),
        ("up to", "50", 0, "<50", YES),
        ("up to", "50", 0, "<=60", NO),
        ("rank", "2", 0, "2", YES),
        ("rank", "2", 0, "3", NO),
        ("rank", "2", 0, "1..3", (True, False, ("coarser",))),
        ("range", "0.8..1.4", 1, "0.8..1.4", YES),
        ("range", "0.8..1.4", 1, "0.8..1.6", NO),
        ("range", "0.8..1.4", 1, "0.85..1.45", YES),
        ("range", "0.8..1.4", 1, "0.86..1.4", NO),
        ("range", "0.8..1.4", 1, "0.8..1.46", NO),
        ("range", "6..7", 0, "7", YES),
        ("range", "6..7", 0, "9", NO),
        ("hundreds of", "100", 0, "345", YES),
        ("hundreds of", "100", 0, "100", NO),
        ("hundreds of", "100", 0, "1000", NO),
        ("millions of", "1000000", 0, ">1000000", OPEN),
        ("dozens of", "12", 0, "30", YES),
        ("dozens of", "12", 0, "110", NO),
    ],
)
def test_each_qualifier_at_its_edges(qualifier, stated, decimals, found, expected):
    assert meets(qualifier, stated, found, decimals) == expected


@pytest.mark.parametrize(
    ("qualifier", "stated", "found", "expected"),
    [
        ("exact", "2017-07", "2017-07-20", YES),
        ("exact", "2017", "2017-07-20", YES),
        ("exact", "2017-07-20", "2017-07", (True, False, ("coarser",))),
        ("exact", "2021-07", "2021-09-25", NO),
        ("exact", "2017", "2018", NO),
        ("late", "1970", "1978", YES),
        ("late", "1970", "1976-05", YES),
        ("late", "1970", "1976", YES),
        ("late", "1970", "1976-01-01..1977-01-02", YES),
        ("late", "1970", "1976-01-01..1977-01-03", (True, False, ("coarser",))),
        ("late", "1970", "1976..1979", (True, False, ("coarser",))),
        ("late", "1970", "1975", NO),
        ("late", "1970", "1980", NO),
    ],
)
def test_dates(qualifier, stated, found, expected):
    assert meets(qualifier, stated, found, unit="date") == expected


@pytest.mark.parametrize(
    ("qualifier", "stated", "found", "expected"),
    [
        ("order", "United States; China", "United States; China", YES),
        ("order", "United States; China", "China; United States", NO),
        ("order", "1; 2; 3", "?; 2; ?", YES),
        ("order", "1; 2; 3", "?; 3; ?", NO),
        ("order", "1; 2; 3", "1; 2", NO),
        ("names", "Wuhan; Chongqing", "Chongqing; Wuhan", YES),
        ("names", "Shanghai", "Chongqing; Wuhan", NO),
    ],
)
def test_lists(qualifier, stated, found, expected):
    assert meets(qualifier, stated, found, unit="names") == expected


def test_a_number_does_not_compare_with_names():
    with pytest.raises(InputError, match="'a; b' does not compare with '5'"):
        agreement("exact", values.parse("5"), values.parse("a; b", "names"))


def test_a_number_promises_its_units_unless_told_otherwise():
    assert agreement("exact", values.parse("52"), values.parse("52.4")).agrees


def test_several_goes_from_twice_the_word_up_to_the_next_word():
    hundred = Stated(values.parse("100"), 0)
    expected = Interval(Decimal(200), Decimal(1000), high_open=True)
    assert _several(10)(hundred) == {"": expected}


POINTWISE = [name for name in RULES if name not in ("order", "names", "late", "range")]


@given(st.sampled_from(POINTWISE), POSITIVE, POSITIVE, POSITIVE, POSITIVE)
def test_agreement_is_monotone_in_the_interval(qualifier, stated, found, error, more):
    """A source that says less never disagrees where one that says more agrees."""
    claim = values.parse(values.plain(stated))
    narrow, wide = (values.parse(f"{found}±{half}") for half in (error, error + more))
    if agreement(qualifier, claim, narrow, decimals=2).agrees:
        assert agreement(qualifier, claim, wide, decimals=2).agrees


@given(st.sampled_from(POINTWISE), POSITIVE, POSITIVE, st.sampled_from([">", ">=", "<", "<="]))
def test_a_bound_that_agrees_implies_the_claim(qualifier, stated, limit, sign):
    claim, bound = values.parse(values.plain(stated)), values.parse(f"{sign}{limit}")
    result = agreement(qualifier, claim, bound, decimals=2)
    if result.agrees and qualifier != "up to":
        readings = RULES[qualifier].readings
        assert any(bound.ends.within(one) for one in readings(Stated(claim, 2)).values())
    assert not (result.agrees and result.undecided)


@given(POSITIVE, POSITIVE, st.integers(0, 3))
def test_scaling_keeps_the_answer(stated, found, decimals):
    one = agreement(
        "exact", *(values.parse(values.plain(x)) for x in (stated, found)), decimals=decimals
    )
    thousand = [values.parse(values.plain(x)).scaled(Decimal(1000)) for x in (stated, found)]
    assert agreement("exact", *thousand, decimals=decimals - 3) == one


def test_every_qualifier_says_its_rule():
    assert all(rule.says for rule in RULES.values())


def test_zero_has_no_sign():
    assert [values.plain(Decimal(text)) for text in ("-0.0", "0", "-0.50")] == ["0", "0", "-0.5"]
