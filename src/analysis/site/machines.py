"""The same for machines: ClaimReview, a feed of changes, a data package, a crate of a run."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis import files, notebooks, paths
from analysis.errors import InputError
from analysis.site.model import GROUPS, Page
from analysis.sources import packages

RATINGS = {"Do not quote": 1, "Quote with care": 3, "May be quoted": 5}
"""What a reader may do with a claim, as a rating of schema.org."""

MAIN = "90_scorecard"
"""The notebook that gathers what all others found: the workflow's main file."""

REPORT = {
    "@type": "Report",
    "name": "China's AI Ecosystem",
    "author": {"@type": "Person", "name": "Anders C. Johansson"},
    "publisher": {"@type": "Organization", "name": "Stockholm School of Economics"},
    "datePublished": "2022-11",
}


def review(page: Page) -> dict[str, Any]:
    """Return a ClaimReview of schema.org; empty for a claim that nobody could check.

    The rating tells what a reader may do with the claim; the standing is its name.
    """
    groups = [name for name, (_, standings) in GROUPS.items() if page.standing in standings]
    if not groups or groups[0] not in RATINGS:
        return {}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": f"{page.statement}: {page.stated}",
        "itemReviewed": {
            "@type": "Claim",
            "appearance": {**REPORT, "pagination": page.paragraph},
            "author": REPORT["publisher"],
        },
        "author": {"@type": "Organization", "name": "The China AI Ecosystem contributors"},
        "reviewBody": page.instead or f"{page.meaning[:1].upper()}{page.meaning[1:]}.",
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": RATINGS[groups[0]],
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": page.standing,
        },
    }


def data_package(claims: str) -> dict[str, str]:
    """Return the processed tables and the table of claims as a data package, a text a file.

    Parameters
    ----------
    claims : str
        The table of claims, as CSV.
    """
    processed = [one for name, one in packages.tables().items() if name.startswith("processed/")]
    made = {one.path.name: one.path.read_text(encoding="utf-8") for one in processed}
    columns = claims.partition("\n")[0].split(",")
    listed = {
        "name": "claims",
        "title": "Every claim: what the report says, five answers, where it stands",
        "path": "claims.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [{"name": column, "type": "string"} for column in columns]},
    }
    resources = [*(one.descriptor for one in processed), listed]
    about = {**processed[0].about, "name": "china-ai-ecosystem", "resources": resources}
    text = json.dumps(about, indent=1, ensure_ascii=False)
    return {**made, "claims.csv": claims, "datapackage.json": text + "\n"}


def write_crate(build: Path) -> Path:
    """Describe a run of the collection as an RO-Crate, by the profile for runs of workflows.

    Parameters
    ----------
    build : pathlib.Path
        The folder of a run: ``findings.json`` and ``notebooks``.

    Returns
    -------
    pathlib.Path
        ``build/ro-crate-metadata.json``: the notebooks as the workflow, the raw packages as its
        input, the ledger and the executed notebooks as its output.

    Raises
    ------
    InputError
        If the folder holds no run.

    Notes
    -----
    Workflow Run Crate 0.5: Leo et al. (2024), Recording provenance of workflow runs with RO-Crate,
    PLOS ONE 19, e0309210.
    """
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    found, main = build / "findings.json", build / "notebooks" / f"{MAIN}.ipynb"
    for needed in (found, main):
        if not needed.exists():
            raise InputError(f"{needed}: no such file; `analysis run` makes it")
    crate = ROCrate()
    crate.name = "A run of China's AI ecosystem, recomputed"
    crate.description = "Notebooks executed by `analysis run`, and the findings they made"
    crate.license = "https://creativecommons.org/licenses/by/4.0/"
    crate.datePublished = datetime.fromtimestamp(found.stat().st_mtime, UTC)
    profile = "https://w3id.org/ro/wfrun/workflow/0.5"
    crate.add(ContextEntity(crate, profile, {"@type": "CreativeWork", "version": "0.5"}))
    crate.root_dataset["conformsTo"] = {"@id": profile}
    inputs = [
        crate.add(
            ContextEntity(
                crate,
                f"#data/{table.name}",
                {
                    "@type": "File",
                    "name": table.label,
                    "sha256": table.sha256,
                    "isBasedOn": str((table.about.get("sources") or [{}])[0].get("path", "")),
                },
            )
        )
        for table in packages.raw_tables()
    ]
    properties = {"name": "Findings", "encodingFormat": "application/json"}
    results = [crate.add_file(found, dest_path="findings.json", properties=properties)]
    for name in (path.name for path in paths.notebooks()):
        path = build / "notebooks" / name
        if not path.exists():
            continue
        properties = {"name": notebooks.heading(path), "encodingFormat": "application/x-ipynb+json"}
        place = {"dest_path": f"notebooks/{path.name}", "properties": properties}
        if path == main:
            workflow = crate.add_workflow(path, main=True, lang=_jupyter(crate), **place)
        else:
            results.append(crate.add_file(path, **place))
    action = {
        "@type": "CreateAction",
        "name": "analysis run",
        "instrument": {"@id": workflow.id},
        "object": [{"@id": one.id} for one in inputs],
        "result": [{"@id": one.id} for one in results],
        "endTime": crate.datePublished.isoformat(),
    }
    run = crate.add(ContextEntity(crate, "#run", action))
    crate.root_dataset["mentions"] = run
    text = json.dumps(crate.metadata.generate(), indent=1, ensure_ascii=False) + "\n"
    target = build / "ro-crate-metadata.json"
    files.write_text(target, text)
    return target


def _jupyter(crate: Any) -> Any:
    """Return the language of notebooks as an entity of the crate."""
    from rocrate.model.computerlanguage import ComputerLanguage

    about = {"name": "Jupyter Notebook", "url": {"@id": "https://jupyter.org"}}
    return crate.add(ComputerLanguage(crate, "#jupyter", about))
