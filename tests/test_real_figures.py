"""The figures of the five programmes against what was worked out by hand, and the traps they hold."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from by_hand import BY_HAND, EACH, FOUR, INF, Key, Value, key, one, only

from analysis.estimates.measures import Estimate
from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import ExpressionError
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, parse_when

# Every value.


@pytest.mark.parametrize(
    ("place", "value"),
    BY_HAND.items(),
    ids=["/".join(part for part in place if part) for place in BY_HAND],
)
def test_each_value_is_the_one_worked_out_by_hand(
    estimates: list[Estimate], place: Key, value: Value
) -> None:
    found = one(estimates, *place)
    expected = value if isinstance(value, tuple) else (value, value, value)
    assert (found.value, found.lower, found.upper) == pytest.approx(expected, rel=1e-12)
    assert found.absence == ""


def test_no_value_was_overlooked_and_none_stands_twice(estimates: list[Estimate]) -> None:
    """Pay against the income of a region has its values in the tests of regions."""
    mine = [estimate for estimate in estimates if estimate.measure != "pay_to_regional_income"]
    keys = Counter(key(estimate) for estimate in mine if estimate.has_value)
    assert set(keys) == set(BY_HAND)
    assert set(keys.values()) == {1}


def test_the_best_known_values_as_a_reader_would_round_them(estimates: list[Estimate]) -> None:
    def shown(*place: str) -> float:
        return round(one(estimates, *place).value, 2)

    assert shown("ludian", "cost_per_venue", "village_venue mixed total village") == 753_924.05
    assert shown("ludian", "cost_per_venue", "group_venue new total village") == 163_278.69
    assert shown("shangzhou", "cost_per_venue", "township_facility total township") == 282_608.70
    assert shown("minjia", "cost_per_m2", "village_venue new total village", EACH[0]) == 2_439.02
    assert shown("minjia", "cost_per_m2", "village_venue new total village", FOUR[0]) == 609.76
    assert shown("ludian", "pension_subsidy", "pension_insurance village_or_community") == 4_923.08
    head = ("ludian", "pay_to_rural_income", "village_or_community head_split after")
    assert [shown(*head, f"ludian.year-2020-2021={year}") for year in (2020, 2021)] == [2.94, 2.66]


def test_units_say_what_one_of_is_meant(estimates: list[Estimate]) -> None:
    units: dict[str, set[str]] = {}
    for estimate in estimates:
        if estimate.has_value:
            units.setdefault(estimate.measure, set()).add(estimate.unit)
    assert {code: sorted(found) for code, found in units.items() if len(found) > 1} == {
        "cost_per_venue": ["CNY/facility", "CNY/venue"],
        "venues_upgraded": ["facility", "venue"],
        "venues_per_village": ["venue/village", "venue/village-or-community"],
        "spending_per_unit": ["CNY/organisation", "CNY/village-or-community"],
        "collective_support": ["CNY/project", "CNY/village"],
        "office_money": ["CNY/community/year", "CNY/village/year"],
        "operating_funds": [
            "CNY/community/year", "CNY/person/year", "CNY/village-or-community/year", "CNY/village/year",
        ],
        "operating_funds_rise": ["CNY/community/year", "CNY/village-or-community/year"],
        "new_structures": ["branch", "organisation"],
        "problems_per_village": ["problem/village", "problem/village-or-community"],
        "honours": ["organisation", "person"],
    }  # fmt: skip
    assert all(MEASURES[code].allows(unit) for code, found in units.items() for unit in found)


# Every figure.


def test_the_number_of_figures_by_source_and_theme(data: Dataset) -> None:
    """Counted in the documents, paragraph by paragraph."""
    counted = {
        "shangzhou": 5 + 7 + 3 + 17 + 10,
        "ludian": 4 + (12 + 7 + 10 + 9) + (8 + 12) + 10,
        "wushan": 6 + 4 + 4 + 3,
        "weinan": 1 + 1 + 3 + 1 + 3 + 2,
        "minjia": 15 + 2 + 1 + 1,
    }
    assert Counter(data.figures["source_id"]) == counted
    pairs = zip(data.figures["source_id"], data.figures["theme"], strict=True)
    assert Counter(pairs) == {
        ("shangzhou", "investment"): 5,  # 650, 8, 7, 8, 310
        ("shangzhou", "operating_funds"): 5,  # 2.5, 0.8, 3, 1, 10
        ("shangzhou", "stipends"): 7,  # 2.4, 3, 1.6; 3, 3.6, 2.4, 1.8
        ("shangzhou", "personnel"): 4,
        ("shangzhou", "training"): 7,
        ("shangzhou", "services"): 4,
        ("shangzhou", "supervision"): 9,
        ("shangzhou", "governance"): 1,
        ("ludian", "investment"): 6,  # 5956 for 79, 4980 for 305, 180, 103
        ("ludian", "stipends"): 10,  # 2000, 2200, 4200, 1800, 3200, 600, 2600, 600; 325, 160
        ("ludian", "operating_funds"): 9,  # 56.5, 300, 86.5, 12, 5, 10, 91, 5, 111
        ("ludian", "branches"): 10,  # 6, 1, 177, 94; 8, 10, 40, 779, 100, 77
        ("ludian", "collective_economy"): 9,
        ("ludian", "personnel"): 7,
        ("ludian", "honours"): 4 * 3,  # four levels, each members, workers and organisations
        ("ludian", "supervision"): 9,
        ("wushan", "investment"): 1,
        ("wushan", "branches"): 2,
        ("wushan", "collective_economy"): 2,
        ("wushan", "governance"): 7,
        ("wushan", "personnel"): 4,
        ("wushan", "training"): 1,
        ("weinan", "investment"): 3,
        ("weinan", "personnel"): 1,
        ("weinan", "supervision"): 5,
        ("weinan", "training"): 1,
        ("weinan", "governance"): 1,
        ("minjia", "investment"): 15,
        ("minjia", "training"): 2,
        ("minjia", "branches"): 1,
        ("minjia", "honours"): 1,
    }


def test_the_honours_by_kind_and_level(data: Dataset) -> None:
    def total(pattern: str) -> float:
        honours = data.figures[data.figures["figure_id"].str.fullmatch(rf"ludian\.honours\.{pattern}")]
        return float(honours["value"].sum())

    assert total(r"\w+\.members") == 1 + 7 + 40 + 203 == 251
    assert total(r"\w+\.workers") == 1 + 9 + 29 + 104 == 143
    assert total(r"\w+\.organisations") == 2 + 3 + 30 + 81 == 116
    assert [total(rf"{level}\.\w+") for level in ("province", "city", "county", "township")] == [
        1 + 1 + 2, 7 + 9 + 3, 40 + 29 + 30, 203 + 104 + 81,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("identity", "left", "right"),
    [
        ("ludian.villages", 12 + 91, 103),
        ("ludian.weak-villages", 48 * 300_000, 14_400_000),
        ("ludian.office-increase", 12 * 100_000 - 12 * 50_000, 1_110_000),
        ("minjia.general-branches", 4 + 1 + 11, 16),
        ("minjia.group-venues", 2 + 4, 6),
    ],
)
def test_what_the_texts_imply_adds_up(data: Dataset, identity: str, left: float, right: float) -> None:
    row = only(data.tables["identities"], identity_id=identity)
    sides = [arithmetic.evaluate(row[side], data.amounts) for side in ("left", "right")]
    assert [side.value for side in sides] == [left, right]
    assert arithmetic.holds(sides[0], row["relation"], sides[1])


# Trap: monthly against yearly pay.


def test_monthly_against_yearly_pay(data: Dataset, estimates: list[Estimate]) -> None:
    """Ludian prints 4,200 a month, Shangzhou 24,000 a year: the head of Ludian is paid 2.1 times as much."""
    monthly = data.amounts["ludian.pay.head.after"]
    yearly = data.amounts["shangzhou.pay.village-head-split"]
    assert (monthly.unit, yearly.unit) == ("CNY/person/month", "CNY/person/year")
    with pytest.raises(ExpressionError):
        monthly + yearly
    ludian = one(estimates, "ludian", "yearly_pay", "village_or_community head_split after")
    shangzhou = one(estimates, "shangzhou", "yearly_pay", "village head_split after")
    assert ludian.unit == shangzhou.unit == "CNY/person/year"
    assert ludian.value / shangzhou.value == 50_400 / 24_000 == 2.1


def test_no_pay_is_left_per_month(estimates: list[Estimate]) -> None:
    assert {e.measure for e in estimates if "month" in e.unit} == {"monthly_rise"}
    twelve = [
        e for e in estimates if e.measure == "yearly_pay" and e.programme_id == "ludian" and e.has_value
    ]
    assert len(twelve) == 9
    assert all(parse_when(e.reading)["annualisation"] == "twelve" for e in twelve)


def test_funds_without_a_period_are_yearly_under_one_reading_only(all_spans: pd.DataFrame) -> None:
    money = all_spans["measure"].isin(["operating_funds", "office_money"])
    funds = all_spans[(all_spans["programme_id"] == "shangzhou") & money]
    assert len(funds) == 5
    assert set(zip(funds["n_readings"], funds["n_values"], strict=True)) == {(2, 1)}


# Trap: subsidy against total cost.


def test_subsidy_against_total_cost(all_spans: pd.DataFrame) -> None:
    venue = {"programme_id": "minjia", "measure": "cost_per_venue", "object": "village_venue", "works": "new"}
    total, subsidy = (only(all_spans, **venue, funder=funder) for funder in ("total", "county_subsidy"))
    assert (total["low"], total["high"]) == (950_000, 3_800_000)
    assert (subsidy["low"], subsidy["high"], subsidy["upper"]) == (960_000, 960_000, 960_000)


def test_every_subsidy_is_an_exact_amount(estimates: list[Estimate]) -> None:
    """It bounds what a venue costs, and is itself as printed."""
    money = [e for e in estimates if e.measure in ("cost_per_venue", "average_subsidy") and e.has_value]
    assert len([e for e in money if e.funder == "county_subsidy"]) == 4 + 8
    assert all(e.upper == e.lower == e.value for e in money)


# Trap: township facility against village venue.


def test_township_facility_against_village_venue(all_spans: pd.DataFrame) -> None:
    """Shangzhou equips townships, Ludian builds in villages: other things, in other units, in other cells."""
    costs = all_spans[(all_spans["measure"] == "cost_per_venue") & (all_spans["funder"] == "total")]
    facility = only(costs, object="township_facility")
    assert (facility["programme_id"], facility["place"], facility["unit"]) == (
        "shangzhou", "township", "CNY/facility",
    )  # fmt: skip
    villages = costs[costs["object"] == "village_venue"]
    assert set(villages["place"]) == {"village"}
    assert set(villages["unit"]) - {""} == {"CNY/venue"}
    assert set(villages.loc[villages["absence"] == "", "programme_id"]) == {"ludian", "minjia"}


def test_equipment_is_not_a_cost_of_building(estimates: list[Estimate]) -> None:
    """Shangzhou's 3.1 million for equipment has no number of venues, and is divided by nothing."""
    using = [e for e in estimates if "shangzhou.venue-equipment.amount" in e.figure_ids.split()]
    assert [(e.measure, e.object, e.value) for e in using] == [
        ("total_spending", "venue_equipment", 3_100_000)
    ]


