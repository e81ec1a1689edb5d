"""What is declared once: measures, the columns of estimates, choices that the suite computes, series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.evidence.schema import DIMENSIONS

ANNUALISATION = "annualisation"
NOMINAL = "nominal"


@dataclass(frozen=True)
class Measure:
    """A named formula with a unit.

    ``unit_forms`` are the units it may have; a form ending in ``/`` stands for one more denominator.
    ``derived`` measures are computed from estimates of others and take no coding.
    """

    code: str
    theme: str
    formula: str
    unit_forms: tuple[str, ...]
    derived: bool = False

    def allows(self, unit: str) -> bool:
        """Return whether an estimate of this measure may have the unit."""
        return any(unit == form or (form.endswith("/") and unit.startswith(form)) for form in self.unit_forms)


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        Measure("cost_per_venue", "investment", "amount ÷ venues", ("CNY/venue", "CNY/facility")),
        Measure("cost_per_m2", "investment", "amount ÷ floor area", ("CNY/m2",)),
        Measure("average_subsidy", "investment", "named subsidies ÷ venues", ("CNY/venue",)),
        Measure("venues_upgraded", "investment", "venues built or upgraded", ("venue", "facility")),
        Measure("venues_per_village", "investment", "venues ÷ villages", ("venue/",)),
        Measure("total_spending", "investment", "amount", ("CNY",)),
        Measure("spending_per_unit", "investment", "amount ÷ units", ("CNY/",)),
        Measure(
            "yearly_pay",
            "stipends",
            "pay per year, or monthly pay × 12",
            ("CNY/person/year", "CNY/person/month"),
        ),
        Measure("pension_subsidy", "stipends", "subsidy ÷ people", ("CNY/person/year",)),
        Measure("pay_to_head", "stipends", "pay ÷ pay of a head with one post", ("ratio",), derived=True),
        Measure("pay_rise", "stipends", "pay after ÷ pay before", ("ratio",), derived=True),
        Measure(
            "pay_to_rural_income",
            "stipends",
            "pay ÷ rural disposable income per head",
            ("ratio",),
            derived=True,
        ),
        Measure("operating_funds", "stipends", "funds per place and year", ("CNY/",)),
        Measure("operating_funds_rise", "stipends", "yearly increase ÷ places", ("CNY/",)),
        Measure("branches_dissolved", "branches", "branches dissolved", ("branch",)),
        Measure("branches_established", "branches", "branches established", ("branch",)),
        Measure("net_branches", "branches", "established − dissolved", ("branch",), derived=True),
        Measure("branch_turnover", "branches", "established + dissolved", ("branch",), derived=True),
        Measure("turnover_rate", "branches", "(established + dissolved) ÷ all branches", ("ratio",)),
        Measure("organisations_rectified", "branches", "weak organisations rectified", ("organisation",)),
        Measure("rectified_share", "branches", "rectified ÷ all organisations", ("ratio",)),
        Measure("model_branches", "branches", "model branches by level", ("branch",)),
        Measure("standard_branches", "branches", "branches that reached the standard", ("branch",)),
        Measure("new_structures", "branches", "new structures set up", ("organisation", "branch")),
    )
}

ESTIMATE_COLUMNS = (
    "programme_id", "theme", "measure", *DIMENSIONS, "value", "lower", "upper", "unit", "price_basis",
    "year", "year_basis", "status", "reading", "is_default", "feasible", "figure_ids", "coding_id",
    "absence", "reason", "reason_zh",
)  # fmt: skip
CPI = "cpi_annual_change_nbs"
RURAL_INCOME = "rural_disposable_income_pc"


def evaluate_coding(numerator: str, denominator: str, amounts: Mapping[str, Amount]) -> Amount:
    """Return numerator ÷ denominator of a coding; raises ``ExpressionError`` or ``UnitError``."""
    amount = arithmetic.evaluate(numerator, amounts)
    return amount / arithmetic.evaluate(denominator, amounts) if denominator else amount


def parse_when(when: str) -> dict[str, str]:
    """Return ``a=b; c=d`` as a mapping of choice to reading; raises ``ValueError`` on another form."""
    if not when:
        return {}
    pairs = [part.strip().split("=") for part in when.split(";")]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise ValueError(f"{when!r} is not of the form choice=reading; choice=reading")
    return {choice: reading for choice, reading in pairs}


def format_when(readings: Mapping[str, str]) -> str:
    """Return a mapping of choice to reading as the text of the ``reading`` column, in order of choice."""
    return "; ".join(f"{choice}={reading}" for choice, reading in sorted(readings.items()))
