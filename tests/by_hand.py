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
RURAL_INCOME_2015, RURAL_INCOME_2021 = 11_422, 18_931

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
    pay_to_rural_income={
        f"{place} {post} after": pay / RURAL_INCOME_2015
        for place, posts in LADDERS.items()
        for post, pay in posts.items()
    },
    operating_funds={
        "office_funds village after | shangzhou.funds-period=per-year": 25_000,
        "party_building_funds village after | shangzhou.funds-period=per-year": 8_000,
        "work_funds community after | shangzhou.funds-period=per-year": 30_000,
        "party_building_funds community after | shangzhou.funds-period=per-year": 10_000,
        "service_funds community after | shangzhou.funds-period=per-year": 100_000,
    },
)

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
    total_spending={
        "village_venue mixed total village": 59_560_000,
        "group_venue new total village": 49_800_000,
        "command_centre total county | ludian.platform-scope=centre-only": 1_800_000,
        "command_centre total county | ludian.platform-scope=whole-platform": 1_800_000,
    },
    spending_per_unit={
        f"command_centre total {PLACE} | ludian.platform-scope=whole-platform": 1_800_000 / 103,
        "weak_organisation total": (1_000_000 / 77, 1_000_000 / 77, INF),  # more than a million
        "collective_project_2019 total": 3_000_000 / 6,
        "collective_project_2021 total": 15_000_000 / 30,
        "weak_village total": 14_400_000 / 48,
    },
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
    pay_to_rural_income={
        f"{PLACE} head_split after": 4200 * 12 / RURAL_INCOME_2021,
        f"{PLACE} head_combined after | {BOTH_POSTS}": 4200 * 12 / RURAL_INCOME_2021,
        f"{PLACE} deputy after": 3200 * 12 / RURAL_INCOME_2021,
        f"{PLACE} member after": 2600 * 12 / RURAL_INCOME_2021,
        f"{PLACE} secretary_group_leader after | {WHOLE_PAY}": 600 * 12 / RURAL_INCOME_2021,
    },
    pension_subsidy={
        f"pension_insurance {PLACE}": (1_600_000 / 325, 0, 1_600_000 / 325)
    },  # nearly 1.6 million
    operating_funds={
        "seconded_official": 565_000 / 30,
        "office_funds community before": 50_000,
        "office_funds community after": 100_000,
        f"office_funds {PLACE} after": 50_000,
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
)

WUSHAN = by_hand(
    "wushan",
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

WEINAN = by_hand(
    "weinan",
    # 5 rented venues and 3 that are too small, in 16 villages.
    venues_upgraded={"village_venue mixed village": 5 + 3},
    venues_per_village={"village_venue mixed village": (5 + 3) / 16},
)

SCOPE = "minjia.investment-scope="
EACH = [f"{SCOPE}per-venue-replaces", f"{SCOPE}per-venue-tops-up"]
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
        "village_venue new county_subsidy village": (960_000, 960_000, INF),
        "village_venue upgraded county_subsidy village": (100_000, 100_000, INF),
        "group_venue new county_subsidy village": (100_000, 100_000, INF),
        "group_venue upgraded county_subsidy village": (30_000, 30_000, INF),
    },
    cost_per_m2={
        **{f"village_venue new total village | {reading}": 3_800_000 / 1558 for reading in EACH},
        **{f"village_venue new total village | {reading}": 3_800_000 / (4 * 1558) for reading in FOUR},
    },
    average_subsidy={
        f"village_venue new county_subsidy village | {reading}": (mean, mean, INF)
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