# Trap: "nearly" and "more than" as bounds.


@pytest.mark.parametrize(
    ("figure", "value", "lower", "upper"),
    [
        ("ludian.pension.amount", 1_600_000, 0, 1_600_000),  # nearly
        ("weinan.venue-area-threshold", 200, 0, 200),  # below
        ("ludian.weak-organisations.amount", 1_000_000, 1_000_000, INF),  # more than
        ("ludian.problems-assigned", 150, 150, INF),
        ("ludian.monthly-attainment", 0.98, 0.98, 1),  # a share ends at one
        ("shangzhou.agency-services", 40_000, 40_000, INF),
        ("wushan.governance-talents", 3_000, 3_000, INF),
        ("wushan.collective-income.threshold", 100_000, 100_000, INF),
        ("weinan.correction-period", 1, 1, 2),  # one to two months
        ("ludian.village-venues.amount", 59_560_000, 59_560_000, 59_560_000),
    ],
)
def test_nearly_and_more_than_as_bounds(
    data: Dataset, figure: str, value: float, lower: float, upper: float
) -> None:
    amount = data.amounts[figure]
    assert (amount.value, amount.lower, amount.upper) == (value, lower, upper)


def test_the_number_of_figures_by_qualifier(data: Dataset) -> None:
    assert Counter(data.figures["qualifier"]) == {"exact": 145, "at_least": 14, "nearly": 1, "below": 1}


