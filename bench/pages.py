"""Measure the site and the check, three rounds in one run, and write ``bench/pages.md``."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
ROUNDS = 3


def seconds(*arguments: str) -> float:
    """Return how long a command of ours takes."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "analysis", *arguments], check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    """Measure, print, and write the table."""
    rows = []
    for number in range(1, ROUNDS + 1):
        out = tempfile.mkdtemp()
        rows.append(
            {
                "round": number,
                "site from nothing": seconds("site", "--out", out),
                "site for nothing": seconds("site", "--out", out),
                "check, all": seconds("check"),
                "check, what macropolo_tracker/talent touches": seconds(
                    "check", "--table", "macropolo_tracker/talent"
                ),
            }
        )
        shutil.rmtree(out)
    table = pd.DataFrame(rows).set_index("round").round(2)
    lines = ["| seconds | " + " | ".join(f"round {n}" for n in table.index) + " |"]
    lines.append("|---|" + "---|" * len(table))
    lines += [f"| {name} | " + " | ".join(map(str, table[name])) + " |" for name in table]
    (HERE / "pages.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
