"""Measure the batch engine beside other ways to run notebooks, in one run, and draw the result.

``make bench`` calls it in an environment that has the other tools (the extra ``bench``). Every
measurement is a line of ``bench/measurements.csv``; ``bench/table.md`` and ``docs/bench.png`` come
from all of its lines. Wall times are given as multiples of a limit: the CPU seconds of the cells'
own work, as the warm run of the same round recorded them, divided by the cores.
"""

import csv
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import pandas as pd

from analysis import figures, paths

HERE = Path(__file__).parent
MEASUREMENTS = HERE / "measurements.csv"
COLUMNS = ["round", "workload", "tool", "seconds", "limit_seconds", "runs"]
PYTHON = sys.executable
BIN = Path(PYTHON).parent
CORES = os.cpu_count() or 1
SWEPT = paths.NOTEBOOKS / "20_publications.ipynb"
GRID = "growth_from: {from: 2013, to: 2018}\nslow: {from: 0.02, to: 0.11, step: 0.01}\n"
VALUES = [(year, percent) for year in range(2013, 2019) for percent in range(2, 12)]

ENV = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}


class FailedError(Exception):
    """A tool did not get through."""


def shell(command: str, cwd: Path) -> None:
    """Run a command; its output is shown only if it fails."""
    done = subprocess.run(command, shell=True, cwd=cwd, env=ENV, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1]
        raise FailedError(f"{command[:80]}: {last[:200]}")


def papermill_lines(workload: str, out: Path) -> list[str]:
    """Return the papermill commands of a workload."""
    if workload == "collection":
        return [
            f"papermill --no-progress-bar --cwd {paths.NOTEBOOKS} {path} {out / path.name}"
            for path in paths.notebooks()
        ]
    return [
        f"papermill --no-progress-bar --cwd {paths.NOTEBOOKS} {SWEPT} {out}/{year}-{percent}.ipynb"
        f" -p growth_from {year} -p slow {percent / 100}"
        for year, percent in VALUES
    ]


def papermill_loop(workload: str, out: Path) -> None:
    """Papermill's command, one after the other."""
    shell(" && ".join(papermill_lines(workload, out)), out)


def papermill_xargs(workload: str, out: Path) -> None:
    """Papermill's command, two at once."""
    (out / "lines").write_text("\n".join(papermill_lines(workload, out)))
    shell(f"xargs -P {CORES} -I LINE sh -c LINE < lines", out)


def script(text: str, out: Path) -> None:
    """Run a Python script in the notebooks' folder."""
    (out / "script.py").write_text(text)
    shell(f"{PYTHON} {out / 'script.py'}", paths.NOTEBOOKS)


def papermill_api(workload: str, out: Path) -> None:
    """Papermill's function, in one process."""
    script(
        "import glob, papermill\n"
        "for path in sorted(glob.glob('[0-9]*.ipynb')):\n"
        f"    papermill.execute_notebook(path, '{out}/' + path, progress_bar=False)\n",
        out,
    )


def nbmake(workload: str, out: Path) -> None:
    """Pytest --nbmake -n 2."""
    shell(
        f"pytest -q -c /dev/null --noconftest --rootdir {paths.NOTEBOOKS} -p no:cacheprovider "
        f"--nbmake -n {CORES} {' '.join(map(str, paths.notebooks()))}",
        out,
    )


def jupyter_cache(workload: str, out: Path) -> None:
    """jupyter-cache, its parallel executor, an empty cache."""
    script(
        "import glob\n"
        "from jupyter_cache import get_cache\n"
        "from jupyter_cache.executors import load_executor\n"
        "if __name__ == '__main__':\n"
        f"    cache = get_cache('{out}/cache')\n"
        "    for path in sorted(glob.glob('[0-9]*.ipynb')):\n"
        "        cache.add_nb_to_project(path)\n"
        "    result = load_executor('local-parallel', cache).run_and_cache(timeout=300)\n"
        "    assert not result.errored and not result.excepted, result\n",
        out,
    )


