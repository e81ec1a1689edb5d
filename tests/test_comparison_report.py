"""The comparison of a theme: what it says on the real figures, and on figures that flip an order."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.estimates.comparable import comparisons
from analysis.evidence.dataset import Dataset
from analysis.show.comparison.report import ComparisonReport
from analysis.words.languages import LANGUAGES

SECTIONS = (
    "opening", "coverage", "chart", "rankings", "flips", "side_by_side", "not_compared", "sensitivity",
    "inference", "sources", "method",
)  # fmt: skip
THEMES = ("investment", "stipends", "branches")
ALL_THEMES = (*THEMES, "collective_economy", "oversight")


def words(shown: object) -> str:
    return BeautifulSoup(shown._repr_html_(), "html.parser").get_text(" ", strip=True)  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_every_section_has_something_to_say(data: Dataset, theme: str, language: str) -> None:
    report = ComparisonReport(data, theme, language)
    assert all(words(getattr(report, section)()) for section in SECTIONS)


@pytest.mark.parametrize("theme", THEMES)
def test_a_chinese_report_has_no_english_word(data: Dataset, theme: str) -> None:
    report = ComparisonReport(data, theme, "zh-Hans", price_year=2024)
    text = " ".join(words(getattr(report, section)()) for section in SECTIONS)
    # SHA-256 and its digits, the p of statistics.
    found = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\b[0-9a-f]{12}\b", "", text)))
    assert found - {"SHA"} == set()


def test_the_order_is_said_with_its_readings_margin_and_differences(data: Dataset) -> None:
    opening = words(ComparisonReport(data, "investment", price_year="printed").opening())
    assert (
        "Village venue, total cost, village (works, administrative levels, statuses and years differ): "
        "Minjia township is above Ludian County in 4 of 4 readings, by 6,080 yuan at the least"
    ) in opening


def test_an_order_is_said_between_two_programmes_of_one_kind_of_place(data: Dataset) -> None:
    rows = ComparisonReport(data, "stipends").rankings().rows
    for place in ("Village", "Community"):
        name = f"Yearly pay: {place}, deputy, after the rise"
        ranked = [(row["place"], row["rank"]) for row in rows if row["comparison"].startswith(name)]
        assert ranked == [("Ludian County", "1"), ("Shangzhou District", "2")]


def test_money_is_compared_in_constant_prices_with_the_printed_amount_beside_it(data: Dataset) -> None:
    report = ComparisonReport(data, "stipends")
    assert "Money: prices of 2021." in words(report.opening())
    name = "Yearly pay: Village, deputy, after the rise"
    _, shangzhou = [row for row in report.rankings().rows if row["comparison"].startswith(name)]
    assert shangzhou["value"] == "18,000 yuan (17,700 to 18,300 yuan)"
    assert shangzhou["printed"] == "16,000 yuan, 2014–2016 (inferred)"
    printed = ComparisonReport(data, "stipends", price_year="printed")
    assert "Money: prices as printed." in words(printed.opening())
    assert "printed" not in [column.key for column in printed.rankings().columns]


def test_each_definition_of_office_money_is_a_comparison_that_names_it(data: Dataset) -> None:
    rows = ComparisonReport(data, "stipends").rankings().rows
    start = "Office money per place and year: Office funds,"
    for place, definition, first in (
        ("village", "office or work funds alone", "Ludian County"),
        ("village", "with Party-building funds", "Ludian County"),
        ("community", "office or work funds alone", "Ludian County"),
        ("community", "with Party-building funds and funds for serving residents", "Shangzhou District"),
    ):
        name = f"{start} {place}, after the rise ({definition}; administrative levels differ)"
        ranked = [(row["place"], row["rank"]) for row in rows if row["comparison"] == name]
        assert ranked[0] == (first, "1")


def test_an_order_on_a_condition_is_said_as_a_condition(data: Dataset) -> None:
    """Ludian's text may give combined posts the new pay or not; only if it does is there an order."""
    report = ComparisonReport(data, "stipends")
    said = "if the text of Ludian County is read as “4,200 yuan for all heads”"
    assert f"Ludian County is above Shangzhou District in 5 of 6 readings only, {said}" in words(
        report.opening()
    )
    [row, *_] = [r for r in report.rankings().rows if "both posts, after" in r["comparison"]]
    assert row["value"].endswith("if the text is read as “4,200 yuan for all heads”)")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ALL_THEMES)
def test_no_count_of_a_single_reading_is_ever_said(data: Dataset, theme: str, language: str) -> None:
    report = ComparisonReport(data, theme, language)
    said = " ".join(words(getattr(report, section)()) for section in SECTIONS)
    for phrase in (
        "1 of 1 reading",
        "0 of 1 reading",
        "1种理解中1种",
        "1种理解中0种",
        "1種理解中1",
        r"\bnan\b",
    ):
        assert not re.search(rf"(?<!\d){phrase}", said)


