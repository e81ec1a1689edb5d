"""The site of three thousand places in a real browser: drawn as needed, sorted, filtered and searched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import launched
from country import country

from analysis.evidence.dataset import Dataset
from analysis.operate.runs import site
from analysis.operate.runs.ledger import open_ledger
from analysis.operate.runs.summary import RunSummary

pytestmark = pytest.mark.service

PLACES = 3000
LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
KEYSTROKE = """word => new Promise(done => {
  const input = document.getElementById("search"), begun = performance.now();
  input.value = word; input.dispatchEvent(new Event("input"));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with launched(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def index(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    with open_ledger(folder) as ledger:
        shown = site.site(folder, country(data, PLACES - 5), ledger, RunSummary(run=1), "en")
    path = folder / "index.html"
    path.write_text(site.render(shown), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Any, index: Path) -> Iterator[Any]:
    opened = browser.new_page(viewport=LAPTOP)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(index.as_uri())
    yield opened
    opened.close()
    assert said == []  # also nothing that the policy forbids


def rows(page: Any) -> Any:
    return page.locator("table.programmes tbody tr")


def names(page: Any, number: int = 5) -> list[str]:
    texts = rows(page).locator("th").evaluate_all("cells => cells.map(each => each.firstChild.textContent)")
    return texts[:number]


def kept(page: Any) -> str:
    return page.locator("#found").text_content()


def test_rows_are_drawn_as_they_are_scrolled_to_and_all_of_them_for_paper(page: Any) -> None:
    assert rows(page).count() == 100
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function("document.querySelectorAll('table.programmes tbody tr').length >= 200")
    assert rows(page).count() < PLACES
    assert page.locator("table.programmes").get_attribute("aria-rowcount") == str(PLACES + 1)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert rows(page).count() == PLACES
    assert rows(page).last.get_attribute("aria-rowindex") == str(PLACES + 1)


def test_the_head_stays_while_rows_pass_below_it(page: Any) -> None:
    page.mouse.wheel(0, 4000)
    page.wait_for_function("scrollY > 3000")
    assert page.locator("table.programmes thead").evaluate("head => head.getBoundingClientRect().top") == 0


def test_the_order_is_that_of_all_places_not_of_those_drawn(page: Any, data: Dataset) -> None:
    cost = page.get_by_role("button", name="Cost per village venue")
    cost.click()
    highest = rows(page).first.locator("td").first.get_attribute("data-v")
    cost.click()
    lowest = rows(page).first.locator("td").first.get_attribute("data-v")
    values = country(data, PLACES - 5).tables["estimates"].query(
        "measure == 'cost_per_venue' and object == 'village_venue' and funder == 'total' and is_default"
    )["value"]  # fmt: skip
    assert (float(highest), float(lowest)) == (values.max(), values.min())


def test_a_place_is_found_by_either_name_by_a_numeral_and_by_what_is_counted(page: Any) -> None:
    page.wait_for_timeout(1000)  # until figures are unpacked, which is done when there is time
    for word in ("Ludian County", "鲁甸", "５９５６万元", "dissolved Party branches 177"):
        page.fill("#search", word)
        assert names(page, 1) == ["Ludian County"], word
    page.fill("#search", "5956万元")
    assert kept(page) == f"1 of {PLACES}"
    assert page.locator(".hit").text_content().startswith("5956万元 ")
    page.fill("#search", "nobody-prints-this")
    assert (kept(page), rows(page).count()) == (f"0 of {PLACES}", 0)
    page.get_by_role("button", name="Show all").click()
    assert (kept(page), rows(page).count()) == ("", 100)


def test_filters_and_search_go_together(page: Any) -> None:
    page.get_by_label("Province").select_option(label="Shaanxi (2)")
    assert names(page) == ["Shangzhou District", "Weinan High-tech Zone"]
    page.get_by_label("Level").select_option(label=next(
        text for text in page.get_by_label("Level").locator("option").all_inner_texts() if "district" in text
    ))  # fmt: skip
    assert names(page) == ["Shangzhou District"]
    page.fill("#search", "Weinan")
    assert rows(page).count() == 0


def test_typing_is_answered_before_it_is_noticed(page: Any) -> None:
    page.wait_for_timeout(1000)
    took = [page.evaluate(KEYSTROKE, "Synthetic"[:length]) for length in range(1, 10)]
    assert sorted(took)[len(took) // 2] < 100, took  # milliseconds, with what is drawn after


def test_without_a_script_every_row_stands_in_a_plain_table(browser: Any, index: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=LAPTOP)
    opened = context.new_page()
    opened.goto(index.as_uri())
    assert rows(opened).count() == PLACES
    assert not opened.locator(".search").is_visible()
    context.close()


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_no_cell_runs_into_the_next_and_the_page_never_scrolls_sideways(
    browser: Any, index: Path, width: int
) -> None:
    opened = browser.new_page(viewport={"width": width, "height": 844})
    opened.goto(index.as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    over = """rows => rows.flatMap(row => [...row.cells])
      .filter(cell => cell.scrollWidth > cell.clientWidth + 1).length"""
    assert rows(opened).evaluate_all(over) == 0
    edges = """rows => rows.filter(row => [...row.cells].some((cell, at, all) =>
      at && cell.getBoundingClientRect().left < all[at - 1].getBoundingClientRect().right - 1)).length"""
    assert rows(opened).evaluate_all(edges) == 0
    opened.close()
