"""What the readings of a figure do to an estimate: its default, and its span over the feasible ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.estimates.measures import Estimate, Readings
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import format_when, parse_when, without_years
from analysis.evidence.rows import Choice, Reading, group_by, rows_of
from analysis.evidence.schema import DIMENSIONS

CELL = ("programme_id", "theme", "measure", *DIMENSIONS, "price_basis")


class Span(NamedTuple):
    """The default estimate of a cell with its range over readings: a row of a spans frame.

    The fields of ``Estimate``, then ``low`` and ``high``, ``n_readings`` (feasible readings of the cell) and
    ``n_values`` (those of them that give a value).
    """

    programme_id: str
    theme: str
    measure: str
    object: str
    works: str
    funder: str
    place: str
    post: str
    stage: str
    value: float
    lower: float
    upper: float
    unit: str
    price_basis: str
    year: str
    year_basis: str
    status: str
    reading: str
    is_default: bool
    feasible: bool
    figure_ids: str
    coding_id: str
    absence: str
    reason: str
    region: str
    low: float
    high: float
    n_readings: int
    n_values: int

    @property
    def has_value(self) -> bool:
        """Whether there is a value, rather than a typed absence."""
        return not self.absence

    @property
    def cell(self) -> tuple[str, ...]:
        """What it is of, whatever its reading and prices: its measure and dimensions."""
        return (self.measure, self.object, self.works, self.funder, self.place, self.post, self.stage)


def default_definitions(data: Dataset) -> dict[str, str]:
    """Return the default reading of each definitional choice: what the analyst has decided."""
    return dict(data.once(_default_definitions))


def _default_definitions(data: Dataset) -> dict[str, str]:
    definitional = {choice.choice_id for choice in rows_of(Choice, data.choices, kind="definitional")}
    readings = rows_of(Reading, data.readings)
    return {
        row.choice_id: row.reading for row in readings if row.is_default and row.choice_id in definitional
    }


def apply_definitions(
    data: Dataset, estimates: Iterable[Estimate], chosen: Mapping[str, str] | None = None
) -> list[Estimate]:
    """Return the estimates under the analyst's definitions, which then are no readings any more.

    ``chosen`` are definitions that are not the defaults.
    """
    definitions = default_definitions(data) | dict(chosen or {})
    register = Readings.of(data)
    found = []
    for estimate in estimates:
        readings = parse_when(estimate.reading)
        if all(definitions.get(choice, r) == r for choice, r in readings.items()):
            open_ones = {choice: r for choice, r in readings.items() if choice not in definitions}
            default = register.is_default(open_ones)
            found.append(estimate._replace(reading=format_when(open_ones), is_default=default))
    return found


def spans(data: Dataset, estimates: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each cell (programme, measure, dimensions, price basis) of an estimates frame.

    Columns: those of the default estimate, then ``low`` and ``high`` (smallest and largest value over the
    feasible readings; a reading that only bounds the value counts with its finite bound), ``n_readings``
    (feasible readings of the text, whatever its year) and ``n_values`` (those that give a value);
    ``status`` is ``open`` where readings differ in it. A cell without a feasible reading has no row. Readings
    of definitional choices other than the default are left out: what the analyst decides is never pooled with
    what the text leaves open.
    """
    agreeing = _by_definition(data, estimates["reading"])
    cells = estimates.loc[agreeing, list(Estimate._fields)].reset_index(drop=True)
    # Numbered before the infeasible go, so that cells stay in the order of their first reading.
    number = cells.groupby(list(CELL), sort=False).ngroup()
    cells, number = cells[cells["feasible"]], number[cells["feasible"]]
    low, high = _ends(cells, number)
    texts = cells["reading"].map({text: without_years(text) for text in cells["reading"].unique()})
    n_readings = texts.groupby(number).nunique()
    n_values = texts[cells["absence"] == ""].groupby(number).nunique().reindex(n_readings.index, fill_value=0)
    # The default of a cell, or the first of its readings where none is the default.
    ordered = cells.assign(number=number).sort_values(
        ["number", "is_default"], ascending=[True, False], kind="stable"
    )
    rows = ordered.drop_duplicates("number").set_index("number")
    rows = rows.assign(low=low, high=high, n_readings=n_readings, n_values=n_values)
    differing = cells[cells["absence"] == ""].groupby(number)["status"].nunique()
    rows.loc[differing.index[differing > 1], "status"] = "open"
    return rows.reset_index(drop=True)


def join_works(rows: Iterable[Span]) -> list[Span]:
    """Return spans in which a place has one row for one thing, though other readings give it other works.

    The row is that of the default reading, without works, and spans them all.
    """
    groups = group_by(rows, lambda row: (row.programme_id, row._replace(works="").cell))
    return [row for same in groups.values() for row in (_joined(same) if _are_readings(same) else same)]


def _are_readings(same: list[Span]) -> bool:
    """Return whether rows have values under readings of which none gives them all one."""
    valued = [row for row in same if row.n_values]
    return len(valued) > 1 and any(not row.has_value for row in valued)


def _joined(same: list[Span]) -> list[Span]:
    valued = [row for row in same if row.n_values]
    default = next((row for row in valued if row.has_value), valued[0])
    low, high = min(row.low for row in valued), max(row.high for row in valued)
    return [default._replace(works="", low=low, high=high, n_values=sum(row.n_values for row in valued))]


def _by_definition(data: Dataset, readings: pd.Series) -> pd.Series:
    """Return which readings go by what the analyst has decided; each text is parsed once."""
    definitions = default_definitions(data)
    agreeing = {
        text: all(definitions.get(choice, reading) == reading for choice, reading in parse_when(text).items())
        for text in readings.unique()
    }
    return readings.map(agreeing).astype(bool)


def _ends(cells: pd.DataFrame, number: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the smallest and the largest value of each cell over its readings."""
    found = cells[cells["absence"] == ""]
    owner = number[found.index]
    counts = owner.value_counts()
    value, lower, upper = (found[name].to_numpy(float) for name in ("value", "lower", "upper"))
    low, high = finite_ends(value, lower, upper, (owner.map(counts) > 1).to_numpy())
    least = pd.Series(low, found.index).groupby(owner).min()
    greatest = pd.Series(high, found.index).groupby(owner).max()
    return least, greatest


def finite_ends(
    value: np.ndarray, lower: np.ndarray, upper: np.ndarray, several: bool | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what readings span: a reading that only bounds its value stretches the span to a finite bound.

    One reading alone (not ``several``) has no span.
    """
    low = np.where(several & np.isfinite(lower), np.fmin(value, lower), value)
    high = np.where(several & np.isfinite(upper), np.fmax(value, upper), value)
    return low, high
