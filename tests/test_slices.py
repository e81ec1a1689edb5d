"""What a report reads of the data: an edit that does not change that changes nothing in it."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest
from edits import shown, valid_edits
from qingxi import Rows, with_twin, write
from running import MAKER, causes, maker, run, write_parameters

import analysis.show.comparison.report as comparison_report
import analysis.show.county.report as county_report
from analysis.estimates import processed
from analysis.evidence.register import CPI, MEASURES
from analysis.evidence.themes import THEMES
from analysis.operate.runs.slices import Slices
from analysis.show.given import Wanted, for_comparison, for_place, given
from analysis.show.params import ComparisonParameters, ReportParameters
from analysis.show.shared import in_order

EDITS, SEED = 6, 20261126
PLACES = ("shangzhou", "ludian", "wushan", "weinan", "minjia")
REPORTS = {
    "qingxi": ReportParameters(programme="qingxi"),
    "alone": ReportParameters(programme="qingxi", peers=[], language="zh-Hans", price_year=2021),
    "baishui": ReportParameters(programme="baishui", peers=["qingxi"], price_year=2020),
    **{theme: ComparisonParameters(theme=theme) for theme in THEMES},
}
OWN = {"baishui": ["own"]}
COMPARED = {**OWN, **{theme: ["others"] for theme in THEMES}}
OF_BAISHUI = {**COMPARED, "qingxi": ["others"]}


def changed(before: Slices, after: Slices) -> dict[str, list[str]]:
    found = {}
    for name, report in REPORTS.items():
        old, new = before.of(report), after.of(report)
        found[name] = [part for part in old if old[part] != new[part]]
    return found


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Two counties of which the same is reported: their folder, and their slices."""
    root = write(tmp_path_factory.mktemp("twins"), with_twin())
    return root, Slices(processed.checked(root))


@pytest.mark.parametrize(
    ("table", "line", "cells", "parts"),
    [
        ("figures", 9, {"subject": "halls"}, {**OWN, "investment": ["others"]}),
        ("figures", 9, {"subject_zh": "会堂"}, OWN),
        ("figures", 9, {"note": "as printed", "note_zh": "照录"}, OWN),
        ("exclusions", 3, {"reason": "idiom"}, {}),
        ("sources", 3, {"publisher": "daily"}, COMPARED),
        ("identities", 3, {"note": "so it is", "note_zh": "是"}, OWN),
        ("programmes", 3, {"label": "White Water"}, OF_BAISHUI),
        ("terms", 2, {"label": "shire"}, {name: ["shared"] for name in REPORTS if name != "alone"}),
        ("terms", 2, {"rank": "9"}, {}),
        ("readings", 3, {"rank": "9"}, {}),
        ("readings", 2, {"label": "by twelve"}, {name: ["shared"] for name in REPORTS if name != "alone"}),
    ],
)  # fmt: skip
def test_an_edit_changes_what_reads_it(twins, tmp_path, table, line, cells, parts):
    tables: Rows = with_twin()
    tables[table][line - 2] |= cells
    found = changed(twins[1], Slices(processed.checked(write(tmp_path, tables))))
    assert {name: each for name, each in found.items() if each} == parts


def test_what_is_left_as_it_is_would_be_the_same(twins):
    root, before = twins
    shows = {name: shown(before.data, report) for name, report in REPORTS.items()}
    left = differing = 0
    for where, data in islice(valid_edits(root, random.Random(SEED)), EDITS):
        for name, parts in changed(before, Slices(data)).items():
            left += not parts
            same = shown(data, REPORTS[name]) == shows[name]
            differing += not same
            assert parts or same, f"{name} reads {where}"
    assert left and differing


OF_PLACES = [
    ReportParameters(programme=place, language=language, price_year=2024)
    for place, language in zip(PLACES, ("zh-Hans", "en", "zh-Hans", "zh-Hant", "en"), strict=True)
]
OF_THEMES = [ComparisonParameters(theme=theme, language="zh-Hans") for theme in THEMES]


@pytest.mark.parametrize("report", [*OF_PLACES, *OF_THEMES], ids=str)
def test_a_report_misses_nothing_that_it_is_not_given(data, report, monkeypatch):
    shows = shown(data, report)
    for module in (county_report, comparison_report):
        monkeypatch.setattr(module, "given", lambda data, wanted: data)
    assert shows == shown(data, report)


def test_a_report_is_given_nothing_else(data):
    own = given(data, for_place(data, "ludian", ["minjia"], "en"))
    assert own.programme_ids == ["ludian", "minjia"]
    assert set(own.figures["programme_id"]) == {"ludian", "minjia"}
    of_minjia = own.figures[own.figures["programme_id"] == "minjia"]
    assert {*of_minjia["subject"], *of_minjia["note"], *of_minjia["printed"]} == {""}
    assert set(own.figures["note_zh"]) == {"", "…"}, "an English report reads no Chinese note"
    assert own.tables["exclusions"].empty
    compared = given(data, for_comparison(data, "branches", "zh-Hans"))
    assert set(compared.tables["estimates"]["theme"]) == {"branches"}
    assert compared.tables["identities"].empty


