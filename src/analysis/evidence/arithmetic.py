"""Arithmetic over figures: ``a + b``, ``a - b``, ``3 venue * a``, with bounds, units and provenance.

The grammar is sums of products; the operators stand between spaces, since ids contain hyphens. A factor
is a figure id or a literal: a number, with a unit where it counts something (``1 venue``).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from analysis.evidence import units

_LITERAL = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?: (?P<unit>\S+))?", re.ASCII)


_BOTH = "village-or-community"


class ExpressionError(ValueError):
    """An expression that cannot be read, names no figure, or mixes units."""


@dataclass(frozen=True)
class Amount:
    """A value with its bounds (``inf`` is open), its unit, and the figures it rests on."""

    value: float
    lower: float
    upper: float
    unit: str
    figure_ids: tuple[str, ...] = ()

    def __add__(self, other: Amount) -> Amount:
        return self._sum(other, other.value, other.lower, other.upper)

    def __sub__(self, other: Amount) -> Amount:
        return self._sum(other, -other.value, -other.upper, -other.lower)

    def __mul__(self, other: Amount) -> Amount:
        if "ratio" in (self.unit, other.unit):
            unit = other.unit if self.unit == "ratio" else self.unit
        else:
            unit = units.multiply(self.unit, other.unit)
        # 0 times an open bound is 0, not nan.
        pairs = itertools.product((self.lower, self.upper), (other.lower, other.upper))
        ends = [0.0 if 0 in pair else math.prod(pair) for pair in pairs]
        return Amount(self.value * other.value, min(ends), max(ends), unit, _united(self, other))

    def __truediv__(self, other: Amount) -> Amount:
        if other.value <= 0:
            raise ExpressionError(
                f"division by {other.value:g} {other.unit}; a denominator must be above zero"
            )
        lower = _over(self.lower, other.upper if self.lower >= 0 else other.lower)
        upper = _over(self.upper, other.lower if self.upper > 0 else other.upper)
        unit = units.divide(self.unit, other.unit)
        return Amount(self.value / other.value, lower, upper, unit, _united(self, other))

    def _sum(self, other: Amount, value: float, lower: float, upper: float) -> Amount:
        if self.unit != other.unit:
            remedy = _how_to_add(self.unit, other.unit)
            raise ExpressionError(f"{self.unit} and {other.unit} cannot be added; {remedy}")
        ids = _united(self, other)
        return Amount(self.value + value, self.lower + lower, self.upper + upper, self.unit, ids)

    def bounded(self, bound: str) -> Amount:
        """Return the amount as a mere bound: ``lower`` opens it upwards, ``upper`` down to zero."""
        lower = 0.0 if bound == "upper" else self.lower
        upper = math.inf if bound == "lower" else self.upper
        return Amount(self.value, lower, upper, self.unit, self.figure_ids)


def amount_of(figure_id: str, value: float, value_to: float | None, qualifier: str, unit: str) -> Amount:
    """Return a figure as an amount; the qualifier gives the bounds, a printed range both of them."""
    top = 1.0 if unit == "share" else math.inf
    lower, upper = {
        "exact": (value, value),
        "at_least": (value, top),
        "nearly": (0.0, value),
        "below": (0.0, value),
        "approximately": (0.0, top),
    }[qualifier]
    if value_to is not None:
        lower, upper = value, value_to
    return Amount(float(value), float(lower), float(upper), unit, (figure_id,))


def evaluate(expression: str, amounts: Mapping[str, Amount]) -> Amount:
    """Return the amount of an expression.

    Raises ``ExpressionError`` for an id that is not in ``amounts``, a factor that cannot be read, or
    units that do not fit together.
    """
    (_, first), *others = _terms(expression)
    total = _product(first, amounts, expression)
    for sign, term in others:
        product = _product(term, amounts, expression)
        total = total + product if sign == "+" else total - product
    return total


def figure_ids(expression: str) -> list[str]:
    """Return the figure ids that an expression names, in order."""
    factors = [factor for _, term in _terms(expression) for factor in term.split(" * ")]
    return [factor.strip() for factor in factors if not _LITERAL.fullmatch(factor.strip())]


def holds(left: Amount, relation: str, right: Amount) -> bool:
    """Return whether the relation holds between the values; raises ``ExpressionError`` on other units."""
    if left.unit != right.unit:
        raise ExpressionError(f"{left.unit} and {right.unit} cannot be compared")
    equal = math.isclose(left.value, right.value, rel_tol=1e-9, abs_tol=1e-9)
    return equal or {"=": False, "<=": left.value < right.value, ">=": left.value > right.value}[relation]


def split_relation(statement: str) -> tuple[str, str, str]:
    """Return left side, relation and right side of ``a + b <= c``; raises ``ExpressionError`` without one."""
    for relation in ("<=", ">=", "="):
        left, found, right = statement.partition(f" {relation} ")
        if found:
            return left, relation, right
    raise ExpressionError(
        f"{statement!r} has no relation; expected ' = ', ' <= ' or ' >= ' between two sides"
    )


@lru_cache(maxsize=1024)
def _terms(expression: str) -> tuple[tuple[str, str], ...]:
    parts = re.split(r" ([+-]) ", expression.strip())
    return tuple(zip(["+", *parts[1::2]], parts[0::2], strict=True))


def _product(term: str, amounts: Mapping[str, Amount], expression: str) -> Amount:
    factors = [_factor(part.strip(), amounts, expression) for part in term.split(" * ")]
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product


def _factor(text: str, amounts: Mapping[str, Amount], expression: str) -> Amount:
    if literal := _LITERAL.fullmatch(text):
        number = float(literal["number"])
        unit = literal["unit"] or "ratio"
        units.atoms(unit)
        return Amount(number, number, number, unit)
    if text not in amounts:
        raise ExpressionError(f"{text!r} in {expression!r} names no figure; expected a figure id or a number")
    return amounts[text]


def _how_to_add(unit: str, other: str) -> str:
    """Return what to do with two units: villages and communities are counted by the unit of both."""
    if not {unit, other} <= {"village", "community", _BOTH}:
        return "convert one of them first"
    terms = (
        name if code == _BOTH else f"1 {_BOTH}/{code} * {name}" for code, name in ((unit, "a"), (other, "b"))
    )
    return f"count both as {_BOTH}: {' + '.join(terms)}"


def _over(bound: float, divisor: float) -> float:
    """Return bound ÷ divisor; a divisor that may come down to zero opens the bound."""
    if divisor <= 0:
        return math.copysign(math.inf, bound)
    return 0.0 if math.isinf(divisor) else bound / divisor


def _united(left: Amount, right: Amount) -> tuple[str, ...]:
    return tuple(dict.fromkeys(left.figure_ids + right.figure_ids))
