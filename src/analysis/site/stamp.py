"""Bring the site up to date, and find out quickly that it is."""

import hashlib
from pathlib import Path

from analysis import files, paths

HERE = Path(__file__).parent
STAMP = ".made-from"


def made_from(path: Path | None) -> str:
    """Return a checksum of all that a site is made from: the ledger, notebooks, data, this code.

    It is the same wherever the project and the ledger lie.

    Parameters
    ----------
    path : pathlib.Path, optional
        A ledger file; the stored findings otherwise.
    """
    package = HERE.parent
    read = [
        *sorted(package.rglob("*.py")),
        *sorted(p for p in HERE.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")),
        *paths.notebooks(),
        *sorted(p for p in paths.data().rglob("*") if p.is_file()),
    ]
    sums = [f"{place.parent.name}/{place.name} {files.sha256(place)}" for place in read]
    sums += [files.sha256(path)] if path and path.exists() else []
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()


def update(path: Path | None, out: Path) -> list[Path]:
    """Write every page that changed; nothing if nothing that the site is made from did.

    Parameters
    ----------
    path : pathlib.Path, optional
        A ledger file; the stored findings otherwise.
    out : pathlib.Path
        The site's folder.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    InputError
        If there is no such ledger.
    """
    stamp, now = out / STAMP, made_from(path)
    if stamp.exists() and stamp.read_text() == now:
        return []
    from analysis.report import ledger  # Slow to import, and not needed if nothing changed.
    from analysis.site.build import write_site

    written = write_site(ledger.load(path), out)
    files.write_text(stamp, now)
    return written
