"""Estimates: every coding under every reading that touches it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from analysis.evidence import arithmetic, units
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import (
    ANNUALISATION,
    ESTIMATE_COLUMNS,
    MEASURES,
    NOMINAL,
    evaluate_coding,
    format_when,
    parse_when,
)
from analysis.evidence.schema import DIMENSIONS

NOT_REPORTED = ("The source prints no such figure.", "原文未报告。")


class Estimate(NamedTuple):
    """A measure of one programme under one reading; the columns of an estimates frame.

    ``value`` is in ``unit`` with ``lower`` and ``upper`` from the qualifiers (``inf`` is open), ``year`` is a
    year, a range or empty, ``reading`` holds ``choice=reading`` joined by ``; ``. Without a value,
    ``absence`` is the type of absence and ``reason`` says why. An infeasible reading is shown, never used.
    """

    programme_id: str
    theme: str
    measure: str
    object: str = ""
    works: str = ""
    funder: str = ""
    place: str = ""
    post: str = ""
    stage: str = ""
    value: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")
    unit: str = ""
    price_basis: str = NOMINAL
    year: str = ""
    year_basis: str = ""
    status: str = ""
    reading: str = ""
    is_default: bool = True
    feasible: bool = True
    figure_ids: str = ""
    coding_id: str = ""
    absence: str = ""
    reason: str = ""
    reason_zh: str = ""

    @property
    def has_value(self) -> bool:
        """Whether there is a value, rather than a typed absence."""
        return not self.absence

    @property
    def cell(self) -> tuple[str, ...]:
        """What it is of, whatever its reading and prices: its measure and dimensions."""
        return (self.measure, self.object, self.works, self.funder, self.place, self.post, self.stage)

    @property
    def amount(self) -> Amount:
        """The value with its bounds, unit and figures."""
        return Amount(self.value, self.lower, self.upper, self.unit, tuple(self.figure_ids.split()))

    def with_amount(self, amount: Amount) -> Estimate:
        """Return the estimate with another value, its bounds, unit and figures."""
        return self._replace(
            value=amount.value,
            lower=amount.lower,
            upper=amount.upper,
            unit=amount.unit,
            figure_ids=" ".join(amount.figure_ids),
        )


def absent(estimate: Estimate, absence: str, reason: tuple[str, str]) -> Estimate:
    """Return the estimate without a value, for that reason in English and Chinese."""
    nothing = float("nan")
    return estimate._replace(
        value=nothing, lower=nothing, upper=nothing, absence=absence, reason=reason[0], reason_zh=reason[1]
    )


def derived(
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
        reason_zh=top.reason_zh or base.reason_zh,
    )
    missing = next((estimate for estimate in (top, base) if estimate.absence), None)
    if missing:
        return absent(joined, missing.absence, (missing.reason, missing.reason_zh))
    return joined.with_amount(calculate(top.amount, base.amount))


def to_frame(estimates: Iterable[Estimate]) -> pd.DataFrame:
    """Return estimates as a frame with ``ESTIMATE_COLUMNS``, one row each."""
    frame = pd.DataFrame(list(estimates), columns=list(ESTIMATE_COLUMNS))
    kinds: dict[str, str] = dict.fromkeys(ESTIMATE_COLUMNS, "str")
    kinds |= dict.fromkeys(("value", "lower", "upper"), "float64")
    return frame.astype(kinds | dict.fromkeys(("is_default", "feasible"), "bool"))


def from_frame(frame: pd.DataFrame) -> list[Estimate]:
    """Return the rows of an estimates frame."""
    return [Estimate(*row) for row in zip(*(frame[name].to_list() for name in ESTIMATE_COLUMNS), strict=True)]


@dataclass(frozen=True)
class Readings:
    """The register of choices as look-ups: readings of each choice, defaults, feasibility, reasons."""

    by_choice: Mapping[str, tuple[str, ...]]
    defaults: frozenset[tuple[str, str]]
    infeasible: Mapping[tuple[str, str], tuple[str, str]]

    @staticmethod
    def of(data: Dataset) -> Readings:
        """Return the register of a dataset."""
        by_choice: dict[str, list[str]] = defaultdict(list)
        defaults, infeasible = set(), {}
        for row in records(data.readings.sort_values(["choice_id", "rank"])):
            pair = (row["choice_id"], row["reading"])
            by_choice[pair[0]].append(pair[1])
            if row["is_default"]:
                defaults.add(pair)
            if not row["feasible"]:
                infeasible[pair] = (row["reason"], row["reason_zh"])
        return Readings({k: tuple(v) for k, v in by_choice.items()}, frozenset(defaults), infeasible)

    def cross(self, choices: Iterable[str]) -> Iterator[dict[str, str]]:
        """Yield every combination of readings of the choices, infeasible ones included."""
        names = sorted(choices)
        for combination in itertools.product(*(self.by_choice[name] for name in names)):
            yield dict(zip(names, combination, strict=True))

    def is_default(self, readings: Mapping[str, str]) -> bool:
        """Return whether every reading is the default of its choice."""
        return all(pair in self.defaults for pair in readings.items())

    def why_infeasible(self, readings: Mapping[str, str]) -> tuple[str, str] | None:
        """Return the reason of the first infeasible reading, in English and Chinese, or ``None``."""
        return next((self.infeasible[pair] for pair in readings.items() if pair in self.infeasible), None)


def cell_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an estimate is of, whatever its reading and prices: its measure and dimensions."""
    return (row["measure"], *(row[name] for name in DIMENSIONS))


