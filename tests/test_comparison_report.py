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
    opening = words(ComparisonReport(data, "investment").opening())
    assert (
        "Village venue, total cost (works, administrative levels, status (planned or achieved) and years "
        "differ): Minjia township is above Ludian County in 3 of 3 readings, by 196k yuan at the least"
    ) in opening


def test_an_order_is_said_between_two_programmes_never_within_one(data: Dataset) -> None:
    opening = words(ComparisonReport(data, "stipends").opening())
    assert "Ludian County is above Shangzhou District (community) by 20.4k yuan" in opening
    assert "Shangzhou District (community) is above Shangzhou District" not in opening


def test_funds_per_village_and_per_community_are_money_all_the_same(data: Dataset) -> None:
    report = ComparisonReport(data, "stipends")
    said = "Ludian County (community) is above Shangzhou District by 75k yuan"
    assert said in words(report.opening())
    [funds] = [row for row in report.rankings().rows if row["place"] == "Ludian County (community)"]
    assert (funds["value"], funds["margin"]) == ("100k yuan", "50k yuan")
    [comparison] = [c for c in comparisons(data, "stipends") if c.measure == "operating_funds"]
    units = comparison.cited().set_index("item")["unit"].to_dict()
    assert units["shangzhou"] == "CNY/village/year"
    assert units["ludian:community"] == "CNY/community/year"


def test_the_ranking_says_that_a_reading_gives_no_value(data: Dataset) -> None:
    rankings = ComparisonReport(data, "investment").rankings()
    [minjia] = [row for row in rankings.rows if row["place"] == "Minjia township" and "3.80m" in row["value"]]
    assert minjia["value"] == "3.80m yuan (950k yuan to 3.80m yuan; 3 of 4 readings)"
    assert (minjia["order"], minjia["margin"]) == ("3 of 3 readings", "196k yuan")


def test_no_reading_turns_an_order_of_the_real_figures(data: Dataset) -> None:
    for theme in THEMES:
        assert words(ComparisonReport(data, theme).flips()) == (
            "No reading turns the order of any two programmes compared."
        )


def test_an_order_that_a_reading_turns_is_named_with_the_choice_that_decides(data: Dataset) -> None:
    """With Ludian's money for venues doubled, one reading of Minjia's total puts it below, two above."""
    estimates = data.tables["estimates"].copy()
    own = (estimates["programme_id"] == "ludian") & (estimates["measure"] == "cost_per_venue")
    estimates.loc[own, ["value", "lower", "upper"]] *= 2
    changed = Dataset(data.root, {**data.tables, "estimates": estimates}, data.data_hash)
    [row] = ComparisonReport(changed, "investment").flips().rows
    assert row["pair"] == "Minjia township above Ludian County"
    assert row["order"] == "2 of 3 readings"
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
    chart = ComparisonReport(data, "investment").chart()
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


def test_constant_prices_leave_out_what_has_no_year(data: Dataset) -> None:
    report = ComparisonReport(data, "investment", price_year=2024)
    assert not any(comparison.measure == "cost_per_venue" for comparison in report.comparisons)
    assert "The year of the money is not known." in words(report.not_compared())
