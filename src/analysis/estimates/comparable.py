"""Which programmes may stand beside each other, which may not, and why: like with like."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis.estimates.comparison import Comparison, LeftOut
from analysis.estimates.measures import Estimate, Readings, codes_of
from analysis.estimates.prices import (
    NATIONAL,
    PRINTED,
    PriceYear,
    checked_price_year,
    price_years,
    with_prices,
    years_of,
)
from analysis.estimates.reasons import NOT_PRINTED, OTHER_REPORTED
from analysis.estimates.spans import apply_definitions, default_definitions, spans
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import HOLDS_FOR, MEASURES, NOMINAL, PRICE_INDEX, parse_when, without_years
from analysis.evidence.rows import group_by, rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.evidence.themes import THEMES

ABSENCE_ORDER = ("value", "not_comparable", "not_applicable", "not_coded", "not_reported")
RELAXABLE = ("works", "place", "stage")


def compare(
    data: Dataset,
    measure: str,
    *,
    across: Iterable[str] = (),
    price_year: PriceYear = None,
    definitions: Mapping[str, str] | None = None,
    **key: str,
) -> Comparison:
    """Return the comparison of one measure for the dimensions in ``key``; those not named must be empty.

    ``across`` names dimensions (``works``, ``place``, ``stage``) that may differ between programmes: they
    are then listed as caveats. Money is in the prices of ``price_year``; without one in those of the latest
    year compared, and with ``"printed"`` as the documents print it. ``definitions`` answers definitional
    choices otherwise than by default; ``{"price-index": "provincial"}`` takes the consumer prices of each
    place's province. Raises ``ValueError`` for an unknown measure, dimension or code, naming
    what is allowed, and where nobody reports what is asked for, naming what there is.

    >>> analysis.compare(data, "organisations_rectified", object="weak_organisation")
    Comparison(organisations_rectified: weak_organisation; 2 programmes, organisation, nominal)
    """
    across, price_year = tuple(across), checked_price_year(data, price_year)
    _check_call(data, measure, across, key)
    estimates = data.tables["estimates"]
    chosen = dict(definitions or {})
    index = chosen.get(PRICE_INDEX.name, NATIONAL)
    priced = at_one_price(data, rows_of(Estimate, estimates, measure=measure), price_year, index)
    rows = _usable(data, priced, chosen)
    wanted = {name: key.get(name, "") for name in DIMENSIONS if name not in across}
    found = _OfMeasure(data, measure, rows, chosen).comparison(wanted)
    if not found.programmes and not found.silent:
        _check_reported(rows, measure, wanted)
    return found


def comparisons(data: Dataset, theme: str, *, price_year: PriceYear = None) -> list[Comparison]:
    """Return every comparison of a theme that holds two programmes or more, in the order of the measures.

    Like with like first; those across works follow and say so in ``across`` and ``caveats``. A measure that
    the analyst may define in several ways is compared under each. Prices are as in ``compare``. They are made
    once for a dataset. Raises ``ValueError`` for an unknown theme.

    >>> analysis.comparisons(data, "branches")
    [Comparison(organisations_rectified: weak_organisation; 2 programmes, organisation, nominal)]
    """
    if theme not in THEMES:
        raise ValueError(f"unknown theme {theme!r}; allowed are {', '.join(THEMES)}")
    return list(data.once(_of_theme, theme, checked_price_year(data, price_year)))


def comparisons_like(data: Dataset, like: Iterable[Comparison]) -> list[Comparison]:
    """Return the same comparisons of other data, each in the same prices, where two programmes have a value.

    Under answers the latest year compared may be another, and what is alike may be so more strictly.
    """
    found = []
    for (measure, basis, definitions), same in group_by(like, _made_as).items():
        year = int(basis.removeprefix("constant-")) if basis != NOMINAL else PRINTED
        cells = data.once(_cells_of, measure, year, definitions)
        found += [cells.comparison(each.key) for each in same]
    return [each for each in found if len(each.programmes) > 1]


def _cells_of(
    data: Dataset, measure: str, year: PriceYear, definitions: tuple[tuple[str, str], ...]
) -> _OfMeasure:
    """Return the usable estimates of a measure under definitions, in the prices of a year or as printed."""
    rows = at_one_price(data, rows_of(Estimate, data.tables["estimates"], measure=measure), year)
    return _OfMeasure(data, measure, _usable(data, rows, dict(definitions)), dict(definitions))


def _made_as(comparison: Comparison) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return comparison.measure, comparison.price_basis, tuple(comparison.definitions.items())


def _of_theme(data: Dataset, theme: str, price_year: PriceYear) -> list[Comparison]:
    rows = rows_of(Estimate, data.tables["estimates"], theme=theme)
    measured = group_by(rows, lambda row: row.measure)
    return [
        comparison
        for code in MEASURES
        if code in measured
        for comparison in _of_measure(data, code, at_one_price(data, measured[code], price_year))
    ]


def _of_measure(data: Dataset, measure: str, rows: list[Estimate]) -> list[Comparison]:
    """Return the comparisons of one measure, under each definition that gives other values."""
    found: list[list[Comparison]] = []
    seen: list[set[tuple[object, ...]]] = []
    for definitions in _definitions(data, rows):
        usable = _usable(data, rows, definitions)
        values = {(*e.cell, e.programme_id, e.value) for e in usable if e.has_value}
        made = _OfMeasure(data, measure, usable, definitions).comparisons()
        if made and values not in seen:
            seen.append(values)
            found.append(made)
    # A definition is named where there is more than one.
    return [c if len(found) > 1 else replace(c, definitions={}) for group in found for c in group]


def _definitions(data: Dataset, rows: list[Estimate]) -> Iterator[dict[str, str]]:
    """Yield every combination of readings of the definitional choices that touch the rows, defaults first."""
    touching = {choice for text in {row.reading for row in rows} for choice in parse_when(text)}
    defaults = default_definitions(data)
    register = Readings.of(data)
    found = list(register.cross(touching & defaults.keys()))
    yield from sorted(found, key=lambda one: sum(defaults[choice] != each for choice, each in one.items()))


def at_one_price(
    data: Dataset, rows: list[Estimate], price_year: PriceYear, index: str = NATIONAL
) -> list[Estimate]:
    """Return estimates with money in the prices of a year: the one asked for, or the latest compared."""
    if price_year == PRINTED:
        return rows
    if isinstance(price_year, int):
        return with_prices(data, rows, price_year, index)
    money = {row.year for row in rows if row.unit.startswith("CNY") and row.has_value}
    years = [year for text in money for year in years_of(text)]
    return with_prices(data, rows, min(max(years), price_years(data, index)[-1]) if years else None, index)


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
            raise ValueError(f"cannot compare across {name!r}; only {', '.join(RELAXABLE)} may differ")
    for name, code in key.items():
        if name not in DIMENSIONS:
            raise ValueError(f"unknown dimension {name!r}; allowed are {', '.join(DIMENSIONS)}")
        codes = [term for field, term in data.terms if field == name]
        if code and code not in codes:
            raise ValueError(f"unknown {name} {code!r}; allowed are {', '.join(codes)}")


def _check_reported(rows: list[Estimate], measure: str, wanted: Mapping[str, str]) -> None:
    """Raise ``ValueError`` naming the cells that somebody reports, where it is not the one wanted."""
    cells: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.has_value:
            pairs = ((name, getattr(row, name)) for name in wanted)
            named = ", ".join(f"{name}={code!r}" for name, code in pairs if code)
            cells.setdefault(named, {})[row.programme_id] = None
    if cells:
        asked = ", ".join(f"{name}={code!r}" for name, code in wanted.items() if code) or "no dimension"
        known = "; ".join(
            f"{named or 'no dimension'} ({', '.join(owners)})" for named, owners in cells.items()
        )
        raise ValueError(f"nobody reports {measure} with {asked}; name one of: {known}")


def _usable(data: Dataset, rows: list[Estimate], definitions: Mapping[str, str]) -> list[Estimate]:
    """Return the feasible estimates under the analyst's definitions."""
    found = apply_definitions(data, rows, definitions)
    return [estimate for estimate in found if estimate.feasible]