def estimates_of(data: Dataset, theme: str) -> list[Estimate]:
    """Return the coded estimates of one theme: each measure of each programme under each reading.

    A programme without any coding of a measure has one estimate that says it is not reported.
    """
    builder = _Builder(data)
    wanted = [code for code, m in MEASURES.items() if m.theme == theme and not m.derived]
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    coded = data.codings[data.codings["measure"].isin(wanted)]
    for row in records(coded):
        groups[(row["programme_id"], *cell_of(row))].append(row)
    found = [estimate for rows in groups.values() for estimate in builder.group(rows)]
    found += unreported(data, found, wanted)
    order = {programme: place for place, programme in enumerate(data.programme_ids)}
    return sorted(found, key=lambda estimate: order[estimate.programme_id])


def unreported(data: Dataset, found: Iterable[Estimate], measures: Iterable[str]) -> list[Estimate]:
    """Return an estimate that says so for each programme and measure that has none among those found."""
    seen = {(estimate.programme_id, estimate.measure) for estimate in found}
    return [
        absent(Estimate(programme, MEASURES[code].theme, code), "not_reported", NOT_REPORTED)
        for programme, code in itertools.product(data.programme_ids, measures)
        if (programme, code) not in seen
    ]


def complete(data: Dataset, theme: str, found: list[Estimate]) -> pd.DataFrame:
    """Return the estimates of a theme as a frame in which every programme has every measure."""
    codes = [code for code, measure in MEASURES.items() if measure.theme == theme]
    return to_frame([*found, *unreported(data, found, codes)])


class _Fact(NamedTuple):
    """What an estimate takes over from a figure."""

    year: str
    year_basis: str
    status: str


