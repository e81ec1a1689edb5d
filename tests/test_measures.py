"""The register of measures, and how one coding becomes one estimate under each reading."""

from __future__ import annotations

import math
from operator import sub, truediv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qingxi import SCOPE, VALID, Rows, bilingual, coding, figure, reading, write

from analysis.estimates.derivations import combine
from analysis.estimates.measures import (
    Estimate,
    Readings,
    estimates_of,
    from_frame,
    to_frame,
)
from analysis.estimates.reasons import NOT_PRINTED
from analysis.evidence import checks
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, format_when, parse_when
from analysis.evidence.themes import THEMES

EXTENT = "qingxi.extent"
LAND_ONLY = reading(EXTENT, "land-only", requires="qingxi.venues.all <= qingxi.venues.new") | bilingual(
    reason="8 are more than 3."
)
TWO_CHOICES: Rows = {
    "choices": [
        *VALID["choices"],
        {"choice_id": EXTENT, "programme_id": "qingxi", "kind": "uncertain"} | bilingual(question="With?"),
    ],
    "readings": [
        *VALID["readings"],
        reading(EXTENT, "with-land", default=True), reading(EXTENT, "without-land"), LAND_ONLY,
    ],
    "codings": [
        coding("all", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.all",
               when=f"{SCOPE}=all; {EXTENT}=with-land"),
        coding("new", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.new", when=f"{SCOPE}=new"),
    ],
}  # fmt: skip


def dataset(root: Path, **tables: list[dict[str, str]]) -> Dataset:
    """Return the invented data set with other rows in some tables."""
    return checks.load(write(root, VALID | tables))


def unused_scope() -> Rows:
    """Return the choices and readings without the one that no coding of a test names."""
    return {
        name: [row for row in VALID[name] if row["choice_id"] != SCOPE] for name in ("choices", "readings")
    }


def coded(
    root: Path, *codings: dict[str, str], figures: list[dict[str, str]] | None = None
) -> list[Estimate]:
    """Return the estimates of investment and stipends that come from these codings."""
    tables = unused_scope() | {"codings": list(codings), "figures": figures or VALID["figures"]}
    data = dataset(root, **tables)
    found = [estimate for theme in ("investment", "stipends") for estimate in estimates_of(data, theme)]
    return [estimate for estimate in found if estimate.coding_id]


# The register.


def test_every_measure_belongs_to_a_theme_and_has_a_formula() -> None:
    assert {measure.theme for measure in MEASURES.values()} == set(THEMES)
    assert all(code == measure.code for code, measure in MEASURES.items())
    assert all(len(measure.unit_forms) == 1 for measure in MEASURES.values() if measure.derived)


@pytest.mark.parametrize(
    ("measure", "unit", "allowed"),
    [
        ("cost_per_venue", "CNY/venue", True),
        ("cost_per_venue", "CNY/facility", True),
        ("cost_per_venue", "CNY/venue/year", False),
        ("cost_per_venue", "CNY", False),
        ("operating_funds", "CNY/village/year", True),
        ("operating_funds", "CNY", False),
        ("rectified_share", "ratio", True),
        ("rectified_share", "organisation/branch", False),
        ("branches_dissolved", "organisation", False),
    ],
)
def test_a_measure_allows_its_units_only(measure: str, unit: str, allowed: bool) -> None:
    assert MEASURES[measure].allows(unit) is allowed


# Conditions.


@pytest.mark.parametrize(
    ("when", "readings"),
    [
        ("", {}),
        ("a.scope=new", {"a.scope": "new"}),
        ("b=2; a=1", {"a": "1", "b": "2"}),
    ],
)
def test_a_condition_is_a_mapping_of_choice_to_reading(when: str, readings: dict[str, str]) -> None:
    assert parse_when(when) == readings


@pytest.mark.parametrize("when", ["a", "a=", "=new", "a=1=2", "a=1;", "a=1,b=2"])
def test_a_condition_of_another_form(when: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_when(when)
    assert str(caught.value) == f"{when!r} is not of the form choice=reading; choice=reading"


ids = st.from_regex(r"[a-z][a-z0-9.-]{0,9}", fullmatch=True)


@given(st.dictionaries(ids, ids, max_size=4))
def test_a_condition_reads_what_it_writes(readings: dict[str, str]) -> None:
    assert parse_when(format_when(readings)) == readings
    assert format_when(dict(reversed(readings.items()))) == format_when(readings)


# Crossing.


def test_choices_are_crossed_in_the_order_of_names_and_ranks(tmp_path: Path) -> None:
    register = Readings.of(dataset(tmp_path, **TWO_CHOICES))
    assert [format_when(readings) for readings in register.cross([SCOPE, EXTENT])] == [
        "qingxi.extent=with-land; qingxi.scope=all",
        "qingxi.extent=with-land; qingxi.scope=new",
        "qingxi.extent=without-land; qingxi.scope=all",
        "qingxi.extent=without-land; qingxi.scope=new",
        "qingxi.extent=land-only; qingxi.scope=all",
        "qingxi.extent=land-only; qingxi.scope=new",
    ]
    assert list(register.cross([])) == [{}]


LAND_ONLY = "reading:qingxi.extent=land-only"


def test_each_combination_of_readings_has_one_estimate(tmp_path: Path) -> None:
    """``all`` is coded with land only; ``new`` whatever the extent; 8 venues for land only is ruled out."""
    found = estimates_of(dataset(tmp_path, **TWO_CHOICES), "investment")
    cells = [e for e in found if e.measure == "cost_per_venue"]
    valued = [(e.reading, e.value, e.is_default, e.feasible, e.reason) for e in cells if e.has_value]
    assert valued == [
        ("qingxi.extent=with-land; qingxi.scope=all", 1_600_000 / 8, True, True, ""),
        ("qingxi.extent=with-land; qingxi.scope=new", 1_600_000 / 3, False, True, ""),
        ("qingxi.extent=without-land; qingxi.scope=new", 1_600_000 / 3, False, True, ""),
        ("qingxi.extent=land-only; qingxi.scope=new", 1_600_000 / 3, False, False, LAND_ONLY),
    ]  # fmt: skip
    assert [(e.reading, e.is_default, e.feasible, e.absence, e.reason) for e in cells if not e.has_value] == [
        ("qingxi.extent=without-land; qingxi.scope=all", False, True, "not_comparable",
         "no_coding"),
        ("qingxi.extent=land-only; qingxi.scope=all", False, False, "not_comparable",
         "no_coding"),
    ]  # fmt: skip


def test_a_choice_touches_only_the_cells_whose_codings_name_it(tmp_path: Path) -> None:
    codings = [*TWO_CHOICES["codings"], coding("total", "total_spending", "qingxi.venues.amount")]
    found = estimates_of(dataset(tmp_path, **(TWO_CHOICES | {"codings": codings})), "investment")
    assert [e.reading for e in found if e.measure == "total_spending"] == [""]


def test_the_infeasible_reading_names_itself_as_the_reason(tmp_path: Path) -> None:
    found = estimates_of(dataset(tmp_path, **TWO_CHOICES), "investment")
    (ruled_out,) = [e for e in found if not e.feasible and e.has_value]
    assert ruled_out.reason == LAND_ONLY


# A monthly rate.


def test_a_monthly_rate_is_times_twelve_under_one_reading_and_nothing_under_the_other(tmp_path: Path) -> None:
    found = coded(tmp_path, coding("head", "yearly_pay", "qingxi.pay.head", post="head_split", stage="after"))
    twelve, printed = found
    assert (twelve.reading, twelve.is_default) == ("annualisation=twelve", True)
    assert twelve.amount == Amount(50_400, 50_400, 50_400, "CNY/person/year", ("qingxi.pay.head",))
    assert (printed.reading, printed.is_default) == ("annualisation=as-printed", False)
    assert (printed.absence, printed.reason) == (
        "not_comparable",
        "not_annualised",
    )
    assert math.isnan(printed.value) and math.isnan(printed.lower) and math.isnan(printed.upper)
    assert printed.figure_ids == "qingxi.pay.head"


def test_a_yearly_rate_is_not_multiplied(tmp_path: Path) -> None:
    yearly = figure("pay", 2, 50, "2.4万元", "24000", "CNY/person/year", period="year", basis="per_unit")
    figures = [*VALID["figures"][:3], yearly, *VALID["figures"][5:]]
    (found,) = coded(tmp_path, coding("head", "yearly_pay", "qingxi.pay", post="head_split"), figures=figures)
    assert (found.value, found.unit, found.reading) == (24_000, "CNY/person/year", "")


# Bounds.


@pytest.mark.parametrize(
    ("bound", "bounds"),
    [("", (3, 3)), ("lower", (3, math.inf)), ("upper", (0, 3))],
)
def test_a_coding_may_say_that_its_value_is_a_mere_bound(
    tmp_path: Path, bound: str, bounds: tuple[float, float]
) -> None:
    (found,) = coded(tmp_path, coding("new", "venues_upgraded", "qingxi.venues.new", bound=bound))
    assert (found.value, found.lower, found.upper) == (3, *bounds)


def test_a_qualifier_bounds_the_quotient(tmp_path: Path) -> None:
    (found,) = coded(tmp_path, coding("cost", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.all"))
    assert (found.value, found.lower, found.upper) == (200_000, 0, 200_000)


# Status, years and figures.


@pytest.mark.parametrize(
    ("first", "second", "own", "status"),
    [
        ("achieved", "achieved", "", "achieved"),
        ("achieved", "planned", "", "planned"),
        ("standard", "achieved", "", "achieved"),
        ("standard", "standard", "", "standard"),
        ("standard", "planned", "", "planned"),
        ("planned", "planned", "achieved", "achieved"),
    ],
)
def test_one_planned_figure_makes_a_plan_unless_the_coding_says_otherwise(
    tmp_path: Path, first: str, second: str, own: str, status: str
) -> None:
    amount, new, *rest = VALID["figures"]
    figures = [amount | {"status": first}, new | {"status": second}, *rest]
    found = coded(
        tmp_path,
        coding("cost", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.new", status=own),
        figures=figures,
    )
    assert [estimate.status for estimate in found] == [status]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("2021", "stated"), ("2021", "stated"), ("2021", "stated")),
        (("2019", "stated"), ("2021", "inferred"), ("2019/2021", "inferred")),
        (("2018/2020", "stated"), ("2019/2021", "stated"), ("2018/2021", "stated")),
        (("2021", "stated"), ("2018/2019", "stated"), ("2018/2021", "stated")),
        (("2021", "stated"), ("", "unknown"), ("", "unknown")),
    ],
)
def test_the_years_of_a_sum_are_those_that_its_figures_span(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], expected: tuple[str, str]
) -> None:
    dated = [{"year": year, "year_basis": basis} for year, basis in (first, second)]
    amount, new, every, *rest = VALID["figures"]
    figures = [amount, new | dated[0], every | dated[1], *rest]
    sum_of_both = coding("sum", "venues_upgraded", "qingxi.venues.new + qingxi.venues.all")
    (found,) = coded(tmp_path, sum_of_both, figures=figures)
    assert (found.year, found.year_basis) == expected


def test_money_is_of_the_year_of_the_money_and_not_of_what_it_is_divided_by(tmp_path: Path) -> None:
    amount, new, every, *rest = VALID["figures"]
    figures = [amount, new, every | {"year": "2012"}, *rest]
    cost = coding("cost", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.all")
    (found,) = coded(tmp_path, cost, figures=figures)
    assert (found.year, found.figure_ids) == ("2019/2021", "qingxi.venues.amount qingxi.venues.all")


# Absence.


def test_an_absence_has_a_type_a_reason_and_no_number(tmp_path: Path) -> None:
    why = bilingual(note="The budget is named without an amount.")
    plain = coding("plain", "cost_per_venue", "", absence="not_reported")
    noted = coding("noted", "cost_per_m2", "", absence="not_applicable") | why
    first, second = coded(tmp_path, plain, noted)
    assert (first.absence, first.reason) == ("not_reported", "not_printed")
    assert (second.absence, second.reason) == ("not_applicable", "coding:qingxi.noted")
    for estimate in (first, second):
        assert all(math.isnan(number) for number in (estimate.value, estimate.lower, estimate.upper))
        assert (estimate.unit, estimate.figure_ids, estimate.year) == ("", "", "")


def test_a_measure_without_a_coding_is_not_reported(tmp_path: Path) -> None:
    found = estimates_of(dataset(tmp_path), "branches")
    assert [estimate.measure for estimate in found] == [
        code for code, measure in MEASURES.items() if measure.theme == "branches" and not measure.derived
    ]
    assert {(e.absence, e.reason, e.feasible, e.is_default) for e in found} == {
        ("not_reported", "not_printed", True, True)
    }


# Measures computed from two estimates.

NEW = Estimate("qingxi", "branches", "branches_established", value=94, lower=94, upper=94, unit="branch",
               year="2021", status="achieved", figure_ids="q.new", coding_id="q.new")  # fmt: skip
GONE = NEW._replace(measure="branches_dissolved", value=177, lower=0, upper=177, figure_ids="q.gone")


def net(top: Estimate, base: Estimate) -> Estimate | None:
    return combine("net_branches", top, base, sub)


def test_a_derived_measure_takes_value_bounds_and_figures_of_both() -> None:
    found = net(NEW, GONE)
    assert found == NEW._replace(
        measure="net_branches", value=-83, lower=-83, upper=94, figure_ids="q.new q.gone", coding_id=""
    )


def test_a_derived_measure_joins_the_readings_of_both() -> None:
    found = net(
        NEW._replace(reading="a=1; c=3"), GONE._replace(reading="a=1; b=2", is_default=False, feasible=True)
    )
    assert found is not None
    assert (found.reading, found.is_default) == ("a=1; b=2; c=3", False)


def test_estimates_that_answer_one_choice_differently_have_no_derived_measure() -> None:
    assert net(NEW._replace(reading="a=1; b=2"), GONE._replace(reading="b=3")) is None


@pytest.mark.parametrize("ruled_out", ["top", "base"])
def test_what_is_computed_from_an_infeasible_estimate_is_infeasible_for_the_same_reason(
    ruled_out: str,
) -> None:
    infeasible = {"feasible": False, "reason": "reading:qingxi.scope=new"}
    found = net(
        NEW._replace(**infeasible if ruled_out == "top" else {}),
        GONE._replace(**infeasible if ruled_out == "base" else {}),
    )
    assert found is not None
    assert (found.feasible, found.reason) == (False, "reading:qingxi.scope=new")
    assert found.value == -83


@pytest.mark.parametrize("lacking", ["top", "base"])
def test_a_derived_measure_without_one_of_both_is_absent_for_the_same_reason(lacking: str) -> None:
    pay = Estimate("qingxi", "stipends", "yearly_pay", value=24_000, lower=24_000, upper=24_000,
                   unit="CNY/person/year", figure_ids="q.pay")  # fmt: skip
    nothing = pay.without_value("not_applicable", "coding:q.none")
    found = combine("pay_rise", *((nothing, pay) if lacking == "top" else (pay, nothing)), truediv)
    assert found is not None
    assert (found.absence, found.reason) == ("not_applicable", "coding:q.none")
    assert all(math.isnan(number) for number in (found.value, found.lower, found.upper))
    assert found.unit == "ratio", "an absent ratio is no money"


# The frame.


def test_the_frame_has_one_row_for_each_estimate_and_typed_columns() -> None:
    frame = to_frame([NEW, GONE.without_value("not_reported", NOT_PRINTED)])
    assert tuple(frame.columns) == Estimate._fields
    kinds = {str(kind): list(frame.columns[frame.dtypes == kind]) for kind in frame.dtypes.unique()}
    assert kinds["float64"] == ["value", "lower", "upper"]
    assert kinds["bool"] == ["is_default", "feasible"]
    assert len(kinds["str"]) == len(Estimate._fields) - 5
    assert from_frame(frame)[0] == NEW


def test_an_empty_frame_has_the_same_columns_and_types() -> None:
    pd.testing.assert_series_equal(to_frame([]).dtypes, to_frame([NEW]).dtypes)
