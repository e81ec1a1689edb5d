"""A Chromium that opens pages, or the reason why there is none."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# As root, and in a container with little shared memory, Chromium needs these; it is to call nobody.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
PATIENCE = 420  # seconds; two slow cores run several notebooks at once


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
