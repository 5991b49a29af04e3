"""Run tasks in parallel, each when those it depends on have ended, and only if it must."""

import heapq
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from analysis import files
from analysis.batch import engine, record
from analysis.batch.limits import Limits, kill_all
from analysis.batch.tasks import Task, before
from analysis.batch.workers import Threads, Workers
from analysis.errors import InputError

BEAT = 1.0
"""Seconds after which the workers are looked at while none of their jobs ends."""


@dataclass(frozen=True)
class Outcome:
    """How one task ended.

    Attributes
    ----------
    name, notebook : str
        The task's name; the notebook's file, relative to the project.
    status : str
        ``"ok"``, ``"failed"`` or ``"up to date"``.
    seconds : float
        Wall time; 0 if it did not run.
    error : str
        Empty, or the failing cell and its message.
    """

    name: str
    notebook: str
    status: str
    seconds: float = 0.0
    error: str = ""


class Listener:
    """Told of what happens; this one ignores it all."""

    def began(self, tasks: int) -> None:
        """Hear how many tasks there are."""

    def cell(self, name: str, cell: int, cells: int) -> None:
        """Hear that a cell of a task starts."""

    def ended(self, outcome: Outcome) -> None:
        """Hear that a task ended."""

    def done(self, outcomes: Sequence[Outcome]) -> None:
        """Hear that all have ended."""


@dataclass(frozen=True)
class Options:
    """How to run.

    Attributes
    ----------
    jobs : int
        Notebooks whose cells execute at once.
    kernel : str
        ``"warm"``, ``"cold"`` or the name of a kernel specification.
    fresh : bool
        Whether to run all, whatever the records say.
    limits : Limits
        What a notebook may take.
    dask : str
        Address of a Dask scheduler; empty to run here.
    """

    jobs: int = 1
    kernel: str = "warm"
    fresh: bool = False
    limits: Limits = field(default_factory=Limits)
    dask: str = ""


