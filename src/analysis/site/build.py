"""Write the site: pages for readers, and data for machines."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from analysis import files, notebooks, paths
from analysis.report import ledger, listing, units
from analysis.report.claims import claim
from analysis.report.standing import QUESTIONS, STANDINGS
from analysis.site import draw, machines, model, notebook, pages

HERE = Path(__file__).parent


def write_site(entries: Sequence[ledger.Entry], out: Path) -> list[Path]:
    """Write every page that changed.

    Parameters
    ----------
    entries : sequence of dict
        A ledger.
    out : pathlib.Path
        The site's folder; pages of claims that are gone are removed.

    Returns
    -------
    list of pathlib.Path
        What was written.
    """
    books = {path.stem: path for path in paths.notebooks()}
    known = {name: _known(path, out) for name, path in books.items()}
    stale = [books[name] for name, page in known.items() if not page]
    with notebook.converters(stale) as pool:
        convert = pool.map if pool else map
        bodies = convert(notebook.body, stale)
        made = _pages(model.Collected(entries), books)
        for path, body in zip(stale, bodies, strict=True):
            known[path.stem] = _book(path, body)
    made |= {f"notebooks/{name}.html": page for name, page in known.items()}
    return _write(made, out)


def _pages(found: model.Collected, books: dict[str, Path]) -> dict[str, str]:
    """Return every page but those of the notebooks, and the data, by their place in the site."""
    every = model.pages(found)
    counted = [page for page in every if page.standing]
    changed = pages.since_release(found)
    common = {
        "questions": QUESTIONS,
        "standings": STANDINGS,
        "counts": Counter(page.standing for page in counted),
        "root": "",
    }
    below = {**common, "root": "../"}
    headings = {name: notebooks.heading(path) for name, path in books.items()}
    by_topic = pages.topics(counted)
    told = {name: (notebooks.question(p), notebooks.answer(p)) for name, p in books.items()}
    cells = {name: notebook.cell_ids(path) for name, path in books.items()}
    table = listing.as_csv(found.standings)
    made = {
        "index.html": _render("front.html", **common, **pages.front(counted)),
        "sources.html": _render("sources.html", **common, sources=pages.sources(every)),
        "method.html": _render("method.html", **common),
        "notebooks.html": _render("notebooks.html", **common, books=headings, told=told),
        "errors.html": _render("errors.html", **common, **pages.errors(counted)),
        "editions.html": _render("editions.html", **common, **pages.later_editions(found)),
        "robustness.html": _render("robustness.html", **common, **pages.universes(found)),
        "changes.html": _render("changes.html", **common, **changed),
        "changes.xml": _render("changes.xml", **changed),
        "claims.json": json.dumps([page.record() for page in every], ensure_ascii=False, indent=1),
        "claims.csv": table,
        **{path.name: path.read_text(encoding="utf-8") for path in (HERE / "static").iterdir()},
        **{f"data/{name}": text for name, text in machines.data_package(table).items()},
    }
    for name, context in by_topic.items():
        made[f"topics/{name}.html"] = _render("topic.html", **below, **context)
    for page in every:
        plot = Markup(draw.dot_plot(page.dots, _unit(page.id))) if len(page.dots) > 1 else ""
        given = {"page": page, "plot": plot, "cells": cells, "review": machines.review(page)}
        made[f"claims/{page.id}.html"] = _render("claim.html", **below, **given)
    return made


def _known(path: Path, out: Path) -> str:
    """Return the page of a notebook that stands, if what it is made from is still the same."""
    page = out / "notebooks" / f"{path.stem}.html"
    if not page.exists():
        return ""
    text = page.read_text(encoding="utf-8")
    return text if f'content="{_digest(path)}"' in text else ""


def _book(path: Path, body: str) -> str:
    """Return the page of a notebook."""
    heading = notebooks.heading(path)
    given = {"name": path.stem, "heading": heading, "body": Markup(body), "root": "../"}
    return _render("notebook.html", **given, digest=_digest(path))


def _digest(path: Path) -> str:
    """Return a checksum of a notebook and the templates of its page."""
    pages = [HERE / "templates" / name for name in ("notebook.html", "base.html")]
    parts = [path, *pages, *sorted(notebook.TEMPLATE.iterdir())]
    return hashlib.sha256("".join(map(files.sha256, parts)).encode()).hexdigest()


def _unit(identifier: str) -> str:
    """Return the words of a claim's unit."""
    words = units.words(claim(identifier).unit).replace("{}", "").replace("{th}", "place")
    return words.strip() or "number"


def _render(template: str, **given: Any) -> str:
    """Return a page; all text is escaped."""
    return _environment().get_template(template).render(**given) + "\n"


@cache
def _environment() -> Environment:
    """Return the templates, in which a name that is not given is an error."""
    made = Environment(
        loader=PackageLoader("analysis.site"),
        autoescape=select_autoescape(["html", "xml"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    made.filters["slug"] = pages.slug
    return made


def _write(made: dict[str, str], out: Path) -> list[Path]:
    """Write what changed, and remove pages that are no longer made."""
    written = []
    for name, text in made.items():
        path = out / name
        if not (path.exists() and path.read_text(encoding="utf-8") == text):
            files.write_text(path, text)
            written.append(path)
    for path in out.rglob("*.html"):
        if path.relative_to(out).as_posix() not in made:
            path.unlink()
    return written
