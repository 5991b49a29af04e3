"""Runs on a Dask cluster: the same jobs, each worker with a zygote of its own."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from distributed import Client

from analysis.errors import InputError

RETRIES = 3
"""How often a job whose worker was lost or failed is done again, elsewhere."""


@contextmanager
def connect(address: str) -> Iterator[tuple[Executor, int]]:
    """Yield an executor on a cluster, and how many threads its workers have.

    Workers need this package and the same data at the same place, such as a shared folder.

    Parameters
    ----------
    address : str
        Of a scheduler that runs, such as ``tcp://host:8786``.

    Raises
    ------
    InputError
        If no scheduler answers there, or it has no workers.
    """
    try:
        client = Client(address, timeout="5s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"--dask {address}: no scheduler answers there") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise InputError(f"--dask {address}: the scheduler has no workers")
        with client.get_executor(pure=False, retries=RETRIES) as executor:
            yield executor, threads
