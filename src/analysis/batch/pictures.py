"""The figures of executed notebooks as files."""

import base64
from pathlib import Path

from analysis.report.ledger import outputs


def extract(notebook: Path, out: Path) -> list[Path]:
    """Write the figures that an executed notebook carries.

    Parameters
    ----------
    notebook : pathlib.Path
        An executed notebook.
    out : pathlib.Path
        The folder to write to; made if missing.

    Returns
    -------
    list of pathlib.Path
        The files, named ``NOTEBOOK-1.png`` and on.
    """
    pictures = [
        output["data"]["image/png"]
        for output in outputs(notebook)
        if "image/png" in output.get("data", {})
    ]
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for number, picture in enumerate(pictures, start=1):
        path = out / f"{notebook.stem}-{number}.png"
        path.write_bytes(base64.b64decode(picture))
        written.append(path)
    return written
