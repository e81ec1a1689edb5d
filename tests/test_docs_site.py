"""The documentation site and the demo, built as ``make docs`` and ``make demo`` build them, in a browser."""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote

import pytest
from browsers import LAPTOP, PATIENCE, PHONE, grave_faults, launched
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
SHOWN = (
    "index.html", "docs/curation.html", "docs/api.html", "notebooks/20_stipend_levels.html",
    "search.html?q=readings", "zh/index.html", "zh/docs/memo-template.zh.html", "zh/search.html?q=活动场所",
)  # fmt: skip


def recipe(target: str) -> list[str]:
    """The commands of a target of the Makefile, with Python for that of .venv."""
    ran = subprocess.run(
        ["make", "--dry-run", "--always-make", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [line for line in ran.stdout.splitlines() if re.search(r"bin/python (-m sphinx|docs/)", line)]


def make(target: str, folder: Path, *more: str) -> None:
    """Do what a target does, with a folder elsewhere in the place of build/."""
    for line in recipe(target):
        words = line.replace(".venv/bin/python", sys.executable).replace("build/", f"{folder}/").split()
        given = dict(word.split("=") for word in words if re.match(r"[A-Z_]+=", word))
        command = [word for word in words if not re.match(r"[A-Z_]+=", word)]
        environment = {**os.environ, **given}
        ran = subprocess.run(
            [*command, *more], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3 * PATIENCE
        )
        assert ran.returncode == 0, f"{line}\n{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, with every notebook run."""
    if importlib.util.find_spec("myst_nb") is None:
        pytest.skip("Sphinx and MyST are not installed; make services installs them")
    folder = tmp_path_factory.mktemp("build")
    make("docs", folder)
    return folder / "docs"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo of two reports."""
    folder = tmp_path_factory.mktemp("build")
    make("demo", folder, "wushan", "comparison-oversight")
    return folder / "demo"


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The address of the site on this machine."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with launched(chromium) as opened:
        yield opened


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page that fails the test if a script on it does."""
    faults: list[str] = []
    opened = browser.new_page(viewport=LAPTOP)
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    yield opened
    opened.close()
    assert faults == []


def pages_of(site: Path) -> dict[Path, BeautifulSoup]:
    return {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "lxml") for path in sorted(site.rglob("*.html"))
    }


def test_every_link_leads_to_a_file_and_a_place_in_it(site: Path) -> None:
    pages = {path: soup for path, soup in pages_of(site).items() if "_static" not in path.parts}
    anchors = {path: {tag["id"] for tag in soup.select("[id]")} for path, soup in pages.items()}
    dead = []
    for path, soup in pages.items():
        for tag in soup.select("[href], [src]"):
            target = tag.get("href") or tag.get("src")
            if re.match(r"https?:|mailto:|data:", target) or target in ("#", ""):
                continue
            name, _, anchor = unquote(target).partition("#")
            led = (path.parent / name.partition("?")[0]).resolve() if name else path
            if not led.is_file() or (anchor and led in anchors and anchor not in anchors[led]):
                dead.append(f"{path.relative_to(site)}: {target}")
    assert len(pages) > 35
    assert dead == []

    loaded = {
        tag.get("src") or tag.get("href")
        for soup in pages_of(site).values()
        for tag in soup.select("script[src], link[rel=stylesheet], img[src], iframe")
    }
    assert [each for each in loaded if each is None or re.match(r"(https?:)?//", each)] == []


def test_notebooks_have_been_run(site: Path) -> None:
    page = BeautifulSoup((site / "notebooks/00_first_hour.html").read_text(encoding="utf-8"), "lxml")
    assert len(page.select(".cell_output svg[role=img], .cell_output table")) > 10
    assert "754,000 yuan" in page.get_text()
    assert not page.select(".traceback, .stderr")


@pytest.mark.parametrize(
    ("build", "asked", "title"),
    [
        ("", "rectified organisations", "Data dictionary"),
        ("", "一肩挑", "From a new article to a report"),
        ("zh/", "村级活动场所", "从一篇文章到一份报告"),
        ("zh/", "移入数据表", "从一篇文章到一份报告"),
        ("zh/", "DecompressionStream", "局限"),
    ],
)
def test_search_finds_words_in_either_language(
    served: str, page: Any, build: str, asked: str, title: str
) -> None:
    page.goto(f"{served}/{build}search.html?q={asked}")
    assert title in {each.partition(" > ")[0] for each in found_on(page)}


def test_search_needs_no_server(site: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{(site / 'zh/search.html').as_uri()}?q=读屏软件")
    assert found_on(page) == ["局限"]
    page.close()


def test_search_says_so_where_nothing_is_found(served: str, page: Any) -> None:
    page.goto(f"{served}/zh/search.html?q=龘靐")
    page.get_by_text("没有匹配到文档").wait_for()


def found_on(page: Any) -> list[str]:
    """The titles that a search has found."""
    found = page.locator("#search-results ul.search li > a")
    found.first.wait_for()
    return found.all_inner_texts()


def test_a_page_leads_to_itself_in_the_other_language(site: Path, page: Any) -> None:
    page.goto((site / "docs/curation.html").as_uri())
    page.locator("header a[hreflang=zh]").first.click()
    assert page.locator("h1").inner_text().startswith("从一篇文章到一份报告")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.locator("header a[hreflang=en]").first.click()
    assert page.locator("h1").inner_text().startswith("From a new article to a report")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("name", SHOWN)
def test_axe_finds_no_grave_fault(
    axe: str, browser: Any, site: Path, name: str, size: dict[str, int], colours: str
) -> None:
    page = browser.new_page(viewport=size, color_scheme=colours)
    page.goto(f"{site.as_uri()}/{name}")
    page.wait_for_load_state("networkidle")
    assert grave_faults(page, axe) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == size["width"]
    page.close()


def test_a_chart_takes_the_colours_that_the_reader_chooses(site: Path, browser: Any) -> None:
    page = browser.new_page(viewport=LAPTOP, color_scheme="light")
    page.goto((site / "notebooks/20_stipend_levels.html").as_uri())
    ink = "() => getComputedStyle(document.querySelector('.picture')).getPropertyValue('--drawn-ink')"
    light = page.evaluate(ink)
    page.evaluate("() => { document.documentElement.dataset.theme = 'dark' }")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    assert (light, page.evaluate(ink)) == ("#1f2328", "#e6edf3")
    page.close()


def test_the_demo_has_each_report_in_three_languages_and_takes_answers(demo: Path, page: Any) -> None:
    page.goto((demo / "index.html").as_uri())
    page.get_by_role("link", name="Wushan County", exact=True).click()
    assert page.locator("h1").inner_text() == "Wushan County"
    page.get_by_role("link", name="简体中文").click()
    assert page.locator("h1").inner_text() == "武山县"
    before = page.locator("main").inner_text()
    page.locator("#answers input").nth(1).evaluate("input => input.click()")
    assert page.locator("main").inner_text() != before
    page.get_by_role("link", name="繁體中文").click()
    assert page.locator("h1").inner_text() == "武山縣"


def test_the_demo_holds_what_was_published_and_no_path_of_the_machine(demo: Path) -> None:
    assert {path.name for path in demo.iterdir() if path.is_dir()} == {
        f"{report}-{language}"
        for report in ("wushan", "comparison-oversight")
        for language in ("en", "zh-hans", "zh-hant")
    }
    pages = [path.read_text(encoding="utf-8") for path in demo.rglob("*.html")]
    assert [page for page in pages if str(ROOT) in page or str(demo) in page] == []


def test_neither_holds_a_sentence_of_a_source_document(site: Path, demo: Path, sources_dir: Path) -> None:
    texts = [path.read_text(encoding="utf-8", errors="ignore") for path in sources_dir.glob("*.txt")]
    sentences = {part[:30] for text in texts for part in re.split(r"[。！？；\s]+", text) if len(part) >= 30}
    assert len(sentences) > 50
    for path in (*site.rglob("*.html"), *demo.rglob("*.html"), *demo.rglob("*.ipynb")):
        words = re.sub("<[^>]+>", "", path.read_text(encoding="utf-8"))
        assert [each for each in sentences if each in words] == [], path.name


def test_the_site_embeds_what_the_list_of_licences_names(site: Path) -> None:
    fonts = {path.name for path in site.rglob("*") if path.suffix in (".woff", ".woff2", ".ttf", ".otf")}
    banners = {path.name for path in site.rglob("*.LICENSE.txt")}
    assert {name.partition("-")[0] for name in fonts} == {"fa"}
    assert banners == {"bootstrap.js.LICENSE.txt", "fontawesome.js.LICENSE.txt"}
    named = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
    assert "Bootstrap, in the theme" in named and "Font Awesome Free, in the theme" in named
