"""Recompute the numbers of a published report from source data, with a verdict on each."""
