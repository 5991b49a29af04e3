"""The papermill engine: one notebook in one kernel, with limits, events and a record.

papermill knows it by the name ``analysis``, an entry point; :func:`execute` is the door for our own
runs.
"""

import ast
import contextlib
import json
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillExecutionError
from traitlets import Any as AnyTrait

from analysis.batch import failures, record
from analysis.errors import InputError
from analysis.kernels.manager import KernelManager, kernel_name

NAME = "analysis"
_START = "__import__('analysis.batch.recorder', fromlist=['listen']).listen()"
_REPORT = "__import__('analysis.batch.recorder', fromlist=['report']).report()"


@dataclass(frozen=True)
class Limits:
    """What a notebook may take.

    Attributes
    ----------
    seconds : float
        Wall time of a cell; 0 for no limit.
    megabytes : int
        Private memory of a kernel, its libraries included; 0 for no limit. Linux only.
    """

    seconds: float = 0
    megabytes: int = 0


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


class NotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """Executes a notebook and leaves its record in the notebook's metadata."""

    turn = AnyTrait(help="A context that is entered to execute cells, and left to end the kernel")
    watch = AnyTrait(help="Told of each cell that starts")
    sink = AnyTrait(help="Where the notebook is put, so that a failed one is not lost")
    limits = AnyTrait(help="What the notebook may take")

    def execute(self, **kwargs: Any) -> Any:
        """Execute the notebook in a kernel of its own."""
        self.reset_execution_trackers()
        if self.sink is not None:
            self.sink["notebook"] = self.nb
        with self.setup_kernel(**kwargs), _running(self.km):
            _cap(self.km, self.limits or Limits())
            with self.turn or contextlib.nullcontext():
                begun = time.time()
                self._ask(_START)
                well = self._execute_cells()
            report = self._ask(_REPORT) if well else ""
            if report:
                known = record.complete(json.loads(ast.literal_eval(report)), begun)
                self.nb.metadata[record.KEY] = known
            self.set_widgets_metadata()
        return self.nb

    def _execute_cells(self) -> bool:
        """Execute the cells, and return whether all went well.

        A cell that runs out of time or kills its kernel fails like others.
        """
        try:
            self.papermill_execute_cells()
            return not self.nb.metadata.papermill.get("exception")
        except (CellTimeoutError, DeadKernelError) as error:
            cell = self.nb.cells[self.current]
            late = isinstance(error, CellTimeoutError)
            reason = f"no answer within {self.timeout} s" if late else "the kernel died"
            output = nbformat.v4.new_output(
                "error", ename=type(error).__name__, evalue=reason, traceback=[reason]
            )
            cell.setdefault("outputs", []).append(output)
            self.nb_man.cell_exception(cell, cell_index=self.current, exception=error)
            return False

    def execute_cell(self, cell: Any, cell_index: int, **kwargs: Any) -> Any:
        """Execute one cell, telling who watches."""
        self.current = cell_index
        if self.watch is not None:
            self.watch(cell_index, len(self.nb.cells))
        return super().execute_cell(cell, cell_index, **kwargs)

    def _ask(self, expression: str) -> str:
        """Return the value of an expression in the kernel; empty if it has none to give."""
        if self.kc is None or not self.km.has_kernel:
            return ""
        with contextlib.suppress(DeadKernelError):
            message = self.kc.execute(
                "", silent=True, store_history=False, user_expressions={"value": expression}
            )
            reply = self.wait_for_reply(message)["content"]
            value = reply.get("user_expressions", {}).get("value", {})
            return str(value.get("data", {}).get("text/plain", ""))
        return ""


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


_kernels: set[int] = set()
_lock = threading.Lock()


@contextlib.contextmanager
def _running(manager: Any) -> Iterator[None]:
    """Keep a kernel's process id while it runs, so that all can be killed at once."""
    pid = getattr(manager.provisioner, "pid", None)
    with _lock:
        _kernels.add(pid or 0)
    try:
        yield
    finally:
        with _lock:
            _kernels.discard(pid or 0)


def _cap(manager: Any, limits: Limits) -> None:
    """Cap the memory of a kernel; a cell that goes beyond ends with a MemoryError."""
    if limits.megabytes and sys.platform == "linux":
        import resource

        size = limits.megabytes * 1_000_000
        resource.prlimit(manager.provisioner.pid, resource.RLIMIT_DATA, (size, size))


def kill_all() -> None:
    """Kill every kernel that runs; whoever waits for one sees it die."""
    with _lock:
        pids = [pid for pid in _kernels if pid]
    for pid in pids:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


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
    """
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
            execution_timeout=math.ceil(job.limits.seconds) or None,
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
