"""What the fuzzers share: seeds, a folder for what was found, and how one is run.

``make fuzz`` runs each for a minute. Whatever is not an ``InputError`` of one line is a crash, and
so is a promise of a docstring that is broken. ``python tests/fuzz/fuzz_values.py FILE`` repeats
one.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import atheris

from analysis.errors import InputError

FOUND = Path(__file__).parents[2] / "build" / "fuzz"


def refused(error: InputError) -> None:
    """Make sure that a refusal is one line."""
    assert str(error) and "\n" not in str(error), repr(str(error))


def fuzz(one: Callable[[bytes], None], seeds: Iterable[bytes]) -> None:
    """Give a function of bytes what it may not have met, beginning with the seeds."""
    arguments = list(sys.argv)
    if not any(Path(argument).exists() for argument in arguments[1:]):
        folder = FOUND / Path(arguments[0]).stem
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(sorted(set(seeds))):
            (folder / f"seed-{number}").write_bytes(seed)
        options = [f"-artifact_prefix={folder}-", "-rss_limit_mb=2048", "-timeout=10"]
        arguments = [arguments[0], str(folder), *options, *arguments[1:]]
    atheris.Setup(arguments, one)
    atheris.Fuzz()
