"""A document with its marks in a real browser: what rests on a figure, and nobody else gets in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsers import launched
from invented import write_country
from test_desk_page import answer

from analysis.estimates import processed
from analysis.show.document.marks import marked
from analysis.show.document.server import Served

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("country")
    write_country(root, 1, 1, sources=True)
    data = processed.load(root)
    with Served(data, marked(data, "synthetic-0001", root / "sources")).running() as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with launched(chromium) as opened:
        yield opened


@pytest.fixture
def page(served: Served, browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    faults: list[str] = []
    opened.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(served.address)
    opened.locator("mark").first.wait_for()
    yield opened
    opened.close()
    assert faults == []


def kept(page: Any) -> list[str]:
    return page.locator("mark:not(.away)").all_inner_texts()


def said(page: Any) -> str:
    return page.locator("#said").inner_text()


def test_every_figure_and_exclusion_is_marked(page: Any, served: Served) -> None:
    texts = page.locator("mark").evaluate_all("marks => marks.map(each => each.textContent)")
    assert texts == [mark.exact for mark in served.found.marks]
    assert said(page) == f"{len(texts)} of {len(texts)} marks"
    kinds = page.locator("mark.figure").count(), page.locator("mark.exclusion").count()
    assert kinds == tuple(
        sum(mark.kind == kind for mark in served.found.marks) for kind in ("figure", "exclusion")
    )


def test_a_figure_leads_to_codings_estimates_and_sentences(page: Any) -> None:
    page.locator("mark", has_text="6000元").click()
    side = page.locator("#side")
    side.get_by_role("heading", name="Estimates that use it").wait_for()
    headings = side.locator("h3").all_inner_texts()
    assert headings[0] == "Evidence for" and headings[-1] == "What reports and memos say of it"
    assert "72,000 yuan" in side.inner_text()
    page.keyboard.press("Escape")
    side.get_by_role("heading", name="Figures and other numerals").wait_for()


def test_the_text_can_be_kept_by_theme_by_use_and_by_words(page: Any, served: Served) -> None:
    themes = [mark.code for mark in served.found.marks if mark.kind == "figure"]
    page.locator(".themes button", has_text="Pay and benefits").click()
    assert len(kept(page)) == themes.count("stipends")
    page.get_by_label("Show").select_option("figures that no measure uses")
    used = len(kept(page))
    page.get_by_label("Show").select_option("figures that measures use")
    assert used + len(kept(page)) == themes.count("stipends")
    page.locator(".themes button", has_text="Pay and benefits").click()
    page.get_by_label("Show").select_option("what is no figure")
    assert len(kept(page)) == page.locator("mark.exclusion").count() > 0
    page.get_by_label("Show").select_option("all")
    page.get_by_label("Search").fill("pay.head-split.after")
    assert kept(page) == ["6000元"]
    assert said(page) == f"1 of {len(served.found.marks)} marks"


def test_the_arrows_lead_from_one_kept_mark_to_the_next(page: Any) -> None:
    page.get_by_label("Show").select_option("what is no figure")
    page.locator("#text").focus()
    places = []
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        places.append(page.locator("mark[aria-current]").get_attribute("class"))
    assert places == ["exclusion", "exclusion"]


def test_the_language_changes_with_all_words(page: Any) -> None:
    page.get_by_label("Language").select_option("zh-Hant")
    page.get_by_role("heading", name="數字及其他數目").wait_for()
    assert page.locator("html").get_attribute("lang") == "zh-Hant"


def test_the_document_is_read_with_the_token_alone_and_never_changed(served: Served) -> None:
    before = served.found.document.raw
    assert answer(served)[0] == 200
    assert answer(served, X_Desk_Token="")[0] == 403
    assert answer(served, Host="example.org")[0] == 403
    assert answer(served, path="/", X_Desk_Token="")[0] == 200
    for asked, status in (("look", 200), ("set", 400), ("accept", 400)):
        body = f'{{"language": "en", "edit": "{asked}", "arguments": {{"mark": 0}}}}'
        assert answer(served, "POST", "/do", body, Content_Type="application/json")[0] == status
    assert served.found.document.raw == before


def test_on_a_phone_nothing_runs_out_of_the_page(served: Served, browser: Any) -> None:
    opened = browser.new_page(viewport={"width": 390, "height": 844})
    opened.goto(served.address)
    opened.locator("mark").first.click()
    opened.locator("#side dl").wait_for()
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
    opened.close()