def test_counts_stand_beside_each_other_and_have_no_ranks(data: Dataset) -> None:
    report = ComparisonReport(data, "branches")
    assert "Ludian County 77 organisations; Wushan County 7 organisations" in words(report.opening())
    blank = dict.fromkeys(("rank", "ranks", "order", "margin"), "")
    assert all(blank.items() <= row.items() for row in report.rankings().rows)
    chart = report.chart()
    assert "counts are not ranked" in chart.note
    assert not any(row.highlight for row in chart.rows)


def test_the_orders_that_a_reading_or_a_year_turns_are_named(data: Dataset) -> None:
    pairs = [row["comparison"] for row in ComparisonReport(data, "stipends").flips().rows]
    turned = [name for name in pairs if name.startswith("Yearly pay as a multiple of national")]
    assert any("Community, head with one post" in name for name in turned)
    assert words(ComparisonReport(data, "branches").flips()) == (
        "No reading turns the order of any two programmes compared."
    )


def test_an_order_that_a_reading_turns_is_named_with_the_choice_that_decides(data: Dataset) -> None:
    """With Ludian's money for venues doubled, some readings of Minjia's total put it below, two above."""
    estimates = data.tables["estimates"].copy()
    own = (estimates["programme_id"] == "ludian") & (estimates["measure"] == "cost_per_venue")
    estimates.loc[own, ["value", "lower", "upper"]] *= 2
    changed = Dataset(data.root, {**data.tables, "estimates": estimates}, data.data_hash)
    row, *_ = ComparisonReport(changed, "investment", price_year="printed").flips().rows
    assert row["pair"] == "Minjia township above Ludian County"
    assert row["order"] == "2 of 4 readings"
    assert row["deciding"].startswith("What does the total investment of 3.8 million yuan cover")


def test_what_is_left_out_has_a_type_and_a_reason(data: Dataset) -> None:
    rows = pd.DataFrame(ComparisonReport(data, "branches").not_compared().rows)
    ludian = rows[rows["place"] == "Ludian County"]
    assert "77 organisations stand beside 779 branches" in " ".join(ludian["reason"])
    assert set(rows["absence"]) <= {"not comparable", "not reported", "not applicable"}


def test_no_cell_of_the_side_by_side_table_is_empty(data: Dataset) -> None:
    for theme in THEMES:
        rows = ComparisonReport(data, theme).side_by_side().rows
        assert all(row[programme] for row in rows for programme in data.programme_ids)


def test_without_a_common_unit_there_is_no_chart_but_a_sentence(data: Dataset) -> None:
    estimates = data.tables["estimates"]
    funds = estimates[estimates["measure"] == "operating_funds"]
    changed = Dataset(data.root, {**data.tables, "estimates": funds}, data.data_hash)
    assert words(ComparisonReport(changed, "stipends").chart()) == (
        "No two programmes report a measure of this theme in the same unit."
    )


def test_the_chart_draws_the_compared_and_names_the_others(data: Dataset) -> None:
    chart = ComparisonReport(data, "investment", price_year="printed").chart()
    [group] = chart.groups
    assert [row.value for row in group.rows] == [3_800_000, 59_560_000 / 79, None]
    assert "Shangzhou District, Wushan County and Weinan High-tech Zone" in group.rows[-1].text
    assert chart.png(dpi=80) == chart.png(dpi=80)


def test_inference_is_refused_with_what_is_missing(data: Dataset) -> None:
    rows = {row["method"]: row for row in ComparisonReport(data, "investment").inference().rows}
    most = max(len(comparison.programmes) for comparison in comparisons(data, "investment"))
    assert rows["Description"]["allowed"] == "yes"
    assert rows["Rank correlation"]["allowed"] == "refused"
    assert rows["Rank correlation"]["missing"] == str(10 - most)


def test_money_of_no_year_is_at_least_what_it_was_worth_when_it_was_published(data: Dataset) -> None:
    report = ComparisonReport(data, "investment")
    minjia, _ = report.rankings().rows[:2]
    assert minjia["value"] == "≥ 4.43 million yuan (885,000 to 4.43 million yuan)"
    assert minjia["printed"] == "3.8 million yuan, year unknown"
    assert "Arrow to the right: a lower bound." in report.chart().note


def test_an_unknown_language_is_refused_with_the_codes(data: Dataset) -> None:
    with pytest.raises(ValueError, match="unknown language 'zh'; allowed are en, zh-Hans, zh-Hant"):
        ComparisonReport(data, "stipends", "zh")
