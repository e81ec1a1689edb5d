"""Rows too many and too few in a small valid data set, each fault with its exact message."""

from __future__ import annotations

from qingxi import VALID, Rows, bilingual, coding, figure, messages, reading, without


def test_a_key_stands_once() -> None:
    twice: Rows = VALID | {"terms": [*VALID["terms"], VALID["terms"][0]]}
    assert messages(twice) == [
        "terms.csv:12: code: 'admin_level county' — expected each field and code once, and line 2 has it "
        "already; remove the row, or give it an id of its own [duplicate-key]"
    ]


def test_a_code_needs_its_term() -> None:
    assert messages(without("terms", 2)) == [
        "programmes.csv:2: admin_level: 'county' — expected one of none; correct the code, or add it to "
        "data/raw/terms.csv [unknown-code]"
    ]


def test_a_programme_needs_a_source() -> None:
    other = VALID["programmes"][0] | {"programme_id": "baishui"}
    assert messages(VALID | {"programmes": [*VALID["programmes"], other]}) == [
        "programmes.csv:3: programme_id: 'baishui' — expected a programme with a source in "
        "data/raw/sources.csv; add the source, or remove the programme [no-source]"
    ]


def test_a_coding_keeps_to_the_figures_and_choices_of_its_programme() -> None:
    tables = VALID | {
        "programmes": [*VALID["programmes"], VALID["programmes"][0] | {"programme_id": "baishui"}],
        "sources": [
            *VALID["sources"],
            VALID["sources"][0] | {"source_id": "baishui", "programme_id": "baishui"},
        ],
        "figures": [
            *VALID["figures"],
            figure("venues", 1, 10, "5个", "5", "venue", figure_id="baishui.venues", source_id="baishui"),
        ],
        "codings": [
            *VALID["codings"],
            coding("foreign", "venues_upgraded", "baishui.venues"),
            coding("", "venues_upgraded", "baishui.venues", when="qingxi.scope=all")
            | {"coding_id": "baishui.venues", "programme_id": "baishui"},
        ],
    }
    assert messages(tables) == [
        "codings.csv:7: numerator: 'baishui.venues' — expected figures of qingxi; correct the id "
        "[coding-figures]",
        "codings.csv:8: when: 'qingxi.scope=all' — expected a choice of baishui, or one for all "
        "programmes; correct it [coding-when]",
    ]


def test_the_shared_choice_must_exist() -> None:
    tables = VALID | {"choices": VALID["choices"][1:], "readings": VALID["readings"][2:]}
    assert messages(tables) == [
        "choices.csv: choice_id: no such choice — expected the choice annualisation with the readings "
        "twelve and as-printed; restore its row, and its readings in data/raw/readings.csv [missing-choice]"
    ]


def test_money_of_several_years_needs_its_choice() -> None:
    tables = VALID | {"choices": VALID["choices"][:2], "readings": VALID["readings"][:4]}
    assert messages(tables) == [
        "codings.csv:2: numerator: 'qingxi.venues.amount' — expected the choice qingxi.year-2019-2021 in "
        "data/raw/choices.csv, since the money is of 2019/2021; add it with a reading for each of "
        "these years [missing-choice]"
    ]


def test_a_choice_has_two_readings_and_is_used() -> None:
    choice = {"choice_id": "qingxi.year", "programme_id": "qingxi", "kind": "uncertain"}
    tables = VALID | {
        "choices": [*VALID["choices"], choice | bilingual(question="?")],
        "readings": [*VALID["readings"], reading("qingxi.year", "this", default=True)],
    }
    assert messages(tables) == [
        "choices.csv:5: choice_id: 'qingxi.year: this' — expected two readings or more; add them to "
        "data/raw/readings.csv, or remove the choice [choice]",
        "choices.csv:5: choice_id: 'qingxi.year' — expected a choice that a coding or a value of a "
        "regional series names in its column when; name it there, or remove the choice [unused-choice]",
    ]
