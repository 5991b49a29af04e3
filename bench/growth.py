"""Measure how time and memory grow with the number of runs and of kernels that live at once."""

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from analysis.batch import schedule
from analysis.batch.schedule import Options
from analysis.batch.tasks import Task
from analysis.kernels import client as zygotes

CELLS = ["n: int = 0  # number", "import pandas", "pandas.Series(range(1000)).sum() + n"]


def pss(pid: int | str) -> float:
    """Return a process's proportional set size in megabytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    return 0.0


def sweep(folder: Path, runs: int) -> tuple[float, float]:
    """Return the wall seconds of a sweep and the memory of this process after it."""
    todo = [
        Task(f"{n}", folder / "toy.ipynb", {"n": n}, folder / str(runs) / f"{n}.ipynb")
        for n in range(runs)
    ]
    begin = time.perf_counter()
    outcomes = schedule.run(todo, Options(jobs=os.cpu_count() or 1))
    assert {outcome.status for outcome in outcomes} == {"ok"}
    return time.perf_counter() - begin, pss("self")


def kernels(folder: Path) -> None:
    """Print the memory of kernels that live at once, each after real work."""
    from jupyter_client.manager import start_new_kernel

    print("kernels  PSS of all kernels, MB  of one more, MB")
    work = (
        "from analysis import figures; from analysis.sources import tables\n"
        "t = tables.read('ncses_sei_2024/ai_articles_2003_2022'); t.describe()"
    )
    managers, before = [], 0.0
    for number in range(1, 7):
        manager, client = start_new_kernel(kernel_name="python3-warm")
        client.execute_interactive(work, timeout=60, output_hook=lambda message: None)
        managers.append((manager, client))
        total = sum(pss(one.provisioner.pid) for one, _ in managers)
        print(f"{number:7d}  {total:22.1f}  {total - before:15.1f}")
        before = total
    for manager, client in managers:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main() -> None:
    """Measure."""
    zygotes.start(zygotes.PRELOAD, os.environ)
    sizes = [int(one) for one in sys.argv[1:]] or [60, 120, 300, 600]
    with tempfile.TemporaryDirectory(prefix="growth-") as name:
        folder = Path(name)
        cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
        cells[0].metadata["tags"] = ["parameters"]
        spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
        made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
        nbformat.write(made, folder / "toy.ipynb")
        sweep(folder, 4)
        print("   runs   seconds  a run, ms  this process, PSS MB")
        for size in sizes:
            seconds, memory = sweep(folder, size)
            print(f"{size:7d}  {seconds:8.1f}  {seconds / size * 1000:9.1f}  {memory:20.1f}")
        kernels(folder)


if __name__ == "__main__":
    main()
