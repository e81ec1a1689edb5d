"""What the figures of the five programmes come to, worked out by hand from their documents."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.estimates.measures import Estimate
from analysis.evidence.schema import DIMENSIONS

INF = math.inf

# By hand: programme, measure, dimensions, readings (without annualisation=twelve), then the value; or
# value, lower and upper bound where the text says "nearly", "more than" or names a mere part.
Key = tuple[str, str, str, str]
Value = float | tuple[float, float, float]


def by_hand(programme: str, **measures: dict[str, Value]) -> dict[Key, Value]:
    """Return values by key; what stands after ``|`` in a name is the reading."""
    return {
        (programme, measure, *(part.strip() for part in f"{name}|".split("|")[:2])): value
        for measure, values in measures.items()
        for name, value in values.items()
    }


VILLAGE_PAY = {
    "head_split": 24_000, "head_combined": 30_000,
    "deputy": 16_000, "clerk": 16_000, "supervisory_head": 16_000,
}  # fmt: skip
COMMUNITY_PAY = {
    "head_split": 30_000, "head_combined": 36_000,
    "deputy": 24_000, "clerk": 24_000, "supervisory_head": 24_000, "member": 18_000,
}  # fmt: skip
LADDERS = {"village": VILLAGE_PAY, "community": COMMUNITY_PAY}
RURAL_INCOME = {2014: 10_489, 2015: 11_422, 2016: 12_363, 2020: 17_131, 2021: 18_931}


def against_income(pay: dict[str, float], choice: str, *years: int) -> dict[str, Value]:
    """Return pay as a multiple of the national rural income of each year that it may be of."""
    return {
        f"{name}{'; ' if '|' in name else ' | '}{choice}={year}": amount / RURAL_INCOME[year]
        for name, amount in pay.items()
        for year in years
    }


SHANGZHOU = by_hand(
    "shangzhou",
    # 8 model, 7 improved and 8 economical township facilities for 6.5 million yuan.
    cost_per_venue={"township_facility total township": 6_500_000 / (8 + 7 + 8)},
    venues_upgraded={"township_facility township": 8 + 7 + 8},
    total_spending={
        "township_facility total township": 6_500_000,
        "venue_equipment total village": 3_100_000,
    },
    yearly_pay={
        f"{place} {post} after": pay for place, posts in LADDERS.items() for post, pay in posts.items()
    },
    pay_to_head={
        f"{place} {post} after": pay / posts["head_split"]
        for place, posts in LADDERS.items()
        for post, pay in posts.items()
        if post != "head_split"
    },
    pay_to_rural_income=against_income(
        {f"{place} {post} after": pay for place, posts in LADDERS.items() for post, pay in posts.items()},
        "shangzhou.year-2014-2016", 2014, 2015, 2016,
    ),
    office_money={
        f"office_funds {place} after | office-money={definition}; shangzhou.funds-period=per-year": money
        for place, definitions in {
            "village": {"office-only": 25_000, "with-party-building": 33_000, "with-service": 33_000},
            "community": {"office-only": 30_000, "with-party-building": 40_000, "with-service": 140_000},
        }.items()
        for definition, money in definitions.items()
    },
    operating_funds={
        "party_building_funds village after | shangzhou.funds-period=per-year": 8_000,
        "party_building_funds community after | shangzhou.funds-period=per-year": 10_000,
        "service_funds community after | shangzhou.funds-period=per-year": 100_000,
    },
    people_trained={"trainee": 824 + 2812},
    trainees_per_course={"training_course county": 685 / 6},
)  # fmt: skip

BOTH_POSTS = "ludian.combined-post-pay=covers"
WHOLE_PAY = "ludian.group-leader-pay=whole-pay"
ALL_GONE, SOME_GONE = "ludian.dissolved-wording=all-dissolved", "ludian.dissolved-wording=some-adjusted"
PLACE = "village_or_community"
LUDIAN = by_hand(
    "ludian",
    cost_per_venue={
        "village_venue mixed total village": 59_560_000 / 79,
        "group_venue new total village": 49_800_000 / 305,
    },
    venues_upgraded={"village_venue mixed village": 79, "group_venue new village": 305},
    venues_per_village={f"village_venue mixed {PLACE}": 79 / 103},
    venues_covered={f"village_venue mixed {PLACE}": 79 / 103},
    total_spending={
        "village_venue mixed total village": 59_560_000,
        "group_venue new total village": 49_800_000,
        "command_centre total county | ludian.platform-scope=centre-only": 1_800_000,
        "command_centre total county | ludian.platform-scope=whole-platform": 1_800_000,
    },
    spending_per_unit={
        f"command_centre total {PLACE} | ludian.platform-scope=whole-platform": 1_800_000 / 103,
        "weak_organisation total": (1_000_000 / 77, 1_000_000 / 77, INF),  # more than a million
    },
    collective_support={
        "collective_project_2019 total": 3_000_000 / 6,
        "collective_project_2021 total": 15_000_000 / 30,
        "weak_village total": 14_400_000 / 48,
    },
    weak_village_share={f"weak_village {PLACE}": 48 / 103},
    yearly_pay={
        f"{PLACE} head_split before": 2000 * 12,
        f"{PLACE} head_combined before": 2200 * 12,
        f"{PLACE} deputy before": 1800 * 12,
        f"{PLACE} member before": 600 * 12,
        f"{PLACE} head_split after": 4200 * 12,
        f"{PLACE} head_combined after | {BOTH_POSTS}": 4200 * 12,
        f"{PLACE} deputy after": 3200 * 12,
        f"{PLACE} member after": 2600 * 12,
        f"{PLACE} secretary_group_leader after | {WHOLE_PAY}": 600 * 12,
    },
    pay_to_head={
        f"{PLACE} head_combined before": 2200 / 2000,
        f"{PLACE} deputy before": 1800 / 2000,
        f"{PLACE} member before": 600 / 2000,
        f"{PLACE} head_combined after | {BOTH_POSTS}": 4200 / 4200,
        f"{PLACE} deputy after": 3200 / 4200,
        f"{PLACE} member after": 2600 / 4200,
        f"{PLACE} secretary_group_leader after | {WHOLE_PAY}": 600 / 4200,
    },
    pay_rise={
        f"{PLACE} head_split": 4200 / 2000,
        f"{PLACE} head_combined | {BOTH_POSTS}": 4200 / 2200,
        f"{PLACE} deputy": 3200 / 1800,
        f"{PLACE} member": 2600 / 600,
    },
    monthly_rise={
        f"{PLACE} head_split": 2200,
        f"{PLACE} head_combined | {BOTH_POSTS}": 2000,
        f"{PLACE} deputy": 1400,
        f"{PLACE} member": 2000,
    },
    pay_to_rural_income=against_income(
        {
            f"{PLACE} head_split after": 4200 * 12,
            f"{PLACE} head_combined after | {BOTH_POSTS}": 4200 * 12,
            f"{PLACE} deputy after": 3200 * 12,
            f"{PLACE} member after": 2600 * 12,
            f"{PLACE} secretary_group_leader after | {WHOLE_PAY}": 600 * 12,
        },
        "ludian.year-2020-2021", 2020, 2021,
    ),
    pension_subsidy={
        f"pension_insurance {PLACE}": (1_600_000 / 325, 0, 1_600_000 / 325)
    },  # nearly 1.6 million
    office_money={
        "office_funds community before": 50_000,
        "office_funds community after": 100_000,
        "office_funds village after": 50_000,
    },
    office_cost={
        # 12 communities at 100,000 and 91 others at 50,000 make 5.75 million; the rise is 1.11 million, with
        # the 600,000 of the communities or without them.
        "office_funds county after": 5_750_000,
        "office_funds county before | ludian.office-increase=all-103": 5_750_000 - 1_110_000,
        "office_funds county before | ludian.office-increase=others-only": 5_750_000 - 1_110_000 - 600_000,
    },
    operating_funds={
        "seconded_official": 565_000 / 30,
        f"party_building_total {PLACE} after": 3_000_000 / 103,
    },
    operating_funds_rise={
        # 12 communities rise by 50,000 each, which leaves 510,000 of 1.11 million for the 91 others.
        f"office_funds {PLACE} | ludian.office-increase=all-103": (1_110_000 - 12 * (100_000 - 50_000)) / 91,
        f"office_funds {PLACE} | ludian.office-increase=others-only": 1_110_000 / 91,
        "office_funds community": 100_000 - 50_000,
    },
    branches_dissolved={f"branch | {ALL_GONE}": 177, f"branch | {SOME_GONE}": (177, 0, 177)},
    branches_established={"branch": 94},
    net_branches={f"branch | {ALL_GONE}": 94 - 177, f"branch | {SOME_GONE}": (94 - 177, 94 - 177, 94)},
    branch_turnover={f"branch | {ALL_GONE}": 94 + 177, f"branch | {SOME_GONE}": (94 + 177, 94, 94 + 177)},
    organisations_rectified={"weak_organisation": 77},
    model_branches={"model_branch_province": 8, "model_branch_city": 10, "model_branch_county": 40},
    standard_branches={"branch": 779},
    new_structures={"community_committee": 6, "new_field_branch": 3},
    problems_per_village={f"problem_found {PLACE}": (150 / 103, 150 / 103, INF)},  # more than 150
    people_per_village={
        f"first_secretary {PLACE}": 112 / 103,
        f"village_official {PLACE}": 780 / 103,
        f"department_head {PLACE}": 57 / 103,
    },
    honours={
        f"{who} {level}": number
        for level, numbers in {
            "province": (1, 1, 2), "city": (7, 9, 3), "county": (40, 29, 30), "township": (203, 104, 81),
        }.items()
        for who, number in zip(
            ("outstanding_member", "party_worker", "advanced_organisation"), numbers, strict=True
        )
    },
)  # fmt: skip

TARGET_OR_RESULT = [f"wushan.within-year={status}" for status in ("target", "result")]
WUSHAN = by_hand(
    "wushan",
    income_share={f"collective_income village | {how}": (0.8, 0.8, 1) for how in TARGET_OR_RESULT},
    collective_income={
        f"collective_income village | {how}": (100_000, 100_000, INF) for how in TARGET_OR_RESULT
    },
    people_trained={"trainee": (3000, 3000, INF)},
    venues_upgraded={
        "village_venue upgraded village | wushan.within-year=target": 60,
        "village_venue upgraded village | wushan.within-year=result": 60,
    },
    organisations_rectified={
        "weak_organisation | wushan.within-year=target": 7,
        "weak_organisation | wushan.within-year=result": 7,
    },
    new_structures={"industry_alliance": 5},
)

SEPARATE, AMONG = (f"weinan.venue-overlap={how}" for how in ("separate", "small-among-rented"))
WEINAN = by_hand(
    "weinan",
    # 5 rented venues and 3 that are too small, which may be among the 5, in 16 villages.
    **{
        measure: {
            f"village_venue mixed village | {SEPARATE}": (5 + 3) / villages,
            f"village_venue mixed village | {AMONG}": 5 / villages,
        }
        for measure, villages in {
            "venues_upgraded": 1,
            "venues_per_village": 16,
            "venues_covered": 16,
        }.items()
    },
    problems_per_village={"problem_found village": 242 / 16},
    measures_per_problem={"problem_found": 266 / 242},
    people_trained={"trainee": (70, 70, INF)},
)

SCOPE = "minjia.investment-scope="
EACH = [f"{SCOPE}per-venue-replaces", f"{SCOPE}per-venue-tops-up"]
FIVE = [f"{SCOPE}village-venues-replaces", f"{SCOPE}village-venues-tops-up"]
FOUR = [f"{SCOPE}new-venues-replaces", f"{SCOPE}new-venues-tops-up"]
SCOPES = [f"{SCOPE}{what}-{daping}" for what in ("per-venue", "new-venues", "village-venues", "everything")
          for daping in ("replaces", "tops-up")]  # fmt: skip
INSTEAD = (3 * 960_000 + 500_000) / 4  # 500,000 for Daping instead of 960,000
ON_TOP = (4 * 960_000 + 500_000) / 4
MINJIA = by_hand(
    "minjia",
    cost_per_venue={
        **{f"village_venue new total village | {reading}": 3_800_000 for reading in EACH},
        **{f"village_venue new total village | {reading}": 3_800_000 / 4 for reading in FOUR},
        **{f"village_venue mixed total village | {reading}": 3_800_000 / 5 for reading in FIVE},
        "village_venue new county_subsidy village": 960_000,
        "village_venue upgraded county_subsidy village": 100_000,
        "group_venue new county_subsidy village": 100_000,
        "group_venue upgraded county_subsidy village": 30_000,
    },
    cost_per_m2={
        **{f"village_venue new total village | {reading}": 3_800_000 / 1558 for reading in EACH},
        **{f"village_venue new total village | {reading}": 3_800_000 / (4 * 1558) for reading in FOUR},
    },
    average_subsidy={
        f"village_venue new county_subsidy village | {reading}": mean
        for reading in SCOPES
        for mean in [INSTEAD if reading.endswith("replaces") else ON_TOP]
    },
    venues_upgraded={
        f"{venues} village | minjia.works-status={status}": number
        for status in ("plan", "done")
        for venues, number in {
            "village_venue new": 4,
            "village_venue upgraded": 16 - 4 - 11,
            "group_venue new": 6,
            "group_venue upgraded": 3,
        }.items()
    },
    venues_covered={
        f"village_venue mixed village | minjia.works-status={status}": (4 + 1) / 16
        for status in ("plan", "done")
    },
)
BY_HAND: dict[Key, Value] = SHANGZHOU | LUDIAN | WUSHAN | WEINAN | MINJIA


def key(estimate: Estimate) -> Key:
    dimensions = " ".join(filter(None, (getattr(estimate, name) for name in DIMENSIONS)))
    readings = [part for part in estimate.reading.split("; ") if part != "annualisation=twelve"]
    return (estimate.programme_id, estimate.measure, dimensions, "; ".join(readings))


def one(
    estimates: list[Estimate], programme: str, measure: str, dimensions: str, reading: str = ""
) -> Estimate:
    (found,) = [e for e in estimates if key(e) == (programme, measure, dimensions, reading)]
    return found


def only(frame: pd.DataFrame, **wanted: str) -> dict[str, Any]:
    """Return the one row with those values in those columns."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return dict(frame.iloc[0])