def ploomber(workload: str, out: Path) -> None:
    """ploomber-engine: in one process, without isolation."""
    script(
        "import glob\n"
        "from ploomber_engine import execute_notebook\n"
        "for path in sorted(glob.glob('[0-9]*.ipynb')):\n"
        f"    execute_notebook(path, '{out}/' + path, progress_bar=False)\n",
        out,
    )


def snakemake(workload: str, out: Path) -> None:
    """Snakemake with papermill in its rule."""
    names = [path.stem for path in paths.notebooks()]
    (out / "Snakefile").write_text(
        f"names = {names!r}\n"
        "rule all:\n    input: expand('{name}.done.ipynb', name=names)\n"
        "rule execute:\n"
        f"    input: '{paths.NOTEBOOKS}/{{name}}.ipynb'\n"
        "    output: '{name}.done.ipynb'\n"
        f"    shell: 'papermill --no-progress-bar --cwd {paths.NOTEBOOKS} {{input}} {{output}}'\n"
    )
    shell(f"snakemake --cores {CORES} --quiet all", out)


def ours(arguments: str) -> Callable[[str, Path], None]:
    """Return our own command."""

    def measured(workload: str, out: Path) -> None:
        if workload == "collection":
            shell(f"{PYTHON} -m analysis run --log text --out {out} {arguments}", out)
        else:
            (out / "grid.yaml").write_text(GRID)
            shell(f"{PYTHON} -m analysis sweep 10 grid.yaml --log text --out runs {arguments}", out)

    return measured


COLLECTION: dict[str, Callable[[str, Path], None]] = {
    "papermill, command in a loop": papermill_loop,
    "papermill, xargs -P 2": papermill_xargs,
    "papermill, API": papermill_api,
    "nbmake -n 2": nbmake,
    "jupyter-cache, parallel": jupyter_cache,
    "ploomber-engine, one process": ploomber,
    "snakemake with papermill": snakemake,
    "ours, cold": ours("--kernel cold"),
    "ours, warm": ours(""),
}
PARTS = ["ours, one table edited", "ours, nothing to do", "papermill, one notebook"]
SWEEP = {
    "papermill, command in a loop": papermill_loop,
    "papermill, xargs -P 2": papermill_xargs,
    "ours, warm": ours(""),
}


def limit(folder: Path) -> float:
    """Return the CPU seconds of the cells' own work in executed notebooks, by the cores."""
    records = [
        json.loads(path.read_text())["metadata"]["analysis"] for path in folder.rglob("*.ipynb")
    ]
    return float(sum(record["cpu_seconds"] for record in records) / CORES)


def timed(tool: Callable[[str, Path], None], workload: str, out: Path) -> float:
    """Return the wall seconds that a tool takes."""
    begin = time.perf_counter()
    tool(workload, out)
    return time.perf_counter() - begin


def measure(round_: str, workload: str, only: tuple[str, ...]) -> list[dict[str, object]]:
    """Measure every tool once, one after the other."""
    tools = COLLECTION if workload == "collection" else SWEEP
    seconds: dict[str, float] = {}
    runs = len(paths.notebooks()) if workload == "collection" else len(VALUES)
    with tempfile.TemporaryDirectory() as temporary:
        ENV["ANALYSIS_DATA"] = f"{temporary}/data"
        shutil.copytree(paths.ROOT / "data", ENV["ANALYSIS_DATA"])
        for name, tool in tools.items():
            if only and name not in (*only, "ours, warm"):
                continue
            out = Path(temporary) / str(len(seconds))
            out.mkdir()
            try:
                seconds[name] = timed(tool, workload, out)
                click.echo(f"{workload:<12} {name:<32} {seconds[name]:8.1f} s")
            except FailedError as error:
                seconds[name] = math.nan
                click.echo(f"{workload:<12} {name:<32} failed: {error}")
        lower = limit(out)
        if workload == "collection":
            warm = ours("")
            edited = Path(temporary) / "data/raw/macropolo_tracker/datapackage.json"
            edited.write_text(edited.read_text() + "\n")
            seconds[PARTS[0]] = timed(warm, workload, out)
            seconds[PARTS[1]] = timed(warm, workload, out)
            one = papermill_lines(workload, out)[2]
            seconds[PARTS[2]] = timed(lambda *_: shell(one, out), workload, out)
    return [
        dict(
            zip(
                COLUMNS, (round_, workload, name, f"{value:.3f}", f"{lower:.3f}", runs), strict=True
            )
        )
        for name, value in seconds.items()
    ]


