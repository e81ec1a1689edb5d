"""Arithmetic over figures: values with bounds, units, and the figures they rest on."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.evidence.arithmetic import (
    Amount,
    ExpressionError,
    amount_of,
    evaluate,
    figure_ids,
    holds,
    split_relation,
)
from analysis.evidence.units import UnitError

INF = math.inf
AMOUNTS = {
    "qingxi.cost": amount_of("qingxi.cost", 1_600_000, None, "nearly", "CNY"),
    "qingxi.venues": amount_of("qingxi.venues", 8, None, "exact", "venue"),
    "qingxi.subsidy": amount_of("qingxi.subsidy", 50_000, None, "at_least", "CNY/venue"),
    "qingxi.pay": amount_of("qingxi.pay", 4200, None, "exact", "CNY/person/month"),
}


@pytest.mark.parametrize(
    ("printed", "value", "value_to", "qualifier", "unit", "bounds"),
    [
        ("8个", 8, None, "exact", "venue", (8, 8)),
        ("150余个", 150, None, "at_least", "venue", (150, INF)),
        ("98%以上", 0.98, None, "at_least", "share", (0.98, 1)),
        ("近160万元", 1_600_000, None, "nearly", "CNY", (0, 1_600_000)),
        ("不足5%", 0.05, None, "below", "share", (0, 0.05)),
        ("约30个", 30, None, "approximately", "venue", (0, INF)),
        ("约三成", 0.3, None, "approximately", "share", (0, 1)),
        ("1~2个月", 1, 2, "exact", "month", (1, 2)),
    ],
)
def test_the_qualifier_gives_the_bounds(
    printed: str, value: float, value_to: float | None, qualifier: str, unit: str, bounds: tuple[float, float]
) -> None:
    assert amount_of("a", value, value_to, qualifier, unit) == Amount(value, *bounds, unit, ("a",))


@pytest.mark.parametrize(
    ("expression", "value", "lower", "upper", "unit"),
    [
        ("qingxi.venues", 8, 8, 8, "venue"),
        (" qingxi.venues  +  2 venue ", 10, 10, 10, "venue"),
        ("qingxi.venues - 2 venue - 1 venue", 5, 5, 5, "venue"),
        ("3 venue * qingxi.subsidy", 150_000, 150_000, INF, "CNY"),
        ("2 venue * qingxi.subsidy + qingxi.cost", 1_700_000, 100_000, INF, "CNY"),
        ("qingxi.cost - qingxi.venues * qingxi.subsidy", 1_200_000, -INF, 1_200_000, "CNY"),
        ("0.5 * qingxi.cost", 800_000, 0, 800_000, "CNY"),
        ("0 venue * qingxi.subsidy", 0, 0, 0, "CNY"),
        ("qingxi.pay * 12 month", 50_400, 50_400, 50_400, "CNY/person"),
        ("2 * 3", 6, 6, 6, "ratio"),
    ],
)
def test_an_expression_has_value_bounds_and_unit(
    expression: str, value: float, lower: float, upper: float, unit: str
) -> None:
    amount = evaluate(expression, AMOUNTS)
    assert (amount.value, amount.lower, amount.upper, amount.unit) == (value, lower, upper, unit)


def test_an_expression_rests_on_its_figures_in_order_and_once() -> None:
    expression = "qingxi.venues * qingxi.subsidy + 2 venue * qingxi.subsidy + qingxi.cost"
    assert evaluate(expression, AMOUNTS).figure_ids == ("qingxi.venues", "qingxi.subsidy", "qingxi.cost")
    assert figure_ids(expression) == ["qingxi.venues", "qingxi.subsidy", "qingxi.subsidy", "qingxi.cost"]
    assert figure_ids("3 venue * 2 + 1 venue/village") == []


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("qingxi.cot", "'qingxi.cot' in 'qingxi.cot' names no figure; expected a figure id or a number"),
        (
            "qingxi.cost+1",
            "'qingxi.cost+1' in 'qingxi.cost+1' names no figure; expected a figure id or a number",
        ),
        (
            "3 * -qingxi.cost",
            "'-qingxi.cost' in '3 * -qingxi.cost' names no figure; expected a figure id or a number",
        ),
        ("", "'' in '' names no figure; expected a figure id or a number"),
        (
            "qingxi.cost + ",
            "'qingxi.cost +' in 'qingxi.cost + ' names no figure; expected a figure id or a number",
        ),
        (
            "qingxi.cost + qingxi.venues",
            "CNY and venue cannot be added; convert one of them first",
        ),
        (
            "1 village + 2 community",
            "village and community cannot be added; count both as village-or-community: "
            "1 village-or-community/village * a + 1 village-or-community/community * b",
        ),
        ("qingxi.venues - 2", "venue and ratio cannot be added; convert one of them first"),
    ],
)
def test_an_expression_that_cannot_be_computed(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, AMOUNTS)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (
            "qingxi.cost * qingxi.venues",
            "cannot multiply 'CNY' by 'venue': one must be a rate per the other",
        ),
        ("3 yard * qingxi.cost", "unit 'yard': unknown atom 'yard'; atoms are CNY, "),
    ],
)
def test_units_that_do_not_multiply(expression: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        evaluate(expression, AMOUNTS)
    assert str(caught.value).startswith(message)


def test_division_gives_the_widest_bounds() -> None:
    cost, venues = AMOUNTS["qingxi.cost"], amount_of("v", 100, None, "at_least", "venue")
    assert cost / venues == Amount(16_000, 0, 16_000, "CNY/venue", ("qingxi.cost", "v"))
    assert cost / amount_of("v", 8, None, "nearly", "venue") == Amount(
        200_000, 0, INF, "CNY/venue", ("qingxi.cost", "v")
    )
    few = Amount(10, 8, 12, "venue") - Amount(10, 10, 12, "venue")
    assert few / Amount(2, 1, 4, "village") == Amount(0, -4, 2, "venue/village")


@pytest.mark.parametrize("value", [0, -2])
def test_division_by_nothing(value: float) -> None:
    with pytest.raises(ExpressionError) as caught:
        AMOUNTS["qingxi.cost"] / Amount(value, value, value, "venue")
    assert str(caught.value) == f"division by {value} venue; a denominator must be above zero"


@pytest.mark.parametrize(("bound", "expected"), [("lower", (50_000, INF)), ("upper", (0, 50_000))])
def test_a_mere_bound(bound: str, expected: tuple[float, float]) -> None:
    amount = Amount(50_000, 50_000, 50_000, "CNY/venue", ("a",))
    assert amount.bounded(bound) == Amount(50_000, *expected, "CNY/venue", ("a",))


@pytest.mark.parametrize(
    ("left", "relation", "right", "expected"),
    [
        (8, "=", 8, True), (8, "=", 9, False), (0.1 + 0.2, "=", 0.3, True),
        (8, "<=", 9, True), (8, "<=", 8, True), (9, "<=", 8, False), (8, ">=", 9, False), (9, ">=", 8, True),
    ],
)  # fmt: skip
def test_a_relation_between_values(left: float, relation: str, right: float, expected: bool) -> None:
    sides = (Amount(side, side, side, "venue") for side in (left, right))
    assert holds(next(sides), relation, next(sides)) is expected


def test_a_relation_between_units_is_refused() -> None:
    with pytest.raises(ExpressionError) as caught:
        holds(AMOUNTS["qingxi.cost"], "=", AMOUNTS["qingxi.venues"])
    assert str(caught.value) == "CNY and venue cannot be compared"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [("a + b = c", ("a + b", "=", "c")), ("a <= b - c", ("a", "<=", "b - c")), ("a >= b", ("a", ">=", "b"))],
)
def test_a_statement_has_two_sides(statement: str, expected: tuple[str, str, str]) -> None:
    assert split_relation(statement) == expected


def test_a_statement_without_relation() -> None:
    with pytest.raises(ExpressionError) as caught:
        split_relation("a < b")
    assert str(caught.value) == "'a < b' has no relation; expected ' = ', ' <= ' or ' >= ' between two sides"


# Whole numbers keep float arithmetic exact, so that bounds can be compared without tolerance.
positive = st.integers(1, 10**6)


@st.composite
def figures(draw: st.DrawFn) -> Amount:
    value, qualifier = (
        draw(positive),
        draw(st.sampled_from(["exact", "at_least", "nearly", "below", "approximately"])),
    )
    value_to = draw(st.none() | st.integers(value, 2 * 10**6)) if qualifier == "exact" else None
    return amount_of("a", value, value_to, qualifier, "ratio")


def inside(amount: Amount) -> st.SearchStrategy[float]:
    """Return values that an amount may really have."""
    return st.floats(amount.lower, min(amount.upper, 1e12), allow_nan=False)


operations = st.sampled_from(
    [(Amount.__add__, "+"), (Amount.__sub__, "-"), (Amount.__mul__, "*"), (Amount.__truediv__, "/")]
)
Operation = Callable[[Amount, Amount], Amount]


@given(figures(), figures(), operations)
def test_bounds_contain_the_value(left: Amount, right: Amount, operation: tuple[Operation, str]) -> None:
    result = operation[0](left, right)
    assert result.lower <= result.value <= result.upper


@given(figures(), figures(), figures(), operations, st.data())
def test_bounds_contain_whatever_the_figures_may_be(
    minuend: Amount, subtrahend: Amount, right: Amount, operation: tuple[Operation, str], data: st.DataObject
) -> None:
    """The left side is a difference, so that it may be below zero."""
    result = operation[0](minuend - subtrahend, right)
    a, b = data.draw(inside(minuend)) - data.draw(inside(subtrahend)), data.draw(inside(right))
    assume(b > 0)
    true = {"+": a + b, "-": a - b, "*": a * b, "/": a / b}[operation[1]]
    tolerance = 1e-9 * max(1.0, abs(true))
    assert result.lower - tolerance <= true <= result.upper + tolerance


@given(figures(), figures())
def test_a_sum_less_one_part_has_the_value_of_the_other(left: Amount, right: Amount) -> None:
    assert (left + right - right).value == left.value


@given(figures(), figures())
def test_sums_and_products_do_not_depend_on_order(left: Amount, right: Amount) -> None:
    assert left + right == right + left
    assert left * right == right * left


@given(positive, positive)
def test_an_expression_reads_what_it_writes(left: int, right: int) -> None:
    amounts = {"a.b": amount_of("a.b", left, None, "exact", "venue")}
    assert evaluate(f"a.b * {right} + {right} venue", amounts).value == left * right + right
