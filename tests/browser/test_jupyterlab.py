"""JupyterLab, as an analyst has it: open each notebook, press Run All, see no error."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect, sync_playwright

from analysis import paths
from analysis.report.ledger import stored

PORT = 8917
URL = f"http://127.0.0.1:{PORT}"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Serve a copy of the notebooks and the data, so that nothing tracked changes."""
    (paths.ROOT / "build").mkdir(exist_ok=True)
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(paths.NOTEBOOKS, home / "notebooks")
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


@pytest.mark.parametrize("path", stored(), ids=lambda p: p.stem)
def test_run_all_is_green(lab, page, path):
    page.goto(f"{lab}/lab/workspaces/auto-{path.stem}/tree/notebooks/{path.name}?reset")
    page.get_by_role("menuitem", name="Run", exact=True).click(timeout=60_000)
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    # The trusted, saved status bar says "Idle" when the queue is empty.
    status = page.locator(".jp-Notebook-ExecutionIndicator").first
    expect(status).to_have_attribute("data-status", "idle", timeout=120_000)
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    expect(prompts.last).to_have_text(re.compile(r"\[\d+\]:"), timeout=120_000)
    page.screenshot(path=str(paths.ROOT / "build" / f"lab-{path.stem}.png"))
    assert page.locator(".jp-OutputArea-output[data-mime-type*='error']").count() == 0
    assert page.locator(".jp-RenderedText[data-mime-type*='stderr']").count() == 0
    kernel = page.locator(".jp-KernelName, .jp-Toolbar-kernelName").first
    expect(kernel).to_contain_text("Python 3")