def summary() -> pd.DataFrame:
    """Return median and spread of each tool, in seconds and in multiples of the limit."""
    raw = pd.read_csv(MEASUREMENTS)
    raw["multiple"] = raw["seconds"] / raw["limit_seconds"]
    grouped = raw.groupby(["workload", "tool"], sort=False)
    table = grouped.agg(
        rounds=("seconds", "count"),
        median_seconds=("seconds", "median"),
        least=("seconds", "min"),
        most=("seconds", "max"),
        multiple=("multiple", "median"),
    )
    warm = table.xs("ours, warm", level="tool")["median_seconds"]
    table["times ours"] = table["median_seconds"] / warm.reindex(table.index, level="workload")
    return table.reset_index()


def draw(table: pd.DataFrame) -> None:
    """Draw the collection, in multiples of the limit, and write the table."""
    whole = table[(table["workload"] == "collection") & ~table["tool"].isin(PARTS)]
    whole = whole.dropna(subset="multiple")
    rows = whole.sort_values("multiple")
    loop = rows.set_index("tool")["times ours"]["papermill, command in a loop"]
    best = rows.set_index("tool")["multiple"]["ours, warm"]
    picture = figures.bars(
        rows,
        x="multiple",
        y="tool",
        title=f"Warm kernels run the collection {loop:.0f} times as fast as papermill's command, "
        f"at {best:.1f} times the limit",
        unit="wall time, multiples of the cells' own CPU time divided by the cores",
        source=f"bench/run.py, {int(rows['rounds'].min())} to {int(rows['rounds'].max())} rounds, "
        f"{CORES} cores",
        highlight=tuple(name for name in rows["tool"] if name.startswith("ours")),
    )
    (paths.ROOT / "docs" / "bench.png").write_bytes(picture.png)
    lines = ["| workload | tool | rounds | median, s | spread, s | times the limit | times ours |"]
    lines.append("|---|---|--:|--:|--:|--:|--:|")
    for row in table.to_dict("records"):
        if math.isnan(row["median_seconds"]):
            lines.append(f"| {row['workload']} | {row['tool']} | 0 | failed | | | |")
            continue
        spread = f"{row['least']:.1f} to {row['most']:.1f}"
        lines.append(
            f"| {row['workload']} | {row['tool']} | {row['rounds']} | {row['median_seconds']:.1f} "
            f"| {spread} | {row['multiple']:.2f} | {row['times ours']:.2f} |"
        )
    (HERE / "table.md").write_text("\n".join(lines) + "\n")
    click.echo("\n".join(lines))


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Rounds of each workload.")
@click.option("--workload", multiple=True, default=("collection", "sweep"), show_default=True)
@click.option("--only", multiple=True, help="Only these tools, beside ours.")
@click.option("--draw-only", is_flag=True, help="Only draw what was measured before.")
def main(rounds: int, workload: tuple[str, ...], only: tuple[str, ...], draw_only: bool) -> None:
    """Measure, interleaved round by round, and add to what was measured before."""
    for _ in range(0 if draw_only else rounds):
        for one in workload:
            new = measure(time.strftime("%Y-%m-%dT%H:%M:%S"), one, only)
            first = not MEASUREMENTS.exists()
            with MEASUREMENTS.open("a", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                if first:
                    writer.writeheader()
                writer.writerows(new)
    draw(summary())


if __name__ == "__main__":
    main()
