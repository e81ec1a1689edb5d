"""Pages under answers: every piece is what the report would say, and nothing else changes."""

import html
import random
import re
from collections.abc import Iterator
from functools import cache

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.estimates import processed
from analysis.estimates.answers import answered
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.evidence.register import parse_when
from analysis.evidence.themes import THEMES
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county import CountyReport
from analysis.show.packing import ANSWERS, packed, unpacked
from analysis.show.page import to_html
from analysis.show.whatif import Prepared, what_if
from analysis.show.whatif.comparison import INCOME, PRICES, ComparisonPieces
from analysis.show.whatif.county import CountyPieces
from analysis.show.whatif.variants import OPEN, Part, Variants, hanging, offered, variants_of

PLACES = ("shangzhou", "ludian", "wushan", "weinan", "minjia")
Asked = CountyPieces | ComparisonPieces


@pytest.fixture(scope="module")
def data(project_root) -> Dataset:
    return processed.checked(project_root)


@pytest.fixture(scope="module")
def asked(data):
    """Return the pieces of a page by its name, and what has been prepared of them."""

    @cache
    def of(name: str) -> tuple[Asked, Prepared]:
        if name in THEMES:
            report = ComparisonReport(data, name)
            return ComparisonPieces(report), what_if(report)
        county = CountyReport(data, name)
        return CountyPieces(county), what_if(county)

    return of


def some_answers(pieces: Asked, number: int) -> Iterator[dict[str, str]]:
    """Yield answers to several questions at once, others left open, the same ones in every run."""
    chance = random.Random(7)
    for _ in range(number):
        chosen = {choice: chance.choice((OPEN, *answers)) for choice, answers in pieces.askable.items()}
        yield {choice: answer for choice, answer in chosen.items() if answer != OPEN}


def at(variants: Variants, options: dict[str, tuple[str, ...]], answers: dict[str, str]) -> str | None:
    """Return a piece under answers, found as the page finds it."""
    place = 0
    for choice in variants.choices:
        known = (OPEN, *options[choice])
        place = place * len(known) + known.index(answers.get(choice, OPEN))
    return variants.found[place]


# The data, as if a county had answered


def test_an_answer_leaves_one_reading_and_the_year_that_it_names(data):
    settled = answered(data, {"ludian.year-2020-2021": "2020", "ludian.combined-post-pay": "covers"})
    rows = settled.tables["estimates"]
    pay = rows[(rows["programme_id"] == "ludian") & (rows["measure"] == "yearly_pay")]
    assert not pay["reading"].str.contains("combined-post-pay|year-2020").any()
    assert {*pay[(pay["stage"] == "after") & (pay["year"] != "")]["year"]} == {"2020"}
    readings = settled.readings[settled.readings["choice_id"] == "ludian.combined-post-pay"]
    assert readings[["reading", "is_default"]].values.tolist() == [["covers", True]]
    assert len(data.readings) > len(settled.readings), "the data itself stays as it is"