@dataclass(frozen=True)
class _OfMeasure:
    """The usable estimates of one measure, and the comparisons of its cells."""

    data: Dataset
    measure: str
    estimates: list[Estimate]
    definitions: Mapping[str, str]

    def comparisons(self) -> list[Comparison]:
        """Return the comparisons of two programmes or more.

        Cells that agree in every dimension come first; those that agree but for works follow, where they
        bring programmes together that no strict cell does, or join what one has under different readings.
        """
        kept = tuple(name for name in DIMENSIONS if name != "works")
        strict, relaxed = self._owners(DIMENSIONS), self._owners(kept)
        torn = {cell for cell in relaxed if len(relaxed[cell]) > 1 and self._joins(kept, cell)}
        works = DIMENSIONS.index("works")
        alike = {c: owners for c, owners in strict.items() if (*c[:works], *c[works + 1 :]) not in torn}
        together = [owners for owners in alike.values() if len(owners) > 1]
        wider = [
            cell for cell, owners in relaxed.items()
            if len(owners) > 1 and (cell in torn or not any(owners <= found for found in together))
        ]  # fmt: skip
        cells = [(DIMENSIONS, cell) for cell, owners in alike.items() if len(owners) > 1]
        return [
            self.comparison(dict(zip(names, cell, strict=True)))
            for names, cell in [*cells, *((kept, cell) for cell in wider)]
        ]

    def _owners(self, names: tuple[str, ...]) -> dict[tuple[str, ...], set[str]]:
        cells = self._cells(names).items()
        found = {cell: {row.programme_id for row in rows if row.has_value} for cell, rows in cells}
        return {cell: owners for cell, owners in found.items() if owners}

    def _joins(self, names: tuple[str, ...], cell: tuple[str, ...]) -> bool:
        """Return whether a programme has several works here, each under readings of its own."""
        mine = _by_programme(row for row in self._cells(names)[cell] if row.has_value)
        return any(
            len({row.works for row in rows}) > 1 and _exclude(rows, ("works",)) for rows in mine.values()
        )

    def comparison(self, key: Mapping[str, str]) -> Comparison:
        """Return the comparison of the programmes that agree in the dimensions of ``key``."""
        inside = self._cells(tuple(key)).get(tuple(key.values())) or self._holding_for(key)
        having = [estimate for estimate in inside if estimate.has_value]
        across = tuple(name for name in DIMENSIONS if name not in key)
        # Units differ only where places do: funds per village beside funds per community.
        counted = {estimate.unit for estimate in having}
        mine = _by_programme(inside)
        left_out = [self._why_out(p, mine.get(p, [])) for p in self.data.programme_ids]
        return Comparison(
            self.data,
            self.measure,
            unit=counted.pop() if len(counted) == 1 else "",
            price_basis=next((estimate.price_basis for estimate in inside), NOMINAL),
            key=dict(key),
            across=across,
            rows=tuple(having),
            item_of=tuple(_items(having, across)),
            out=tuple(row for row in left_out if row),
            silent=_silent(inside),
            definitions=self.definitions,
        )

    def _holding_for(self, key: Mapping[str, str]) -> list[Estimate]:
        """Return what holds for the kind of place asked for and for others, where nobody has it alone."""
        wanted, place = tuple(key.values()), key.get("place", "")
        return [
            estimate
            for estimate in self.estimates
            if place in HOLDS_FOR.get(estimate.place, ())
            and codes_of(estimate._replace(place=place), tuple(key)) == wanted
        ]

    def _cells(self, names: tuple[str, ...]) -> dict[tuple[str, ...], list[Estimate]]:
        """Return the estimates by their codes of some dimensions; sorted into cells once for all of them.

        What holds for villages and communities alike stands in the cells of either, too, where these are.
        """
        if names not in self._sorted:
            cells: dict[tuple[str, ...], list[Estimate]] = {}
            for estimate in self.estimates:
                cells.setdefault(codes_of(estimate, names), []).append(estimate)
            for estimate in self.estimates:
                for place in HOLDS_FOR.get(estimate.place, ()) if "place" in names else ():
                    cell = codes_of(estimate._replace(place=place), names)
                    if cell in cells:
                        cells[cell].append(estimate)
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
        for estimate in self.estimates:
            if estimate.has_value:
                texts.setdefault(estimate.programme_id, {})[_cell_text(estimate)] = None
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
    """Return how many readings of its text give a programme a value, and how many there are, if fewer."""
    counts = {}
    for programme, rows in _by_programme(inside).items():
        readings = {without_years(row.reading) for row in rows}
        number = len({without_years(row.reading) for row in rows if row.has_value})
        if 0 < number < len(readings):
            counts[programme] = (number, len(readings))
    return counts


