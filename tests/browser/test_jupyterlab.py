"""JupyterLab, as an analyst has it: run all, change a choice, make a mistake, save."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

from analysis import paths

PORT = 8917
URL = f"http://127.0.0.1:{PORT}"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Serve a copy of the notebooks and the data, so that nothing tracked changes."""
    (paths.ROOT / "build").mkdir(exist_ok=True)
    home = tmp_path_factory.mktemp("lab")
    (home / "notebooks").mkdir()
    for path in paths.notebooks():
        notebook = nbformat.read(path, 4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, home / "notebooks" / path.name)
    shutil.copytree(paths.NOTEBOOKS, home / "stored")
    shutil.copytree(paths.ROOT / "data", home / "data")
    options = [f"--port={PORT}", "--no-browser", "--IdentityProvider.token=", "--allow-root"]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, f"--notebook-dir={home}"],
        env={**os.environ, "ANALYSIS_DATA": str(home / "data")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{URL}/api", timeout=1)
                break
            except OSError:
                time.sleep(0.5)
        yield home
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser.new_page(viewport={"width": 1300, "height": 1600})
        browser.close()


ERROR = "[data-mime-type='application/vnd.jupyter.stderr']"
"""What JupyterLab calls errors, and what a cell prints on standard error."""

IDLE = re.compile(r"Python 3 \(ipykernel\) \| Idle")


def opened(page, place):
    """Open a notebook in a workspace of its own, and wait until its kernel is idle."""
    page.goto(f"{URL}/lab/workspaces/auto-{place.parent}-{place.stem}/tree/{place}?reset")
    expect(page.get_by_text(IDLE)).to_be_visible(timeout=60_000)


def chosen(page, menu, entry):
    """Choose an entry of a menu."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_text(entry, exact=True).click()


def changed(page, old, new):
    """Put other text in place of a line of the first cell; what is out of sight is not there."""
    page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollTo(0, 0)")
    line = page.locator(".jp-CodeCell").first.locator(".cm-line").filter(has_text=old)
    line.click(click_count=3)
    page.keyboard.type(new)


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_run_all_is_green(lab, page, path):
    opened(page, Path("notebooks", path.name))
    chosen(page, "Run", "Run All Cells")
    # The copy has no outputs, so a numbered prompt on every cell proves that it ran.
    prompts = page.locator(".jp-CodeCell:not(.jp-mod-noInput) .jp-InputPrompt")
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    numbered = prompts.filter(has_text=re.compile(r"\[\d+\]:"))
    expect(numbered).to_have_count(len(cells), timeout=120_000)
    expect(page.get_by_text(IDLE)).to_be_visible(timeout=60_000)
    page.screenshot(path=str(paths.ROOT / "build" / f"lab-{path.stem}.png"))
    assert page.locator(ERROR).count() == 0


@pytest.mark.parametrize("run", [False, True], ids=["opened", "run"])
def test_a_notebook_saved_unedited_is_the_same_to_the_byte(lab, page, run):
    name = "31_education.ipynb"
    path = lab / "stored" / name
    before, written = path.read_bytes(), path.stat().st_mtime_ns
    opened(page, Path("stored", name))
    if run:
        chosen(page, "Run", "Run All Cells")
        page.wait_for_timeout(5000)
        expect(page.get_by_text(IDLE)).to_be_visible(timeout=60_000)
    chosen(page, "File", "Save Notebook")
    for _ in range(100):
        page.wait_for_timeout(100)
        if path.stat().st_mtime_ns != written and path.stat().st_size:
            break
    assert path.stat().st_mtime_ns != written, "it was not saved"
    assert path.read_text().splitlines() == before.decode().splitlines()
    assert path.read_bytes() == before


def test_a_choice_changed_changes_the_figure_and_a_bad_one_is_named_in_a_line(lab, page):
    opened(page, Path("stored/31_education.ipynb"))
    expect(page.locator(".jp-RenderedImage img").first).to_be_attached()  # Not trusted yet.
    chosen(page, "Run", "Run All Cells")
    picture = page.locator(".jp-RenderedSVG").first
    expect(picture).to_be_attached(timeout=60_000)
    before = picture.inner_html()
    changed(page, "until", "until: int = 2019  # last year; from 2018 to 2020")
    chosen(page, "Run", "Run All Cells")
    page.wait_for_timeout(5000)
    expect(page.get_by_text(IDLE)).to_be_visible(timeout=60_000)
    assert picture.inner_html() != before
    changed(page, "until", "until: int = 1999  # last year; from 2018 to 2020")
    chosen(page, "Run", "Run All Cells")
    page.wait_for_timeout(5000)
    expect(page.get_by_text(IDLE)).to_be_visible(timeout=60_000)
    page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollTo(0, 0)")
    error = page.locator(ERROR)
    expect(error).to_contain_text("1999 is not allowed; give a whole number from 2018 to 2020")
    assert error.count() == 1 and len(error.inner_text().strip().splitlines()) == 2
    numbered = page.locator(".jp-CodeCell:not(.jp-mod-noInput) .jp-InputPrompt")
    assert numbered.filter(has_text=re.compile(r"\[\d+\]:")).count() == 2, "what follows stopped"