def test_an_answer_says_what_of_all_that_is_open_is_planned(data):
    planned = answered(data, {"wushan.within-year": "target"}).figures
    own = planned[planned["programme_id"] == "wushan"] if "programme_id" in planned else planned
    assert "open" not in {*own[own["figure_id"].str.startswith("wushan.")]["status"]}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (
            {"minjia.colour": "red"},
            "there is no choice 'minjia.colour'; known are ",
        ),
        (
            {"minjia.works-status": "maybe"},
            "choice 'minjia.works-status' has no reading 'maybe'; it has plan, done",
        ),
        (
            {"minjia.investment-scope": "everything-tops-up"},
            "choice 'minjia.investment-scope' cannot be read as 'everything-tops-up': "
            "its arithmetic does not hold",
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused(data, answers, message):
    with pytest.raises(InputError, match=re.escape(message)):
        answered(data, answers)


def test_a_report_under_an_answer_says_the_same_things_in_the_same_order(data):
    report = CountyReport(data, "minjia")
    plan = report.under({"minjia.investment-scope": "village-venues-replaces", "minjia.works-status": "plan"})
    assert [message.words for message in plan.account.messages] == [
        "Plans put 3.8 million yuan into five new or upgraded village venues, 760,000 yuan each. The general "
        "rate of the county subsidy is 960,000 yuan for each new village venue and 100,000 yuan for each "
        "upgraded village venue or new villager-group venue.",
        "The aim is 134 other village branch venues to follow this example.",
        "The text names training as an aim but gives no number of people.",
        "Weak secretaries are to be reassigned; the text does not say how many.",
    ]
    funds = CountyReport(data, "shangzhou").under({"shangzhou.funds-period": "per-year"})
    assert funds.account.messages[2].words == (
        "A community has 30,000 yuan a year for its office. A village has 25,000 yuan a year for its office."
    )


def test_what_may_be_a_plan_is_not_said_to_be_one(data):
    scope = CountyReport(data, "minjia").under({"minjia.investment-scope": "new-venues-replaces"})
    assert scope.account.messages[0].words.startswith(
        "Spending on four new village venues is put at 3.8 million yuan, 950,000 yuan each, planned or done."
    )


# Variants


def test_variants_are_over_the_choices_that_matter_and_no_others():
    def make(answers):
        value = {"x": "1", "y": "2"}.get(answers.get("a", OPEN), "1 to 2")
        return {"value": value, "rest": "always"} | ({"seen": "yes"} if answers.get("b") == "on" else {})

    part = Part(frozenset({"a", "b", "c"}), make)
    options = {"a": ("x", "y"), "b": ("on", "off"), "c": ("p", "q"), "d": ("r", "s")}
    assert hanging(part, options, []) == ["a", "b"]
    assert variants_of(part, ["a", "b"], options) == {
        "value": Variants(("a",), ("1 to 2", "1", "2")),
        "seen": Variants(("b",), (None, "yes", None)),
    }


def test_choices_of_one_value_are_asked_together_where_one_matters_under_another_alone():
    def make(answers):
        return {
            "value": "both"
            if answers.get("a") == "x" and answers.get("b") == "on"
            else answers.get("a", "open")
        }

    part = Part(frozenset({"a", "b"}), make)
    options = {"a": ("x", "y"), "b": ("on",)}
    assert hanging(part, options, []) == ["a"]
    both = hanging(part, options, [frozenset({"a", "b"})])
    found = variants_of(part, both, options)["value"]
    assert found == Variants(("a", "b"), ("open", "open", "x", "both", "y", "y"))


def test_no_more_is_asked_than_a_page_can_hold():
    options = {name: ("x", "y") for name in "abcdefgh"}
    # Three answers to each, open among them: five together make 243 combinations, six 729.
    assert [*offered(options, ["abcdefg", "h"])] == [*"abcdeh"]


@pytest.mark.parametrize("name", [*PLACES, "branches", "collective_economy", "oversight"])
def test_every_piece_under_several_answers_is_what_the_report_under_them_says(asked, name):
    pieces, prepared = asked(name)
    options = pieces.askable
    parts = [*pieces.parts()]
    if name in PLACES:
        assert [question["id"] for question in prepared.questions] == [*options], "everything open is asked"
    for answers in some_answers(pieces, 2 if name == "ludian" else 6):
        for part in parts:
            for piece, found in part.make(answers).items():
                if piece in prepared.pieces:
                    assert at(prepared.pieces[piece], options, answers) == found, (piece, answers)
                else:
                    assert part.make({}).get(piece) == found, (piece, answers)


@pytest.mark.parametrize("name", ["minjia", "weinan", "wushan", "branches"])
def test_no_choice_touches_a_piece_that_is_not_said_to(asked, name):
    pieces, _ = asked(name)
    for part in pieces.parts():
        base = part.make({})
        for choice in pieces.askable.keys() - part.choices:
            for answer in pieces.askable[choice]:
                assert part.make({choice: answer}) == base, (choice, answer)


@pytest.mark.parametrize("theme", THEMES)
def test_every_value_and_order_is_that_of_the_comparison_with_the_choices_given(data, theme):
    report = ComparisonReport(data, theme)
    pieces = ComparisonPieces(report)
    for comparison in report.comparisons:
        touching = {choice for text in comparison.estimates["reading"] for choice in parse_when(text)}
        for answers in some_answers(pieces, 5):
            here = {choice: answer for choice, answer in answers.items() if choice in touching}
            given = comparison.given(**here).ranking()
            view = report.under(report.comparisons, comparison.measure, here)
            same = [
                each for each in view.comparisons
                if (each.key, each.definitions) == (comparison.key, comparison.definitions)
            ]  # fmt: skip
            if not same:  # fewer than two places have a value
                assert len({item.split(":")[0] for item in given["item"]}) < 2
                continue
            [found] = same
            columns = ["item", "value", "low", "high", "rank"]
            values = {row[0]: row[1:] for row in found.ranking()[columns].itertuples(index=False)}
            for item, value, low, high, rank in given[columns].itertuples(index=False):
                assert values[item][1:3] == pytest.approx((low, high))
                if low == high:
                    assert (values[item][0], values[item][3]) == (pytest.approx(value), rank)


def test_prices_are_asked_too_and_the_first_chart_may_be_relative_to_income(data):
    pieces = ComparisonPieces(ComparisonReport(data, "stipends"))
    assert pieces.askable[PRICES] == ("printed", INCOME)
    [printed] = pieces._message(0, "yearly_pay", {PRICES: "printed"}).values()
    assert "a village head with one post gets 50,400 yuan a year in Ludian County and 24,000 yuan" in printed
    title = BeautifulSoup(pieces._first_chart({PRICES: INCOME})["chart.title"], "lxml").strong
    assert title.get_text() == (
        "Relative to the national rural income of its year, a village head with one post gets 2.7 to 2.9 "
        "times as much in Ludian County and 1.9 to 2.3 times in Shangzhou District"
    )


# The page


def notebook(*outputs: dict):
    cells = [new_output("display_data", data) for data in outputs]
    return new_notebook(cells=[new_code_cell("report", outputs=cells)])


def test_a_page_holds_what_is_prepared_and_lets_its_own_script_run_alone(asked):
    _, prepared = asked("weinan")
    shown = prepared._repr_mimebundle_()
    page = BeautifulSoup(to_html(notebook(shown), "en", "Weinan"), "lxml")
    policy = page.select_one("meta[http-equiv]")["content"]
    assert re.match(r"default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:", policy)
    found = unpacked(page.select_one("script#prepared").get_text())
    assert [each["id"] for each in found["answers"]["questions"]] == ["weinan.venue-overlap"]
    assert page.select_one("#answers").has_attr("hidden"), "without the script there is nothing to choose"


def test_a_page_without_questions_runs_no_script():
    page = to_html(notebook({"text/html": "<p>Nothing is open.</p>"}), "en", "Title")
    assert "<script" not in page and "script-src" not in page


def test_pieces_are_as_harmless_as_the_page():
    evil = '<li data-piece="a" onclick="x()"><img src="http://evil/x.png"><script>y()</script>fine</li>'
    content = {"words": {}, "questions": [], "pieces": {"a": {"by": [], "at": [0], "html": [evil]}}}
    page = BeautifulSoup(
        to_html(notebook({"text/html": "<p>x</p>", ANSWERS: packed(content)}), "en", "T"), "lxml"
    )
    found = unpacked(page.select_one("script#prepared").get_text())
    piece = found["answers"]["pieces"]["a"]["html"][0]
    assert piece == '<li data-piece="a"><img alt="Chart"/>fine</li>' or "evil" not in html.unescape(piece)
    assert "onclick" not in piece and "script" not in piece


def test_a_notebook_elsewhere_shows_nothing_of_it(asked):
    _, prepared = asked("weinan")
    assert {*prepared._repr_mimebundle_()} == {"text/html", ANSWERS}
    assert prepared._repr_mimebundle_()["text/html"] == '<div id="answers" hidden></div>'
    assert repr(prepared) == f"<Prepared: 1 questions, {len(prepared.pieces)} pieces>"
