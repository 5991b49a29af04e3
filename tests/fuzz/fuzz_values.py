"""Values: whatever is read is written, worded, scaled and read again, or refused in one line."""

import csv

import atheris
from harness import fuzz, refused

with atheris.instrument_imports(include=["analysis"]):
    from analysis import paths, values
    from analysis.errors import InputError

UNITS = ("", "year", "date", "names", "rank")


def one(data: bytes) -> None:
    """Read a text, of a unit that its first byte chooses."""
    unit = UNITS[data[0] % len(UNITS)] if data else ""
    text = data[1:].decode("utf-8", "ignore")
    try:
        value = values.parse(text, unit)
    except InputError as error:
        return refused(error)
    again = values.parse(str(value), unit)
    assert again == value, (value, again)
    for decimals in (None, 0, 2):
        assert values.show(value, "{th}" if unit == "rank" else "{}", decimals=decimals)
    if value.interval is not None:
        ends = value.interval
        assert ends.low <= ends.high and ends.overlaps(ends) and ends.within(ends), ends
        assert ends.width >= 0
    try:
        values.of(value.number)
    except InputError as error:
        refused(error)
    values.parse(str(value.scaled(values.Decimal(1000))), unit)


def seeds() -> list[bytes]:
    """Return the values of the registry and of the statements, each as number, date and names."""
    files = [
        paths.data() / name for name in ("registry/claims.csv", "raw/statements/statements.csv")
    ]
    rows = [row for path in files for row in csv.DictReader(path.open(encoding="utf-8"))]
    texts = {row["value"] for row in rows} | {">=30", "0.8..1.4", "2013..2017", "?; 2"}
    return [bytes([number]) + text.encode() for text in texts for number in range(len(UNITS))]


if __name__ == "__main__":
    fuzz(one, seeds())
