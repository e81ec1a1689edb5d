"""The readings, absences and prices of the five programmes' figures."""

from __future__ import annotations

import math
from collections import Counter

import pandas as pd
import pytest
from by_hand import FOUR, INSTEAD, ON_TOP, PLACE, RURAL_INCOME, one, only

from analysis.estimates.measures import Estimate, from_frame
from analysis.estimates.prices import in_prices_of, price_factor, series
from analysis.estimates.spans import default_definitions, spans
from analysis.evidence import arithmetic
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, parse_when
from analysis.evidence.schema import DIMENSIONS

DEPUTY = {"post": "deputy", "stage": "after"}

# Readings.


def test_the_readings_that_arithmetic_rules_out(data: Dataset) -> None:
    """The named subsidies against the 3.8 million yuan of the text, in 10,000 yuan; and 60 against 111."""
    four_instead, four_on_top = 3 * 96 + 50, 4 * 96 + 50
    upgraded, groups = 10, 6 * 10 + 3 * 3
    named = {
        "new-venues-replaces": four_instead,  # 338
        "new-venues-tops-up": four_on_top,  # 434
        "village-venues-replaces": four_instead + upgraded,  # 348
        "village-venues-tops-up": four_on_top + upgraded,  # 444
        "everything-replaces": four_instead + upgraded + groups,  # 417
        "everything-tops-up": four_on_top + upgraded + groups,  # 513
    }
    ruled_out = {("minjia.investment-scope", reading) for reading, subsidy in named.items() if subsidy > 380}
    ruled_out |= {("ludian.office-increase", "communities-only")}  # 12 × 5 = 60, not 111
    readings = data.readings[~data.readings["feasible"]]
    assert set(zip(readings["choice_id"], readings["reading"], strict=True)) == ruled_out
    assert len(ruled_out) == 4 + 1
    assert (readings["reason"] != "").all() and (readings["reason_zh"] != "").all()
    for reading, subsidy in named.items():
        requires = only(data.readings, choice_id="minjia.investment-scope", reading=reading)["requires"]
        left, relation, right = arithmetic.split_relation(requires)
        amounts = [arithmetic.evaluate(side, data.amounts).value for side in (left, right)]
        assert (amounts, relation) == ([subsidy * 10_000, 3_800_000], "<=")


def test_infeasible_readings_are_shown(estimates: list[Estimate]) -> None:
    shown = [e for e in estimates if not e.feasible]
    # Minjia: four readings, each with a mean subsidy, a cost and a cost per m² of new venues, and a cost of
    # new and upgraded ones; Ludian: one rise, and one cost of office money before it.
    assert Counter(e.programme_id for e in shown) == {"minjia": 4 * 4, "ludian": 2}
    assert all(e.reason.startswith("reading:") and not e.is_default for e in shown)
    beyond = one(estimates, "minjia", "cost_per_venue", "village_venue new total village", FOUR[1])
    assert (beyond.value, beyond.feasible) == (950_000, False)
    assert beyond.reason == f"reading:minjia.investment-scope={FOUR[1].partition('=')[2]}"


def test_infeasible_readings_are_never_in_a_span(data: Dataset, all_spans: pd.DataFrame) -> None:
    """Without them the spans are the same."""
    estimates = data.tables["estimates"]
    pd.testing.assert_frame_equal(spans(data, estimates[estimates["feasible"]]), all_spans)
    assert all_spans["feasible"].all()


def test_definitional_choices_are_never_pooled_with_uncertain_ones(
    data: Dataset, estimates: list[Estimate], all_spans: pd.DataFrame
) -> None:
    """Each cell counts the readings of the text only: monthly pay as printed is in none of them."""
    assert default_definitions(data) == {
        "annualisation": "twelve", "office-money": "office-only", "price-index": "national",
    }  # fmt: skip
    assert not all_spans["reading"].str.contains("as-printed").any()
    pay = all_spans[(all_spans["programme_id"] == "ludian") & (all_spans["measure"] == "yearly_pay")]
    counted = {(row.post, row.stage): (row.n_readings, row.n_values) for row in pay.itertuples()}
    assert counted == {
        ("head_split", "before"): (1, 1), ("head_combined", "before"): (1, 1), ("deputy", "before"): (1, 1),
        ("member", "before"): (1, 1), ("head_split", "after"): (1, 1), ("deputy", "after"): (1, 1),
        ("member", "after"): (1, 1), ("head_combined", "after"): (2, 1),
        ("secretary_group_leader", "after"): (2, 1),
    }  # fmt: skip
    kinds = dict(zip(data.choices["choice_id"], data.choices["kind"], strict=True))
    definitional = [choice for choice, kind in kinds.items() if kind == "definitional"]
    assert definitional == ["annualisation", "office-money", "price-index"]


