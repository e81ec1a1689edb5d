"""Comparisons of like with like: which programmes may stand beside each other, and which may not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from analysis.estimates.measures import Estimate, codes_of, from_frame, to_frame
from analysis.estimates.prices import in_prices_of
from analysis.estimates.reasons import NOT_PRINTED, OTHER_REPORTED
from analysis.estimates.robustness import Ranked, Robustness
from analysis.estimates.spans import apply_definitions, spans
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES, NOMINAL, SUBSIDY, parse_when
from analysis.evidence.rows import rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.evidence.themes import THEMES

ABSENCE_ORDER = ("value", "not_comparable", "not_applicable", "not_reported")
RELAXABLE = ("works", "place")


class LeftOut(NamedTuple):
    """A programme that is not compared: the type of absence, what it reports instead, and why, as a code."""

    programme_id: str
    absence: str
    other: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """The programmes that report one measure of the same thing, under all their feasible readings.

    ``key`` are the dimensions that all share; ``across`` those that may differ, on demand, and are then
    named in ``caveats``. ``estimates`` has one row for each item and feasible reading with a value: an item
    is a programme, or ``programme:code`` where one programme has several codes of a dimension that may
    differ. ``left_out`` has one row for each programme that is not compared, with ``absence``, what it
    reports instead (``other``) and the reason, a code. ``silent`` counts, for a programme some
    of whose readings give no value, those that do and all.

    >>> weak = analysis.compare(data, "organisations_rectified", object="weak_organisation")
    >>> weak.ranking()[["item", "value", "rank"]].to_dict("list")
    {'item': ['ludian', 'wushan'], 'value': [77.0, 7.0], 'rank': [1, 2]}
    >>> weak.given(**{"wushan.within-year": "result"}).programmes
    ['ludian', 'wushan']
    """

    data: Dataset
    measure: str
    unit: str
    price_basis: str
    key: Mapping[str, str]
    across: tuple[str, ...]
    estimates: pd.DataFrame
    left_out: pd.DataFrame
    silent: Mapping[str, tuple[int, int]]

    def __repr__(self) -> str:
        what = ", ".join(value for value in self.key.values() if value)
        counted = f"{len(self.programmes)} programmes, {self.unit}, {self.price_basis}"
        return f"Comparison({self.measure}: {what}; {counted})"

    @cached_property
    def programmes(self) -> list[str]:
        """The programmes compared, in the order of the data."""
        with_value = set(self.estimates["programme_id"])
        return [programme for programme in self.data.programme_ids if programme in with_value]

    @cached_property
    def levels(self) -> list[str]:
        """The administrative levels compared; more than one must be said."""
        frame = self.data.programmes
        return list(dict.fromkeys(frame.loc[frame["programme_id"].isin(self.programmes), "admin_level"]))

    @cached_property
    def caveats(self) -> dict[str, dict[str, list[str]]]:
        """The dimensions in which the programmes compared differ: dimension, then code, then programmes."""
        found: dict[str, dict[str, list[str]]] = {}
        for name in self.across:
            pairs = self.estimates[["programme_id", name]].drop_duplicates()
            codes = pairs.groupby(name, sort=False)["programme_id"].agg(list).to_dict()
            if len(codes) > 1:
                found[name] = {str(code): owners for code, owners in codes.items()}
        return found

    @cached_property
    def differences(self) -> list[str]:
        """In what the programmes compared differ, and what must be said beside the order.

        Dimensions named in ``across``, then ``level`` (administrative), ``status`` (planned or achieved), and
        ``year`` for money that is not in the prices of one year.
        """
        found = list(self.caveats)
        if len(self.levels) > 1:
            found.append("level")
        defaults = self.estimates[self.estimates["is_default"]]
        if len(set(defaults["status"])) > 1:
            found.append("status")
        if self.price_basis == NOMINAL and self.unit.startswith("CNY") and len(set(defaults["year"])) > 1:
            found.append("year")
        return found

    @cached_property
    def robustness(self) -> Robustness:
        """How firmly the order stands over the readings."""
        shared = set(self.data.choices.loc[self.data.choices["programme_id"] == "", "choice_id"])
        return Robustness.of(self.estimates, shared)

    @cached_property
    def evidence(self) -> dict[str, dict[str, Any]]:
        """The estimate of each item under the default readings: what its value rests on."""
        found: dict[str, dict[str, Any]] = {}
        for row in records(self.estimates):
            if row["item"] not in found or (row["is_default"] and not found[row["item"]]["is_default"]):
                found[row["item"]] = row
        return found

    def given(self, **readings: str) -> Comparison:
        """Return the comparison with choices settled: ``given(**{"minjia.investment-scope": "…"})``.

        Raises ``ValueError`` for a choice that touches no estimate here, or a reading it does not have.
        """
        touching = {choice for row in self.estimates["reading"] for choice in parse_when(row)}
        for choice, reading in readings.items():
            known = set(self.data.readings.loc[self.data.readings["choice_id"] == choice, "reading"])
            if choice not in touching:
                raise ValueError(
                    f"choice {choice!r} touches no estimate of this comparison; "
                    f"those that do are {', '.join(sorted(touching)) or 'none'}"
                )
            if reading not in known:
                raise ValueError(
                    f"choice {choice!r} has no reading {reading!r}; it has {', '.join(sorted(known))}"
                )
        wanted = readings.items()
        kept = [
            all(parse_when(row).get(choice, reading) == reading for choice, reading in wanted)
            for row in self.estimates["reading"]
        ]
        return replace(self, estimates=self.estimates[kept])

    def ranking(self) -> pd.DataFrame:
        """Return the items from the highest default value down.

        Columns: ``item, value, low, high`` (over readings), ``rank`` under the defaults (ties share
        the better rank), ``best_rank`` and ``worst_rank`` over all readings, ``higher_than_next`` and
        ``of_readings`` (in how many pairs of readings the order to the next row holds), ``margin`` (the
        smallest difference to the next row in any pair of readings; negative where the order flips).
        """
        return self.robustness.ranking()

    @cached_property
    def ranked(self) -> list[Ranked]:
        """The rows of the ranking; none where nothing has a value."""
        return rows_of(Ranked, self.ranking()) if self.programmes else []

    def cited(self) -> pd.DataFrame:
        """Return the ranking as a table to export, each row with what it rests on.

        Columns: those of ``ranking``, then ``unit, price_basis, figure_ids, printed`` (the numerals as
        printed), ``source, published, sha256``.
        """
        figures = self.data.figures.set_index("figure_id")
        sources = self.data.sources.set_index("source_id")
        ranking = self.ranking()
        evidence = []
        for item in ranking["item"]:
            names = self.evidence[item]["figure_ids"].split()
            source = sources.loc[str(figures.loc[names[0], "source_id"])]
            evidence.append(
                {
                    "unit": self.evidence[item]["unit"],
                    "price_basis": self.price_basis,
                    "figure_ids": " ".join(names),
                    "printed": "; ".join(figures.loc[names, "printed"]),
                    "source": source["title"],
                    "published": source["published"],
                    "sha256": source["sha256"],
                }
            )
        return pd.concat([ranking, pd.DataFrame(evidence)], axis=1)


def compare(
    data: Dataset,
    measure: str,
    *,
    across: Iterable[str] = (),
    price_year: int | None = None,
    **key: str,
) -> Comparison:
    """Return the comparison of one measure for the dimensions in ``key``; those not named must be empty.

    ``across`` names dimensions (``works``, ``place``) that may differ between programmes: they are then
    listed as caveats. With ``price_year`` money is in the prices of that year. Raises ``ValueError`` for an
    unknown measure, dimension or code, naming what is allowed.

    >>> analysis.compare(data, "organisations_rectified", object="weak_organisation")
    Comparison(organisations_rectified: weak_organisation; 2 programmes, organisation, nominal)
    """
    _check_call(data, measure, across, key)
    estimates = data.tables["estimates"]
    rows = estimates[estimates["measure"] == measure]
    if price_year is not None:
        rows = in_prices_of(data, rows, price_year)
    wanted = {name: key.get(name, "") for name in DIMENSIONS if name not in across}
    return _OfMeasure(data, measure, _usable(data, rows)).comparison(wanted)


def comparisons(data: Dataset, theme: str, *, price_year: int | None = None) -> list[Comparison]:
    """Return every comparison of a theme that holds two programmes or more, in the order of the measures.

    Like with like first; those across works or places follow and say so in ``across`` and ``caveats``.
    Raises ``ValueError`` for an unknown theme.

    >>> analysis.comparisons(data, "branches")
    [Comparison(organisations_rectified: weak_organisation; 2 programmes, organisation, nominal)]
    """
    if theme not in THEMES:
        raise ValueError(f"unknown theme {theme!r}; allowed are {', '.join(THEMES)}")
    estimates = data.tables["estimates"]
    rows = estimates[estimates["theme"] == theme]
    if price_year is not None:
        money = in_prices_of(data, rows, price_year)
        rows = pd.concat([money, rows[~rows["unit"].str.startswith("CNY") & (rows["absence"] == "")]])
    by_measure: dict[str, list[Estimate]] = {}
    for estimate in _usable(data, rows):
        by_measure.setdefault(estimate.measure, []).append(estimate)
    measured = [_OfMeasure(data, code, by_measure[code]) for code in MEASURES if code in by_measure]
    return [
        each.comparison(dict(zip(kept, cell, strict=True)))
        for each in measured
        for kept, cell in _comparable_cells(each.estimates)
    ]


def _comparable_cells(estimates: list[Estimate]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the cells that two programmes or more report, as names and codes of their dimensions.

    Cells that agree in every dimension come first; those that agree but for works or place follow, where
    they bring programmes together that no strict cell does.
    """
    strict = _owners(estimates, DIMENSIONS)
    kept = tuple(name for name in DIMENSIONS if name not in RELAXABLE)
    together = [owners for owners in strict.values() if len(owners) > 1]
    relaxed = {
        cell: owners
        for cell, owners in _owners(estimates, kept).items()
        if len(owners) > 1 and not any(owners <= found for found in together)
    }
    alike = [(DIMENSIONS, cell) for cell, owners in strict.items() if len(owners) > 1]
    return [*alike, *((kept, cell) for cell in relaxed)]


