"""Write the site: a front page, a page a claim and a source, and data for machines."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from analysis import files, paths
from analysis.report import ledger, listing, scorecard, units
from analysis.report.claims import claim
from analysis.report.standing import QUESTIONS, STANDINGS
from analysis.site import draw, model, notebook
from analysis.sources import tables

STATIC = Path(__file__).parent / "static"


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
    pages = model.pages(entries)
    counted = [page for page in pages if page.standing]
    standings = Counter(page.standing for page in counted)
    common = {"questions": QUESTIONS, "standings": STANDINGS, "counts": standings, "root": ""}
    made = {
        "index.html": _render("front.html", **common, **_front(counted)),
        "sources.html": _render("sources.html", **common, sources=_sources(pages)),
        "method.html": _render("method.html", **common),
        "claims.json": json.dumps([page.record() for page in pages], ensure_ascii=False, indent=1),
        "claims.csv": listing.as_csv(scorecard.standings(entries)),
        **{path.name: path.read_text(encoding="utf-8") for path in STATIC.iterdir()},
    }
    books = {path.stem: path for path in paths.notebooks()}
    headings = {name: notebook.heading(path) for name, path in books.items()}
    made["notebooks.html"] = _render("notebooks.html", **common, books=headings)
    for name, path in books.items():
        made[f"notebooks/{name}.html"] = _book(path, out, {**common, "root": "../"})
    cells = {name: notebook.cell_ids(path) for name, path in books.items()}
    for page in pages:
        plot = Markup(draw.dot_plot(page.dots, _unit(page.id))) if len(page.dots) > 1 else ""
        made[f"claims/{page.id}.html"] = _render(
            "claim.html",
            **{**common, "root": "../"},
            page=page,
            plot=plot,
            cells=cells,
        )
    return _write(made, out)


def _book(path: Path, out: Path, common: dict[str, Any]) -> str:
    """Return the page of a notebook; the one that stands if the notebook is still the same."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    page = out / "notebooks" / f"{path.stem}.html"
    mark = f'<meta name="made-from" content="{digest}">'
    if page.exists() and mark in (known := page.read_text(encoding="utf-8")):
        return known
    return _render(
        "notebook.html",
        **common,
        digest=digest,
        name=path.stem,
        heading=notebook.heading(path),
        body=notebook.body(path),
    )


def _front(counted: Sequence[model.Page]) -> dict[str, Any]:
    """Return what the front page shows."""
    first = tables.read("registry/consequential")["claim"]
    order = {name: place for place, name in enumerate(first)}
    groups = []
    for name, (words, standings) in model.GROUPS.items():
        mine = [page for page in counted if page.standing in standings]
        mine.sort(key=lambda page: (order.get(page.id, len(order)), standings.index(page.standing)))
        groups.append({"name": name, "words": words, "pages": mine})
    sections: dict[str, list[model.Page]] = {}
    for page in counted:
        sections.setdefault(page.section, []).append(page)
    return {"pages": counted, "groups": groups, "sections": sections}


def _sources(pages: Sequence[model.Page]) -> list[dict[str, Any]]:
    """Return every source with the claims that lean on it, those of most claims first."""
    found: dict[str, dict[str, Any]] = {}
    for page in pages:
        for question in page.strip:
            for finding in question["findings"]:
                for source in finding["sources"]:
                    key = source["url"] or source["file"]
                    row = found.setdefault(key, {**source, "claims": {}})
                    row["claims"].setdefault(page.id, page)
    return sorted(found.values(), key=lambda row: (-len(row["claims"]), row["short"]))


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
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
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
