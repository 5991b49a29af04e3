"""The report under examination: its claims, its numbers, and what the notebooks find of them."""
