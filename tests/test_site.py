"""The site: every page, every link, nothing from elsewhere, only what changed written again."""

import json
import re
import shutil
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import jsonschema
import pytest
from click.testing import CliRunner
from frictionless import Package
from rocrate.rocrate import ROCrate

from analysis import cli, paths
from analysis.errors import InputError
from analysis.report import changes, ledger, scorecard
from analysis.report.claims import claims
from analysis.site import draw, machines, model, stamp
from analysis.site.build import write_site
from analysis.sources import packages


class Links(HTMLParser):
    """Collects addresses and ids of a page."""

    def __init__(self):
        super().__init__()
        self.links, self.loaded, self.ids = [], [], set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids |= {given["id"]} if "id" in given else set()
        if tag == "a":
            self.links.append(given["href"])
        self.loaded += [given[key] for key in ("src", "data") if key in given]
        if tag == "link":
            self.loaded.append(given["href"])


def read(path):
    page = Links()
    page.feed(path.read_text(encoding="utf-8"))
    return page


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    ended = CliRunner().invoke(cli.main, ["site", "--out", str(folder)])
    assert ended.exit_code == 0 and "open " in ended.output
    return folder


def test_there_is_a_page_for_each_claim(out):
    assert {path.stem for path in (out / "claims").glob("*.html")} == set(claims())
    assert len(json.loads((out / "claims.json").read_text())) == len(claims())
    assert (out / "claims.csv").read_text().count("\n") > len(claims())


def test_no_link_is_dead_and_nothing_is_loaded_from_elsewhere(out):
    pages = {path: read(path) for path in out.rglob("*.html")}
    for path, page in pages.items():
        for link in page.links:
            split = urlsplit(link)
            if split.scheme:
                assert split.scheme in ("http", "https"), link
                continue
            target = (path.parent / unquote(split.path)).resolve() if split.path else path
            assert target.exists(), f"{path.name}: {link}"
            if split.fragment:
                assert split.fragment in pages[target].ids, f"{path.name}: {link}"
        for link in page.loaded:
            if not link.startswith("data:"):
                assert not urlsplit(link).scheme and (path.parent / link).exists(), link


def test_from_the_front_page_to_a_source_in_two_clicks(out):
    assert "claims/patents.grants.china.html" in read(out / "index.html").links
    page = read(out / "claims/patents.grants.china.html")
    assert any("AI%20INDEX%2026" in link or "aiindex" in link for link in page.links)


def test_only_what_changed_is_written_and_what_is_gone_is_removed(out):
    stray = out / "claims" / "gone.html"
    stray.write_text("gone")
    assert write_site(ledger.load(), out) == [] and not stray.exists()
    (out / "index.html").write_text("spoilt")
    assert write_site(ledger.load(), out) == [out / "index.html"]


def test_the_front_page_counts_what_the_scorecard_counts(out):
    text = (out / "index.html").read_text()
    standings = scorecard.standings(ledger.load())["standing"].value_counts()
    for name, number in standings.items():
        assert f"</i>{name} {number}</li>" in text
    assert text.count("<tr data-topic=") == standings.sum()


def test_all_text_is_escaped():
    dots = [{"label": "<b>&", "value": 1.0, "shown": "1", "kind": "report"}] * 2
    assert "<b>" not in draw.dot_plot(dots, "<i>") and "&lt;b&gt;&amp;" in draw.dot_plot(dots, "x")


def test_white_text_stands_only_on_dark_colours(out):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    style = (out / "style.css").read_text()
    backgrounds = re.findall(r"\.(?:pill|mark)[^{]*\{[^}]*background: (#[0-9a-f]{6})", style)
    assert len(backgrounds) >= 11
    for colour in backgrounds:
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour


@pytest.fixture(scope="module")
def pages():
    return {page.id: page for page in model.pages(model.Collected(ledger.load()))}


def test_what_to_say_instead_comes_from_the_finding(pages):
    assert pages["patents.grants.us"].instead == "AI Index 2022 prints 39.59 per cent."
    assert pages["patents.grants.china"].instead.startswith("AI Index 2026 now says 58.0")
    assert all(not page.instead for page in pages.values() if page.standing == "confirmed")


def test_the_command_does_nothing_for_nothing(out, data):
    arguments = ["site", "--out", str(out)]
    assert CliRunner().invoke(cli.main, arguments).output.startswith("0 files written")
    before = stamp.made_from(None)
    with (data / "registry" / "unanswered.csv").open("a") as file:
        file.write("\n")
    assert stamp.made_from(None) != before


def test_the_stamp_does_not_depend_on_where_the_project_lies(tmp_path, data, monkeypatch):
    ledgers = [tmp_path / name for name in ("here.json", "there.json", "other.json")]
    for place, text in zip(ledgers, ("[]", "[]", "{}"), strict=True):
        place.write_text(text)
    here, there, other = map(stamp.made_from, ledgers)
    assert here == there != other
    monkeypatch.delenv("ANALYSIS_DATA")
    assert stamp.made_from(ledgers[0]) == here


