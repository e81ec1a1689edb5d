"""The comparison of a theme: what it says on the real figures, and on figures that flip an order."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from written import WRITTEN

from analysis.estimates.comparable import comparisons
from analysis.estimates.findings.contrasts import contrasts
from analysis.evidence.dataset import Dataset
from analysis.show.comparison.report import EVIDENCE, ComparisonReport

SECTIONS = (
    "opening", "matrix", "coverage", "rankings", "flips", "side_by_side", "not_compared", "sensitivity",
    "inference", "sources", "method",
)  # fmt: skip
THEMES = ("investment", "stipends", "branches")
ALL_THEMES = (*THEMES, "collective_economy", "oversight")


ReportOn = Callable[..., ComparisonReport]


@pytest.fixture(scope="module")
def report_on(data: Dataset) -> ReportOn:
    """Return what makes the report on a theme in a language, each once."""
    return cache(partial(ComparisonReport, data))


def words(shown: object) -> str:
    """The words of a section; none of one that has nothing to say and is not there."""
    if shown is None:
        return ""
    return BeautifulSoup(shown._repr_html_(), "html.parser").get_text(" ", strip=True)  # type: ignore[attr-defined]


SILENT = {
    "branches": ["flips"],  # Counts have no order that something could turn.
    "collective_economy": ["rankings", "flips", "not_compared", "inference"],
    "oversight": ["sensitivity"],
}
"""The sections that a theme has nothing for."""


@pytest.mark.parametrize("language", WRITTEN)
@pytest.mark.parametrize("theme", ALL_THEMES)
def test_a_section_without_anything_to_say_is_not_there(
    report_on: ReportOn, theme: str, language: str
) -> None:
    report = report_on(theme, language)
    silent = [section for section in SECTIONS if not words(getattr(report, section)())]
    assert silent == SILENT.get(theme, [])
    folded = BeautifulSoup(report.evidence()._repr_html_(), "html.parser").select("details")
    assert len(folded) == len(EVIDENCE) - len(silent)
    assert all(len(each.select("table tbody tr, li, p")) for each in folded)


def test_what_only_one_place_reports_has_its_row_in_the_matrix(report_on: ReportOn) -> None:
    matrix = report_on("collective_economy").matrix()
    cells = [
        (row["group"], row["measure"], row["ludian"], row["wushan"])
        for row in matrix.rows  # type: ignore[union-attr]
    ]
    assert cells[0] == (
        "Support for the collective economy per unit, prices as printed",
        "Collective-economy project of 2019, total cost", "500,000 yuan ●", "",
    )  # fmt: skip
    assert cells[4] == (
        "Share of villages above an income threshold", "Collective income of a village, village", "",
        "at least 80% (planned or done) ◐¹",
    )  # fmt: skip
    assert all(sum(1 for place in row[2:] if place) == 1 for row in cells)


def test_what_is_compared_comes_before_what_one_place_reports(report_on: ReportOn) -> None:
    [compared, alone, *_] = report_on("branches").matrix().rows  # type: ignore[union-attr]
    assert (compared["ludian"], compared["wushan"]) == ("77 ●", "7 (planned or done) ◐¹")
    assert (alone["measure"], alone["ludian"], alone["wushan"]) == (
        "Party branch",
        "≤ 177 Party branches ◐²",
        "",
    )


def test_a_comparison_says_whose_pay_is_a_subsidy(report_on: ReportOn) -> None:
    said = (
        "In Shangzhou District, the amounts are called subsidies, under the heading of pay; whether other "
        "pay comes on top is not printed."
    )
    assert words(report_on("stipends").opening()).endswith(said)
    assert "subsid" not in words(report_on("investment").opening())


def test_a_chart_s_title_is_not_said_again_above_it(report_on: ReportOn) -> None:
    shown = BeautifulSoup(report_on("stipends").questions()._repr_html_(), "html.parser")
    assert [each.get_text() for each in shown.select("p[data-piece]")] == [
        "The text of Shangzhou District does not say whether the funds are per year."
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_a_chinese_report_has_no_english_word(data: Dataset, theme: str) -> None:
    report = ComparisonReport(data, theme, "zh-Hans", price_year=2024)
    text = " ".join(words(getattr(report, section)()) for section in SECTIONS)
    # SHA-256 and its digits, the p of statistics.
    found = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\b[0-9a-f]{12}\b", "", text)))
    assert found - {"SHA"} == set()


# What the openings say, read aloud: the words are the product.
OPENINGS = {
    ("investment", "en"): (
        "Of the five places, only Ludian County and Minjia township report what a village venue "
        "costs.",
        "In prices of 2021, a village venue costs at least 885,000 yuan (planned or done) in "
        "Minjia township and 754,000 to 802,000 yuan in Ludian County. Whatever the texts leave "
        "open, the difference is at least 82,800 yuan.",
        "The venues built or upgraded, or to be, are 77% of the number of villages and "
        "communities in Ludian County and 31 to 50% (planned) in Weinan High-tech Zone. For "
        "Minjia township the figure is 31% (planned or done).",
    ),
    ("investment", "zh-Hans"): (
        "5地中只有鲁甸县和民家公布村级活动场所的造价。",
        "按2021年不变价格计算，民家每个村级活动场所造价88.51万元以上（计划或已完成），鲁甸县为75.39万至80.23万元。无论原文未明之处如何理解，差额至少8.28万元。",
        "新建或提升（含计划）的场所，鲁甸县相当于村（社区）数的77%，渭南高新区为31%至50%（计划）。民家为31%（计划或已完成）。",
    ),
    ("stipends", "en"): (
        "Of the five places, only Shangzhou District and Ludian County report what village and "
        "community officials receive.",
        "In prices of 2021, a village head with one post gets 50,400 to 50,900 yuan a year in "
        "Ludian County and 26,500 to 27,400 yuan in Shangzhou District. The order is the same for"
        " all five kinds compared.",
        "Relative to the national rural income of its year, a village head with one post gets 2.7"
        " to 2.9 times as much in Ludian County and 1.9 to 2.3 times in Shangzhou District. For a"
        " community head with both posts Shangzhou District is above Ludian County, 2.9 to 3.4 "
        "against 2.7 to 2.9, in five of six combinations of possible years, if Ludian County is "
        "read as “4,200 yuan for all heads”.",
    ),
    ("stipends", "zh-Hans"): (
        "5地中只有商州区和鲁甸县公布村（社区）干部待遇。",
        "按2021年不变价格计算，村正职（分设）每年待遇，鲁甸县为5.04万至5.09万元，商州区为2.65万至2.74万元。所比5类，高低顺序都相同。",
        "村正职（分设）的待遇与当年全国农村居民人均收入相比，鲁甸县为2.7至2.9倍，商州区为1.9至2.3倍。社区正职（一肩挑）则商州区较高（2.9至3.4，鲁甸县为2.7至2.9）；6种年份组合中有5种成立（鲁甸县按“4200元适用于全部正职”理解）。",
    ),
    ("branches", "en"): (
        "Of the five places, only Ludian County and Wushan County report how many weak Party "
        "organisations were or are to be put in order.",
        "Weak Party organisations put in order, or to be, number 77 in Ludian County and 7 "
        "(planned or done) in Wushan County; places of different size are not ranked by this.",
    ),
    ("branches", "zh-Hans"): (
        "5地中只有鲁甸县和武山县公布整顿软弱涣散基层党组织的数量（完成或计划）。",
        "整顿软弱涣散基层党组织（含计划），鲁甸县77个，武山县7个（计划或已完成）；各地规模不同，不按数量排序。",
    ),
    ("collective_economy", "en"): (
        "What Ludian County and Wushan County report on collective economy differs in kind and "
        "cannot be compared.",
        "In Ludian County, plans put 15 million yuan into 30 collective-economy projects of 2021,"
        " 500,000 yuan each.",
        "In Wushan County, at least 80% of villages have or are to have a collective income of "
        "100,000 yuan or more a year; the text does not say whether “within the year” sets a target or "
        "reports a result.",
    ),
    ("collective_economy", "zh-Hans"): (
        "鲁甸县和武山县公布的集体经济内容不同，无法比较。",
        "鲁甸县计划投入1500万元用于2021年度村级集体经济项目30个，平均每个50万元。",
        "武山县村集体经济年收入达到10万元以上的村占80%以上；“年内”是目标还是结果，原文未说明。",
    ),
    ("oversight", "en"): (
        "Of the five places, only Ludian County and Weinan High-tech Zone report how many "
        "problems were found in how many villages.",
        "Weinan High-tech Zone counts 15.1 problems per village and Ludian County at least 1.46; "
        "which of the two is higher cannot be said.",
        "People trained number 3,636 in Shangzhou District, at least 3,000 in Wushan County and "
        "at least 70 in Weinan High-tech Zone; places of different size are not ranked by this.",
    ),
    ("oversight", "zh-Hans"): (
        "5地中只有鲁甸县和渭南高新区公布查出问题的数量和村数。",
        "平均每村问题数，渭南高新区为15.1，鲁甸县为1.46以上，孰高孰低无法判断。",
        "培训人员，商州区3636人，武山县3000人以上，渭南高新区70人以上；各地规模不同，不按数量排序。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("theme", ALL_THEMES)
def test_a_comparison_opens_with_its_answer(report_on: ReportOn, theme: str, language: str) -> None:
    said = report_on(theme, language).said
    assert (said.headline, *said.messages) == OPENINGS[theme, language]


def test_an_order_is_said_between_two_programmes_of_one_kind_of_place(report_on: ReportOn) -> None:
    rows = report_on("stipends").rankings().rows
    for place in ("Village", "Community"):
        name = f"Yearly pay: {place}, deputy, after the rise"
        ranked = [(row["place"], row["rank"]) for row in rows if row["comparison"].startswith(name)]
        assert ranked == [("Ludian County", "1"), ("Shangzhou District", "2")]


def test_money_is_compared_in_constant_prices_with_the_printed_amount_beside_it(
    data: Dataset, report_on: ReportOn
) -> None:
    report = report_on("stipends")
    assert "In prices of 2021" in words(report.opening())
    name = "Yearly pay: Village, deputy, after the rise"
    _, shangzhou = [row for row in report.rankings().rows if row["comparison"].startswith(name)]
    assert shangzhou["value"] == "18,000 yuan (17,700 to 18,300 yuan)"
    assert shangzhou["printed"] == "16,000 yuan, 2014–2016 (inferred)"
    printed = ComparisonReport(data, "stipends", price_year="printed")
    assert "In prices as printed" in words(printed.opening())
    assert "printed" not in [column.key for column in printed.rankings().columns]


def test_each_definition_of_office_money_is_a_comparison_that_names_it(report_on: ReportOn) -> None:
    rows = report_on("stipends").rankings().rows
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


def test_an_order_on_a_condition_is_said_as_a_condition(report_on: ReportOn) -> None:
    """Ludian's text may give combined posts the new pay or not; only if it does is there an order."""
    report = report_on("stipends")
    said = "in five of six combinations of possible years, if Ludian County is read as “4,200 yuan for all"
    assert said in words(report.opening())
    [row, *_] = [r for r in report.rankings().rows if "both posts, after" in r["comparison"]]
    assert row["value"].endswith("if the text is read as “4,200 yuan for all heads”)")


