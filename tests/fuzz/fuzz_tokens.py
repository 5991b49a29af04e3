"""The report's text: any bytes have numbers, which agree with themselves, or are refused."""

import tempfile
from pathlib import Path

import atheris
from harness import fuzz, refused

with atheris.instrument_imports(include=["analysis"]):
    import pandas as pd

    from analysis.errors import InputError
    from analysis.report import numbers, tokens

FILE = Path(tempfile.mkdtemp()) / "report.md"
KINDS = {"digits", "year", "word"}


def one(data: bytes) -> None:
    """Read bytes as the report, and compare its numbers with themselves and without the last."""
    FILE.write_bytes(data)
    try:
        found = tokens.tokens_of(FILE)
        paragraphs = tokens.paragraphs_of(FILE)
    except InputError as error:
        return refused(error)
    assert {token.paragraph for token in found} <= set(paragraphs)
    assert all(token.kind in KINDS and token.token == token.token.lower() for token in found)
    registry = pd.DataFrame(found, columns=["paragraph", "position", "token", "kind"])
    assert numbers.unmatched(registry, found) == []
    assert len(numbers.unmatched(registry, found[:-1])) == min(len(found), 1)


SEEDS = [
    "[P001] In 2021, over half of 1,200 firms, twenty-two of them first-tier; 3.5 per cent.",
    "[P001] The largest<u>12</u> <https://example.org/2017> two-thirds.\n[P002] Number one: 10.\n"
    "\n## References\n1. 2019",
]

if __name__ == "__main__":
    fuzz(one, [seed.encode() for seed in SEEDS])
