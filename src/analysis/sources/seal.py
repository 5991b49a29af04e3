"""The checksum of each table in its package: it makes tampering show, and nothing else leans on it.

No figure counts as checked because its checksum is right; `analysis audit` leaves checksums out.
"""

import json

from analysis import files
from analysis.sources import packages

KIND = "sha256:"


def unsealed() -> list[str]:
    """Return the raw and registry tables whose file is not what their package's checksum says."""
    return [
        name
        for name, table in packages.tables().items()
        if _sealed(name) and table.custom("hash", "") != KIND + table.sha256
    ]


def seal() -> list[str]:
    """Write the checksums of all tables into their packages.

    Returns
    -------
    list of str
        The tables whose checksum changed.
    """
    changed = unsealed()
    for folder in {packages.table(name).path.parent for name in changed}:
        path = folder / "datapackage.json"
        described = json.loads(path.read_text(encoding="utf-8"))
        for resource in described["resources"]:
            if f"{folder.name}/{resource['name']}" in changed:
                resource["hash"] = KIND + files.sha256(folder / resource["path"])
        files.write_text(path, json.dumps(described, indent=2, ensure_ascii=False) + "\n")
    return changed


def _sealed(name: str) -> bool:
    """Return whether a table is one that only people change."""
    return not name.startswith("processed/")