@pytest.mark.parametrize(
    ("programme", "measure", "cell", "low", "high", "readings", "values"),
    [
        # Of eight readings four are feasible, and three of those give a cost of one kind of venue.
        ("minjia", "cost_per_venue", {"works": "new", "funder": "total"}, 950_000, 3_800_000, 4, 3),
        ("minjia", "cost_per_m2", {}, 3_800_000 / (4 * 1558), 3_800_000 / 1558, 4, 3),
        ("minjia", "cost_per_venue", {"works": "mixed"}, 760_000, 760_000, 4, 1),
        ("minjia", "average_subsidy", {}, INSTEAD, ON_TOP, 4, 4),
        ("ludian", "branches_dissolved", {}, 0, 177, 2, 2),
        ("ludian", "net_branches", {}, -83, 94, 2, 2),
        ("ludian", "branch_turnover", {}, 94, 271, 2, 2),
        ("ludian", "operating_funds_rise", {"place": PLACE}, 510_000 / 91, 1_110_000 / 91, 2, 2),
        ("ludian", "spending_per_unit", {"object": "command_centre"}, 1_800_000 / 103, 1_800_000 / 103, 2, 1),
        ("ludian", "office_cost", {"stage": "before"}, 4_040_000, 4_640_000, 2, 2),
        (
            "ludian",
            "pay_to_rural_income",
            {"post": "deputy", "stage": "after"},
            38_400 / 18_931,
            38_400 / 17_131,
            1,
            1,
        ),
        ("wushan", "venues_upgraded", {}, 60, 60, 2, 2),
        ("weinan", "venues_upgraded", {}, 5, 8, 2, 2),
    ],
)
def test_the_span_over_the_readings(
    all_spans: pd.DataFrame, programme: str, measure: str, cell: dict[str, str], low: float, high: float,
    readings: int, values: int,
) -> None:  # fmt: skip
    row = only(all_spans, programme_id=programme, measure=measure, **cell)
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    assert (row["n_readings"], row["n_values"]) == (readings, values)


def test_a_plan_is_not_a_result(estimates: list[Estimate]) -> None:
    for programme, choice, (planned, achieved) in (
        ("wushan", "within-year", ("target", "result")),
        ("minjia", "works-status", ("plan", "done")),
    ):
        found = {
            (parse_when(e.reading)[f"{programme}.{choice}"], e.status, e.is_default)
            for e in estimates
            if f"{programme}.{choice}" in e.reading
        }
        assert found == {(planned, "planned", True), (achieved, "achieved", False)}


# Absence.


def test_every_programme_has_every_measure_or_a_typed_absence(
    data: Dataset, estimates: list[Estimate]
) -> None:
    found = {(estimate.programme_id, estimate.measure) for estimate in estimates}
    assert found == {(programme, code) for programme in data.programme_ids for code in MEASURES}
    types = {"not_reported", "not_applicable", "not_comparable"}
    assert {estimate.absence for estimate in estimates} == types | {""}


def test_no_absence_has_a_number_and_every_one_a_reason(estimates: list[Estimate]) -> None:
    for estimate in estimates:
        numbers = (estimate.value, estimate.lower, estimate.upper)
        assert [math.isnan(number) for number in numbers] == [bool(estimate.absence)] * 3
        if estimate.absence:
            assert estimate.reason
        else:
            assert estimate.lower <= estimate.value <= estimate.upper
            assert estimate.figure_ids


def test_no_measure_is_both_reported_and_not(estimates: list[Estimate]) -> None:
    """The row of a programme that reports nothing of a measure stands alone."""
    number = Counter((estimate.programme_id, estimate.measure) for estimate in estimates)
    for estimate in estimates:
        if estimate.absence and not any(getattr(estimate, name) for name in DIMENSIONS):
            assert number[(estimate.programme_id, estimate.measure)] == 1


