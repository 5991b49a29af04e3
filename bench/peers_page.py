"""The page that ``bench/peers.py`` writes."""

import platform
from collections.abc import Sequence
from importlib import metadata

Rows = Sequence[Sequence[object]]

PAGE = """# Other projects' own tests, with a plain and with a warm kernel

`make test-peers` repeats it; here with {libraries}.
The tests are those of the source distributions, unchanged, each with a limit of {seconds} seconds
unless it sets its own. Every side calls its kernel `python3`:

- plain: ipykernel's own specification,
- warm: ours, whose kernels are forked from a process that has the libraries imported,
- engine: as warm, and papermill executes with our engine unless a test asks for another.

*Launched* and *forked* count the kernels that the process of the tests starts through
`jupyter_client`, not those that commands start for it. The rest start none or need none of ours:
ipykernel's tests that call its classes in their own process or run `ipykernel` by themselves, and
most of papermill's. papermill's tests of cloud storage are left out; they start no kernel. A test
of which a part is skipped counts as skipped.

{counts}

Tests that fail anywhere, or end differently:

{apart}
"""


def table(head: Sequence[str], rows: Rows) -> str:
    """Return a table in Markdown."""
    cells = [[str(cell).replace("|", "\\|") for cell in row] for row in [head, *rows]]
    cells.insert(1, ["---"] * len(head))
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def page(counts: Rows, apart: Rows, seconds: int) -> str:
    """Return the page that says what was run and how it ended."""
    outcomes = ["tests", "passed", "failed", "skipped"]
    libraries = (f"{name} {metadata.version(name)}" for name in ("jupyter_client", "pyzmq"))
    return PAGE.format(
        libraries=", ".join([f"Python {platform.python_version()}", *libraries]),
        seconds=seconds,
        counts=table(["suite", "version", "side", *outcomes, "launched", "forked"], counts),
        apart=table(["suite", "test", "plain", "warm", "engine", "reason"], apart),
    )
