"""What papermill's entry point names: our engine, imported when papermill first asks it something.

papermill loads entry points while it is itself being imported, and our engine builds on papermill.
"""

from typing import Any


class _OnDemand:
    """Stands for :class:`analysis.batch.engine.Engine`."""

    def __getattr__(self, name: str) -> Any:
        from analysis.batch.engine import Engine

        return getattr(Engine, name)


engine = _OnDemand()
