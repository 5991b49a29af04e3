"""The site in a real browser: from the file system, by keyboard, on a phone, in the dark."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from analysis.report import ledger
from analysis.site.build import write_site

BOOK = "notebooks/22_patents"
EVERY = (
    *("index", "errors", "editions", "robustness", "changes", "sources", "method", "notebooks"),
    *("topics/patents", "claims/patents.grants.china", "claims/patents.filings.growth", BOOK),
    *("notebooks/90_scorecard", "notebooks/92_robustness"),
)
"""A page of each kind."""
FLAGS = ["--no-sandbox", "--disable-gpu"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("under a base path")
    write_site(ledger.load(), folder)
    return folder.as_uri()


@pytest.fixture
def page(request):
    options = getattr(request, "param", {})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(**options)
        page.wrong = []
        page.on("console", lambda m: page.wrong.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:")) else page.wrong.append(r.url),
        )
        yield page
        assert page.wrong == []
        browser.close()


def test_search_filter_sort_and_a_deep_link(page, home):
    page.goto(f"{home}/index.html?standing=misquoted#claims")
    expect(page.locator("output")).to_contain_text("of 328 claims")
    shown = page.locator("table.claims tbody tr:visible")
    expect(shown.first).to_contain_text("misquoted")
    before = shown.count()
    page.get_by_label("Search", exact=True).fill("patents")
    assert 0 < shown.count() < before and "q=patents" in page.url
    page.get_by_label("Search", exact=True).fill("")
    page.get_by_role("button", name="Paragraph").click()
    assert shown.first.locator("td").last.inner_text() == "P095"


def test_two_clicks_to_the_source_of_the_grants(page, home):
    page.goto(f"{home}/index.html")
    page.get_by_role("link", name="China's share of the world's granted AI patents").last.click()
    expect(page.locator("h1")).to_contain_text("5.90 per cent")
    assert page.locator("dd.same a").first.get_attribute("href").startswith("https://")


def test_by_keyboard(page, home):
    page.goto(f"{home}/index.html")
    page.keyboard.press("Tab")
    expect(page.get_by_text("To the content")).to_be_focused()
    page.locator(".ribbon a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/*")


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_phone_nothing_scrolls_sideways(page, home):
    for name in EVERY:
        page.goto(f"{home}/{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_in_the_dark_the_paper_is(page, home):
    page.goto(f"{home}/index.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 27)"


@pytest.mark.parametrize(
    "page", [{"color_scheme": one} for one in ("light", "dark")], indirect=True
)
def test_axe_finds_nothing_serious_on_any_kind_of_page(page, home):
    found = []
    for name in EVERY:
        page.goto(f"{home}/{name}.html")
        found += [
            (name, one["id"], one["nodes"][0]["html"])
            for one in Axe().run(page, options={"preload": False}).response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
    assert found == []


def test_filters_by_question_and_source(page, home):
    page.goto(f"{home}/index.html?question=lasting#claims")
    shown = page.locator("table.claims tbody tr:visible")
    lasting = shown.count()
    assert 0 < lasting < 328
    page.locator("select[name=source]").select_option("AI Index 2026")
    assert 0 < shown.count() < lasting and "source=AI" in page.url
    for row in shown.all():
        assert "AI Index 2026" in row.get_attribute("data-source").split("|")


def test_printed_everything_is_there(page, home):
    page.goto(f"{home}/index.html")
    hidden = page.locator("[data-more]").count()
    page.emulate_media(media="print")
    assert hidden and page.locator("[data-more]:visible").count() == hidden
    assert page.locator("nav span:visible").count() == 0
