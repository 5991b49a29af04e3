"""Tables of figures: read and write them, list them, verify them against the originals."""