def _items(estimates: list[Estimate], across: tuple[str, ...]) -> list[str]:
    """Return the item of each estimate: its programme, with its own codes where the programme has several.

    Codes that a programme has under readings that exclude each other are joined in one item.
    """
    split: dict[str, list[str]] = {}
    for programme, rows in _by_programme(estimates).items():
        several = [name for name in across if len({getattr(row, name) for row in rows}) > 1]
        split[programme] = [] if _exclude(rows, several) else several
    items = []
    for estimate in estimates:
        own = " ".join(getattr(estimate, name) for name in split[estimate.programme_id])
        items.append(f"{estimate.programme_id}:{own}" if own else estimate.programme_id)
    return items


def _exclude(rows: list[Estimate], names: Iterable[str]) -> bool:
    """Return whether rows with different codes never stand under the same readings."""
    readings = [parse_when(row.reading) for row in rows]
    return all(
        any(other.get(choice, answer) != answer for choice, answer in one.items())
        for (row, one), (base, other) in itertools.combinations(zip(rows, readings, strict=True), 2)
        if codes_of(row, names) != codes_of(base, names)
    )


def _by_programme(estimates: Iterable[Estimate]) -> dict[str, list[Estimate]]:
    found: dict[str, list[Estimate]] = {}
    for estimate in estimates:
        found.setdefault(estimate.programme_id, []).append(estimate)
    return found


def _cell_text(estimate: Estimate) -> str:
    return " ".join(filter(None, codes_of(estimate, DIMENSIONS)))
