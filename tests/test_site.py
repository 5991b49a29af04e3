"""The site: every page, every link, nothing from elsewhere, only what changed written again."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner

from analysis import cli
from analysis.report import ledger, scorecard
from analysis.report.claims import claims
from analysis.site import draw, model
from analysis.site.build import write_site


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
    write_site(ledger.load(), folder)
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


def test_what_to_say_instead_comes_from_the_finding():
    pages = {page.id: page for page in model.pages(ledger.load())}
    assert pages["patents.grants.us"].instead == "AI Index 2022 prints 39.6 per cent."
    assert pages["patents.grants.china"].instead.startswith("AI Index 2026 now says 58.0")
    assert all(not page.instead for page in pages.values() if page.standing == "confirmed")


def test_the_command_says_where_to_look(tmp_path):
    ended = CliRunner().invoke(cli.main, ["site", "--out", str(tmp_path / "site")])
    assert ended.exit_code == 0 and "open " in ended.output
