"""papermill's notebook client with limits, a record, and no output lost in silence."""

import ast
import asyncio
import contextlib
import json
import time
from typing import Any

import nbformat
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Any as AnyTrait
from traitlets import Bool, Float, Integer

from analysis.batch import record
from analysis.batch.limits import Limits, cap, end_kernel, kept_in_mind
from analysis.kernels.client import KernelLost
from analysis.kernels.manager import Counted

_START = "__import__('analysis.batch.recorder', fromlist=['listen']).listen()"
_REPORT = "__import__('analysis.batch.recorder', fromlist=['report']).report()"

OUTPUT_PATIENCE = 60
"""Seconds that output may take to arrive after its cell has ended."""


class OutputError(Exception):
    """Output that a kernel published did not arrive."""


class NotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """Executes a notebook and leaves its record in the notebook's metadata."""

    turn = AnyTrait(help="A context that is entered to execute cells, and left to end the kernel")
    watch = AnyTrait(help="Told of each cell that starts")
    sink = AnyTrait(help="Where the notebook is put, so that a failed one is not lost")
    limits = AnyTrait(help="What the notebook may take")
    timeout = Float(None, allow_none=True, help="Seconds that a cell may take")
    iopub_timeout = Integer(OUTPUT_PATIENCE)
    raise_on_iopub_timeout = Bool(True)
    stopped = ""

    def execute(self, **kwargs: Any) -> Any:
        """Execute the notebook in a kernel of its own."""
        self.reset_execution_trackers()
        if self.sink is not None:
            self.sink["notebook"] = self.nb
        try:
            self._execute(**kwargs)
        except RuntimeError as error:
            if self._orphaned():
                raise KernelLost("the zygote of a kernel ended") from error
            raise
        return self.nb

    def _execute(self, **kwargs: Any) -> None:
        """Start a kernel, execute the cells when it is their turn, and keep the record."""
        with self.setup_kernel(**kwargs), kept_in_mind(self.km):
            cap(self.km, self.limits or Limits())
            self._watch_output((self.limits or Limits()).output)
            with self.turn or contextlib.nullcontext():
                begun = time.time()
                self._ask(_START)
                well = self._execute_cells()
            report = self._ask(_REPORT) if well else ""
            if report:
                known = record.complete(json.loads(ast.literal_eval(report)), begun)
                self.nb.metadata[record.KEY] = known
            self.set_widgets_metadata()

    def _orphaned(self) -> bool:
        """Return whether the kernel ended because the zygote that forked it did."""
        provisioner = getattr(self.km, "provisioner", None)
        return bool(getattr(provisioner, "orphaned", False)) and not self.stopped

    def _execute_cells(self) -> bool:
        """Execute the cells, and return whether all went well.

        A cell that runs out of time or kills its kernel fails like others.
        """
        try:
            self.papermill_execute_cells()
            return not self.nb.metadata.papermill.get("exception")
        except (CellTimeoutError, DeadKernelError, OutputError) as error:
            if self._orphaned():
                raise KernelLost("the zygote of a kernel ended") from error
            cell = self.nb.cells[self.current]
            reason = self._reason(error)
            output = nbformat.v4.new_output(
                "error", ename=type(error).__name__, evalue=reason, traceback=[reason]
            )
            cell.setdefault("outputs", []).append(output)
            run_sync(_cancel_rest)()
            self.nb_man.cell_exception(cell, cell_index=self.current, exception=error)
            return False

    def _reason(self, error: Exception) -> str:
        """Return in words why a cell ended that did not fail by itself."""
        if self.stopped:
            return str(self.stopped)
        if isinstance(error, OutputError):
            return str(error)
        if isinstance(error, CellTimeoutError):
            return f"no answer within {self.timeout:g} s" if self.timeout else "its output stalled"
        most = (self.limits or Limits()).megabytes
        return "the kernel died" + (f", perhaps by --memory {most}" if most else "")

    def _watch_output(self, megabytes: int) -> None:
        """End the kernel when it has published more than it may."""
        channel = self.kc.iopub_channel
        if not isinstance(channel, Counted):
            return

        def end() -> None:
            if not self.stopped:
                self.stopped = f"more than {megabytes} MB of output"
                end_kernel(self.km.provisioner.pid)

        channel.most, channel.flooded = megabytes * 1_000_000, end

    def execute_cell(self, cell: Any, cell_index: int, **kwargs: Any) -> Any:
        """Execute one cell, telling who watches."""
        self.current = cell_index
        if self.watch is not None:
            self.watch(cell_index, len(self.nb.cells))
        done = super().execute_cell(cell, cell_index, **kwargs)
        channel = self.kc.iopub_channel
        if isinstance(channel, Counted) and channel.missing:
            lost = run_sync(channel.settle)()
            if lost:
                raise OutputError(f"{lost} pieces of output were lost on their way")
        return done

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


async def _cancel_rest() -> None:
    """Cancel what nbclient leaves waiting on this thread's loop when a cell is ended from outside.

    asyncio would complain of it on standard error.
    """
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
