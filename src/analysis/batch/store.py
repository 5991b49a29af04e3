"""Store the outputs of notebooks in the notebooks themselves: what nbval and the readers see."""

from collections.abc import Sequence
from pathlib import Path

import nbformat

from analysis import files, notebooks, storing
from analysis.batch import tasks
from analysis.batch.door import locked
from analysis.batch.schedule import Listener, Options, Outcome, run


def store(
    books: Sequence[Path], out: Path, options: Options, *, listener: Listener | None = None
) -> list[Outcome]:
    """Run notebooks under their default choices, and store the outputs of those that ended well.

    Parameters
    ----------
    books : sequence of pathlib.Path
        Notebooks of the collection. Those that gather come last, and read what the others store.
    out : pathlib.Path
        Executed copies are kept there, so that only what changed runs again.
    options : Options
        How to run.
    listener : Listener, optional
        Told of what happens.

    Returns
    -------
    list of Outcome
        How each ended; a notebook that failed stays as it was.
    """
    outcomes = []
    with locked(out):
        for gathering in (False, True):
            todo = [
                tasks.Task(path.stem, path, {}, out / path.name)
                for path in books
                if notebooks.gathers(notebooks.load(path)) == gathering
            ]
            if todo:
                ended = run(todo, options, listener=listener)
                outcomes += ended
                _write(todo, ended)
    return outcomes


def _write(todo: Sequence[tasks.Task], ended: Sequence[Outcome]) -> None:
    """Put outputs in their place."""
    for task, outcome in zip(todo, ended, strict=True):
        if outcome.status == "failed":
            continue
        book, executed = (nbformat.read(path, 4) for path in (task.notebook, task.target))
        text = nbformat.writes(storing.with_outputs(book, executed)) + "\n"
        if text != task.notebook.read_text(encoding="utf-8"):
            files.write_text(task.notebook, text)
