"""Reports, their site and the desk in a browser: to who listens, on a phone, on paper, in the dark."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import LAPTOP, PATIENCE, PHONE, grave_faults, launched
from invented import write_country
from programs import text_of

from analysis.curation.desk import Desk
from analysis.curation.draft import intake
from analysis.estimates import processed
from analysis.show.desk.server import Served
from analysis.show.document.marks import marked
from analysis.show.document.server import Served as ServedDocument

PAGES = (
    "index.html", "ludian/report.html", "ludian-zh/report.html", "comparison-stipends/report.html",
    "comparison-stipends-zh/report.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def reports(project_root, tmp_path_factory) -> Path:
    """The folder of two reports in two languages and of their site."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("data", "notebooks", "params"):
        shutil.copytree(project_root / name, folder / name)
    for name in ("ludian", "comparison-stipends"):
        given = (folder / f"params/{name}.yaml").read_text(encoding="utf-8")
        lines = [line for line in given.splitlines() if not line.startswith("language:")]
        (folder / f"params/{name}-zh.yaml").write_text("\n".join([*lines, "language: zh-Hans", ""]), "utf-8")
    names = [path.partition("/")[0] for path in PAGES[1:]]
    command = [sys.executable, "-m", "analysis.cli", "run", *names]
    ran = subprocess.run(command, cwd=folder, env={**os.environ, "ANALYSIS_DATA": ""}, timeout=PATIENCE)
    assert ran.returncode == 0
    return folder / "reports"


@pytest.fixture(scope="module")
def browser(chromium) -> Iterator[Any]:
    with launched(chromium) as opened:
        yield opened


def shown(browser: Any, path: Path, colours: str = "light", size: dict[str, int] = LAPTOP) -> Any:
    page = browser.new_page(viewport=size, color_scheme=colours)
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_grave_fault(axe, browser, reports, name, size, colours):
    page = shown(browser, reports / name, colours, size)
    assert grave_faults(page, axe) == []
    page.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_no_grave_fault_on_the_desk(axe, browser, project_root, tmp_path, size, colours):
    for name in ("data/raw", "params"):
        shutil.copytree(project_root / name, tmp_path / name)
    documents = tmp_path / "sources"
    documents.mkdir()
    intake(project_root / "tests/fixtures/songquan.txt", "songquan", tmp_path, documents=documents)
    page = browser.new_page(viewport=size, color_scheme=colours, bypass_csp=True)
    with Served(Desk(tmp_path, "songquan", documents)).running() as served:
        page.goto(served.address)
        page.locator("mark", has_text="12个").click()
        page.locator(".card").first.wait_for()
        assert grave_faults(page, axe) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") == size["width"]
    page.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_no_grave_fault_on_a_document(axe, browser, tmp_path, colours):
    write_country(tmp_path, 1, 1, sources=True)
    data = processed.load(tmp_path)
    page = browser.new_page(viewport=LAPTOP, color_scheme=colours, bypass_csp=True)
    with ServedDocument(data, marked(data, "synthetic-0001", tmp_path / "sources")).running() as served:
        page.goto(served.address)
        page.locator("mark", has_text="6000元").click()
        page.locator("#side h3").first.wait_for()
        assert grave_faults(page, axe) == []
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_scrolls_down_and_never_sideways(browser, reports, name):
    page = shown(browser, reports / name, size=PHONE)
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    # A chart that would be too small to read lies in a box of its own that scrolls.
    wide = "() => [...document.querySelectorAll('.picture')].filter(each => each.offsetWidth > 358).length"
    assert page.evaluate(wide) == 0
    page.close()


@pytest.mark.parametrize("name", PAGES[1:])
def test_every_page_leads_to_pages_that_are_there(reports, browser, name):
    page = shown(browser, reports / name)
    links = page.locator("header .site a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) >= 2
    assert all(Path(link.removeprefix("file://")).is_file() for link in links), links
    page.close()


def test_paper_has_the_evidence_only_where_it_is_asked_for(browser, tmp_path):
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from analysis.show.html import Html, folded
    from analysis.show.page import to_html

    evidence = folded("All figures", Html("<p>ludian.village-venues.amount</p>"))
    output = new_output("display_data", data={"text/html": f"<h1>Ludian</h1>{evidence.content}"})
    path = tmp_path / "report.html"
    path.write_text(to_html(new_notebook(cells=[new_code_cell("1", outputs=[output])]), "en", "x"), "utf-8")
    for fragment, said in (("", False), ("#all", True)):
        page = browser.new_page()
        page.goto(f"{path.as_uri()}{fragment}")
        page.pdf(path=tmp_path / "page.pdf")
        words = text_of(tmp_path / "page.pdf")
        assert "Ludian" in words and ("village-venues" in words) is said
        page.close()