def test_two_programmes_print_no_money_that_was_spent(estimates: list[Estimate]) -> None:
    """Weinan prints none, and Wushan only the income that a village is to have."""
    money = [e for e in estimates if e.has_value and "CNY" in e.unit]
    assert not [e for e in money if e.programme_id == "weinan"]
    assert {e.measure for e in money if e.programme_id == "wushan"} == {"collective_income"}


# Prices and incomes.


def test_the_chain_from_2018_to_2021(data: Dataset) -> None:
    changes = series(data, "cpi_annual_change_nbs")
    assert price_factor(changes, 2018, 2021) == pytest.approx(1.029 * 1.025 * 1.009)
    assert price_factor(changes, 2015, 2021) == pytest.approx(1.020 * 1.016 * 1.021 * 1.029 * 1.025 * 1.009)


def test_the_incomes_are_of_the_new_scope(data: Dataset) -> None:
    income = series(data, "rural_disposable_income_pc")
    assert {year: income[year] for year in RURAL_INCOME} == RURAL_INCOME
    assert min(income) == 2013, "the net income of earlier years is another thing, and is not spliced on"


def test_every_value_of_a_reference_series_has_a_source_and_stands_once(data: Dataset) -> None:
    frame = data.tables["reference_series"]
    assert (frame["source"] != "").all()
    assert not frame.duplicated(["series", "year"]).any()


def test_two_series_of_consumer_prices_agree(data: Dataset) -> None:
    """The World Bank's changes, from another publication, lead to the same prices within half a percent."""
    national, world_bank = (series(data, f"cpi_annual_change_{name}") for name in ("nbs", "wb"))
    for year in range(2012, 2021):
        assert price_factor(national, year, 2021) == pytest.approx(
            price_factor(world_bank, year, 2021), rel=5e-3
        )


def test_village_venues_of_ludian_in_prices_of_2021(data: Dataset) -> None:
    estimates = data.tables["estimates"]
    rows = in_prices_of(data, estimates, 2021)
    cost = rows[(rows["programme_id"] == "ludian") & (rows["object"] == "village_venue")]
    cost = cost[cost["measure"] == "cost_per_venue"].set_index("reading")["value"]
    assert dict(cost) == pytest.approx(
        {
            f"ludian.year-2018-2021={year}": 59_560_000 / 79 * factor
            for year, factor in {
                2018: 1.029 * 1.025 * 1.009,
                2019: 1.025 * 1.009,
                2020: 1.009,
                2021: 1,
            }.items()
        }
    )


def test_money_without_a_year_is_at_least_its_conversion_from_the_year_of_its_document(data: Dataset) -> None:
    """Minjia prints no year and was posted in 2013; Ludian prints none for the pay before, and is of 2021."""
    changes = series(data, "cpi_annual_change_nbs")
    rows = from_frame(in_prices_of(data, data.tables["estimates"], 2021))
    minjia = [e for e in rows if e.programme_id == "minjia" and e.has_value]
    printed = {e.coding_id: e.value for e in from_frame(data.tables["estimates"]) if e.has_value}
    assert minjia and all(e.upper == math.inf and e.lower == e.value for e in minjia)
    for estimate in minjia:
        grown = printed[estimate.coding_id] * price_factor(changes, 2013, 2021)
        assert estimate.value == pytest.approx(grown)
    before = [e for e in rows if (e.measure, e.stage) == ("yearly_pay", "before") and e.has_value]
    assert {e.value for e in before if e.post == "head_split"} == {24_000}
    assert all(e.upper == math.inf for e in before)


def test_only_money_is_converted(data: Dataset) -> None:
    rows = in_prices_of(data, data.tables["estimates"], 2021)
    assert set(rows["measure"]) == {
        "cost_per_venue", "cost_per_m2", "average_subsidy", "total_spending", "spending_per_unit",
        "yearly_pay", "monthly_rise", "pension_subsidy", "office_money", "office_cost", "operating_funds",
        "operating_funds_rise", "collective_support", "collective_income",
    }  # fmt: skip
