"""Recompute the numbers of a published report from source data, by five questions."""
