"""Skeletons of a source, a claim and a notebook, to be filled by whoever adds one."""

from analysis.skeletons.make import TO_FILL, new_claim, new_notebook, new_source, unfilled

__all__ = ["TO_FILL", "new_claim", "new_notebook", "new_source", "unfilled"]
