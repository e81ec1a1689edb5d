"""Reference series, and money in the prices of one year."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qingxi import SCOPE, VALID, YEAR, series, with_cells, write

from analysis.estimates import prices
from analysis.estimates.measures import Estimate, from_frame, to_frame
from analysis.estimates.prices import in_prices_of, price_factor, years_of
from analysis.evidence import checks
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import CPI
from analysis.evidence.theme import RURAL_INCOME

# Changes on the year before, in percent.
CHANGES = {2018: 2.1, 2019: 2.9, 2020: 2.5, 2021: 0.9}
COST = Estimate("qingxi", "investment", "cost_per_venue", object="village_venue", value=1000, lower=500,
                upper=2000, unit="CNY/venue", year="2018", figure_ids="qingxi.venues.amount")  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    """Prices rose by 2.1 percent in 2018, 2.9 in 2019, 2.5 in 2020 and 0.9 in 2021."""
    changes = series(CPI, "percent", **{f"y{year}": str(change) for year, change in CHANGES.items()})
    income = series(RURAL_INCOME, "yuan", y2021="18931")
    return checks.load(write(tmp_path, VALID | {"reference_series": [*changes, *income]}))


def converted(data: Dataset, *estimates: Estimate, year: int = 2021) -> list[Estimate]:
    return from_frame(in_prices_of(data, to_frame(estimates), year))


# The series.


def test_a_series_is_value_by_year(data: Dataset) -> None:
    assert prices.series(data, CPI) == CHANGES
    assert prices.series(data, RURAL_INCOME) == {2021: 18_931}


def test_an_unknown_series(data: Dataset) -> None:
    with pytest.raises(KeyError) as caught:
        prices.series(data, "cpi")
    assert caught.value.args == (
        "no reference series 'cpi'; known are cpi_annual_change_nbs, rural_disposable_income_pc",
    )


@pytest.mark.parametrize(("year", "years"), [("2021", [2021]), ("2019/2021", [2019, 2020, 2021]), ("", [])])
def test_the_years_of_a_figure(year: str, years: list[int]) -> None:
    assert years_of(year) == years


# The chain.


@pytest.mark.parametrize(
    ("first", "last", "factor"),
    [
        (2018, 2021, 1.029 * 1.025 * 1.009),  # the change of 2018 itself is behind money of 2018
        (2020, 2021, 1.009),
        (2021, 2021, 1.0),
        (2021, 2018, 1 / (1.029 * 1.025 * 1.009)),
        (2017, 2018, 1.021),  # the first change is on the prices of the year before
    ],
)
def test_the_chain_of_yearly_changes(first: int, last: int, factor: float) -> None:
    assert price_factor(CHANGES, first, last) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(("first", "last", "outside"), [(2016, 2021, 2016), (2021, 2022, 2022)])
def test_a_year_that_the_chain_does_not_reach(first: int, last: int, outside: int) -> None:
    with pytest.raises(ValueError) as caught:
        price_factor(CHANGES, first, last)
    assert str(caught.value) == f"no consumer prices for {outside}; the series covers 2017 to 2021"


years = st.integers(2017, 2021)


@given(st.fixed_dictionaries({year: st.floats(-5, 25) for year in CHANGES}), years, years, years)
def test_deflating_there_and_back(changes: dict[int, float], one: int, two: int, three: int) -> None:
    there, back = price_factor(changes, one, two), price_factor(changes, two, one)
    assert there * back == pytest.approx(1)
    assert there * price_factor(changes, two, three) == pytest.approx(price_factor(changes, one, three))


# Estimates.


def test_value_and_bounds_are_converted(data: Dataset) -> None:
    (found,) = converted(data, COST)
    assert found == COST._replace(
        value=pytest.approx(1064.217525),
        lower=pytest.approx(532.1087625),
        upper=pytest.approx(2128.43505),
        price_basis="constant-2021",
    )


def test_the_same_year_changes_nothing_but_the_price_basis(data: Dataset) -> None:
    assert converted(data, COST, year=2018) == [COST._replace(price_basis="constant-2018")]


def test_every_year_of_a_range_is_a_reading(data: Dataset) -> None:
    """Money of 2019 to 2021 is worth 1.025 × 1.009 as much if of 2019, and as printed if of 2021."""
    found = converted(data, COST._replace(year="2019/2021", reading=f"{SCOPE}=all"))
    assert [(estimate.reading, estimate.is_default) for estimate in found] == [
        (f"{SCOPE}=all; {YEAR}=2019", False),
        (f"{SCOPE}=all; {YEAR}=2020", False),
        (f"{SCOPE}=all; {YEAR}=2021", True),
    ]
    assert [estimate.value for estimate in found] == pytest.approx([1000 * 1.025 * 1.009, 1009, 1000])
    assert {estimate.year for estimate in found} == {"2019/2021"}


def test_the_default_year_does_not_make_another_reading_a_default(data: Dataset) -> None:
    found = converted(data, COST._replace(year="2019/2021", is_default=False))
    assert [estimate.is_default for estimate in found] == [False, False, False]


def test_money_without_a_year_is_at_least_its_conversion_from_that_of_its_document(tmp_path: Path) -> None:
    """Whatever year before that of its document it is of, prices have risen since."""
    inferred = {"date_basis": "inferred", "date_note": "by its words", "date_note_zh": "据用语"}
    tables = with_cells("sources", 2, published="2019/2020", **inferred)
    for figure in tables["figures"]:
        figure["year"] = figure["year"] and "2019"
    data = checks.load(write(tmp_path, tables))
    (found,) = converted(data, COST._replace(year="", figure_ids="qingxi.venues.amount qingxi.venues.all"))
    assert (found.value, found.lower, found.upper) == (pytest.approx(1009), pytest.approx(504.5), math.inf)
    assert (found.year, found.absence) == ("", "")


@pytest.mark.parametrize("year", ["2012", "2030"])
def test_money_of_a_year_without_prices(data: Dataset, year: str) -> None:
    (found,) = converted(data, COST._replace(year=year))
    assert (found.absence, found.reason) == ("not_comparable", "year_outside_prices")
    assert all(math.isnan(number) for number in (found.value, found.lower, found.upper))


def test_of_a_range_only_the_years_with_prices_have_a_value(data: Dataset) -> None:
    found = converted(data, COST._replace(year="2015/2021"))
    assert [estimate.absence for estimate in found] == ["not_comparable", "not_comparable", *[""] * 5]
    assert found[-1].value == 1000


def test_an_absence_stays_one(data: Dataset) -> None:
    nothing = COST.without_value("not_reported", "coding:q.none")
    (found,) = converted(data, nothing)
    assert (found.absence, found.reason) == ("not_reported", "coding:q.none")
    assert found.price_basis == "constant-2021"


@pytest.mark.parametrize(
    ("measure", "unit", "money"),
    [
        ("cost_per_venue", "CNY/venue", True),
        ("yearly_pay", "CNY/person/year", True),
        ("venues_upgraded", "venue", False),
        ("pay_rise", "ratio", False),
        ("net_branches", "branch", False),
    ],
)
@pytest.mark.parametrize("has_value", [True, False])
def test_only_money_has_prices(data: Dataset, measure: str, unit: str, money: bool, has_value: bool) -> None:
    estimate = COST._replace(measure=measure, unit=unit if has_value else "")
    nothing = estimate.without_value("not_reported", "coding:q.none")
    assert len(converted(data, estimate if has_value else nothing)) == int(money)


def test_the_frame_has_the_columns_of_estimates(data: Dataset) -> None:
    for estimates in ([COST], []):
        frame = in_prices_of(data, to_frame(estimates), 2021)
        assert tuple(frame.columns) == Estimate._fields
        pd.testing.assert_series_equal(frame.dtypes, to_frame([COST]).dtypes)


def test_the_estimates_given_are_left_as_they_are(data: Dataset) -> None:
    before = to_frame([COST, COST._replace(year="2019/2021")])
    after = before.copy()
    in_prices_of(data, after, 2021)
    pd.testing.assert_frame_equal(before, after)


@pytest.mark.parametrize("year", [2016, 2022])
def test_prices_of_a_year_outside_the_series(data: Dataset, year: int) -> None:
    with pytest.raises(ValueError) as caught:
        in_prices_of(data, to_frame([]), year)
    assert str(caught.value) == f"no consumer prices for {year}; the series covers 2017 to 2021"


def test_money_is_not_converted_twice(data: Dataset) -> None:
    once = in_prices_of(data, to_frame([COST]), 2021)
    with pytest.raises(ValueError) as caught:
        in_prices_of(data, once, 2019)
    assert str(caught.value) == "estimates in constant-2021 prices; only nominal ones can be converted"


@given(st.floats(1, 1e9), st.sampled_from(sorted(CHANGES)), st.sampled_from(sorted(CHANGES)))
def test_the_ratio_of_two_amounts_of_one_year_is_the_same_in_all_prices(
    value: float, year: int, other: int
) -> None:
    """Both sides of a comparison share the deflator."""
    factor, another = price_factor(CHANGES, 2018, year), price_factor(CHANGES, 2018, other)
    assert (value * factor) / (1000 * factor) == pytest.approx((value * another) / (1000 * another))
