"""What the numbers of a page rest on: which card each opens, what the cards say, and what is published."""

from __future__ import annotations

import re
from types import SimpleNamespace

import lxml.html
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.draw.markup import resting
from analysis.estimates.processed import load
from analysis.evidence.errors import InputError
from analysis.operate.runs import check_quotable
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county.report import CountyReport
from analysis.show.grounds.linking import CARD, Links
from analysis.show.grounds.prepared import Ground
from analysis.show.packing import GROUNDS, unpacked
from analysis.show.page import to_html
from analysis.words.language import Text

# An invented place: 79 venues for 59.56 million yuan, 754,000 yuan each; 79 branches too.
GROUNDS_OF_A_PLACE = {
    "estimate-a.cost": Ground(
        "Cost", "<p>c</p>", ("a.money", "a.venues"), ((753_924.0, "CNY/venue"),), ("figure-a.money",)
    ),
    "figure-a.money": Ground("Money", "<p>m</p>", ("a.money",), ((59_560_000.0, "CNY"),)),
    "figure-a.venues": Ground("Venues", "<p>v</p>", ("a.venues",), ((79.0, "venue"), (2021.0, "#year"))),
    "figure-a.branches": Ground("Branches", "<p>b</p>", ("a.branches",), ((79.0, "branch"),)),
}  # fmt: skip


def links(language: str = "en") -> Links:
    return Links(GROUNDS_OF_A_PLACE, Text.of(language))


def linked(fragment: str, language: str = "en") -> str:
    """Return a fragment with its numbers linked, each as ``[number>card]``."""
    root = lxml.html.fragment_fromstring(fragment, create_parent="div")
    links(language).link(root)
    for link in root.xpath(f".//a[@{CARD}]"):
        link.text = f"[{link.text}>{link.get(CARD)}]"
    return " ".join(root.text_content().split())


def said(words: str, figures: str) -> str:
    return f"<p{resting(figures)}>{words}</p>"


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("Spending on 79 venues", "en", "Spending on [79>figure-a.venues] venues"),
        ("came to 59.56 million yuan", "en", "came to [59.56 million>figure-a.money] yuan"),
        ("about 754,000 yuan each", "en", "about [754,000>estimate-a.cost] yuan each"),
        ("每个75.4万元", "zh-Hans", "每个[75.4万元>estimate-a.cost]"),
        ("in 2021", "en", "in [2021>figure-a.venues]"),
    ],
)
def test_a_number_opens_the_value_that_it_is(words: str, language: str, expected: str) -> None:
    assert linked(said(words, "a.money a.venues"), language) == expected


def test_a_number_is_a_value_of_the_figures_that_its_own_element_rests_on() -> None:
    inner = f"<b{resting('a.branches')}>79 branches</b>"
    assert linked(said(f"79 venues, {inner}, 79", "a.venues")) == (
        "[79>figure-a.venues] venues, [79>figure-a.branches] branches, [79>figure-a.venues]"
    )


def test_a_number_of_another_unit_is_not_that_value() -> None:
    shown = linked(said("79 people", "a.money a.venues"))
    assert re.fullmatch(r"\[79>rests-[0-9a-f]{10}\] people", shown)


def test_a_number_that_is_no_value_opens_all_that_its_element_rests_on() -> None:
    page = lxml.html.fragment_fromstring(said("12% more", "a.money a.venues"), create_parent="div")
    made = links()
    made.link(page)
    [anchor] = page.xpath(f".//a/@{CARD}")
    assert re.findall(r'data-card="([^"]+)">([^<]+)', made.cards[anchor]) == [
        ("estimate-a.cost", "Cost"),
        ("figure-a.money", "Money"),
        ("figure-a.venues", "Venues"),
    ]
    assert set(made.cards) == {anchor, "estimate-a.cost", "figure-a.money", "figure-a.venues"}


def test_a_number_in_words_that_is_no_value_leads_nowhere() -> None:
    assert linked(said("two of the places", "a.money")) == "two of the places"


def test_a_number_without_figures_leads_nowhere_and_no_page_keeps_the_attribute() -> None:
    page = lxml.html.fragment_fromstring("<div><p>79</p><p data-rests='unknown'>79</p></div>")
    links().link(page)
    assert lxml.html.tostring(page, encoding="unicode") == "<div><p>79</p><p>79</p></div>"


def test_the_marks_of_a_value_are_one_link_and_a_drawing_with_links_is_no_picture() -> None:
    inside = "<circle/><text>754,000 yuan</text>"
    mark = f'<g{resting("a.money a.venues")} aria-label="Place: 754,000 yuan">{inside}</g>'
    page = lxml.html.fragment_fromstring(f'<div><svg role="img" aria-label="Chart">{mark}</svg></div>')
    links().link(page)
    [link] = page.xpath(".//a")
    assert (link.get(CARD), link.get("aria-label")) == ("estimate-a.cost", None)
    assert [each.tag for each in link] == ["circle", "text"]
    assert page.xpath(".//svg/@role") == ["group"]


# The real data


