"""What a foreign suite's pytest is given: it counts the kernels that are started.

``pytest -p peers_plugin`` loads it. Where ``PEERS_ENGINE`` names an engine, papermill uses it when
none is asked for.
"""

import collections
import json
import os
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.provisioning import LocalProvisioner

from analysis.kernels.provisioner import WarmProvisioner

STARTED: collections.Counter[str] = collections.Counter()


def count(provisioner: Any, name: str) -> None:
    """Make a provisioner count the kernels that it starts."""
    launch = provisioner.launch_kernel

    async def counted(self: Any, cmd: list[str], **kwargs: Any) -> Any:
        STARTED[name] += 1
        return await launch(self, cmd, **kwargs)

    provisioner.launch_kernel = counted


def pytest_configure(config: pytest.Config) -> None:
    """Begin to count, and set the engine."""
    count(LocalProvisioner, "launched")
    count(WarmProvisioner, "forked")
    if os.environ.get("PEERS_ENGINE"):
        from papermill.engines import papermill_engines

        papermill_engines.register(None, papermill_engines.get_engine(os.environ["PEERS_ENGINE"]))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down how many kernels of each kind were started."""
    Path(os.environ["PEERS_STARTED"]).write_text(json.dumps(STARTED))
