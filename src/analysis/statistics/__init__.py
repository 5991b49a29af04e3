"""Statistics as pure functions: arrays or DataFrames in, numbers or DataFrames out."""
