"""Write files whole or not at all."""

from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a text beside its place, then put it there in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
