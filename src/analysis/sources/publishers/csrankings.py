"""CSRankings: universities by AI."""

from pathlib import Path

import pandas as pd

INSTITUTIONS = [
    "Chinese Academy of Sciences",
    "Tsinghua University",
    "Shanghai Jiao Tong University",
    "Zhejiang University",
    "Harbin Institute of Technology",
    "Peking University",
    "Beihang University",
    "Huazhong University of Science and Technology",
    "Wuhan University",
    "Beijing Institute of Technology",
]


def universities(path: Path) -> pd.DataFrame:
    """Return places of Chinese institutions among the universities of the world in AI."""
    frame = pd.read_csv(path)
    names = frame["University Name"].str.strip()
    rows = pd.DataFrame({"institution": names, "rank": frame["Rank"]})
    return rows[names.isin(INSTITUTIONS)].sort_values("rank").reset_index(drop=True)
