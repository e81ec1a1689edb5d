"""Pages under answers in a browser: what it shows is what was prepared, for every combination of answers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import browser_path, launched
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.estimates import processed
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county import CountyReport
from analysis.show.page import to_html
from analysis.show.whatif import Prepared, what_if
from analysis.show.whatif.variants import OPEN

pytestmark = pytest.mark.service

MOST = 120
"""So many combinations of answers are tried of each page: all of them, but for the largest."""
CHOOSE = """answers => {
  for (const input of document.querySelectorAll("#answers input"))
    if (input.value === (answers[input.name] ?? "")) input.click();
  return [...document.querySelectorAll("[data-piece]")]
    .map(each => [each.dataset.piece, each.hidden ? "" : each.textContent.replace(/\\s+/g, " ").trim()]);
}"""

BARE = """() => [...document.querySelectorAll("tbody")].flatMap(body => {
  const rows = [...body.rows].filter(row => !row.hidden).map(row => row.matches(".gt_group_heading_row"));
  return rows.filter((heading, place) => heading && rows[place + 1] !== false);
}).length"""
"""The number of headings over rows none of which is shown."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched(browser_path()) as found:
        yield found


@pytest.fixture(scope="module")
def data(project_root):
    return processed.checked(project_root)


def written(folder: Path, report: CountyReport | ComparisonReport) -> tuple[str, Prepared]:
    """Write the page of a report, and return its address with what has been prepared of it."""
    prepared = what_if(report)
    middle = (
        ("indicators", "questions", "themes") if isinstance(report, CountyReport) else ("matrix", "questions")
    )
    sections = [getattr(report, name)() for name in ("opening", "first_chart", *middle, "evidence")]
    shown = [{"text/html": each._repr_html_()} for each in sections]
    outputs = [new_output("display_data", each) for each in (*shown, prepared._repr_mimebundle_())]
    path = folder / "report.html"
    page = to_html(new_notebook(cells=[new_code_cell("x", outputs=outputs)]), report.language, "T")
    path.write_text(page, encoding="utf-8")
    return path.as_uri(), prepared


def combinations(prepared: Prepared) -> list[dict[str, str]]:
    """Return every combination of answers, or some of them where they are very many."""
    answers = [
        [
            (question["id"], OPEN),
            *((question["id"], each["id"]) for each in question["readings"] if each["feasible"]),
        ]
        for question in prepared.questions
    ]
    found = [dict(each) for each in itertools.product(*answers)]
    return found if len(found) <= MOST else random.Random(3).sample(found, MOST)


def expected(prepared: Prepared, answers: dict[str, str]) -> dict[str, str]:
    """Return the words of each piece under answers."""
    options = {
        question["id"]: [OPEN, *(each["id"] for each in question["readings"] if each["feasible"])]
        for question in prepared.questions
    }
    words = {}
    for name, variants in prepared.pieces.items():
        place = 0
        for choice in variants.choices:
            place = place * len(options[choice]) + options[choice].index(answers[choice])
        piece = variants.found[place] or ""
        inside = f"<table>{piece}</table>" if piece.startswith("<tr") else piece
        words[name] = " ".join(BeautifulSoup(inside, "html.parser").get_text().split())
    return words


@pytest.mark.parametrize(
    "name", ["shangzhou", "ludian", "wushan", "weinan", "minjia", "branches", "investment"]
)
def test_every_combination_of_answers_shows_what_was_prepared(browser, data, tmp_path, name):
    known = name in data.programme_ids
    report = CountyReport(data, name) if known else ComparisonReport(data, name)
    address, prepared = written(tmp_path, report)
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(address)
    page.wait_for_selector("#answers:not([hidden])", state="attached")
    for answers in combinations(prepared):
        shown = dict(page.evaluate(CHOOSE, answers))
        for piece, words in expected(prepared, answers).items():
            assert shown[piece].replace(" ", "") == words.replace(" ", ""), (piece, answers)
        assert page.evaluate(BARE) == 0, answers
    assert not faults
    page.close()


def test_the_address_keeps_the_answers_and_a_button_takes_them_back(browser, data, tmp_path):
    address, _ = written(tmp_path, CountyReport(data, "weinan"))
    page = browser.new_page()
    page.goto(address)
    said = page.inner_text('[data-piece="message.0"]')
    page.get_by_label("no venue is both: eight").check()
    assert page.url.endswith("#answers=weinan.venue-overlap~separate")
    assert page.inner_text('[data-piece="message.0"]').startswith(
        "Eight new or upgraded village venues are planned."
    )
    assert page.inner_text(".answers-status").startswith("Answers chosen: 1;")
    other = browser.new_page()
    other.goto(page.url)
    other.wait_for_selector(".answered", state="attached")
    assert other.inner_text('[data-piece="message.0"]').startswith("Eight new")
    page.get_by_role("button", name="Back to the text").click()
    assert page.inner_text('[data-piece="message.0"]') == said
    assert "#" not in page.url and not page.locator(".answered").count()
    for each in (page, other):
        each.close()


def test_a_reading_that_arithmetic_rules_out_cannot_be_chosen_and_says_why(browser, data, tmp_path):
    address, _ = written(tmp_path, CountyReport(data, "minjia"))
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector("#answers:not([hidden])", state="attached")
    label = page.locator("label:has(:disabled)").first
    assert label.locator("input").is_disabled()
    assert "exceed the total" in label.inner_text()
    page.close()


def test_without_a_script_the_page_reads_as_it_did(browser, data, tmp_path):
    address, _ = written(tmp_path, CountyReport(data, "minjia"))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert not page.is_visible("#answers")
    assert page.inner_text(".headline").startswith("Minjia township lists four new village venues")
    context.close()