@pytest.mark.parametrize("language", WRITTEN)
@pytest.mark.parametrize("theme", ALL_THEMES)
def test_no_count_of_a_single_reading_is_ever_said(report_on: ReportOn, theme: str, language: str) -> None:
    report = report_on(theme, language)
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


def test_counts_stand_beside_each_other_and_have_no_ranks(report_on: ReportOn) -> None:
    report = report_on("branches")
    assert "places of different size are not ranked by this" in words(report.opening())
    blank = dict.fromkeys(("rank", "ranks", "order", "margin"), "")
    assert all(blank.items() <= row.items() for row in report.rankings().rows)
    assert words(report.questions()) == ""


def test_the_orders_that_a_reading_or_a_year_turns_are_named(report_on: ReportOn) -> None:
    pairs = [row["comparison"] for row in report_on("stipends").flips().rows]
    turned = [name for name in pairs if name.startswith("Yearly pay as a multiple of national")]
    assert any("Community, head with one post" in name for name in turned)
    assert words(report_on("oversight").flips()) == ("No reading turns the order of any two places compared.")


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


def test_what_is_left_out_has_a_type_and_a_reason(report_on: ReportOn) -> None:
    rows = pd.DataFrame(report_on("branches").not_compared().rows)
    ludian = rows[rows["place"] == "Ludian County"]
    assert "77 organisations stand beside 779 branches" in " ".join(ludian["reason"])
    assert set(rows["absence"]) <= {"not comparable", "not reported", "not applicable"}


