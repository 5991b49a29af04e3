"""Shared by all tests: they work on a copy of the data, and kernels are warm."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from analysis import figures, paths

WHOLE = (".ipynb", "test_cluster.py", "test_collection.py", "test_site.py", "test_universes.py")
_COPY = Path(tempfile.mkdtemp(prefix="analysis-data-"))


def pytest_configure(config: pytest.Config) -> None:
    """Point the data folder at a copy before anything is collected."""
    shutil.copytree(paths.ROOT / "data", _COPY / "data")
    os.environ["ANALYSIS_DATA"] = str(_COPY / "data")


def pytest_collectstart(collector: Any) -> None:
    """Compare the figures of notebooks by the data that they carry and not as pictures."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += (figures.SVG, figures.PNG)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give workers notebooks, and files whose tests share what is slow to make, as a whole."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file if file.endswith(WHOLE) else nodeid

    return Scheduling(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the copy."""
    shutil.rmtree(_COPY, ignore_errors=True)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Yield a fresh copy of the data folder that this test may change."""
    copy = tmp_path / "data"
    shutil.copytree(paths.ROOT / "data", copy)
    monkeypatch.setenv("ANALYSIS_DATA", str(copy))
    return copy
