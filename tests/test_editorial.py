"""What every page opens with keeps to the length and the form that a reader of two minutes needs."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from country import country
from editorial import MOST_NUMBERS, count_numbers, read

from analysis.evidence.dataset import Dataset
from analysis.evidence.themes import THEMES
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county.report import CountyReport
from analysis.show.memo import memo_on
from analysis.words.findings.opening import opening
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES, Language
from analysis.words.sentences import split_sentences


@pytest.fixture(scope="module")
def many(data: Dataset) -> Dataset:
    """The five and 30 invented programmes."""
    return country(data, 30)


def openings(data: Dataset, language: str) -> list[list[str]]:
    """What each place and each comparison opens with, a paragraph each."""
    labels = Labels(data, Text.of(language))
    own = (opening(labels, programme) for programme in data.programme_ids)
    compared = (ComparisonReport(data, theme, language).said for theme in THEMES)
    places = [[each.headline, *(message.words for message in each.messages)] for each in own]
    return [*places, *([each.headline, *each.messages] for each in compared)]


@pytest.mark.parametrize("size", ["data", "many"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opening_is_short_and_plain(language: str, size: str, request: pytest.FixtureRequest) -> None:
    rules = Language.parse(language)
    for paragraphs in openings(request.getfixturevalue(size), language):
        found = read(paragraphs, rules)
        assert found.length <= rules.opening, paragraphs
        assert (found.crowded, found.chained, found.repeated) == ([], [], [])
        assert len(paragraphs) <= 5


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_body_of_a_memo_is_plain_and_says_nothing_twice(data: Dataset, language: str) -> None:
    for programme in data.programme_ids:
        memo = memo_on(data, {"programme": programme, "language": language})
        assert memo is not None
        sections = (sentence for section in memo.findings for sentence in section.sentences)
        body = [memo.lead, *sections, *memo.beside, *memo.doubts, *memo.questions]
        found = read([passage.text for passage in body], Language.parse(language))
        assert (found.crowded, found.chained, found.repeated) == ([], [], []), programme


COUNTY = ("opening", "first_chart", "terms", "indicators", "questions", "themes", "evidence")
COMPARISON = ("opening", "first_chart", "matrix", "questions", "evidence")
IN_BRACKETS = re.compile(r"[（(][^（()）]*[（(]")
WITH_A_DIGIT = re.compile(r"(?:^|[.!?] )(?!\d+ [A-Z]|\d{4}[–. ])\d[^.!?]*[a-z]{3}[^.!?]*[.!?](?: |$)")


def page(data: Dataset, subject: str, language: str) -> list[str]:
    """All that a reader sees of a report: the text of each block, and what pictures say instead."""
    if subject in THEMES:
        report: object = ComparisonReport(data, subject, language)
    else:
        report = CountyReport(data, subject, language)
    sections = COMPARISON if subject in THEMES else COUNTY
    html = "".join(getattr(report, section)()._repr_html_() for section in sections)
    soup = BeautifulSoup(html, "lxml")
    blocks = soup.find_all(["p", "li", "td", "th", "h1", "h2", "h3", "figcaption", "summary", "caption"])
    seen = (block.get_text(" ", strip=True) for block in blocks)
    return [*seen, *(str(image["alt"]) for image in soup.find_all("img"))]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_no_page_has_brackets_in_brackets_nor_begins_a_sentence_with_a_digit(
    data: Dataset, language: str
) -> None:
    pages = {subject: page(data, subject, language) for subject in (*data.programme_ids, *THEMES)}
    assert len(pages) == 10
    assert all(len(blocks) > 20 for blocks in pages.values())
    found = {subject: list(filter(IN_BRACKETS.search, blocks)) for subject, blocks in pages.items()}
    assert not any(found.values()), found
    if language == "en":
        found = {s: list(filter(WITH_A_DIGIT.search, blocks)) for s, blocks in pages.items()}
        assert not any(found.values()), found


@pytest.mark.parametrize(
    ("language", "text", "detail", "said"),
    [
        ("zh-Hans", "年度工作经费", "办公经费，村（社区）", "年度工作经费，办公经费，村（社区）"),
        ("zh-Hans", "年度工作经费（村）", "办公经费", "年度工作经费（村）（办公经费）"),
        ("en", "office money", "village (or community)", "office money, village (or community)"),
        ("en", "office money", "village", "office money (village)"),
    ],
)
def test_brackets_around_brackets_become_commas(language: str, text: str, detail: str, said: str) -> None:
    assert Text.of(language)("number.with_detail", text=text, detail=detail) == said


def test_what_follows_brackets_that_are_gone_is_set_off_too() -> None:
    words = Text.of("zh-Hans")(
        "found.definition_all", place="村", first="甲", second="乙", value="3万元（计划）", other="2万元"
    )
    assert words == "按每个村计，无论怎样界定，甲的办公经费都高于乙，每年3万元（计划）与2万元"


@pytest.mark.parametrize(
    ("language", "words", "sentence"),
    [
        ("en", "177 branches were dissolved", "In all, 177 branches were dissolved"),
        ("en", "seven branches were dissolved", "Seven branches were dissolved"),
        ("zh-Hans", "177个党支部", "177个党支部"),
    ],
)
def test_a_sentence_opens_with_a_letter(language: str, words: str, sentence: str) -> None:
    assert Text.of(language).opened(words) == sentence


def test_small_counts_are_words_where_the_language_has_them() -> None:
    assert [Text.of("en").count(value) for value in (1, 9, 10, 9.5, 0)] == ["one", "nine", "10", "9.5", "0"]
    assert Text.of("zh-Hans").count(7) == "7"
    assert LANGUAGES["en"].numbers("Seven of one three-year kind, 16 others.") == ["seven", "16"]


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("79 village venues cost 59.56 million yuan.", 2),
        ("Four new venues, one upgraded one and six others are planned.", 2),
        ("In five of six combinations, 2.9 to 3.4 against 2.7 to 2.9.", 3),
        ("Between 5 to 8 of them, 31 to 50% of 16 villages.", 3),
        ("In prices of 2021 it holds in 5 of 6 combinations, if read as “4,200 yuan for all”.", 1),
        ("按2021年价格，5.04万至5.09万元；6种年份组合中有5种成立。", 2),
    ],
)
def test_numbers_are_counted_as_a_reader_does(sentence: str, number: int) -> None:
    assert count_numbers(sentence) == number


def test_what_reads_badly_is_found() -> None:
    crowded = "Of 5 there are 6, then 7 and 8."
    text = [f"A: b. {crowded}", crowded]
    assert split_sentences(text[0]) == ["A: b.", crowded]
    found = read(text, Language.parse("en"))
    assert (found.crowded, found.chained, found.repeated) == ([crowded] * 2, ["A: b."], [crowded])
    assert count_numbers(crowded) > MOST_NUMBERS