def test_every_topic_editions_universes_and_errors_have_pages(out):
    standings = scorecard.standings(ledger.load())
    world = scorecard.with_standing(standings)
    assert len(list((out / "topics").glob("*.html"))) == world["topic"].nunique()
    page = read(out / "topics" / "patents.html")
    mine = world.loc[world["topic"] == "patents", "id"]
    assert {f"../claims/{key}.html" for key in mine} <= set(page.links)
    text = (out / "errors.html").read_text()
    failed = world[world["standing"].isin(["inconsistent", "misquoted", "not reproduced"])]
    assert f"<h1>{len(failed)} claims" in text
    assert all(f"claims/{key}.html" in text for key in failed["id"])
    assert "notebooks/91_vintages.html" in read(out / "editions.html").links
    assert "claims/patents.grants.china.html" in read(out / "robustness.html").links


def test_claims_are_as_their_schema_says(out):
    schema = json.loads((out / "claims.schema.json").read_text())
    given = json.loads((out / "claims.json").read_text())
    jsonschema.validate(given, schema)
    given[0]["standing"] = "wrong"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(given, schema)


def test_the_data_package_is_valid(out):
    assert Package(str(out / "data" / "datapackage.json")).validate().valid


def test_a_page_carries_its_review_and_an_untested_claim_none(out, pages):
    text = (out / "claims" / "patents.grants.us.html").read_text()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    review = json.loads(found[1])
    assert review["@type"] == "ClaimReview"
    assert review["reviewRating"]["alternateName"] == "misquoted"
    assert review["reviewRating"]["ratingValue"] == 1
    standing = scorecard.standings(ledger.load()).set_index("id")["standing"]
    for key, name in standings_sample(standing):
        assert bool(machines.review(pages[key])) == (name != "untested"), key


def standings_sample(standing):
    known = standing.dropna()
    return [(known[known == name].index[0], name) for name in known.unique()]


def test_the_feed_is_xml_with_an_entry_a_change(out):
    root = ElementTree.parse(out / "changes.xml").getroot()
    space = {"a": "http://www.w3.org/2005/Atom"}
    rows = (out / "changes.html").read_text().count("<tr>") - 1
    assert len(root.findall("a:entry", space)) == max(rows, 0)


def test_changes_are_those_of_standing_and_value():
    release, _ = changes.last_release()
    before = changes.state(release)
    after = before.copy()
    after.loc["patents.grants.us", "standing"] = "confirmed"
    after.loc["patents.grants.china", "value"] = "58.5"
    after = after.drop(index="patents.filings.us")
    found = changes.changed(before, after).set_index("claim")
    assert found.loc["patents.grants.us", ["before", "after"]].tolist() == [
        "misquoted",
        "confirmed",
    ]
    assert found.loc["patents.filings.us", "after"] == "no claim"
    assert list(found.index[:2]) == ["patents.filings.us", "patents.grants.us"]
    assert len(found) == 3 and "2 standings changed, 1 values only" in changes.in_words(
        found.reset_index()
    )


def test_two_states_are_compared(tmp_path):
    entries = ledger.load()
    ledger.dump(
        [one for one in entries if one["claim"] != "patents.grants.us"], tmp_path / "l.json"
    )
    ended = CliRunner().invoke(cli.main, ["diff", str(tmp_path / "l.json")])
    assert "patents.grants.us: untested -> misquoted" in ended.output
    assert CliRunner().invoke(cli.main, ["diff", "nonsense"]).exit_code == 2


def test_a_run_is_described_as_a_crate(tmp_path):
    shutil.copytree(paths.NOTEBOOKS, tmp_path / "notebooks", ignore=lambda *_: ["grids"])
    with pytest.raises(InputError, match=r"findings\.json: no such file"):
        machines.write_crate(tmp_path)
    ledger.dump(ledger.load(), tmp_path / "findings.json")
    machines.write_crate(tmp_path)
    crate = ROCrate(tmp_path)
    assert crate.mainEntity.id == "notebooks/90_scorecard.ipynb"
    action = crate.dereference("#run")
    assert len(action["object"]) == len(packages.raw_tables())
    assert {one.id for one in action["result"]} > {"findings.json", "notebooks/22_patents.ipynb"}


def test_a_figure_is_a_part_of_its_page_with_its_words(out):
    text = (out / "notebooks" / "22_patents.html").read_text()
    assert re.search(r'<svg role="img" aria-label="[^"]+granted AI patents', text)
    assert "per cent of the world's granted AI patents</text>" in text
    assert not re.search(r"<img(?![^>]* alt=)", text) and "No description" not in text
