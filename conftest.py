"""Lets pytest and nbval find the warm kernel."""

from analysis.batch import warm

warm.offer()