@pytest.fixture(scope="module")
def data(project_root):
    return load(project_root)


def page_of(report: CountyReport | ComparisonReport, *names: str) -> lxml.html.HtmlElement:
    shown = [getattr(report, name)() for name in (*names, "evidence")]
    outputs = [
        {"text/html": each._repr_html_()}
        if not hasattr(each, "_repr_mimebundle_")
        else each._repr_mimebundle_()
        for each in shown
        if each is not None
    ]
    cells = [new_code_cell("…", outputs=[new_output("display_data", data)]) for data in outputs]
    return lxml.html.document_fromstring(to_html(new_notebook(cells=cells), report.language, "Title"))


@pytest.fixture(scope="module")
def pages(data):
    county = ("opening", "first_chart", "indicators", "themes")
    comparison = ("opening", "first_chart", "matrix", "questions")
    return {
        language: {
            **{each: page_of(CountyReport(data, each, language), *county) for each in data.programme_ids},
            "investment": page_of(ComparisonReport(data, "investment", language), *comparison),
        }
        for language in ("en", "zh-Hans")
    }


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_number_of_a_message_and_every_mark_opens_a_card(pages, language: str) -> None:
    for name, page in pages[language].items():
        cards = cards_of(page)
        for message in page.xpath("//*[@data-piece and starts-with(@data-piece, 'message')]"):
            plain = [text for text in message.xpath(".//text()[not(ancestor::a)]") if "60 " not in text]
            assert not re.search(r"[0-9]", "".join(plain).replace("60个", "")), (name, message.text_content())
        assert page.xpath(f"//svg//a[@{CARD}]") and not page.xpath("//svg//g[@aria-label]"), name
        opened = {*page.xpath(f"//main//a/@{CARD}")}
        assert opened <= set(cards), name
        within = {anchor for card in cards.values() for anchor in re.findall(r'data-card="([^"]+)"', card)}
        assert within <= set(cards), name


def cards_of(page: lxml.html.HtmlElement) -> dict[str, str]:
    found = unpacked(page.xpath("string(//script[@id='prepared'])"))
    cards: dict[str, str] = found["cards"]["cards"]
    return cards


def test_the_card_of_a_unit_cost_has_its_arithmetic_its_readings_and_its_figures(pages) -> None:
    card = cards_of(pages["en"]["ludian"])["estimate-ludian.cost_per_venue.village_venue.mixed.total.village"]
    words = " ".join(lxml.html.fragment_fromstring(card).text_content().split())
    for part in (
        "Ludian County: Cost per venue",
        "753,924 yuan per venue",
        "59,560,000 yuan ÷ 79 venues",
        "5956万元",
        "79个",
    ):
        assert part in words, words
    assert "<style" not in card and "style=" not in card


def test_a_comparison_explains_its_numbers_with_printed_numerals_and_constant_prices(pages) -> None:
    cards = cards_of(pages["en"]["investment"])
    card = cards["estimate-minjia.cost_per_venue.village_venue.new.total.village"]
    assert "<dt>Prices of 2021</dt><dd>≥ 4,425,596 yuan per venue</dd>" in card
    figure = lxml.html.fragment_fromstring(cards["figure-minjia.total-investment"]).text_content()
    assert "Total investment" in figure and "As printed380万元" in figure and "¶" in figure


def test_cards_have_names_of_their_own(data) -> None:
    prepared = unpacked(CountyReport(data, "ludian").evidence()._repr_mimebundle_()[GROUNDS])
    estimates = data.tables["estimates"]
    valued = estimates[estimates["absence"] == ""]
    cells = valued[["programme_id", "measure", "object", "works", "funder", "place", "post", "stage"]]
    own = [each for each in prepared["grounds"] if each.startswith("estimate-ludian.")]
    assert len(own) == len(cells[cells["programme_id"] == "ludian"].drop_duplicates())


def test_sentences_are_quoted_only_where_they_are_asked_for(data, sources_dir, monkeypatch) -> None:
    monkeypatch.setenv("ANALYSIS_SOURCES", str(sources_dir))
    quoted = CountyReport(data, "minjia", with_sentences=True).evidence()._repr_mimebundle_()[GROUNDS]
    plain = CountyReport(data, "minjia").evidence()._repr_mimebundle_()[GROUNDS]
    assert "<blockquote" in str(unpacked(quoted)) and "<blockquote" not in str(unpacked(plain))


def test_pages_that_quote_say_so_and_are_refused_where_they_would_be_published(
    data, tmp_path, monkeypatch
) -> None:
    page = page_of(CountyReport(data, "weinan", with_sentences=True))
    assert page.xpath("//body/@data-quotes") == [""]
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    asked = SimpleNamespace(with_sentences=True, publish="web")
    with pytest.raises(InputError) as refused:
        check_quotable(asked, tmp_path)
    assert str(refused.value) == (
        "--with-sentences: pages that quote the documents are not published; leave out --publish or "
        "--with-sentences"
    )
    asked.publish = None
    with pytest.raises(InputError, match="no source documents: put them in sources/"):
        check_quotable(asked, tmp_path)
