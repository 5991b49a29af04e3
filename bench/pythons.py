"""Run the collection with other Pythons and in other surroundings, and compare every file.

``make pythons`` calls it. A Python is any of 3.11 or later on ``PATH`` or among pyenv's, with what
``requirements.txt`` pins for it. It writes ``docs/reproducibility.md``; its exit code is 1 if a
file differs from the first Python's.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / "pythons"
PAGE = ROOT / "docs" / "reproducibility.md"
MARK = "<!-- results -->\n"
ASK = "import platform, sys; print(platform.python_version(), sys.version_info.minor)"
ELSE = {
    "in Tokyo, no locale, hash seed 0, one thread": (
        "TZ=Asia/Tokyo LC_ALL=C PYTHONHASHSEED=0 OMP_NUM_THREADS=1"
    ),
    "in German, hash seed 1, two threads, no home": (
        "--unset=HOME LC_ALL=de_DE.UTF-8 PYTHONHASHSEED=1 OMP_NUM_THREADS=2"
    ),
    "in a folder 中文, a home that cannot be written": "HOME=/proc/nothing",
}
"""Other surroundings, as arguments of ``env``; the last is run in a clone of the project."""


def pythons() -> dict[str, Path]:
    """Return a Python of each minor version from 3.11 on, by its version."""
    folders = [*os.environ["PATH"].split(os.pathsep), *Path.home().glob(".pyenv/versions/*/bin")]
    found: dict[int, tuple[str, Path]] = {}
    for python in (one for folder in folders for one in Path(folder).glob("python3.[1-9][0-9]")):
        asked = subprocess.run([python, "-c", ASK], capture_output=True, text=True)
        if asked.returncode == 0:
            name, minor = asked.stdout.split()
            found.setdefault(int(minor), (name, python))
    return dict(found[minor] for minor in sorted(found) if minor >= 11)


def run(python: Path, project: Path, surroundings: str = "") -> dict[str, str]:
    """Return the checksum of every file that a run of all notebooks and the site leaves."""
    shutil.rmtree(WORK / "out", ignore_errors=True)
    data = shutil.copytree(project / "data", WORK / "out/data")
    binaries, uv = WORK / "venv/bin", Path(sys.executable).with_name("uv")
    install = [uv, "pip", "install", "--quiet", "--python", binaries / "python"]
    analysis = ["env", f"ANALYSIS_DATA={data}", *surroundings.split(), binaries / "analysis"]
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", python, WORK / "venv"],
        [*install, "--require-hashes", "-r", "requirements.txt"],
        [*install, "--no-deps", "--no-build-isolation", "-e", "."],
        [*analysis, "run", "--fresh", "--out", WORK / "out"],
        [*analysis, "site", "--ledger", WORK / "out/findings.json", "--out", WORK / "out/site"],
    ):
        subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)
    left = [WORK / "out/findings.json", *(data / "processed").iterdir()]
    left += [path for path in (WORK / "out/site").rglob("*") if path.is_file()]
    return {str(p.relative_to(WORK)): hashlib.sha256(p.read_bytes()).hexdigest() for p in left}


def main() -> int:
    """Run all, print and write what differs, and return how to exit."""
    clone = WORK / "中文 folder/project"
    shutil.rmtree(clone, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    found = pythons()
    (version, first), *_ = found.items()
    made = {f"Python {name}": run(python, ROOT) for name, python in found.items()}
    for name, variables in ELSE.items():
        made[f"{version} {name}"] = run(first, clone if "folder" in name else ROOT, variables)
    expected, lines = made[f"Python {version}"], []
    for name, left in made.items():
        other = sorted(key for key in expected | left if expected.get(key) != left.get(key))
        lines.append(f"| {name} | {len(left)} | {', '.join(other) or 'none'} |")
    told = f"Of {date.today()}, on {platform.system()} ({platform.machine()})."
    table = ["| run | files | of them other than the first's |", "| --- | --- | --- |", *lines]
    head = PAGE.read_text(encoding="utf-8").split(MARK)[0]
    PAGE.write_text(head + MARK + "\n".join(["", told, "", *table, ""]), encoding="utf-8")
    print(*lines, sep="\n")
    return int(any(left != expected for left in made.values()))


if __name__ == "__main__":
    sys.exit(main())
