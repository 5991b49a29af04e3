"""Figures of the editions of the AI Index, with the rounding that each is known to."""

import pandas as pd

from analysis.sources import tables

SHARES = "ai_index_editions/shares"
COUNTS = "ai_index_editions/counts"


def shares(edition: int, measure: str) -> pd.Series:
    """Return shares of the world by area, each as text with its rounding: ``"31.0±0.05"``.

    Parameters
    ----------
    edition : int
        Year of the edition.
    measure : str
        As in the table, e.g. ``"journal publications"``.
    """
    frame = tables.read(SHARES)
    frame = frame[(frame["edition"] == edition) & (frame["measure"] == measure)]
    return _rounded(frame.set_index("area"), "share_percent")


def sectors(edition: int) -> pd.Series:
    """Return the shares of sectors in China's publications, each with its rounding."""
    frame = tables.read("ai_index_editions/china_sectors").query("edition == @edition")
    return _rounded(frame.set_index("sector"), "share_percent")


def counts(edition: int, measure: str) -> pd.Series:
    """Return counts by area as numbers."""
    frame = tables.read(COUNTS).query("edition == @edition and measure == @measure")
    return frame.set_index("area")["count"]


def half_units(edition: int, measure: str) -> pd.Series:
    """Return half a unit of the last digit of each count: what its rounding may hide."""
    frame = tables.read(COUNTS).query("edition == @edition and measure == @measure")
    decimals = frame.set_index("area")["decimals"]
    return (0.5 * 10.0**-decimals).where(decimals < 0, 0.0)


def _rounded(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return numbers as texts with half a unit of their last decimal."""
    digits = frame["decimals"].astype(int)
    return pd.Series(
        {
            label: f"{value:.{max(places, 0)}f}±{0.5 * 10.0**-places:g}"
            for label, value, places in zip(frame.index, frame[column], digits, strict=True)
        }
    )