class Schedule:
    """Tasks in an order in which none begins before those it depends on have ended.

    Parameters
    ----------
    tasks : sequence of Task
        What to run.
    options : Options
        How.
    workers : Workers
        Who executes.
    listener : Listener
        Told of what happens.
    gather : callable
        Writes the ledger; called before a task that takes one.

    Raises
    ------
    InputError
        If tasks wait for each other in a circle.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        options: Options,
        workers: Workers,
        listener: Listener,
        gather: Callable[[], object],
    ) -> None:
        self.tasks = list(tasks)
        self.options = options
        self.workers = workers
        self.listener = listener
        self.gather = gather
        self.depends = before(tasks, {task: record.read(task.target) for task in tasks})
        self.sorter = TopologicalSorter(self.depends)
        try:
            self.sorter.prepare()
        except CycleError as error:
            raise InputError(_circle(error.args[1])) from error
        self.places = {task: place for place, task in enumerate(self.tasks)}
        self.dependent = [task for task in self.tasks if self.depends[task]]
        self.open: list[int] = []
        self.gates: dict[Task, threading.Event] = {}
        self.pending: dict[Future[engine.Result], Task] = {}
        self.outcomes: dict[Task, Outcome] = {}

    def run(self) -> list[Outcome]:
        """Run what must run, and return how each task ended, in their order.

        When it is interrupted, every kernel is killed, so that nothing is waited for.
        """
        try:
            while self.sorter.is_active():
                self._begin()
                self._start_ahead()
                self._end()
        except BaseException:
            self.workers.stop()
            for gate in self.gates.values():
                gate.set()
            kill_all()
            raise
        return [self.outcomes[task] for task in self.tasks]

    @property
    def full(self) -> bool:
        """Whether the workers hold as many jobs as they take."""
        return len(self.pending) >= self.workers.most

    def _begin(self) -> None:
        """Begin each task whose turn has come, while there is room."""
        self._open_more()
        while self.open and not self.full:
            task = self.tasks[heapq.heappop(self.open)]
            if task.gathers:
                self.gather()
            if self._must(task):
                self._submit(task)
                self.gates[task].set()
            else:
                self._settle(task, "up to date")
                self._open_more()

    def _start_ahead(self) -> None:
        """Start the kernels of tasks that wait only for what runs already."""
        if not self.workers.can_wait:
            return
        begun = {*self.outcomes, *self.pending.values()}
        for task in self.dependent:
            if self.full:
                return
            if task not in begun and self.depends[task] <= begun and self._must(task):
                self._submit(task)
                begun.add(task)

    def _end(self) -> None:
        """Wait until a job ends, and keep what came of it."""
        self.workers.check()
        ended = wait(self.pending, BEAT, FIRST_COMPLETED).done if self.pending else set()
        for future in ended:
            task = self.pending.pop(future)
            try:
                result = future.result()
            except InputError:
                raise
            except CancelledError as error:
                raise InputError(self.workers.gone) from error
            except Exception as error:
                reason = str(error).strip().partition("\n")[0]
                self._settle(task, "failed", error=f"{type(error).__name__}: {reason}")
                continue
            files.write_text(task.target, result.text)
            status = "failed" if result.error else "ok"
            self._settle(task, status, result.seconds, result.error)

    def _open_more(self) -> None:
        """Open the tasks for which nothing is left to wait; a kernel started ahead goes on."""
        for task in self.sorter.get_ready():
            if task not in self.gates:
                heapq.heappush(self.open, self.places[task])
                continue
            if task.gathers:
                self.gather()
            self.gates[task].set()

    def _must(self, task: Task) -> bool:
        """Return whether a task has to run, by the files as they are at this moment."""
        if self.options.fresh:
            return True
        known = record.read(task.target)
        return bool(record.reasons(known, task.notebook, task.parameters, record.Checksums()))

    def _submit(self, task: Task) -> None:
        """Hand a task to the workers, unless they have it; its cells wait for its gate."""
        if task in self.gates:
            return
        self.gates[task] = threading.Event()
        job = engine.Job(
            task.name,
            task.notebook.read_text(encoding="utf-8"),
            str(task.notebook.parent),
            task.parameters,
            self.options.kernel,
            self.options.limits,
        )
        self.pending[self.workers.submit(job, self.listener.cell, self.gates[task])] = task

    def _settle(self, task: Task, status: str, seconds: float = 0.0, error: str = "") -> None:
        """Keep how a task ended, and let those that wait for it go on."""
        notebook = record.short(str(task.notebook))
        self.outcomes[task] = Outcome(task.name, notebook, status, seconds, error)
        self.listener.ended(self.outcomes[task])
        self.sorter.done(task)


def _circle(tasks: Sequence[Task]) -> str:
    """Return the message on tasks that wait for each other; the first is the last as well."""
    steps = " <- ".join(record.short(str(task.notebook)) for task in tasks)
    return (
        f"notebooks in a circle, each reading what the next one writes: {steps}; "
        f"if they no longer do, remove {record.short(str(tasks[0].target))}"
    )


def _workers(options: Options) -> Workers:
    """Return who executes."""
    if options.dask:
        from analysis.batch.cluster import Cluster

        return Cluster(options.dask)
    return Threads(options.jobs)


def run(
    tasks: Sequence[Task],
    options: Options,
    *,
    listener: Listener | None = None,
    gather: Callable[[], object] = lambda: None,
) -> list[Outcome]:
    """Run what must run; a failure does not stop the others.

    Parameters
    ----------
    tasks : sequence of Task
        What to run.
    options : Options
        How.
    listener : Listener, optional
        Told of what happens.
    gather : callable, optional
        Writes the ledger; called before a task that takes one.

    Returns
    -------
    list of Outcome
        In the order of the tasks.

    Raises
    ------
    InputError
        If tasks wait for each other in a circle, or there is no such kernel or cluster.
    """
    record.distributions()
    told = listener or Listener()
    told.began(len(tasks))
    with _workers(options) as workers:
        outcomes = Schedule(tasks, options, workers, told, gather).run()
    told.done(outcomes)
    return outcomes
