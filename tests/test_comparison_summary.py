"""The comparison of more programmes than can be named: counts and quantiles instead of columns and lists."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from country import country

from analysis.estimates.measures import Estimate, to_frame
from analysis.estimates.selection import LABELLED
from analysis.evidence.dataset import Dataset
from analysis.show.comparison.report import ComparisonReport
from analysis.words.languages import LANGUAGES

SECTIONS = (
    "opening", "matrix", "coverage", "rankings", "flips", "side_by_side", "not_compared", "sensitivity",
    "inference", "sources", "method",
)  # fmt: skip
VENUE = {"object": "village_venue", "works": "new", "funder": "total", "place": "village"}
CUT = (
    "This table is a summary or shows the first rows only; "
    "{} of the command “analysis tables” holds every row."
)


@pytest.fixture(scope="module")
def many(data: Dataset) -> Dataset:
    """The five and 60 invented programmes, a third of which lack each theme."""
    return country(data, 60)


def words(shown: object) -> str:
    if shown is None:
        return ""
    return BeautifulSoup(shown._repr_html_(), "html.parser").get_text(" ", strip=True)  # type: ignore[attr-defined]


def with_costs(many: Dataset, costs: list[tuple[str, float, str, bool]]) -> Dataset:
    """The dataset with these costs of a new village venue as its only estimates."""
    rows = [
        Estimate(
            owner, "investment", "cost_per_venue", value=value, lower=value, upper=value,
            unit="CNY/venue", reading=reading, is_default=default,
            figure_ids="ludian.village-venues.amount", **VENUE,
        )
        for owner, value, reading, default in costs
    ]  # fmt: skip
    return Dataset(many.root, {**many.tables, "estimates": to_frame(rows)}, many.data_hash)


def test_so_many_programmes_as_a_chart_can_label_are_still_named(data: Dataset) -> None:
    few, more = (country(data, LABELLED - len(data.programme_ids) + extra) for extra in (0, 1))
    assert len(ComparisonReport(few, "investment").coverage().columns) == 1 + LABELLED
    assert [column.key for column in ComparisonReport(more, "investment").coverage().columns] == [
        "measure", "reporting", "not_reported", "not_applicable", "not_comparable", "not_coded",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["investment", "stipends", "branches"])
def test_every_section_has_something_to_say(many: Dataset, theme: str, language: str) -> None:
    report = ComparisonReport(many, theme, language)
    silent = [section for section in SECTIONS if not words(getattr(report, section)())]
    assert silent == (["flips"] if theme == "branches" else [])


def test_a_chinese_summary_has_no_english_word(many: Dataset) -> None:
    report = ComparisonReport(many, "stipends", "zh-Hans", price_year=2024)
    text = " ".join(words(getattr(report, section)()) for section in SECTIONS)
    assert set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\w[\w-]*\.csv|analysis tables", "", text))) == set()


def test_coverage_counts_every_programme_once(many: Dataset) -> None:
    table = ComparisonReport(many, "investment").coverage()
    [cost] = [row for row in table.rows if row["measure"] == "Cost per venue"]
    reporting = many.tables["estimates"].query("measure == 'cost_per_venue' and absence == ''")
    assert cost["reporting"] == str(reporting["programme_id"].nunique())
    for row in table.rows:
        assert sum(int(row[key]) for key in list(row)[1:]) == 65
    assert table.notes == ("Numbers of programmes, of 65 in all.", CUT.format("coverage.csv"))


def test_the_quantiles_are_those_of_the_default_values(many: Dataset) -> None:
    costs = [(f"synthetic-{n:04}", 100_000.0 * n, "", True) for n in range(1, 12)]
    [row] = ComparisonReport(with_costs(many, costs), "investment").side_by_side().rows
    assert row == {
        "group": "Cost per venue (yuan per venue)",
        "measure": "Village venue, newly built, total cost, village",
        "reporting": "11", "several": "0", "smallest": "100,000", "lower_quartile": "350,000",
        "median": "600,000", "upper_quartile": "850,000", "largest": "1,100,000",
        "not_reported": "54", "not_applicable": "0", "not_comparable": "0", "not_coded": "0",
    }  # fmt: skip


def test_below_ten_values_there_is_no_median_and_no_quartile(many: Dataset) -> None:
    costs = [(f"synthetic-{n:04}", 100_000.0 * n, "", True) for n in range(1, 10)]
    table = ComparisonReport(with_costs(many, costs), "investment").side_by_side()
    [row] = table.rows
    assert (row["smallest"], row["median"], row["largest"]) == ("100,000", "–", "900,000")
    assert table.notes[1] == (
        "Each programme counts with its value under the default readings. "
        "With fewer than 10 programmes there is no median and no quartile (–)."
    )


def test_the_number_of_columns_does_not_grow(data: Dataset, many: Dataset) -> None:
    larger = country(data, 200)
    for section in ("coverage", "side_by_side", "rankings", "sources"):
        small, large = (getattr(ComparisonReport(d, "stipends"), section)() for d in (many, larger))
        assert [column.key for column in small.columns] == [column.key for column in large.columns]
        assert len(large.rows) <= len(small.rows) + 5


def test_a_long_ranking_shows_the_highest_and_where_the_others_lie(many: Dataset) -> None:
    costs = [(f"synthetic-{n:04}", 100_000.0 * n, "", True) for n in range(1, 21)]
    table = ComparisonReport(with_costs(many, costs), "investment").rankings()
    assert [row["value"] for row in table.rows] == [
        "2 million yuan", "1.9 million yuan", "1.8 million yuan", "1.7 million yuan", "1.6 million yuan",
        "median 800,000 yuan; middle half 450,000 to 1.15 million yuan",
    ]  # fmt: skip
    assert table.rows[-1]["place"] == "and 15 more below"
    assert "(a value for 20 of 65 programmes)" in table.rows[0]["comparison"]
    assert table.notes == (CUT.format("rankings.csv"),)


def test_of_many_turned_orders_the_first_are_shown_and_ties_are_none(many: Dataset) -> None:
    """Each programme is above the next by default and below it under its other reading; two are equal."""
    costs = [("synthetic-0001", 9e6, "", True), ("synthetic-0002", 9e6, "", True)]
    for n in range(3, 31):
        costs += [
            (f"synthetic-{n:04}", 1e6 - 1e4 * n, f"synthetic-{n:04}.scope=a", True),
            (f"synthetic-{n:04}", 8e5 - 1e4 * n, f"synthetic-{n:04}.scope=b", False),
        ]
    changed = with_costs(many, costs)
    # A choice without a programme would be shared by all, and crossed with all others.
    like = changed.choices.iloc[0].to_dict()
    owners = [f"synthetic-{n:04}" for n in range(3, 31)]
    added = [like | {"choice_id": f"{owner}.scope", "programme_id": owner} for owner in owners]
    choices = pd.concat([changed.choices, pd.DataFrame(added)])
    changed = Dataset(changed.root, {**changed.tables, "choices": choices}, changed.data_hash)
    rows = ComparisonReport(changed, "investment").flips().rows
    assert [row["order"] for row in rows] == ["3 of 4 readings"] * 5 + [""]
    assert rows[0]["pair"] == "Synthetic programme 0003 above Synthetic programme 0004"
    assert rows[-1]["pair"] == "and 22 more of 29 pairs of neighbours"


def test_what_is_left_out_is_counted_by_its_reason(many: Dataset) -> None:
    rows = ComparisonReport(many, "stipends").not_compared().rows
    counted = [row for row in rows if re.fullmatch(r"\d+ programmes", row["programmes"])]
    assert counted
    assert all(row["reason"] and row["absence"] for row in rows)


def test_sensitivity_says_how_far_the_readings_of_a_programme_are_apart(many: Dataset) -> None:
    costs = [("synthetic-0001", 3e5, "s.c=a", True), ("synthetic-0001", 1e5, "s.c=b", False)]
    costs += [("synthetic-0002", 2e5, "", True)]
    [row] = ComparisonReport(with_costs(many, costs), "investment").sensitivity().rows
    assert (row["several"], row["differing"], row["silent"]) == ("1", "1", "0")
    assert (row["ratio_median"], row["ratio_largest"]) == ("–", "3.00")


def test_the_sources_are_counted_by_year(many: Dataset) -> None:
    rows = ComparisonReport(many, "branches").sources().rows
    assert sum(int(row["documents"]) for row in rows) == 65
    assert rows[-1]["year"] == "a range of years"


def test_with_many_programmes_the_method_says_what_is_described(many: Dataset) -> None:
    assert "With 65 programmes there are medians and quartiles where at least 10 have a value" in words(
        ComparisonReport(many, "branches").method()
    )


def test_of_many_comparisons_those_of_the_most_programmes_are_set_out(many: Dataset) -> None:
    report = ComparisonReport(many, "stipends")
    left_out = [c for c in report.comparisons if all(c is not shown for shown in report.shown)]
    least = min(len(c.programmes) for c in report.shown)
    assert left_out and all(len(c.programmes) <= least for c in left_out)
    total = len(report.comparisons)
    said = f"The 16 comparisons with the most programmes are shown, of {total}."
    assert said in report.rankings().notes


def test_many_places_open_with_their_distribution_and_name_no_pair(many: Dataset) -> None:
    said = ComparisonReport(many, "investment").said
    assert said.headline == "Of 65 places, 42 report what a village venue costs."
    first, *others = said.messages
    start = "The cost of a village venue is known of 42 places; at the default readings the median is"
    assert first.startswith(f"{start} 500,000 yuan")
    assert first.endswith("98% of the orders of neighbours hold whatever the texts leave open.")
    assert not any("Synthetic" in message for message in others)


def test_quantiles_agree_with_numpy_on_a_country(many: Dataset) -> None:
    estimates = many.tables["estimates"]
    pay = estimates[
        (estimates["measure"] == "yearly_pay") & (estimates["stage"] == "before")
        & (estimates["post"] == "head_split") & (estimates["place"] == "village")
        & (estimates["absence"] == "")
    ]  # fmt: skip
    rows = ComparisonReport(many, "stipends").side_by_side().rows
    [row] = [r for r in rows if r["measure"] == "Village, head with one post, before the rise"]
    assert row["reporting"] == str(len(pay))
    assert float(row["median"].replace(",", "")) == pytest.approx(np.median(pay["value"]), rel=0.01)


def with_years(many: Dataset, number: int) -> Dataset:
    """The dataset with so many costs of a new village venue, which double every seven years."""
    rows = [
        Estimate(
            owner, "investment", "cost_per_venue", value=1000.0 * 2 ** (place % 7 / 7) * (1 + place % 3 / 10),
            unit="CNY/venue", is_default=True, year=str(2010 + place % 7),
            figure_ids="ludian.village-venues.amount", **VENUE,
        )
        for place, owner in enumerate(many.programme_ids[5 : 5 + number])
    ]  # fmt: skip
    return Dataset(many.root, {**many.tables, "estimates": to_frame(rows)}, many.data_hash)


@pytest.mark.parametrize(
    ("number", "names"), [(9, []), (10, ["quantiles"]), (29, ["quantiles"]), (40, ["quantiles", "model"])]
)
def test_statistics_come_with_the_number_of_programmes(many: Dataset, number: int, names: list[str]) -> None:
    report = ComparisonReport(with_years(many, number), "investment", price_year="printed")
    assert [table.name for table in report.statistics()] == names
    assert ("Lower quartile" in words(report.inference())) == bool(names)


def test_a_model_says_what_it_rests_on_and_what_it_leaves_out(many: Dataset) -> None:
    _, model = ComparisonReport(with_years(many, 40), "investment", price_year="printed").statistics()
    terms = {row["term"]: row for row in model.rows}
    assert terms["year, one higher"]["factor"] == "1.10"
    assert terms["year, one higher"]["p"] == "< 0.001"
    assert terms["numbers at their mean, the rest at the first level"]["factor"].endswith(",450 yuan")
    note, *without = model.notes
    assert note.startswith("OLS on log money (synthetic data); 40 programmes, ")
    assert [line.split(":")[0] for line in without] == ["Without province", "Without administrative level"]


def test_years_that_all_lack_leave_no_model_and_say_why(many: Dataset) -> None:
    costs = [(p, 1000.0 + place**2, "", True) for place, p in enumerate(many.programme_ids[5:45])]
    quantiles, *model = ComparisonReport(with_costs(many, costs), "investment").statistics()
    assert model == [] and any(note.startswith("Without year: ") for note in quantiles.notes)
