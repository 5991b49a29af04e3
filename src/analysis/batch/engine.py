"""The papermill engine: one notebook in one kernel, with limits, events and a record.

papermill knows it by the name ``analysis``, an entry point; :func:`execute` is the door for our own
runs.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillExecutionError

from analysis.batch import failures, record
from analysis.batch.client import NotebookClient
from analysis.batch.limits import Limits
from analysis.errors import InputError
from analysis.kernels.client import KernelLost
from analysis.kernels.manager import KernelManager, kernel_name

NAME = "analysis"


@dataclass
class Job:
    """One notebook to execute.

    Attributes
    ----------
    name : str
        What progress and messages call it.
    text : str
        The notebook as JSON.
    folder : str
        Where it runs.
    parameters : dict
        Values by name.
    kernel : str
        ``"warm"``, ``"cold"`` or the name of a kernel specification.
    limits : Limits
        What it may take.
    """

    name: str
    text: str
    folder: str
    parameters: dict[str, Any] = field(default_factory=dict)
    kernel: str = "warm"
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Result:
    """How a job ended.

    Attributes
    ----------
    text : str
        The executed notebook as JSON, with its record.
    seconds : float
        Wall time.
    error : str
        Empty, or the failing cell and its message.
    """

    text: str
    seconds: float
    error: str = ""


Watch = Callable[[str, int, int], None]
"""Told of each cell that starts: the job's name, the cell's position, and how many there are."""


def _ignore(name: str, cell: int, cells: int) -> None:
    """Watch nothing."""


class Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's engine with our client."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        input_path: str = "",
        **kwargs: Any,
    ) -> Any:
        """Execute a notebook that papermill has prepared."""
        return NotebookClient(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=KernelManager,
            log_output=log_output,
            startup_timeout=start_timeout,
            timeout=execution_timeout,
            shutdown_kernel="immediate",
            **kwargs,
        ).execute()


def execute(job: Job, *, turn: Any = None, watch: Watch = _ignore) -> Result:
    """Execute a notebook with papermill, in this process or on a worker.

    Parameters
    ----------
    job : Job
        What to execute.
    turn : context manager, optional
        Entered while cells execute: a semaphore bounds how many notebooks do at once, while the
        kernels of the next ones start.
    watch : callable, optional
        Told of each cell that starts.

    Notes
    -----
    If the zygote of the kernel is killed, or the kernel dies before it answers, the notebook begins
    anew under another, once.
    """
    try:
        return _execute(job, turn, watch)
    except KernelLost:
        return _execute(job, turn, watch)


def _execute(job: Job, turn: Any, watch: Watch) -> Result:
    """Execute a notebook once."""
    begin = time.perf_counter()
    notebook = nbformat.reads(job.text, as_version=4)
    known = {"code": record.code(notebook.cells), "parameters": job.parameters}
    sink: dict[str, Any] = {"notebook": notebook}
    error = ""
    try:
        papermill.execute_notebook(
            notebook,
            None,
            job.parameters,
            engine_name=NAME,
            kernel_name=kernel_name(job.kernel, notebook),
            progress_bar=False,
            request_save_on_cell_execute=False,
            execution_timeout=job.limits.seconds or None,
            resources={"metadata": {"path": job.folder}},
            turn=turn,
            watch=lambda cell, cells: watch(job.name, cell, cells),
            sink=sink,
            limits=job.limits,
        )
    except NoSuchKernel as failure:
        names = ", ".join(sorted(KernelSpecManager().find_kernel_specs()))
        raise InputError(f"no kernel {failure.name!r}; there are: warm, cold, {names}") from failure
    except PapermillExecutionError as failure:
        error = failures.line(sink["notebook"], failure)
        if failure.ename == "MemoryError" and job.limits.megabytes:
            error += f" (--memory {job.limits.megabytes})"
    executed = sink["notebook"]
    seconds = time.perf_counter() - begin
    executed.metadata[record.KEY] = {
        **executed.metadata.get(record.KEY, {}),
        **known,
        "status": "failed" if error else "ok",
        "error": error,
        "seconds": round(seconds, 3),
    }
    return Result(nbformat.writes(executed) + "\n", seconds, error)
