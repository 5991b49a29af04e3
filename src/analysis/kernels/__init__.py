"""Warm kernels: forked from a process that has the libraries imported; they know no notebook."""

NUMBER = "analysis_number"
"""The key of a message's metadata that tells how many a kernel published before it."""
