"""The cards of numbers in a browser: opened by pointer, keyboard and address, beside answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import browser_path, launched
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.estimates import processed
from analysis.show.county import CountyReport
from analysis.show.page import to_html
from analysis.show.whatif import what_if

pytestmark = pytest.mark.service
COST = "estimate-minjia.cost_per_venue.village_venue.new.total.village"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched(browser_path()) as found:
        yield found


@pytest.fixture(scope="module")
def address(project_root, tmp_path_factory) -> str:
    """The page of Minjia township, with its questions."""
    report = CountyReport(processed.checked(project_root), "minjia")
    names = ("opening", "first_chart", "indicators", "questions", "themes")
    outputs = [{"text/html": getattr(report, name)()._repr_html_()} for name in names]
    outputs += [what_if(report)._repr_mimebundle_(), report.evidence()._repr_mimebundle_()]
    shown = [new_output("display_data", each) for each in outputs]
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(to_html(new_notebook(cells=[new_code_cell("x", outputs=shown)]), "en", "T"), "utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser, address) -> Iterator[Any]:
    with browser.new_context() as context:
        shown = context.new_page()
        shown.goto(address)
        shown.wait_for_selector("a[data-card][href]")
        yield shown


def title(page: Any) -> str:
    return str(page.locator(".grounds .card-title").inner_text())


def test_a_number_opens_its_card_and_escape_leads_back_to_it(page: Any) -> None:
    number = page.locator("li a[data-card]").first
    number.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "dialog"
    assert "Minjia township" in title(page) or page.locator(".grounds .card-kind").inner_text()
    assert page.url.endswith(f"#{number.get_attribute('data-card')}")
    page.keyboard.press("Escape")
    assert page.locator(".grounds").is_hidden()
    assert number.evaluate("each => each === document.activeElement")
    assert "#" not in page.url


def test_an_address_opens_a_card_and_its_figures_open_within_it(page: Any, address: str) -> None:
    page.goto(f"{address}#{COST}")
    page.wait_for_selector(".grounds:not([hidden])")
    assert title(page).startswith("Minjia township: Cost per venue")
    page.locator(".grounds a[data-card^='figure-']").first.click()
    assert page.url.endswith("#figure-" + page.locator(".grounds .card-kind").inner_text().split()[-1])
    page.get_by_role("button", name="Back").click()
    assert title(page).startswith("Minjia township: Cost per venue")


def test_the_marks_of_charts_are_reached_by_the_keyboard(page: Any) -> None:
    mark = page.locator("svg.desktop a[data-card]").first
    mark.focus()
    assert mark.evaluate("each => each === document.activeElement")
    page.keyboard.press("Enter")
    assert page.locator(".grounds").is_visible()


def test_answers_and_an_open_card_stand_in_one_address(page: Any) -> None:
    page.locator("#answers input:not([value='']):not([disabled])").first.click()
    answered = page.url
    page.locator("li.answered a[data-card], .answered a[data-card]").first.click()
    assert page.locator(".grounds").is_visible() and page.url.startswith(f"{answered}&")
    page.reload()
    page.wait_for_selector(".grounds:not([hidden])")
    assert page.locator(".answers-status").is_visible()
    page.keyboard.press("Escape")
    assert page.url == answered


def test_without_a_script_no_number_is_a_link(browser: Any, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        assert page.locator("a[data-card][href]:not([href^='#figure-'])").count() == 0