def _owners(estimates: list[Estimate], names: tuple[str, ...]) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for estimate in estimates:
        if estimate.has_value:
            found.setdefault(codes_of(estimate, names), set()).add(estimate.programme_id)
    return found


def coverage(data: Dataset) -> pd.DataFrame:
    """Return who reports what: one row per measure, one column per programme.

    A cell is ``value``, or the type of absence; where a programme has several cells of a measure, the best.

    >>> analysis.coverage(data).loc["yearly_pay"].to_list()
    ['value', 'value', 'not_reported', 'not_reported', 'not_reported']
    """
    rows = spans(data, data.tables["estimates"])
    ranks = rows["absence"].replace("", "value").map({code: rank for rank, code in enumerate(ABSENCE_ORDER)})
    best = ranks.groupby([rows["measure"], rows["programme_id"]]).min().unstack()
    best = best.reindex(index=list(MEASURES), columns=data.programme_ids)
    ranked = best.fillna(ABSENCE_ORDER.index("not_reported")).rename_axis(columns=None)
    return ranked.map(lambda rank: ABSENCE_ORDER[int(rank)])


def _check_call(data: Dataset, measure: str, across: Iterable[str], key: Mapping[str, str]) -> None:
    if measure not in MEASURES:
        raise ValueError(f"unknown measure {measure!r}; allowed are {', '.join(MEASURES)}")
    for name in across:
        if name not in RELAXABLE:
            raise ValueError(f"cannot compare across {name!r}; only {' and '.join(RELAXABLE)} may differ")
    for name, code in key.items():
        if name not in DIMENSIONS:
            raise ValueError(f"unknown dimension {name!r}; allowed are {', '.join(DIMENSIONS)}")
        codes = [term for field, term in data.terms if field == name]
        if code and code not in codes:
            raise ValueError(f"unknown {name} {code!r}; allowed are {', '.join(codes)}")


