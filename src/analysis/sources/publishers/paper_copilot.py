"""Paper Copilot: papers by institution."""

from pathlib import Path

import pandas as pd

from analysis.sources.publishers.csrankings import INSTITUTIONS


def papers(path: Path) -> pd.DataFrame:
    """Return papers of 2021 at twelve venues by Chinese institution; a paper counts in each."""
    cell = pd.read_csv(path)["aff_unique_norm"].dropna()
    each = cell.str.split(";").map(lambda names: sorted({name.strip() for name in names}))
    counted = each.explode().value_counts()
    kept = counted.reindex(INSTITUTIONS).fillna(0).astype("int64")
    return kept.rename_axis("institution").rename("papers").reset_index()
