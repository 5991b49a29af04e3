"""What changed between two states of the collection: standings, and the values that decided."""

import subprocess
import tempfile
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.errors import InputError
from analysis.report import ledger, scorecard
from analysis.report.claims import claim, claims
from analysis.sources import tables

RELEASED = "registry/released"
COLUMNS = ("claim", "statement", "before", "after", "value_before", "value_after")


def state(name: str) -> pd.DataFrame:
    """Return where claims stood at a release, in a ledger or run, or at a commit.

    Parameters
    ----------
    name : str
        A release of ``data/registry/released.csv``, a ledger file, a folder with
        ``findings.json``, or a commit of this repository. The findings of a commit are those
        stored in its notebooks, judged by the rules and the registry of today.

    Returns
    -------
    pandas.DataFrame
        Indexed by claim: ``standing`` and ``value``, the found value that decided, as text; both
        empty where there is none.

    Raises
    ------
    InputError
        If it is none of these.
    """
    released = tables.read(RELEASED)
    if name in set(released["release"]):
        mine = released[released["release"] == name].set_index("claim")
        return mine[["standing", "value"]].fillna("")
    path = Path(name)
    if path.exists():
        entries = ledger.load(path / "findings.json" if path.is_dir() else path)
    else:
        entries = _at_commit(name)
    known = claims()
    return stood(scorecard.standings([entry for entry in entries if entry["claim"] in known]))


def stood(table: pd.DataFrame) -> pd.DataFrame:
    """Return where claims stand by a scorecard, as :func:`state` does."""
    made = table.set_index("id")[["standing", "found"]].fillna("").astype(str)
    return made.rename_axis("claim").rename(columns={"found": "value"})


def last_release() -> tuple[str, str]:
    """Return the name and the day of the last release."""
    row = tables.read(RELEASED).iloc[-1]
    return str(row["release"]), str(row["published"])


def changed(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the claims whose standing or deciding value differs.

    Parameters
    ----------
    before, after : pandas.DataFrame
        As :func:`state` returns them.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`, those whose standing changed first; a claim that is new or gone has
        ``"no claim"`` on one side.

    Examples
    --------
    >>> key = "patents.grants.china"
    >>> one = pd.DataFrame({"standing": ["as cited"], "value": ["5.9"]}, index=[key])
    >>> changed(one, one.assign(standing="revised"))[["claim", "before", "after"]].values.tolist()
    [['patents.grants.china', 'as cited', 'revised']]
    """
    both = before.add_suffix("_before").join(after.add_suffix("_after"), how="outer")
    both = both.fillna("no claim")
    moved = both["standing_before"] != both["standing_after"]
    other = both["value_before"] != both["value_after"]
    rows = both.assign(moved=moved)[moved | other].sort_values("moved", ascending=False)
    known = claims()
    made = [
        (
            key,
            claim(key).statement if key in known else "",
            row.standing_before,
            row.standing_after,
            row.value_before,
            row.value_after,
        )
        for key, row in zip(rows.index, rows.itertuples(), strict=True)
    ]
    return pd.DataFrame(made, columns=list(COLUMNS))


def in_words(frame: pd.DataFrame) -> str:
    """Return changes as lines: the claim, its standings, its values."""
    if frame.empty:
        return "nothing changed"
    made = []
    for row in frame.to_dict("records"):
        before, after = row["before"], row["after"]
        standing = after if before == after else f"{before} -> {after}"
        made.append(f"{row['claim']}: {standing or 'no standing'}")
        before, after = row["value_before"], row["value_after"]
        if before != after:
            made.append(f"    value {before or 'none'} -> {after or 'none'}")
    moved = int((frame["before"] != frame["after"]).sum())
    return "\n".join([*made, f"{moved} standings changed, {len(frame) - moved} values only"])


def _at_commit(name: str) -> list[ledger.Entry]:
    """Return the findings stored in the notebooks of a commit."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=paths.ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise InputError(
                f"{name!r} is no release, no ledger, no folder with findings.json and no commit"
            )
        return done.stdout

    git("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
    listed = git("ls-tree", "--name-only", f"{name}:notebooks").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        books = []
        for one in sorted(listed):
            if one.endswith(".ipynb") and one[:1].isdigit():
                books.append(Path(folder, one))
                books[-1].write_text(git("show", f"{name}:notebooks/{one}"), encoding="utf-8")
        return ledger.harvest(books)
