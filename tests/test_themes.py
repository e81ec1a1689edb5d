"""Themes: one declaration each, and a sentence for all that one lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from qingxi import VALID, coding, write

from analysis.estimates import reasons
from analysis.evidence import checks
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES
from analysis.evidence.theme import Combined, Measure, Question, Theme
from analysis.evidence.themes import THEMES
from analysis.show.chartbook import question_chart
from analysis.words import themes
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.reasons import Reasons

TRAINING = Theme(
    code="training",
    rank=4,
    measures=(Measure("people_taught", ("person",)),),
    questions=(Question("training", measures=("people_taught",)),),
)


NET = Measure("net", ("person",), Combined("-", "people_taught", "left"))


def test_the_themes_stand_in_their_order_and_lack_nothing() -> None:
    assert list(THEMES) == ["investment", "stipends", "branches", "collective_economy", "oversight"]
    assert list(themes.theme_faults()) == []
    assert {measure.theme for measure in MEASURES.values()} == set(THEMES)


def test_what_a_theme_lacks_is_said_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(themes.THEMES, "training", TRAINING)
    keys = (
        "report.section_training", "chart.subtitle_training", "measures.people_taught",
        "workbook.meaning.measure.people_taught",
    )  # fmt: skip
    assert list(themes.theme_faults()) == [
        f"src/analysis/words/text/{file}: theme 'training' has no message {key!r}; add it"
        for file in ("en.yaml", "zh-Hans.yaml")
        for key in keys
    ]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"questions": ()}, "it has no chart for reports and memos; give it questions"),
        ({"questions": (Question("training"),)},
         "its chart 'training' draws no measure; name some in measures"),
        ({"questions": (Question("training", measures=("people",)),)},
         "it names the measure 'people', and has only people_taught; correct the name"),
        ({"measures": (*TRAINING.measures, NET)},
         "it names the measure 'left', and has only people_taught, net; correct the name"),
    ],
)  # fmt: skip
def test_a_declaration_that_names_nothing_is_a_fault(changed: dict, fault: str) -> None:
    assert list(replace(TRAINING, **changed).faults()) == [fault]


def test_a_theme_that_is_coded_has_a_name(tmp_path) -> None:
    tables = {"codings": [coding("weak", "organisations_rectified", "qingxi.venues.all")]}
    found = [str(problem) for problem in checks.problems_of(write(tmp_path, VALID | tables))]
    assert (
        "data/raw/terms.csv: code: no such code — expected a row for the theme branches, of which measures "
        "are coded in data/raw/codings.csv; add it [missing-term]"
    ) in found


def test_a_kind_of_chart_that_there_is_not_is_named(data: Dataset) -> None:
    question = replace(TRAINING.questions[0], kind="bar")
    with pytest.raises(ValueError, match="is of the kind 'bar'; there are bars, branches, cost"):
        question_chart(question, Labels(data, Text.of("en")), data.tables["estimates"], "ludian")


def test_every_reason_has_words_in_both_languages(data: Dataset) -> None:
    words = Reasons(data)
    for reason in (*reasons.CODES, *data.tables["estimates"]["reason"].unique()):
        assert all(words.words(reason)) == bool(reason), reason


def test_a_reason_of_the_curator_is_that_of_the_raw_table(data: Dataset) -> None:
    row = data.readings[~data.readings["feasible"]].iloc[0]
    named = f"reading:{row['choice_id']}={row['reading']}"
    assert Reasons(data).words(named) == (row["reason"], row["reason_zh"])
