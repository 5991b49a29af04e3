"""The notebooks as files: which there are, and what parameters a run gives them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis import parameters, paths
from analysis.errors import InputError


def select(names: Sequence[str]) -> list[Path]:
    """Return the named notebooks, or all, in the order of their numbers.

    Parameters
    ----------
    names : sequence of str
        Names with or without ``notebooks/`` and ``.ipynb``; a number alone (``"10"``) will do.

    Raises
    ------
    InputError
        If there is no such notebook; the message lists those there are.
    """
    known = {path.stem: path for path in paths.notebooks()}
    if not names:
        return list(known.values())
    chosen = set()
    for name in names:
        stem = Path(name).name.removesuffix(".ipynb")
        fits = [key for key in known if stem in (key, key.split("_")[0])]
        if not fits:
            raise InputError(f"no notebook {name!r}; there are: {', '.join(known)}")
        chosen.add(fits[0])
    return [path for stem, path in known.items() if stem in chosen]


def assign(
    notebooks: Sequence[Path], values: Mapping[str, str]
) -> dict[Path, dict[str, parameters.Value]]:
    """Return the parameters of each notebook, parsed and checked before anything runs.

    Parameters
    ----------
    notebooks : sequence of pathlib.Path
        The notebooks to run.
    values : mapping of str to str
        Values by parameter; each goes to every notebook that has such a parameter.

    Raises
    ------
    InputError
        If no notebook has a parameter, or a value is not allowed; the message lists what is.
    """
    known = {path: parameters.of(path.stem) for path in notebooks}
    for name in values:
        if not any(name in own for own in known.values()):
            all_names = {f"{key} ({path.stem})" for path, own in known.items() for key in own}
            raise InputError(f"no parameter {name!r}; there are: {', '.join(sorted(all_names))}")
    return {
        path: {name: own[name].parse(name, value) for name, value in values.items() if name in own}
        for path, own in known.items()
    }