def test_a_bound_of_a_figure_bounds_what_is_computed_from_it(estimates: list[Estimate]) -> None:
    pension = one(estimates, "ludian", "pension_subsidy", "pension_insurance village_or_community")
    weak = one(estimates, "ludian", "spending_per_unit", "weak_organisation total")
    assert (pension.lower, pension.upper) == (0, pytest.approx(4923.08, abs=0.01))
    assert (weak.lower, weak.upper) == (pytest.approx(12_987.01, abs=0.01), INF)


# Trap: people counted twice.


@pytest.mark.parametrize(
    ("once", "again", "number"),
    [
        ("shangzhou.elected-heads", "shangzhou.trained-heads", 824),
        ("shangzhou.elected-members", "shangzhou.trained-members", 2812),
        ("ludian.branch-contacts.county", "ludian.contacts.county-leaders", 35),
        ("ludian.assessment.ordinary", "ludian.secretaries-talked-to", 5),
    ],
)
def test_people_counted_twice(
    data: Dataset, estimates: list[Estimate], once: str, again: str, number: int
) -> None:
    """The same people under two headings: an identity says so, and nothing adds them up."""
    assert data.amounts[once].value == data.amounts[again].value == number
    identities = data.tables["identities"]
    saying = identities[identities["left"].str.contains(once) & (identities["right"] == again)]
    assert len(saying) == 1
    assert not [e for e in estimates if {once, again} <= set(e.figure_ids.split())]


