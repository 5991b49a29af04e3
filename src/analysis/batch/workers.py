"""Who executes jobs: one class for each way, behind a common base."""

import threading
from abc import ABC, abstractmethod
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Self

from analysis.batch import engine


class Workers(ABC):
    """Takes jobs; entered to get ready and left to tidy up.

    Attributes
    ----------
    most : int
        How many jobs to hold at once.
    can_wait : bool
        Whether a job may be submitted before its turn, so that its kernel starts meanwhile.
    gone : str
        What to say if they are gone for good.
    """

    most: int
    can_wait: bool
    gone: str = "those who execute went away"

    def __enter__(self) -> Self:
        return self

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...

    def stop(self) -> None:
        """Let no job begin that has not begun, and wait for none."""
        return

    def check(self) -> None:
        """Raise ``InputError`` if they are gone for good; asked while jobs are waited for."""
        return

    @abstractmethod
    def submit(
        self, job: engine.Job, watch: engine.Watch, gate: threading.Event
    ) -> "Future[engine.Result]":
        """Execute a job.

        Parameters
        ----------
        job : Job
            What to execute.
        watch : callable
            Told of each cell that starts, where that can be heard.
        gate : threading.Event
            Set when its cells may execute.
        """


class Turn:
    """A task's turn to execute its cells: when its gate is open and one of the places is free.

    Its kernel may start before. When all is stopped, its turn never comes.
    """

    def __init__(
        self, gate: threading.Event, places: threading.Semaphore, stopped: threading.Event
    ) -> None:
        self.gate = gate
        self.places = places
        self.stopped = stopped

    def __enter__(self) -> None:
        self.gate.wait()
        self.places.acquire()
        if self.stopped.is_set():
            self.places.release()
            raise CancelledError

    def __exit__(self, *_: object) -> None:
        self.places.release()


class Threads(Workers):
    """Executes on this machine, each job's kernel a process of its own.

    There are twice the threads: while some execute their cells, the kernels of the next ones start.

    Parameters
    ----------
    jobs : int
        Notebooks whose cells execute at once.
    """

    can_wait = True

    def __init__(self, jobs: int) -> None:
        self.most = 2 * jobs
        self.places = threading.Semaphore(jobs)
        self.pool = ThreadPoolExecutor(self.most)
        self.stopped = threading.Event()

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown(wait=not self.stopped.is_set())

    def stop(self) -> None:
        """Let no job begin that has not begun, and wait for none."""
        self.stopped.set()

    def submit(
        self, job: engine.Job, watch: engine.Watch, gate: threading.Event
    ) -> "Future[engine.Result]":
        """Execute a job when it is its turn."""
        turn = Turn(gate, self.places, self.stopped)
        return self.pool.submit(engine.execute, job, turn=turn, watch=watch)
