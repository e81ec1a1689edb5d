"""Estimates: every coding under every reading that touches it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from analysis.estimates.reasons import CODING, NO_CODING, NOT_ANNUALISED, NOT_CODED, NOT_PRINTED, READING
from analysis.evidence import arithmetic, units
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset, documents_of
from analysis.evidence.occasions import cells_of_codings, choice_between, occasions, versions
from analysis.evidence.register import (
    ANNUALISATION,
    MEASURES,
    NOMINAL,
    evaluate_coding,
    format_when,
    parse_when,
)
from analysis.evidence.rows import Choice, Coding, Reading, rows_of
from analysis.evidence.uncoded import uncoded

NOTHING = float("nan")


class Estimate(NamedTuple):
    """A measure of one programme under one reading; the columns of an estimates frame.

    ``value`` is in ``unit`` with ``lower`` and ``upper`` from the qualifiers (``inf`` is open), ``year`` is a
    year, a range or empty, ``reading`` holds ``choice=reading`` joined by ``; ``. Without a value,
    ``absence`` is the type of absence and ``reason`` says why, as a code of ``reasons``. An infeasible
    reading is shown, never used. ``region`` is the code of the region whose reference series it uses, where
    that is the nearest that has one.
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
    region: str = ""

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

    def scaled(self, factor: float) -> Estimate:
        """Return the estimate with its value and bounds multiplied by a factor above zero."""
        return self._replace(value=self.value * factor, lower=self.lower * factor, upper=self.upper * factor)

    def without_value(self, absence: str, reason: str) -> Estimate:
        """Return the estimate without a value, for that reason."""
        return self._replace(value=NOTHING, lower=NOTHING, upper=NOTHING, absence=absence, reason=reason)


def to_frame(estimates: Iterable[Estimate]) -> pd.DataFrame:
    """Return estimates as a frame, one row each."""
    rows = list(estimates)
    # Each column made as what it is: a frame that is made first and converted then takes three times as long.
    columns = zip(*rows, strict=True) if rows else ((),) * len(Estimate._fields)
    cells = zip(Estimate._fields, columns, strict=True)
    return pd.DataFrame({name: _column(name, list(column)) for name, column in cells})


def _column(name: str, cells: list[Any]) -> Any:
    if name in ("value", "lower", "upper"):
        return np.array(cells, "float64")
    if name in ("is_default", "feasible"):
        return np.array(cells, "bool")
    return pd.array(cells, dtype="str")


def from_frame(frame: pd.DataFrame) -> list[Estimate]:
    """Return the rows of an estimates frame."""
    return rows_of(Estimate, frame)


class RestsOnFigures(Protocol):
    """What rests on figures, by their ids with spaces between."""

    @property
    def figure_ids(self) -> str: ...


def figures_of(rows: Iterable[RestsOnFigures]) -> list[str]:
    """Return the ids of the figures that some rows rest on, each once."""
    return list(dict.fromkeys(name for row in rows for name in row.figure_ids.split()))


@dataclass(frozen=True)
class Readings:
    """The register of choices as look-ups: readings of each choice, defaults, those ruled out."""

    by_choice: Mapping[str, tuple[str, ...]]
    defaults: frozenset[tuple[str, str]]
    infeasible: frozenset[tuple[str, str]]

    @staticmethod
    def of(data: Dataset) -> Readings:
        """Return the register of a dataset, made once for it."""
        return data.once(Readings._read)

    @staticmethod
    def _read(data: Dataset) -> Readings:
        rows = sorted(rows_of(Reading, data.readings), key=lambda row: (row.choice_id, row.rank))
        by_choice: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            by_choice[row.choice_id].append(row.reading)
        return Readings(
            {choice: tuple(readings) for choice, readings in by_choice.items()},
            frozenset((row.choice_id, row.reading) for row in rows if row.is_default),
            frozenset((row.choice_id, row.reading) for row in rows if not row.feasible),
        )

    def possible(self, choice: str) -> tuple[str, ...]:
        """Return the readings of a choice that arithmetic does not rule out."""
        return tuple(each for each in self.by_choice.get(choice, ()) if (choice, each) not in self.infeasible)

    def cross(self, choices: Iterable[str]) -> Iterator[dict[str, str]]:
        """Yield every combination of readings of the choices, infeasible ones included."""
        names = sorted(choices)
        for combination in itertools.product(*(self.by_choice[name] for name in names)):
            yield dict(zip(names, combination, strict=True))

    def is_default(self, readings: Mapping[str, str]) -> bool:
        """Return whether every reading is the default of its choice."""
        return all(pair in self.defaults for pair in readings.items())

    def ruled_out(self, readings: Mapping[str, str]) -> str:
        """Return the reason of the first infeasible reading, empty where all are feasible."""
        pairs = (pair for pair in readings.items() if pair in self.infeasible)
        return next((f"{READING}{choice}={reading}" for choice, reading in pairs), "")


