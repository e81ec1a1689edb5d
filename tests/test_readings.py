"""The span of an estimate over its feasible readings."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingxi import SCOPE, VALID, YEAR, bilingual, reading, write

from analysis.estimates.measures import Estimate, to_frame
from analysis.estimates.spans import default_definitions, spans
from analysis.estimates.themes import theme_estimates
from analysis.evidence import checks
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import without_years

EXTENT = "qingxi.extent"
COST = Estimate("qingxi", "investment", "cost_per_venue", object="village_venue", funder="total", value=200,
                lower=200, upper=200, unit="CNY/venue", reading=f"{SCOPE}=all")  # fmt: skip
NEW = COST._replace(value=500, lower=500, upper=500, reading=f"{SCOPE}=new", is_default=False)
RULED_OUT = COST._replace(value=9000, lower=9000, upper=9000, reading=f"{SCOPE}=none", is_default=False,
                          feasible=False, reason="reading:q.scope=all")  # fmt: skip
NOTHING = NEW.without_value("not_comparable", "coding:q.none")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return checks.load(write(tmp_path_factory.mktemp("qingxi")))


def span(data: Dataset, *estimates: Estimate) -> dict[str, Any]:
    """Return the span of estimates of one cell."""
    frame = spans(data, to_frame(estimates))
    assert len(frame) == 1
    return dict(frame.iloc[0])


def shown(row: dict[str, Any]) -> tuple[float, float, float, int, int]:
    return (row["value"], row["low"], row["high"], row["n_readings"], row["n_values"])


def test_a_span_goes_from_the_smallest_to_the_largest_value_around_the_default(data: Dataset) -> None:
    assert shown(span(data, COST, NEW)) == (200, 200, 500, 2, 2)
    assert shown(span(data, NEW, COST)) == (200, 200, 500, 2, 2)


def test_an_infeasible_reading_is_never_in_a_span(data: Dataset) -> None:
    assert shown(span(data, COST, NEW, RULED_OUT)) == (200, 200, 500, 2, 2)


def test_a_reading_without_a_value_is_counted_and_adds_nothing(data: Dataset) -> None:
    assert shown(span(data, COST, NOTHING)) == (200, 200, 200, 2, 1)


def test_a_default_without_a_value_stays_the_default(data: Dataset) -> None:
    default = COST.without_value("not_reported", "coding:q.none")
    row = span(data, default, NEW)
    assert math.isnan(row["value"])
    assert (row["absence"], row["reading"]) == ("not_reported", f"{SCOPE}=all")
    assert (row["low"], row["high"], row["n_readings"], row["n_values"]) == (500, 500, 2, 1)


def test_a_cell_without_a_value_has_no_span(data: Dataset) -> None:
    row = span(data, COST.without_value("not_reported", "coding:q.none"), NOTHING)
    assert math.isnan(row["low"]) and math.isnan(row["high"])
    assert (row["n_readings"], row["n_values"]) == (2, 0)


def test_a_cell_without_a_feasible_reading_has_no_row(data: Dataset) -> None:
    frame = spans(data, to_frame([RULED_OUT]))
    assert frame.empty
    assert list(frame.columns) == [*Estimate._fields, "low", "high", "n_readings", "n_values"]


def test_a_reading_that_only_bounds_the_value_stretches_the_span_to_its_bound(data: Dataset) -> None:
    gone = Estimate(
        "qingxi", "branches", "branches_dissolved", value=177, lower=177, upper=177, unit="branch"
    )
    at_most = gone._replace(lower=0, reading=f"{SCOPE}=new", is_default=False)
    at_least = gone._replace(upper=math.inf, reading=f"{SCOPE}=new", is_default=False)
    assert shown(span(data, gone, at_most)) == (177, 0, 177, 2, 2)
    assert shown(span(data, gone, at_least)) == (177, 177, 177, 2, 2)


def test_the_qualifier_of_a_single_reading_is_no_span(data: Dataset) -> None:
    assert shown(span(data, COST._replace(lower=0))) == (200, 200, 200, 1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"programme_id": "baishi"},
        {"measure": "cost_per_m2"},
        {"object": "group_venue"},
        {"works": "new"},
        {"funder": "county_subsidy"},
        {"place": "village"},
        {"post": "deputy"},
        {"stage": "before"},
        {"price_basis": "constant-2021"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_estimates_of_different_things_are_never_in_one_span(data: Dataset, other: dict[str, str]) -> None:
    rows = spans(data, to_frame([COST, NEW._replace(is_default=True, **other)]))
    assert list(zip(rows["low"], rows["high"], strict=True)) == [(200, 200), (500, 500)]


# What the analyst decides.


def test_the_defaults_of_the_definitional_choices(data: Dataset) -> None:
    assert default_definitions(data) == {"annualisation": "twelve"}


def test_what_the_analyst_decides_is_not_pooled_with_what_the_text_leaves_open(tmp_path: Path) -> None:
    """The other way to count is a decision, so that its value is in no span; the scope is a question."""
    choice = {"choice_id": EXTENT, "kind": "definitional", "programme_id": "qingxi"}
    coded = [row | {"when": f"{row['when']}; {EXTENT}=net"} for row in VALID["codings"][:2]]
    data = checks.load(
        write(
            tmp_path,
            VALID
            | {
                "choices": [*VALID["choices"], choice | bilingual(question="Which?")],
                "readings": [
                    *VALID["readings"],
                    reading(EXTENT, "net", default=True),
                    reading(EXTENT, "all"),
                ],
                "codings": [*coded, *VALID["codings"][2:]],
            },
        )
    )
    other = COST._replace(value=7000, reading=f"{EXTENT}=all; {SCOPE}=all", is_default=False)
    same = [estimate._replace(reading=f"{EXTENT}=net; {estimate.reading}") for estimate in (COST, NEW)]
    assert shown(span(data, *same, other)) == (200, 200, 500, 2, 2)


def test_monthly_pay_as_printed_is_no_reading_of_yearly_pay(data: Dataset) -> None:
    frame = spans(data, theme_estimates(data, "stipends"))
    pay = frame[(frame["measure"] == "yearly_pay") & (frame["stage"] == "after")]
    assert list(pay["reading"]) == ["annualisation=twelve"] * 2
    assert set(pay["n_readings"]) == set(pay["n_values"]) == {1}


def test_the_invented_county_under_both_readings(data: Dataset) -> None:
    """Nearly 1.6 million for 8 venues, or for the 3 new ones: at most 533,333 each, and no lower bound."""
    rows = spans(data, theme_estimates(data, "investment"))
    (row,) = rows[rows["measure"] == "cost_per_venue"].to_dict("records")
    assert (row["value"], row["high"]) == (200_000, 1_600_000 / 3)
    assert (row["n_readings"], row["n_values"]) == (2, 2)


# Any estimates.

amounts = st.floats(-1e9, 1e9)
READINGS = [COST.reading, NEW.reading, *(f"{COST.reading}; {YEAR}={year}" for year in (2019, 2020))]


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    """Return an estimate of the one cell: exact or a bound, feasible or not, with a value or not.

    Its reading may be one of the text, or of the text and of the year.
    """
    value = draw(amounts)
    bounds = draw(st.sampled_from([(value, value), (value, math.inf), (0.0, max(value, 0.0))]))
    readings = {
        "lower": min(bounds[0], value),
        "upper": max(bounds[1], value),
        "feasible": draw(st.booleans()),
        "reading": draw(st.sampled_from(READINGS)),
    }
    found = COST._replace(value=value, is_default=False, **readings)
    return found if draw(st.booleans()) else found.without_value("not_comparable", "coding:q.none")


@settings(deadline=None)
@given(st.lists(estimates(), min_size=1, max_size=8), st.randoms())
def test_a_span_contains_every_feasible_value_and_does_not_depend_on_order(
    data: Dataset, found: list[Estimate], random: Any
) -> None:
    rows = spans(data, to_frame(found))
    feasible = [estimate for estimate in found if estimate.feasible]
    valued = [estimate for estimate in feasible if estimate.has_value]
    assert len(rows) == bool(feasible)
    for row in rows.to_dict("records"):
        assert row["n_readings"] == len({without_years(estimate.reading) for estimate in feasible})
        assert row["n_values"] == len({without_years(estimate.reading) for estimate in valued})
        assert all(row["low"] <= estimate.value <= row["high"] for estimate in valued)
        assert all(math.isfinite(row[end]) for end in ("low", "high")) or not valued
    ends = ["low", "high", "n_readings", "n_values"]
    shuffled = spans(data, to_frame(random.sample(found, len(found))))
    pd.testing.assert_frame_equal(shuffled[ends], rows[ends])