def _usable(data: Dataset, rows: pd.DataFrame) -> list[Estimate]:
    """Return the feasible estimates under the analyst's definitions."""
    return [estimate for estimate in apply_definitions(data, from_frame(rows)) if estimate.feasible]


@dataclass(frozen=True)
class _OfMeasure:
    """The usable estimates of one measure, and the comparisons of its cells."""

    data: Dataset
    measure: str
    estimates: list[Estimate]

    def comparison(self, key: Mapping[str, str]) -> Comparison:
        """Return the comparison of the programmes that agree in the dimensions of ``key``."""
        inside = self._cells(tuple(key)).get(tuple(key.values()), [])
        having = [_as_subsidy(e) if e.funder == SUBSIDY else e for e in inside if e.has_value]
        across = tuple(name for name in DIMENSIONS if name not in key)
        # Units differ only where places do: funds per village beside funds per community.
        units = {estimate.unit for estimate in having}
        mine = _by_programme(inside)
        left_out = [self._why_out(p, mine.get(p, [])) for p in self.data.programme_ids]
        return Comparison(
            self.data,
            self.measure,
            unit=units.pop() if len(units) == 1 else "",
            price_basis=next((estimate.price_basis for estimate in inside), NOMINAL),
            key=dict(key),
            across=across,
            estimates=to_frame(having).assign(item=_items(having, across)),
            left_out=pd.DataFrame([row for row in left_out if row], columns=list(LeftOut._fields)),
            silent=_silent(inside),
        )

    def _cells(self, names: tuple[str, ...]) -> dict[tuple[str, ...], list[Estimate]]:
        """Return the estimates by their codes of some dimensions; sorted into cells once for all of them."""
        if names not in self._sorted:
            cells: dict[tuple[str, ...], list[Estimate]] = {}
            for estimate in self.estimates:
                cells.setdefault(codes_of(estimate, names), []).append(estimate)
            self._sorted[names] = cells
        return self._sorted[names]

    @cached_property
    def _sorted(self) -> dict[tuple[str, ...], dict[tuple[str, ...], list[Estimate]]]:
        return {}

    @cached_property
    def _own(self) -> dict[str, list[Estimate]]:
        return _by_programme(self.estimates)

    @cached_property
    def _reported(self) -> dict[str, str]:
        """What each programme reports of the measure, whatever it is of; only those that report any."""
        texts: dict[str, dict[str, None]] = {}
        for estimate in filter(lambda each: each.has_value, self.estimates):
            cell = " ".join(filter(None, codes_of(estimate, DIMENSIONS)))
            texts.setdefault(estimate.programme_id, {})[cell] = None
        return {programme: "; ".join(found) for programme, found in texts.items()}

    def _why_out(self, programme: str, mine: list[Estimate]) -> LeftOut | None:
        """Return why a programme is left out; ``None`` for one that is not."""
        if any(estimate.has_value for estimate in mine):
            return None
        if not mine and programme in self._reported:
            return LeftOut(programme, "not_comparable", self._reported[programme], OTHER_REPORTED)
        absences = mine or self._own.get(programme)
        if not absences:
            return LeftOut(programme, "not_reported", "", NOT_PRINTED)
        return LeftOut(programme, absences[0].absence, "", absences[0].reason)


