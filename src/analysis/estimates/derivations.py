"""Measures that are computed from other estimates, as their themes declare them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from operator import add, sub, truediv
from typing import Any

from analysis.estimates.measures import Estimate, Readings, codes_of
from analysis.estimates.prices import by_year, values_by_year, with_defaults
from analysis.estimates.reasons import VALUE_WITHOUT_YEAR, YEAR_OUTSIDE_SERIES
from analysis.estimates.regions import Level, Levels
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, format_when, parse_when
from analysis.evidence.schema import DIMENSIONS
from analysis.evidence.theme import Combined, Measure, RelativeToCode, RelativeToSeries

_OPERATIONS: dict[str, Callable[[Amount, Amount], Amount]] = {"+": add, "-": sub, "/": truediv}


Partners = Callable[[Estimate, list[Estimate]], list[Estimate]]
"""Which estimates another one is combined with, of those that are of the same thing."""


def derive(
    data: Dataset, measure: Measure, found: Iterable[Estimate], partners: Partners
) -> Iterator[Estimate]:
    """Yield the estimates of a derived measure from those found, which hold what it is computed from."""
    declared = measure.derivation
    rows: dict[str, list[Estimate]] = defaultdict(list)
    for estimate in found:
        rows[estimate.measure].append(estimate)
    if isinstance(declared, Combined):
        yield from _combined(measure, declared, rows[declared.of], rows[declared.other], partners)
    elif isinstance(declared, RelativeToCode):
        yield from _relative_to_code(measure, declared, rows[declared.of], partners)
    elif isinstance(declared, RelativeToSeries):
        yield from with_defaults(data, _relative_to_series(data, measure, declared, rows[declared.of]))


def combine(
    measure: str, top: Estimate, base: Estimate, calculate: Callable[[Amount, Amount], Amount]
) -> Estimate | None:
    """Return a measure computed from two estimates under the readings of both.

    ``None`` where they answer one choice differently; an absence where one of them has no value. The other
    columns are those of ``top``, and a reading that rules either of them out rules out the result.
    """
    one, other = parse_when(top.reading), parse_when(base.reading)
    if any(other.get(choice, reading) != reading for choice, reading in one.items()):
        return None
    joined = top._replace(
        measure=measure,
        reading=format_when({**one, **other}),
        is_default=top.is_default and base.is_default,
        feasible=top.feasible and base.feasible,
        unit=MEASURES[measure].unit_forms[0],
        coding_id="",
        reason=top.reason or base.reason,
    )
    missing = next((estimate for estimate in (top, base) if estimate.absence), None)
    if missing:
        return joined.without_value(missing.absence, missing.reason)
    return joined.with_amount(calculate(top.amount, base.amount))


def _combined(
    measure: Measure, declared: Combined, tops: list[Estimate], others: list[Estimate], partners: Partners
) -> Iterator[Estimate]:
    matching = ("programme_id", *declared.matching)
    bases = _by(matching, others)
    for top in tops:
        for base in partners(top, bases[codes_of(top, matching)]):
            if estimate := combine(measure.code, top, base, _OPERATIONS[declared.how]):
                yield estimate


def _relative_to_code(
    measure: Measure, declared: RelativeToCode, estimates: list[Estimate], partners: Partners
) -> Iterator[Estimate]:
    matching = ("programme_id", *(name for name in DIMENSIONS if name != declared.dimension))
    bases = _by(matching, (each for each in estimates if getattr(each, declared.dimension) == declared.base))
    emptied: dict[str, Any] = {declared.dimension: ""} if declared.emptied else {}
    for top in estimates:
        if getattr(top, declared.dimension) in ("", declared.base):
            continue
        found = partners(top, bases[codes_of(top, matching)])
        for base in found:
            if ratio := combine(measure.code, top, base, truediv):
                yield ratio._replace(**emptied)
        if declared.lacking and not found:
            unknown = _ratio(measure, top)._replace(**emptied)
            yield unknown.without_value("not_reported", declared.lacking)


def levels_of(data: Dataset, declared: RelativeToSeries) -> Levels:
    """Return the series that a ratio is to: of the country alone, or of the nearest region."""
    return data.once(_levels, declared.series, bool(declared.national))


def _levels(data: Dataset, name: str, regional: bool) -> Levels:
    national = values_by_year(data, name)
    return Levels.of(data, name, national) if regional else Levels(national)


def _relative_to_series(
    data: Dataset, measure: Measure, declared: RelativeToSeries, estimates: list[Estimate]
) -> Iterator[Estimate]:
    register, levels = Readings.of(data), levels_of(data, declared)
    for estimate in estimates:
        ratio = _ratio(measure, estimate)
        if estimate.absence:
            yield ratio
        elif not estimate.year:
            yield ratio.without_value("not_comparable", VALUE_WITHOUT_YEAR)
        else:
            division = data.programme(estimate.programme_id)["division_code"]
            yield from _by_level(
                register, [(each, levels.nearest(division, year)) for year, each in by_year(ratio)]
            )


def _by_level(register: Readings, ratios: list[tuple[Estimate, list[Level]]]) -> Iterator[Estimate]:
    """Yield each estimate divided by the level of its year, under every reading of what that level is."""
    choices = {choice for _, levels in ratios for level in levels for choice in parse_when(level.when)}
    for estimate, levels in ratios:
        if not levels:
            yield estimate.without_value("not_comparable", YEAR_OUTSIDE_SERIES)
        for readings in register.cross(choices) if levels else ():
            level = next(one for one in levels if parse_when(one.when).items() <= readings.items())
            reading = format_when({**parse_when(estimate.reading), **readings})
            ruled_out = register.ruled_out(readings)
            yield estimate.scaled(1 / level.value)._replace(
                region=level.region,
                reading=reading,
                feasible=estimate.feasible and not ruled_out,
                reason=estimate.reason or ruled_out,
            )


def _ratio(measure: Measure, estimate: Estimate) -> Estimate:
    return estimate._replace(measure=measure.code, unit=measure.unit_forms[0], coding_id="")


def _by(names: tuple[str, ...], estimates: Iterable[Estimate]) -> dict[tuple[str, ...], list[Estimate]]:
    found: dict[tuple[str, ...], list[Estimate]] = defaultdict(list)
    for estimate in estimates:
        found[codes_of(estimate, names)].append(estimate)
    return found
