"""JupyterLab, as an analyst has it: open each notebook, press Run All, see no error."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request

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
        yield URL
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser.new_page(viewport={"width": 1300, "height": 1600})
        browser.close()


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_run_all_is_green(lab, page, path):
    page.goto(f"{lab}/lab/workspaces/auto-{path.stem}/tree/notebooks/{path.name}?reset")
    idle = page.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle"))
    expect(idle).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    # The copy has no outputs, so a numbered prompt on every cell proves that it ran.
    prompts = page.locator(".jp-CodeCell:not(.jp-mod-noInput) .jp-InputPrompt")
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    numbered = prompts.filter(has_text=re.compile(r"\[\d+\]:"))
    expect(numbered).to_have_count(len(cells), timeout=120_000)
    expect(idle).to_be_visible(timeout=60_000)
    page.screenshot(path=str(paths.ROOT / "build" / f"lab-{path.stem}.png"))
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
