"""Run the notebooks headless and gather what they found."""
