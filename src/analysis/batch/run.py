"""Run tasks in parallel, each when those it depends on have ended, and only if it must."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from analysis.batch import engine, record
from analysis.batch.tasks import Task, before
from analysis.errors import InputError


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
    limits: engine.Limits = field(default_factory=engine.Limits)
    dask: str = ""


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold a folder for one run; the system lets go of it even if the run is killed.

    Raises
    ------
    InputError
        If another run holds it.
    """
    out.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (out / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(f"{record.short(str(out))}: another run is writing there") from error
        yield


class Turn:
    """A task's turn to execute its cells: when its gate is open and one of the places is free.

    Its kernel may start before.
    """

    def __init__(self, gate: threading.Event, places: threading.Semaphore) -> None:
        self.gate = gate
        self.places = places

    def __enter__(self) -> None:
        self.gate.wait()
        self.places.acquire()

    def __exit__(self, *_: object) -> None:
        self.places.release()


Submit = Callable[[engine.Job, engine.Watch, threading.Event], "Future[engine.Result]"]


@contextlib.contextmanager
def _workers(options: Options) -> Iterator[tuple[int, bool, Submit]]:
    """Yield how many jobs to hold out at once, whether kernels can wait, and how to submit."""
    if options.dask:
        from analysis.batch.cluster import connect

        with connect(options.dask) as (remote, threads):
            yield 2 * threads, False, lambda job, *_: remote.submit(engine.execute, job)
        return
    places = threading.Semaphore(options.jobs)
    # Twice the threads: while some execute their cells, the kernels of the next ones start.
    ahead = 2 * options.jobs
    with ThreadPoolExecutor(ahead) as pool:

        def submit(
            job: engine.Job, watch: engine.Watch, gate: threading.Event
        ) -> "Future[engine.Result]":
            return pool.submit(engine.execute, job, turn=Turn(gate, places), watch=watch)

        yield ahead, True, submit


def run(
    tasks: Sequence[Task],
    options: Options,
    *,
    listener: Listener | None = None,
    gather: Callable[[], object] | None = None,
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
    """
    record.distributions()
    told = listener or Listener()
    told.began(len(tasks))
    outcomes: dict[Task, Outcome] = {}

    def settle(task: Task, status: str, seconds: float = 0.0, error: str = "") -> None:
        notebook = record.short(str(task.notebook))
        outcomes[task] = Outcome(task.name, notebook, status, seconds, error)
        told.ended(outcomes[task])

    waits = before(tasks, {task: record.read(task.target) for task in tasks})
    waiting = list(tasks)
    pending: dict[Future[engine.Result], Task] = {}
    gates: dict[Task, threading.Event] = {}

    def begin(task: Task, submit: Submit) -> None:
        waiting.remove(task)
        gates[task] = threading.Event()
        pending[submit(_job(task, options), told.cell, gates[task])] = task

    with _workers(options) as (most, can_wait, submit), _stopping(gates):
        while waiting or pending:
            for task in [one for one in tasks if one not in outcomes]:
                if not waits[task] <= outcomes.keys():
                    continue
                if task in gates and gates[task].is_set():
                    continue
                if task in waiting and len(pending) >= most:
                    continue
                if task.gathers and gather is not None:
                    gather()
                if task in waiting and not options.fresh and not _reasons(task):
                    waiting.remove(task)
                    settle(task, "up to date")
                    continue
                if task in waiting:
                    begin(task, submit)
                gates[task].set()
            for task in list(waiting) if can_wait else []:
                soon = waits[task] <= outcomes.keys() | set(pending.values())
                if len(pending) < most and soon and (options.fresh or _reasons(task)):
                    begin(task, submit)
            if pending:
                ended, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in ended:
                    task = pending.pop(future)
                    try:
                        result = future.result()
                    except InputError:
                        raise
                    except Exception as error:
                        reason = str(error).strip().partition("\n")[0]
                        settle(task, "failed", error=f"{type(error).__name__}: {reason}")
                        continue
                    engine.write(result, task.target)
                    status = "failed" if result.error else "ok"
                    settle(task, status, result.seconds, result.error)
    ordered = [outcomes[task] for task in tasks]
    told.done(ordered)
    return ordered


def _reasons(task: Task) -> list[str]:
    """Return why a task has to run, by the files as they are at this moment."""
    known = record.read(task.target)
    return record.reasons(known, task.notebook, task.parameters, record.Checksums())


def _job(task: Task, options: Options) -> engine.Job:
    """Return the job of a task."""
    text = task.notebook.read_text(encoding="utf-8")
    folder = str(task.notebook.parent)
    return engine.Job(task.name, text, folder, task.parameters, options.kernel, options.limits)


@contextlib.contextmanager
def _stopping(gates: Mapping[Task, threading.Event]) -> Iterator[None]:
    """Kill every kernel when the run is interrupted, so that nothing is waited for."""
    try:
        yield
    except BaseException:
        for gate in gates.values():
            gate.set()
        engine.kill_all()
        raise
