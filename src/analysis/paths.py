"""Where the collection's folders are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"


def notebooks() -> list[Path]:
    """Return the collection's own notebooks, in the order of their numbers."""
    return sorted(NOTEBOOKS.glob("[0-9]*.ipynb"), key=lambda path: path.stem)


def data() -> Path:
    """Return the data folder: the project's own, or the one the variable ``ANALYSIS_DATA`` names.

    The variable lets a test or a what-if run work on a changed copy; kernels inherit it.
    """
    return Path(os.environ.get("ANALYSIS_DATA", ROOT / "data"))