def test_a_part_is_not_added_to_its_whole(estimates: list[Estimate]) -> None:
    """325 heads and deputies are of 780 officials, and 30 may be among 112 first secretaries and 7 others."""
    parts = [
        {"ludian.pension.people", "ludian.village-officials"},
        {"ludian.seconded-officials", "ludian.contacts.first-secretaries"},
        {"ludian.seconded-officials", "ludian.contacts.assistants"},
    ]
    assert not [e for e in estimates for part in parts if part <= set(e.figure_ids.split())]


def test_person_times_are_not_people(data: Dataset) -> None:
    """685 person-times at courses may be fewer people, and cannot be added to 824 heads."""
    assert data.amounts["shangzhou.district-trainees"].unit == "person-time"
    with pytest.raises(ExpressionError) as caught:
        arithmetic.evaluate("shangzhou.district-trainees + shangzhou.trained-heads", data.amounts)
    assert str(caught.value) == "person-time and person cannot be added; convert one of them first"


# Trap: organisations against branches.


def test_organisations_against_branches(data: Dataset, estimates: list[Estimate]) -> None:
    """77 weak organisations stand beside 779 branches: no share follows; nor from the 7 of Wushan."""
    assert data.amounts["ludian.weak-organisations.count"].unit == "organisation"
    assert data.amounts["ludian.standard-branches"].unit == "branch"
    shares = [e for e in estimates if e.measure in ("rectified_share", "turnover_rate")]
    assert not [e for e in shares if e.has_value]
    assert {e.programme_id: e.absence for e in shares if e.measure == "rectified_share"} == {
        "shangzhou": "not_reported", "ludian": "not_comparable", "wushan": "not_reported",
        "weinan": "not_reported", "minjia": "not_reported",
    }  # fmt: skip
    rectified = {
        (e.programme_id, e.value, e.unit)
        for e in estimates
        if e.measure == "organisations_rectified" and e.has_value
    }
    assert rectified == {("ludian", 77, "organisation"), ("wushan", 7, "organisation")}


def test_no_estimate_mixes_organisations_and_branches(data: Dataset, estimates: list[Estimate]) -> None:
    for estimate in estimates:
        units = {data.amounts[figure].unit for figure in estimate.figure_ids.split()}
        assert not {"organisation", "branch"} <= units


def test_branches_that_had_reached_the_standard_are_not_all_branches(estimates: list[Estimate]) -> None:
    standard = [e for e in estimates if "ludian.standard-branches" in e.figure_ids.split()]
    assert [(e.measure, e.value) for e in standard] == [("standard_branches", 779)]
