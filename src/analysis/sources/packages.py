"""The data packages under ``data/``: which tables there are and what each says of itself."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from frictionless import Package, Resource

from analysis import files, paths
from analysis.errors import InputError

REQUIRED = ("publisher", "edition", "licenses")
"""What every package must say of itself."""


@dataclass(frozen=True)
class Table:
    """One table of a data package.

    Attributes
    ----------
    name : str
        ``"ai_index_2022/private_investment"`` for a raw table, ``"processed/…"`` for a clean one,
        ``"registry/…"`` for what is ours.
    package : frictionless.Package
        The package with publisher, edition and licence.
    resource : frictionless.Resource
        The table's schema and provenance.
    folder : pathlib.Path
        Where the package lies.
    modified : int
        When the package's descriptor was last changed, in nanoseconds.
    about : dict
        What the package says of itself: publisher, edition, licences, sources.
    descriptor : dict
        What it says of the table.
    """

    name: str
    package: Package
    resource: Resource
    folder: Path
    modified: int
    about: dict[str, Any]
    descriptor: dict[str, Any]

    @property
    def path(self) -> Path:
        """The CSV file."""
        return self.folder / str(self.resource.path)

    @property
    def label(self) -> str:
        """The file as messages name it, relative to the data folder's parent."""
        return f"data/{self.path.relative_to(paths.data()).as_posix()}"

    def cells(self) -> list[dict[str, str]]:
        """Return the rows of the file as text, unchecked."""
        return list(csv.DictReader(io.StringIO(self.path.read_text(encoding="utf-8"))))

    @property
    def sha256(self) -> str:
        """The checksum of the file as it lies on disk."""
        return files.sha256(self.path)

    @property
    def state(self) -> tuple[str, int, str]:
        """What changes whenever the table or what its package says of it does."""
        return str(self.path), self.modified, self.sha256

    @property
    def derived_from(self) -> list[str]:
        """The names of the tables that a processed table is made from; empty for a raw one."""
        return [source["title"] for source in self.custom("sources", []) if "title" in source]

    @property
    def original(self) -> dict[str, Any]:
        """Where the figures were taken from: file, sha256, sheet or recipe; may be empty."""
        return dict(self.custom("original", {}))

    def custom(self, key: str, default: Any) -> Any:
        """Return a property of the resource's descriptor."""
        return self.descriptor.get(key, default)


def tables() -> dict[str, Table]:
    """Return every table of every data package, by name, raw ones first.

    Raises
    ------
    InputError
        If a ``datapackage.json`` cannot be parsed.
    """
    data = paths.data()
    folders = [*sorted((data / "raw").iterdir()), data / "registry", data / "processed"]
    return {name: table for folder in folders for name, table in _tables(folder).items()}


def _tables(folder: Path) -> dict[str, Table]:
    """Return the tables of one folder; none if it has no descriptor."""
    descriptor = folder / "datapackage.json"
    if not descriptor.exists():
        return {}
    return _package(folder, descriptor.stat().st_mtime_ns)


@cache
def _package(folder: Path, modified: int) -> dict[str, Table]:
    """Return the tables of one package; parsed again only when its descriptor was modified."""
    descriptor = folder / "datapackage.json"
    try:
        about = json.loads(descriptor.read_text(encoding="utf-8"))
        away = _elsewhere(about)
        if away:
            raise InputError(f"{away!r} is not beside it, and nothing is fetched")
        package = Package(str(descriptor))
    except Exception as error:
        reason = str(error).splitlines()[0].split("The data package has an error: ")[-1]
        raise InputError(f"{_label(folder)}: not a data package: {reason}") from error
    for key in REQUIRED:
        if not about.get(key):
            raise InputError(f"{_label(folder)}: {key!r} is missing; a package must say it")
    made = {}
    for resource, described in zip(package.resources, about["resources"], strict=True):
        name = f"{folder.name}/{resource.name}"
        made[name] = Table(name, package, resource, folder, modified, about, described)
    return made


def _elsewhere(about: dict[str, Any]) -> str:
    """Return the first table, schema or the like that would be fetched; empty if none would."""
    keys = ("path", "schema", "dialect", "profile")
    said = [one.get(key) for one in (about, *about.get("resources", [])) for key in keys]
    return next((one for one in said if isinstance(one, str) and "://" in one), "")


def _label(folder: Path) -> str:
    """Return a package's descriptor as messages name it."""
    return f"data/{folder.relative_to(paths.data()).as_posix()}/datapackage.json"


def table(name: str) -> Table:
    """Return one table by name.

    Raises
    ------
    InputError
        If there is none of that name; the message lists those of the same package, or all packages.
    """
    folder = name.split("/")[0]
    place = paths.data() / (folder if folder in ("processed", "registry") else f"raw/{folder}")
    known = _tables(place) or tables()
    if name not in known:
        near = [key for key in known if key.split("/")[0] == folder]
        allowed = near or sorted({key.split("/")[0] + "/…" for key in known})
        raise InputError(f"no table {name!r}; there are: {', '.join(allowed)}")
    return known[name]


def raw_tables(names: Iterable[str] = ()) -> list[Table]:
    """Return the tables of ``data/raw`` that bear these names or lie in these packages, or all.

    Raises
    ------
    InputError
        If a name is neither; the message lists the packages.
    """
    ours = ("processed/", "registry/")
    known = {name: table for name, table in tables().items() if not name.startswith(ours)}
    chosen: dict[str, Table] = {}
    for name in names:
        found = {key: one for key, one in known.items() if name in (key, key.split("/")[0])}
        if not found:
            folders = sorted({key.split("/")[0] for key in known})
            raise InputError(f"no raw table or package {name!r}; packages: {', '.join(folders)}")
        chosen |= found
    return list((chosen or known).values())


def roots(name: str) -> list[str]:
    """Return the raw tables at the root of a table, sorted; a raw table is its own root."""
    parents = table(name).derived_from
    if not parents:
        return [name]
    return sorted({root for parent in parents for root in roots(parent)})
