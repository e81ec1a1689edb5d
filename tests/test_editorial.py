"""What every page opens with keeps to the length and the form that a reader of two minutes needs."""

from __future__ import annotations

import pytest
from country import country
from editorial import MOST_NUMBERS, count_numbers, read, sentences

from analysis.evidence.dataset import Dataset
from analysis.evidence.themes import THEMES
from analysis.show.comparison.report import ComparisonReport
from analysis.show.memo import memo_on
from analysis.words.findings.opening import opening
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES, Language


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


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("79 village venues cost 59.56 million yuan.", 2),
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
    assert sentences(text[0]) == ["A: b.", crowded]
    found = read(text, Language.parse("en"))
    assert (found.crowded, found.chained, found.repeated) == ([crowded] * 2, ["A: b."], [crowded])
    assert count_numbers(crowded) > MOST_NUMBERS
