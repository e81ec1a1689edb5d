"""What the readings of a figure do to an estimate: its default, and its span over the feasible ones."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from analysis.estimates.measures import Estimate
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import format_when, parse_when
from analysis.evidence.rows import Choice, Reading, rows_of
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
    definitional = {choice.choice_id for choice in rows_of(Choice, data.choices, kind="definitional")}
    readings = rows_of(Reading, data.readings)
    return {
        row.choice_id: row.reading for row in readings if row.is_default and row.choice_id in definitional
    }


def apply_definitions(data: Dataset, estimates: Iterable[Estimate]) -> list[Estimate]:
    """Return the estimates under the analyst's definitions, which then are no readings any more."""
    definitions = default_definitions(data)
    found = []
    for estimate in estimates:
        readings = parse_when(estimate.reading)
        if all(definitions.get(choice, r) == r for choice, r in readings.items()):
            open_ones = {choice: r for choice, r in readings.items() if choice not in definitions}
            found.append(estimate._replace(reading=format_when(open_ones)))
    return found


def spans(data: Dataset, estimates: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each cell (programme, measure, dimensions, price basis) of an estimates frame.

    Columns: those of the default estimate, then ``low`` and ``high`` (smallest and largest value over the
    feasible readings; a reading that only bounds the value counts with its finite bound), ``n_readings``
    (feasible readings of the cell) and ``n_values`` (those that give a value). A cell without a feasible
    reading has no row. Readings of definitional choices other than the default are left out: what the
    analyst decides is never pooled with what the text leaves open.
    """
    agreeing = _by_definition(data, estimates["reading"])
    cells = estimates.loc[agreeing, list(Estimate._fields)].reset_index(drop=True)
    # Numbered before the infeasible go, so that cells stay in the order of their first reading.
    number = cells.groupby(list(CELL), sort=False).ngroup()
    cells, number = cells[cells["feasible"]], number[cells["feasible"]]
    low, high, with_value = _ends(cells, number)
    # The default of a cell, or the first of its readings where none is the default.
    ordered = cells.assign(number=number).sort_values(
        ["number", "is_default"], ascending=[True, False], kind="stable"
    )
    rows = ordered.drop_duplicates("number").set_index("number")
    rows = rows.assign(low=low, high=high, n_readings=number.value_counts(), n_values=with_value)
    return rows.reset_index(drop=True)


def _by_definition(data: Dataset, readings: pd.Series) -> pd.Series:
    """Return which readings go by what the analyst has decided; each text is parsed once."""
    definitions = default_definitions(data)
    agreeing = {
        text: all(definitions.get(choice, reading) == reading for choice, reading in parse_when(text).items())
        for text in readings.unique()
    }
    return readings.map(agreeing).astype(bool)


def _ends(cells: pd.DataFrame, number: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return the smallest and the largest value of each cell, and how many of its readings have a value."""
    found = cells[cells["absence"] == ""]
    owner = number[found.index]
    counts = owner.value_counts()
    # A reading that only bounds the value stretches the span to its bound; one reading alone has no span.
    several = owner.map(counts) > 1
    bounds = found[["lower", "upper"]].where(several).replace([math.inf, -math.inf], math.nan)
    ends = bounds.assign(value=found["value"])
    low, high = ends.min(axis=1).groupby(owner).min(), ends.max(axis=1).groupby(owner).max()
    return low, high, counts.reindex(number.unique(), fill_value=0)
