"""Investment: cost per venue and per m², subsidies, venues per village, and money per unit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from qingxi import VALID, coding, figure, term, write

from analysis.estimates.measures import Estimate
from analysis.estimates.spans import spans
from analysis.estimates.themes import theme_estimates
from analysis.evidence import checks
from analysis.evidence.checks import DataError
from analysis.evidence.register import MEASURES

FIGURES = [
    figure("amount", 1, 20, "近160万元", "1600000", "CNY", qualifier="nearly"),
    figure("venues", 1, 30, "8个", "8", "venue"),
    figure("area", 1, 40, "400平方米", "400", "m2/venue", basis="per_unit"),
    figure("villages", 1, 50, "10个", "10", "village"),
    figure("subsidy", 1, 60, "5万元", "50000", "CNY/venue", basis="per_unit", status="standard"),
    figure("town", 1, 70, "90万元", "900000", "CNY"),
    figure("facilities", 1, 80, "3个", "3", "facility"),
    figure("projects", 1, 90, "4个", "4", "project"),
]
VENUE = {"object": "village_venue"}
CODINGS = [
    coding("cost", "cost_per_venue", "qingxi.amount", "qingxi.venues", **VENUE, funder="total"),
    coding("subsidy", "cost_per_venue", "qingxi.subsidy", **VENUE, funder="county_subsidy"),
    coding("town", "cost_per_venue", "qingxi.town", "qingxi.facilities", object="township_facility"),
    coding("m2", "cost_per_m2", "qingxi.amount", "qingxi.venues * qingxi.area", **VENUE),
    coding("mean", "average_subsidy", "2 venue * qingxi.subsidy", "qingxi.venues", **VENUE),
    coding("number", "venues_upgraded", "qingxi.venues", **VENUE),
    coding("coverage", "venues_per_village", "qingxi.venues", "qingxi.villages", **VENUE),
    coding("covered", "venues_covered", "qingxi.venues", "1 venue/village * qingxi.villages", **VENUE),
    coding("total", "total_spending", "qingxi.amount", **VENUE),
    coding("projects", "spending_per_unit", "qingxi.town", "qingxi.projects"),
]
ANNUALISATION_ONLY = {
    name: [row for row in VALID[name] if row["choice_id"] == "annualisation"]
    for name in ("choices", "readings")
}
TABLES = (
    VALID
    | ANNUALISATION_ONLY
    | {
        "terms": [*VALID["terms"], term("funder", "total"), term("object", "township_facility")],
        "figures": FIGURES,
        "codings": CODINGS,
        "exclusions": [],
        "identities": [],
    }
)


@pytest.fixture
def found(tmp_path: Path) -> pd.DataFrame:
    return theme_estimates(checks.load(write(tmp_path, TABLES)), "investment")


def test_each_coding_is_an_estimate_with_its_unit(found: pd.DataFrame) -> None:
    columns = ["measure", "object", "value", "lower", "upper", "unit"]
    assert list(found[columns].itertuples(index=False, name=None)) == [
        ("cost_per_venue", "village_venue", 200_000, 0, 200_000, "CNY/venue"),
        ("cost_per_venue", "village_venue", 50_000, 50_000, 50_000, "CNY/venue"),
        ("cost_per_venue", "township_facility", 300_000, 300_000, 300_000, "CNY/facility"),
        ("cost_per_m2", "village_venue", 500, 0, 500, "CNY/m2"),
        ("average_subsidy", "village_venue", 12_500, 12_500, 12_500, "CNY/venue"),
        ("venues_upgraded", "village_venue", 8, 8, 8, "venue"),
        ("venues_per_village", "village_venue", 0.8, 0.8, 0.8, "venue/village"),
        ("venues_covered", "village_venue", 0.8, 0.8, 0.8, "ratio"),
        ("total_spending", "village_venue", 1_600_000, 0, 1_600_000, "CNY"),
        ("spending_per_unit", "", 225_000, 225_000, 225_000, "CNY/project"),
    ]


def test_the_frame_has_every_measure_of_the_theme_and_no_other(found: pd.DataFrame) -> None:
    assert tuple(found.columns) == Estimate._fields
    assert set(found["theme"]) == {"investment"}
    assert set(found["measure"]) == {code for code, m in MEASURES.items() if m.theme == "investment"}
    assert set(found["price_basis"]) == {"nominal"}


def test_a_subsidy_is_a_cell_of_its_own_and_an_exact_amount(tmp_path: Path, found: pd.DataFrame) -> None:
    rows = spans(checks.load(write(tmp_path, TABLES)), found)
    venues = rows[(rows["measure"] == "cost_per_venue") & (rows["object"] == "village_venue")]
    assert list(zip(venues["funder"], venues["value"], venues["upper"], strict=True)) == [
        ("total", 200_000, 200_000),
        ("county_subsidy", 50_000, 50_000),
    ]


def test_money_divided_by_the_wrong_thing_is_refused(tmp_path: Path) -> None:
    wrong = coding("cost", "cost_per_venue", "qingxi.amount", "qingxi.villages", **VENUE, funder="total")
    with pytest.raises(DataError) as caught:
        checks.load(write(tmp_path, TABLES | {"codings": [wrong, *CODINGS[1:]]}))
    assert [str(problem) for problem in caught.value.problems] == [
        "data/raw/codings.csv:2: numerator: 'qingxi.amount' — expected a result in CNY/venue or "
        "CNY/facility, not in CNY/village; use other figures or another measure [coding-unit]"
    ]
