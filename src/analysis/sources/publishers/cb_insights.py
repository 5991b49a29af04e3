"""CB Insights: lists of unicorns."""

import re
from pathlib import Path

import pandas as pd

COMPANIES = [
    "Bytedance",
    "SenseTime",
    "Megvii",
    "Momenta",
    "UBTECH Robotics",
    "Mobvoi",
    "Cambricon",
    "YITU Technology",
    "MiningLamp Technology",
    "4Paradigm",
    "Horizon Robotics",
    "CloudWalk",
    "Unisound",
]


def companies(path: Path) -> pd.DataFrame:
    """Return companies as a list of unicorns has them: city, year of foundation, money raised."""
    frame = pd.read_csv(path)
    columns = {
        "Company": "company",
        "City": "city",
        "Founded Year": "founded",
        "Year Founded": "founded",
        "Total Raised": "raised",
        "Funding": "raised",
    }
    kept = frame[[name for name in columns if name in frame]].rename(columns=columns)
    wanted = re.compile("|".join(name.split()[0] for name in COMPANIES), re.IGNORECASE)
    mine = kept[kept["company"].str.match(wanted) & (frame["Country"] == "China")]
    return mine.astype({"founded": "int64"}).reset_index(drop=True)
