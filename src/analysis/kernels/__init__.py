"""Warm kernels: forked from a process that has the libraries imported; they know no notebook."""
