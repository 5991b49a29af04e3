"""Recompute what is stored, in process, and say what differs."""
