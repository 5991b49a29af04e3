"""Bring the publishers' original files from their public copies into a folder.

The descriptor of a raw table names its original: a file, the address of a public copy at a fixed
commit, and the checksum. :func:`fetch` downloads it with pooch, which writes beside the place and
moves the file there only when its checksum is right.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import pooch
import requests

from analysis.errors import InputError
from analysis.sources import packages

LARGEST = 64 * 2**20  # bytes; the largest original of the collection has less than a tenth
CHUNK = 4 * 2**10


@dataclass(frozen=True)
class Original:
    """One original file, which several tables may be taken from.

    Attributes
    ----------
    file : str
        Its path in a folder of originals.
    sha256 : str
        Its checksum.
    url : str
        The address of a public copy; empty if a program can fetch none.
    tables : tuple of str
        The tables that are taken from it.
    """

    file: str
    sha256: str
    url: str
    tables: tuple[str, ...]


def cache() -> Path:
    """Return the folder that originals are fetched into unless another is named."""
    return Path(pooch.os_cache("china-ai-ecosystem")) / "originals"


def originals(names: Iterable[str] = ()) -> list[Original]:
    """Return the original files of tables or packages, of all if none is named.

    Raises
    ------
    InputError
        If a name is neither a raw table nor a package of raw tables.
    """
    chosen = [table for table in packages.raw_tables(names) if "file" in table.original]
    by_file: dict[str, list[packages.Table]] = {}
    for table in chosen:
        by_file.setdefault(table.original["file"], []).append(table)
    return [
        Original(
            file,
            of_file[0].original["sha256"],
            of_file[0].original.get("url", ""),
            tuple(table.name for table in of_file),
        )
        for file, of_file in by_file.items()
    ]


def fetch(
    wanted: Iterable[Original],
    folder: Path,
    *,
    timeout: float = 30,
    retries: int = 2,
    largest: int = LARGEST,
    progress: bool = False,
) -> Iterator[tuple[Original, str]]:
    """Download originals that are not in the folder yet, one after the other.

    Parameters
    ----------
    wanted : iterable of Original
        As :func:`originals` returns them.
    folder : pathlib.Path
        Where to; made if need be. A file that is there with the right checksum stays.
    timeout : float
        Seconds without an answer, and seconds a megabyte, after which a download is given up.
    retries : int
        How often a download that failed is tried again.
    largest : int
        Bytes beyond which a download is broken off.
    progress : bool
        Whether to draw a bar for each file.

    Yields
    ------
    tuple of Original and str
        The file with ``""`` if it lies in the folder now, else one line that says why not.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made: {error.strerror}") from error
    for one in wanted:
        if not (folder / one.file).resolve().is_relative_to(folder.resolve()):
            yield one, f"{one.file}: leads out of {folder}"
            continue
        if not one.url:
            yield one, "no public copy that a program can fetch"
            continue
        try:
            _one(one, folder, timeout, retries, largest, progress)
        except (OSError, ValueError) as error:
            yield one, f"{one.url}: {_reason(error)}"
        else:
            yield one, ""


def _one(
    one: Original, folder: Path, timeout: float, retries: int, largest: int, progress: bool
) -> None:
    """Download one original, whole or not at all."""
    _only_https(one.url)
    pooch.get_logger().setLevel("WARNING")

    def download(url: str, place: str, _: Any) -> None:
        get = pooch.HTTPDownloader(
            progressbar=progress,
            chunk_size=CHUNK,
            timeout=timeout,
            hooks={"response": _check_answer(largest)},
        )
        with Path(place).open("wb") as file:
            get(url, _Limited(file, largest, timeout), None)

    store = pooch.create(
        folder,
        base_url="",
        registry={one.file: f"sha256:{one.sha256}"},
        urls={one.file: one.url},
        retry_if_failed=retries,
    )
    (folder / one.file).parent.mkdir(parents=True, exist_ok=True)
    store.fetch(one.file, downloader=download)


def _only_https(url: str) -> None:
    """Refuse an address that is not encrypted."""
    if urlsplit(url).scheme != "https":
        raise OSError(f"only https is fetched, not {url}")


def _check_answer(largest: int) -> Any:
    """Return a hook that refuses redirections away from https and answers that are too large."""

    def check(response: requests.Response, **_: Any) -> None:
        if response.is_redirect:
            _only_https(urljoin(response.url, response.headers["location"]))
        elif int(response.headers.get("content-length", 0)) > largest:
            raise OSError(f"larger than {largest:,} bytes")

    return check


class _Limited:
    """A file that takes no more than so many bytes, and no slower than so."""

    def __init__(self, file: IO[bytes], largest: int, timeout: float) -> None:
        self.file, self.left, self.largest = file, largest, largest
        self.slowest = timeout
        self.begun = time.monotonic()

    def write(self, chunk: bytes) -> int:
        """Write a chunk."""
        self.left -= len(chunk)
        if self.left < 0:
            raise OSError(f"larger than {self.largest:,} bytes")
        taken = self.largest - self.left
        if time.monotonic() - self.begun > self.slowest * (1 + taken / 2**20):
            raise OSError(f"too slow: {taken:,} bytes in {self.slowest:g} s")
        return self.file.write(chunk)

    def flush(self) -> None:
        """Hand on what was written."""
        self.file.flush()


def _reason(error: Exception) -> str:
    """Return a failure in one line."""
    if isinstance(error, requests.exceptions.Timeout):
        return "no answer in time"
    if isinstance(
        error, requests.exceptions.ConnectionError | requests.exceptions.ChunkedEncodingError
    ):
        return "the connection failed or broke off"
    if isinstance(error, ValueError) and "hash" in str(error):
        return "its checksum is another: not the file that the figures were taken from"
    return " ".join(str(error).split())
