"""What is declared once: themes with their measures, choices that the suite computes, series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.evidence.theme import Measure
from analysis.evidence.themes import THEMES

NOMINAL = "nominal"


@dataclass(frozen=True)
class ComputedChoice:
    """A choice that the suite itself answers in each of its readings, so that no coding names it.

    It is one choice for all programmes, or one of each that is ``of_programme``: ``ludian.price-year``.
    """

    name: str
    readings: tuple[str, str]
    of_programme: bool = False

    def id_for(self, programme: str) -> str:
        """Return the id of the choice for a programme."""
        return f"{programme}.{self.name}" if self.of_programme else self.name

    def owns(self, choice_id: str) -> bool:
        """Return whether a choice of ``choices.csv`` is this one."""
        return choice_id.endswith(f".{self.name}") if self.of_programme else choice_id == self.name


ANNUALISATION = ComputedChoice("annualisation", ("twelve", "as-printed"))
"""How monthly pay becomes yearly pay: times twelve, or not at all."""
PRICE_YEAR = ComputedChoice("price-year", ("first-year", "last-year"), of_programme=True)
"""In the prices of which year money of several years was spent."""


def which_computed(choice_id: str) -> ComputedChoice | None:
    """Return the computed choice that a choice of ``choices.csv`` is, ``None`` for one that codings name."""
    return next((choice for choice in (ANNUALISATION, PRICE_YEAR) if choice.owns(choice_id)), None)


MEASURES: dict[str, Measure] = {
    measure.code: replace(measure, theme=theme.code)
    for theme in THEMES.values()
    for measure in theme.measures
}

SUBSIDY = "county_subsidy"
CPI = "cpi_annual_change_nbs"


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
