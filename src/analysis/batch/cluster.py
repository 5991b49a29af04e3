"""Runs on a Dask cluster: the same jobs, each worker with a zygote of its own."""

import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Self

from distributed import Client, Security

from analysis.batch import engine
from analysis.batch.workers import Workers
from analysis.errors import InputError

RETRIES = 3
"""How often a job whose worker was lost or failed is done again, elsewhere."""

SAME = ("python", "distributed", "numpy", "pandas", "scipy", "statsmodels", "matplotlib")
"""What must be of one version here and on every worker."""

PATIENCE = 5.0
"""Seconds that a scheduler may be out of reach."""


def _different(versions: Mapping[str, Any]) -> str:
    """Return in words the first version in which a worker differs; empty if none does."""
    here = versions["client"]["packages"]
    for worker, said in versions["workers"].items():
        for name in SAME:
            there = said["packages"].get(name)
            if there != here.get(name):
                return f"worker {worker} has {name} {there}, this machine {here.get(name)}"
    return ""


class Cluster(Workers):
    """Executes on the workers of a Dask cluster.

    They need this package and the same data at the same place, such as a shared folder.

    Parameters
    ----------
    address : str
        Of a scheduler that runs, such as ``tcp://host:8786``.

    Raises
    ------
    InputError
        If no scheduler answers there, or it has no workers.
    """

    can_wait = False

    def __init__(self, address: str) -> None:
        self.gone = (
            f"--dask {address}: the scheduler went away; what ended is kept, and the same "
            "command goes on from there"
        )
        self.heard = time.monotonic()
        for name in ("distributed", "distributed.client"):  # What it logs is said in one line.
            logging.getLogger(name).setLevel(logging.CRITICAL)
        with_certificates = Security().get_connection_args("client")["ssl_context"]
        if address.startswith("tls:") and not with_certificates:
            raise InputError(f"--dask {address}: no certificates are set; the README says how")
        try:
            self.client = Client(address, timeout="5s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(f"--dask {address}: no scheduler answers there") from error
        self.most = 2 * sum(self.client.nthreads().values())
        if not self.most:
            self.client.close()
            raise InputError(f"--dask {address}: the scheduler has no workers")
        different = _different(self.client.get_versions(packages=list(SAME)))
        if different:
            self.client.close()
            raise InputError(f"--dask {address}: {different}; results could differ")

    def __enter__(self) -> Self:
        self.executor = self.client.get_executor(pure=False, retries=RETRIES)
        return self

    def __exit__(self, *_: object) -> None:
        if self.client.status == "running":
            self.executor.shutdown()
        self.client.close(timeout=1)

    def check(self) -> None:
        """Raise ``InputError`` if the scheduler is out of reach for too long."""
        if self.client.status == "running":
            self.heard = time.monotonic()
        elif time.monotonic() - self.heard > PATIENCE:
            raise InputError(self.gone)

    def submit(
        self, job: engine.Job, watch: engine.Watch, gate: threading.Event
    ) -> "Future[engine.Result]":
        """Execute a job on a worker."""
        future: Future[engine.Result] = self.executor.submit(engine.execute, job)
        return future