def test_of_series_the_years_are_told_that_money_may_be_converted_between(data):
    def told(wanted: Wanted) -> dict[str, list[int]]:
        rows = given(data, wanted).tables["reference_series"].dropna()
        return rows.groupby("series")["year"].agg(list).to_dict()

    # Ludian and Minjia: of 2013 to 2021, pay of 2020 or 2021; prices are chained from the year after.
    income = {"rural_disposable_income_pc": [2020, 2021]}
    assert told(for_place(data, "ludian", ["minjia"], "en")) == {CPI: [*range(2014, 2022)], **income}
    priced = for_place(data, "ludian", ["minjia"], "en", 2024)
    assert told(priced) == {CPI: [*range(2014, 2025)], **income}
    assert told(for_comparison(data, "branches", "en", 2024)) == {}, "nothing is money"
    years = given(data, priced).tables["reference_series"].query("series == @CPI")["year"]
    assert [years.min(), years.max()] == [2012, 2024], "which years may be asked for is always told"


@pytest.mark.parametrize(
    ("year", "made"),
    [(2019, []), (2020, ["qingxi", "alone", "baishui", "investment"])],
)
def test_a_year_of_prices_changes_what_converts_money_over_it(tmp_path, year, made):
    tables = with_twin()
    before = Slices(processed.checked(write(tmp_path / "before", tables)))
    [row] = [row for row in tables["reference_series"] if (row["series"], row["year"]) == (CPI, str(year))]
    row["value"] = "1.7"
    found = changed(before, Slices(processed.checked(write(tmp_path / "after", tables))))
    assert [name for name, parts in found.items() if parts] == made


def test_of_ranks_their_order_is_told():
    terms = pd.DataFrame({"field": ["post", "post", "place"], "rank": [9, 9, 4]})
    readings = pd.DataFrame({"choice_id": ["scope", "scope"], "rank": [7, 2]})
    assert in_order("terms", terms)["rank"].to_list() == [1, 1, 1]
    assert in_order("readings", readings)["rank"].to_list() == [2, 1]


def test_a_comparison_without_anything_shared_is_given_what_each_place_says_of_its_theme(data):
    apart = given(data, for_comparison(data, "collective_economy", "en"))
    themes = {MEASURES[code].theme for code in apart.tables["estimates"]["measure"]}
    assert themes == {"collective_economy"}
    of_theme = data.figures[data.figures["theme"] == "collective_economy"]
    assert {*of_theme["figure_id"]} <= {*apart.figures["figure_id"]}
    assert len(apart.figures) < len(data.figures) / 5
    assert "" not in set(apart.figures["printed"])


# A run


@pytest.fixture
def two(run_project: Path, made: list[str]) -> Path:
    write(run_project, with_twin())
    for name, place in {"first": "qingxi", "second": "baishui", "third": "qingxi"}.items():
        write_parameters(name, f"programme: {place}\npeers: []\n")
    run()
    made.clear()
    return run_project


def edit(root: Path) -> None:
    tables = with_twin()
    tables["figures"][7] |= {"subject": "halls", "subject_zh": "会堂"}
    write(root, tables)


def test_one_edited_note_has_the_report_of_its_county_alone_made(two, made):
    edit(two)
    assert causes() == {"second": "its own rows changed"}
    run()
    assert (made, causes()) == (["second"], {})


def test_a_sample_of_what_was_left_is_made_and_compared(two, made):
    edit(two)
    assert run(sample=5).exit_status == 0
    assert sorted(made) == ["first", "second", "third"]
    assert not list(Path("reports").glob(".sample-*"))
    made.clear()
    write(two, with_twin())
    run()
    assert made == ["second"], "few reports are not sampled without being asked"


def test_a_report_that_was_left_wrongly_fails_the_run(two, monkeypatch):
    def make_all(tasks, request, root, *, on_start, on_done):
        def done(result):
            if request.out_dir.name.startswith(".sample-"):
                (request.out_dir / result.name / "report.html").write_text("another")
            on_done(result)

        maker([])(tasks, request, root, on_start=on_start, on_done=done)

    monkeypatch.setattr(MAKER, make_all)
    edit(two)
    summary = run("first", sample=1)
    [problem] = summary.problems
    assert summary.exit_status == 1
    assert problem == (
        "first: left as it was, but made now it differs: it reads more of the data than show/given.py gives "
        "it; make all anew with --force, and report this"
    )