def test_no_cell_of_the_side_by_side_table_is_empty(data: Dataset, report_on: ReportOn) -> None:
    for theme in THEMES:
        rows = report_on(theme).side_by_side().rows
        assert all(row[programme] for row in rows for programme in data.programme_ids)


def test_the_chart_draws_the_compared_and_names_the_others(data: Dataset) -> None:
    report = ComparisonReport(data, "investment", price_year="printed")
    chart, *_ = report.charts(contrasts(report.comparisons)[0])
    group, others = chart.groups
    assert [row.value for row in group.rows] == [3_800_000, 59_560_000 / 79]
    assert others.rows[0].text == "Not reported by Wushan County and Weinan High-tech Zone"
    assert chart.png(dpi=80) == chart.png(dpi=80)


def test_inference_is_refused_with_what_is_missing(data: Dataset, report_on: ReportOn) -> None:
    rows = {row["method"]: row for row in report_on("investment").inference().rows}
    most = max(len(comparison.programmes) for comparison in comparisons(data, "investment"))
    assert rows["Description"]["allowed"] == "yes"
    assert rows["Rank correlation"]["allowed"] == "refused"
    assert rows["Rank correlation"]["missing"] == str(10 - most)


def test_money_of_no_year_is_at_least_what_it_was_worth_when_it_was_published(report_on: ReportOn) -> None:
    report = report_on("investment")
    minjia, _ = report.rankings().rows[:2]
    assert minjia["value"] == "≥ 885,000 yuan (4.43 million yuan or more at the default reading)"
    assert minjia["printed"] == "3.8 million yuan, year unknown"
    chart, *_ = report.charts(contrasts(report.comparisons)[0])
    assert "Arrow to the right: a lower bound." in chart.note


def test_an_unknown_language_is_refused_with_the_codes(data: Dataset) -> None:
    with pytest.raises(ValueError, match="unknown language 'zh'; allowed are en, zh-Hans, zh-Hant"):
        ComparisonReport(data, "stipends", "zh")
