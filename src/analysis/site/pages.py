"""What the pages that gather claims show: front, topics, errors, editions, robustness, sources."""

from collections.abc import Iterable, Sequence
from typing import Any

from analysis.report import changes, robustness, vintages
from analysis.site.model import GROUPS, Collected, Page
from analysis.sources import tables

Context = dict[str, Any]


def front(counted: Sequence[Page]) -> Context:
    """Return what the front page shows: claims in groups, and in the order of the report."""
    sections: dict[str, list[Page]] = {}
    for page in counted:
        sections.setdefault(page.section, []).append(page)
    found = {page.id: sources_of(page) for page in counted}
    return {
        "pages": counted,
        "groups": _groups(counted),
        "sections": sections,
        "found": found,
        "short_sources": sorted({name for names in found.values() for name in names}),
    }


def sources_of(page: Page) -> list[str]:
    """Return the sources of a claim in short, each once."""
    return list(dict.fromkeys(source["short"] for source in _cited(page)))


def topics(counted: Sequence[Page]) -> dict[str, Context]:
    """Return for each topic, by the name of its page, its claims and how many stand where."""
    made: dict[str, Context] = {}
    for page in counted:
        mine = made.setdefault(slug(page.topic), {"topic": page.topic, "pages": []})
        mine["pages"].append(page)
    return made


def slug(name: str) -> str:
    """Return a name as a part of an address."""
    return name.lower().replace(" ", "-")


def errors(counted: Sequence[Page]) -> Context:
    """Return the claims that contradict the report, its source or the source's figures."""
    return {"groups": _groups(counted)[:1]}


def later_editions(found: Collected) -> Context:
    """Return the claims whose quantity a later edition of their source states, and how many last.

    Editions that state nearly the same are shown beside, and decide nothing.
    """
    frame = found.editions
    later = frame[(frame["question"] == "lasting") & frame["answer"].notna()]
    same = later[later["scope"] == "same"]
    later = later[later["claim"].isin(same["claim"])]
    later = later.astype(object).where(later.notna(), None)
    fallen = set(same.loc[same["answer"] == "no", "claim"])
    claims = [
        {
            "claim": key,
            "statement": part["statement"].iloc[0],
            "rows": part.to_dict("records"),
            "falls": key in fallen,
        }
        for key, part in later.groupby("claim", sort=False)
    ]
    claims.sort(key=lambda one: not one["falls"])
    survival = vintages.survival(frame[frame["scope"] == "same"]).to_dict("records")
    return {"claims": claims, "survival": survival}


def universes(found: Collected) -> Context:
    """Return how the headline claims fare over all combinations of choices, worst first."""
    chosen = list(tables.read("registry/headlines")["claim"])
    table = robustness.overview(found.universes, chosen).sort_values("holds", kind="stable")
    return {"rows": table.to_dict("records")}


def since_release(found: Collected) -> Context:
    """Return what changed since the last release."""
    release, published = changes.last_release()
    frame = changes.changed(changes.state(release), changes.stood(found.standings))
    return {"release": release, "published": published, "rows": frame.to_dict("records")}


def sources(pages: Sequence[Page]) -> list[Context]:
    """Return every source with the claims that lean on it, those of most claims first."""
    found: dict[str, Context] = {}
    for page in pages:
        for source in _cited(page):
            row = found.setdefault(source["url"] or source["file"], {**source, "claims": {}})
            row["claims"].setdefault(page.id, page)
    return sorted(found.values(), key=lambda row: (-len(row["claims"]), row["short"]))


def _cited(page: Page) -> Iterable[Context]:
    """Return the sources of all findings of a claim."""
    return (
        source
        for question in page.strip
        for finding in question["findings"]
        for source in finding["sources"]
    )


def _groups(counted: Sequence[Page]) -> list[Context]:
    """Return claims by what a reader may do with them, those of most consequence first."""
    first = tables.read("registry/consequential")["claim"]
    order = {name: place for place, name in enumerate(first)}
    groups = []
    for name, (words, standings) in GROUPS.items():
        mine = [page for page in counted if page.standing in standings]
        mine.sort(key=lambda page: (order.get(page.id, len(order)), standings.index(page.standing)))
        groups.append({"name": name, "words": words, "pages": mine})
    return groups
