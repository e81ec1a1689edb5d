"""A Chromium that opens pages, or the reason why there is none."""

import importlib.util
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from programs import path_of

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# As root, and in a container with little shared memory, Chromium needs these; it is to call nobody.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
PATIENCE = 420  # seconds; two slow cores run several notebooks at once
LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
AXE = "axe-core@4.14.1"
GRAVE = """() => axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations
  .filter(fault => ["serious", "critical"].includes(fault.impact))
  .map(fault => `${fault.id}: ${fault.nodes.length} x ${fault.nodes[0].html.slice(0, 160)}`))"""


def axe_in(folder: Path) -> str:
    """The script of axe-core, fetched into a folder once; the test is skipped where that does not work."""
    script = folder / "package/axe.min.js"
    if not script.is_file():
        command = [path_of("npm", "npm"), "pack", AXE, "--silent"]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
        archives = list(folder.glob("*.tgz"))
        if not archives:
            pytest.skip(f"npm could not fetch {AXE}: {ran.stderr[-300:]}")
        with tarfile.open(archives[0]) as archive:
            archive.extract("package/axe.min.js", folder, filter="data")
    return script.read_text(encoding="utf-8")


def grave_faults(page: Any, axe: str) -> list[str]:
    """What axe-core calls serious or critical on a page, with all that is folded opened."""
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.evaluate(f"{axe}; null")
    return page.evaluate(GRAVE)


def browser_path() -> str:
    """The path of a Chromium that opens pages; the test is skipped where there is none, or only a stub."""
    named = os.environ.get("ANALYSIS_BROWSER", "")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed; make test installs it")
    if not found:
        pytest.skip(
            "no Chromium here: install it (Debian: apt install chromium), or name it in ANALYSIS_BROWSER"
        )
    command = [found, "--headless", *FLAGS, "--dump-dom", "about:blank"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    if "<body" not in ran.stdout:
        pytest.skip(f"{found} opens no page: {ran.stderr[-300:]}")
    return found


@contextmanager
def launched(program: str) -> Iterator[Any]:
    """A browser under playwright, for as long as the block takes."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()