def choices_of(data: Dataset, programme: str) -> list[Choice]:
    """Return the choices that touch an estimate of a programme, and those of its own."""
    frame = data.tables["estimates"]
    texts = frame.loc[frame["programme_id"] == programme, "reading"].unique()
    used = {choice for text in texts for choice in parse_when(text)}
    rows = rows_of(Choice, data.choices)
    return [row for row in rows if row.choice_id in used or row.programme_id == programme]


def codes_of(row: Mapping[str, Any] | tuple[Any, ...], names: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of a row, typed or a mapping, in some columns."""
    return tuple(row[name] if isinstance(row, Mapping) else getattr(row, name) for name in names)


def estimates_of(data: Dataset, theme: str) -> list[Estimate]:
    """Return the coded estimates of one theme: each measure of each programme under each reading.

    A programme without any coding of a measure has one estimate that says it is not reported. One that has
    a measure for several years has estimates for each of them.
    """
    builder = _Builder(data)
    wanted = [code for code, m in MEASURES.items() if m.theme == theme and not m.derived]
    groups = cells_of_codings(rows_of(Coding, data.codings[data.codings["measure"].isin(wanted)]))
    found = [estimate for rows in groups.values() for estimate in builder.cell(rows)]
    found += unreported(data, found, wanted)
    order = {programme: place for place, programme in enumerate(data.programme_ids)}
    return sorted(found, key=lambda estimate: order[estimate.programme_id])


def unreported(data: Dataset, found: Iterable[Estimate], measures: Iterable[str]) -> list[Estimate]:
    """Return an estimate that says so for each programme and measure that has none among those found.

    It is not reported, or not coded yet where the programme has figures of the theme and no coding.
    """
    seen = {(estimate.programme_id, estimate.measure) for estimate in found}
    waiting = {(each.programme_id, each.theme) for each in uncoded(data)}
    why = {True: ("not_coded", NOT_CODED), False: ("not_reported", NOT_PRINTED)}
    return [
        Estimate(programme, MEASURES[code].theme, code).without_value(
            *why[(programme, MEASURES[code].theme) in waiting]
        )
        for programme, code in itertools.product(data.programme_ids, measures)
        if (programme, code) not in seen
    ]


class _Facts(NamedTuple):
    """What an estimate takes over from a figure."""

    figure_id: str
    year: str
    year_basis: str
    status: str


class _Builder:
    """Turns the codings of one cell (programme, measure, dimensions) into its estimates."""

    def __init__(self, data: Dataset) -> None:
        self.amounts = data.amounts
        self.register = Readings.of(data)
        self.facts = {row.figure_id: row for row in rows_of(_Facts, data.figures)}
        self.documents = documents_of(data)

    def cell(self, rows: list[Coding]) -> Iterator[Estimate]:
        """Yield the estimates of each year, the earliest first; each document is a reading if they differ."""
        for occasion in occasions(rows, self.documents) if len(rows) > 1 else ():
            found = versions(occasion, self.documents, self.amounts)
            for version in found:
                settled = {choice_between(found): version.name} if len(found) > 1 else {}
                for estimate in self.group(version.codings, settled):
                    rests = estimate.figure_ids.split() + list(version.beside)
                    yield estimate._replace(figure_ids=" ".join(rests))
        if len(rows) == 1:
            yield from self.group(rows)

    def group(self, rows: Sequence[Coding], settled: Mapping[str, str] | None = None) -> Iterator[Estimate]:
        """Yield one estimate for each combination of the readings that touch the cell."""
        conditions = [parse_when(row.when) for row in rows]
        choices = {choice for condition in conditions for choice in condition}
        for crossed in self.register.cross(choices):
            readings = crossed | dict(settled or {})
            for row, condition in zip(rows, conditions, strict=True):
                if condition.items() <= readings.items():
                    yield from self._annualised(row, readings)
                    break
            else:
                yield self._estimate(rows[0], readings, None).without_value("not_comparable", NO_CODING)

    def _annualised(self, row: Coding, readings: dict[str, str]) -> Iterator[Estimate]:
        """Yield the estimate; a monthly rate under each reading of how it becomes a yearly one."""
        if row.absence:
            estimate = self._estimate(row, readings, None)
            noted = f"{CODING}{row.coding_id}" if row.note else NOT_PRINTED
            # What rules the reading out goes before what would be missing under it.
            yield estimate.without_value(row.absence, estimate.reason or noted)
            return
        amount = evaluate_coding(row.numerator, row.denominator, self.amounts)
        if row.bound:
            amount = amount.bounded(row.bound)
        monthly = units.time_of(amount.unit) == "month"
        if not monthly or not MEASURES[row.measure].allows(_times_twelve(amount).unit):
            yield self._estimate(row, readings, amount)
            return
        twelve, as_printed = (
            self._estimate(row, {**readings, ANNUALISATION.name: answer}, _times_twelve(amount))
            for answer in ANNUALISATION.readings
        )
        yield twelve
        yield as_printed.without_value("not_comparable", NOT_ANNUALISED)

    def _estimate(self, row: Coding, readings: Mapping[str, str], amount: Amount | None) -> Estimate:
        ruled_out = self.register.ruled_out(readings)
        year, year_basis = self._year(row, amount)
        estimate = Estimate(
            row.programme_id,
            MEASURES[row.measure].theme,
            row.measure,
            row.object,
            row.works,
            row.funder,
            row.place,
            row.post,
            row.stage,
            year=year,
            year_basis=year_basis,
            status=row.status or self._status(amount.figure_ids if amount else ()),
            reading=format_when(readings),
            is_default=self.register.is_default(readings),
            feasible=not ruled_out,
            coding_id=row.coding_id,
            reason=ruled_out,
        )
        return estimate.with_amount(amount) if amount else estimate

    def _year(self, row: Coding, amount: Amount | None) -> tuple[str, str]:
        """Return the years of the numerator, as one year or the range they span, and how they are known."""
        if amount is None:
            return "", ""
        facts = [self.facts[figure_id] for figure_id in arithmetic.figure_ids(row.numerator)]
        if not facts or not all(fact.year for fact in facts):
            return "", "unknown"
        ends = sorted(end for fact in facts for end in fact.year.split("/"))
        years = ends[0] if ends[0] == ends[-1] else f"{ends[0]}/{ends[-1]}"
        return years, "inferred" if "inferred" in {fact.year_basis for fact in facts} else "stated"

    def _status(self, figure_ids: Iterable[str]) -> str:
        statuses = {self.facts[figure_id].status for figure_id in figure_ids}
        return next(
            (
                status
                for status in ("planned", "open", "achieved", "standard", "reported")
                if status in statuses
            ),
            "",
        )


def _times_twelve(amount: Amount) -> Amount:
    unit = amount.unit.removesuffix("/month") + "/year"
    return Amount(amount.value * 12, amount.lower * 12, amount.upper * 12, unit, amount.figure_ids)
