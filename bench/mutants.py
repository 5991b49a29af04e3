"""Write into ``docs/mutants.md`` the score of ``make mutants``, and why each survivor did."""

import json
from datetime import date
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import pandas as pd
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).parents[1]
REASONS = Path(__file__).with_name("mutants.csv")
PAGE = ROOT / "docs/mutants.md"
MARK = "<!-- results -->\n"


def results() -> pd.DataFrame:
    """Return a row each mutant: module, function, outcome, and what the line became."""
    found = []
    for path in sorted((ROOT / "mutants/src").rglob("*.meta")):
        for name, code in json.loads(path.read_text())["exit_code_by_key"].items():
            module, _, mutant = name.removeprefix("analysis.").rpartition(".")
            function = mutant.split("__mutmut_")[0].removeprefix("x")[1:].replace("ǁ", ".")
            outcome = status_by_exit_code[code]
            line = "" if outcome == "killed" else becomes(name)
            found.append((module, function, outcome, line))
    return pd.DataFrame(found, columns=["module", "function", "outcome", "becomes"])


def becomes(name: str) -> str:
    """Return the line of a mutant that differs."""
    lines = get_diff_for_mutant(name).splitlines()
    return next(line[1:].strip() for line in lines if line[:1] == "+" and line[:3] != "+++")


def scores(found: pd.DataFrame) -> pd.DataFrame:
    """Return mutants by module and outcome, with the share that was noticed."""
    table = pd.crosstab(found["module"], found["outcome"])
    table.loc["all"] = table.sum()
    killed = table.reindex(columns=["killed", "timeout"], fill_value=0).sum(axis=1)
    mutants = table.sum(axis=1)
    table.insert(0, "mutants", mutants)
    return table.assign(score=(100 * killed / mutants).map("{:.1f} %".format))


def rows(table: pd.DataFrame) -> list[str]:
    """Return a table in Markdown."""
    lines = [list(table), ["---"] * table.shape[1], *table.astype(str).to_numpy().tolist()]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def main() -> None:
    """Print the score, write the page, and name survivors without a reason."""
    found = results()
    left = found[~found["outcome"].isin(["killed", "timeout"])]
    key = ["module", "function", "becomes"]
    told = left.merge(pd.read_csv(REASONS), on=key, how="left", validate="m:1")
    told["becomes"] = "`" + told["becomes"] + "`"
    reasons = told.fillna({"reason": "not explained"}).groupby("reason", sort=False)
    made = f"Of {date.today()}, with mutmut {version('mutmut')} and Python {python_version()}."
    parts = ["", "## Score", "", made, "", *rows(scores(found).reset_index()), "", "## Survivors"]
    for reason, group in reasons:
        parts += ["", f"{reason} ({len(group)}):", "", *rows(group[key])]
    head = PAGE.read_text(encoding="utf-8").split(MARK)[0]
    PAGE.write_text(head + MARK + "\n".join(parts) + "\n", encoding="utf-8")
    print(scores(found).to_string())
    print(told["reason"].fillna("not explained").value_counts().to_string())


if __name__ == "__main__":
    main()