class _Builder:
    """Turns the codings of one cell (programme, measure, dimensions) into its estimates."""

    def __init__(self, data: Dataset) -> None:
        self.amounts = data.amounts
        self.register = Readings.of(data)
        figures = data.figures
        columns = (figures[name].to_numpy() for name in ("year", "year_basis", "status"))
        self.facts = dict(zip(figures["figure_id"].to_numpy(), map(_Fact, *columns), strict=True))

    def group(self, rows: list[dict[str, Any]]) -> Iterator[Estimate]:
        """Yield one estimate for each combination of the readings that touch the cell."""
        conditions = [parse_when(row["when"]) for row in rows]
        choices = {choice for condition in conditions for choice in condition}
        for readings in self.register.cross(choices):
            for row, condition in zip(rows, conditions, strict=True):
                if condition.items() <= readings.items():
                    yield from self._annualised(row, readings)
                    break
            else:
                reason = ("No coding holds under this reading.", "按此理解没有相应编码。")
                yield absent(self._estimate(rows[0], readings, None), "not_comparable", reason)

    def _annualised(self, row: dict[str, Any], readings: dict[str, str]) -> Iterator[Estimate]:
        """Yield the estimate; a monthly rate under each reading of how it becomes a yearly one."""
        if row["absence"]:
            estimate = self._estimate(row, readings, None)
            noted = (row["note"], row["note_zh"]) if row["note"] else NOT_REPORTED
            # What rules the reading out goes before what would be missing under it.
            ruled_out = (estimate.reason, estimate.reason_zh)
            yield absent(estimate, row["absence"], noted if estimate.feasible else ruled_out)
            return
        amount = evaluate_coding(row["numerator"], row["denominator"], self.amounts)
        if row["bound"]:
            amount = amount.bounded(row["bound"])
        if units.time_of(amount.unit) != "month":
            yield self._estimate(row, readings, amount)
            return
        yearly = _times_twelve(amount)
        twelve = self._estimate(row, {**readings, ANNUALISATION: "twelve"}, yearly)
        yield twelve
        reason = ("Monthly pay is not annualised under this reading.", "按此口径不折算月待遇。")
        as_printed = self._estimate(row, {**readings, ANNUALISATION: "as-printed"}, yearly)
        yield absent(as_printed, "not_comparable", reason)

    def _estimate(self, row: dict[str, Any], readings: Mapping[str, str], amount: Amount | None) -> Estimate:
        ids = amount.figure_ids if amount else ()
        infeasible = self.register.why_infeasible(readings)
        year, year_basis = self._year(row, amount)
        nothing = float("nan")
        return Estimate(
            **{name: row[name] for name in ("programme_id", "measure", "coding_id", *DIMENSIONS)},
            theme=MEASURES[row["measure"]].theme,
            value=amount.value if amount else nothing,
            lower=amount.lower if amount else nothing,
            upper=amount.upper if amount else nothing,
            unit=amount.unit if amount else "",
            price_basis=NOMINAL,
            year=year,
            year_basis=year_basis,
            status=row["status"] or self._status(ids),
            reading=format_when(readings),
            is_default=self.register.is_default(readings),
            feasible=infeasible is None,
            figure_ids=" ".join(ids),
            absence="",
            reason=infeasible[0] if infeasible else "",
            reason_zh=infeasible[1] if infeasible else "",
        )

    def _year(self, row: dict[str, Any], amount: Amount | None) -> tuple[str, str]:
        """Return the years of the numerator, as one year or the range they span, and how they are known."""
        if amount is None:
            return "", ""
        named = arithmetic.figure_ids(row["numerator"])
        years = [self.facts[figure_id].year for figure_id in named]
        bases = {self.facts[figure_id].year_basis for figure_id in named}
        if not years or not all(years):
            return "", "unknown"
        ends = sorted(end for year in years for end in year.split("/"))
        span = ends[0] if ends[0] == ends[-1] else f"{ends[0]}/{ends[-1]}"
        return span, "inferred" if "inferred" in bases else "stated"

    def _status(self, figure_ids: Iterable[str]) -> str:
        statuses = {self.facts[figure_id].status for figure_id in figure_ids}
        return next((status for status in ("planned", "achieved", "standard") if status in statuses), "")


def _times_twelve(amount: Amount) -> Amount:
    unit = amount.unit.removesuffix("/month") + "/year"
    return Amount(amount.value * 12, amount.lower * 12, amount.upper * 12, unit, amount.figure_ids)