def _silent(inside: list[Estimate]) -> dict[str, tuple[int, int]]:
    counts: dict[str, list[bool]] = {}
    for estimate in inside:
        counts.setdefault(estimate.programme_id, []).append(estimate.has_value)
    return {p: (sum(found), len(found)) for p, found in counts.items() if 0 < sum(found) < len(found)}


def _items(estimates: list[Estimate], across: tuple[str, ...]) -> list[str]:
    """Return the item of each estimate: its programme, with its own codes where the programme has several."""
    codes: dict[tuple[str, str], set[str]] = {}
    for estimate in estimates:
        for name in across:
            codes.setdefault((estimate.programme_id, name), set()).add(getattr(estimate, name))
    items = []
    for estimate in estimates:
        own = [getattr(estimate, name) for name in across if len(codes[(estimate.programme_id, name)]) > 1]
        items.append(":".join([estimate.programme_id, *([" ".join(own)] if own else [])]))
    return items


def _as_subsidy(estimate: Estimate) -> Estimate:
    """Return a subsidy as the amount it is: among subsidies it is no mere bound on a cost."""
    return estimate._replace(lower=estimate.value, upper=estimate.value)


def _by_programme(estimates: Iterable[Estimate]) -> dict[str, list[Estimate]]:
    found: dict[str, list[Estimate]] = {}
    for estimate in estimates:
        found.setdefault(estimate.programme_id, []).append(estimate)
    return found
