"""What of a dataset uses what: its estimates by cell and by figure, its codings by figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import attrgetter

import pandas as pd

from analysis.estimates.measures import Estimate, Readings, from_frame
from analysis.estimates.prices import in_prices_of, series
from analysis.estimates.spans import CELL, Span, spans
from analysis.evidence import arithmetic
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import CPI, NOMINAL, parse_when
from analysis.evidence.rows import Choice, Coding, Figure, Source, group_by, rows_of

Cell = tuple[str, ...]
cell_key = attrgetter(*CELL)


def estimate_anchor(cell: Cell) -> str:
    """Return what a page calls the card of an estimate: its programme, measure and dimensions."""
    programme, _, measure, *codes, prices = cell
    return f"estimate-{'.'.join((programme, measure, *filter(None, codes), *_prices(prices)))}"


def _prices(basis: str) -> list[str]:
    return [] if basis == NOMINAL else [basis]


def estimates_by_cell(data: Dataset) -> Mapping[Cell, Sequence[Estimate]]:
    """Return the estimates of each cell, one for each reading."""
    return group_by(from_frame(data.tables["estimates"]), cell_key)


def spans_by_cell(data: Dataset) -> Mapping[Cell, Span]:
    """Return the default estimate of each cell with its span over readings, where a reading is feasible."""
    return {cell_key(row): row for row in rows_of(Span, spans(data, data.tables["estimates"]))}


def estimates_by_figure(data: Dataset) -> Mapping[str, Sequence[Estimate]]:
    """Return the estimates that use each figure."""
    found = defaultdict[str, list[Estimate]](list)
    for row in from_frame(data.tables["estimates"]):
        for name in dict.fromkeys(row.figure_ids.split()):
            found[name].append(row)
    return found


def codings_by_figure(data: Dataset) -> Mapping[str, Sequence[Coding]]:
    """Return the codings whose numerator or denominator names each figure."""
    found = defaultdict[str, list[Coding]](list)
    for row in rows_of(Coding, data.codings):
        named = (name for side in (row.numerator, row.denominator) for name in arithmetic.figure_ids(side))
        for name in dict.fromkeys(named):
            found[name].append(row)
    return found


def figures_by_id(data: Dataset) -> Mapping[str, Figure]:
    """Return each figure by its id."""
    return {row.figure_id: row for row in rows_of(Figure, data.figures)}


def sources_by_id(data: Dataset) -> Mapping[str, Source]:
    """Return each source by its id."""
    return {row.source_id: row for row in rows_of(Source, data.sources)}


def codings_by_id(data: Dataset) -> Mapping[str, Coding]:
    """Return each coding by its id."""
    return {row.coding_id: row for row in rows_of(Coding, data.codings)}


def touched(data: Dataset, choice: Choice) -> pd.DataFrame:
    """Return the estimates that a choice touches, all other choices at their default.

    For a choice that only matters to constant prices they are in prices of the last year with an index.
    """
    frame = data.tables["estimates"]
    found = frame[_touches(data, choice.choice_id, frame)]
    if not found.empty:
        return found
    own = frame[frame["programme_id"] == choice.programme_id]
    converted = in_prices_of(data, own, max(series(data, CPI)))
    return converted[_touches(data, choice.choice_id, converted)]


def _touches(data: Dataset, choice_id: str, frame: pd.DataFrame) -> pd.Series:
    defaults = Readings.of(data).defaults
    kept = []
    for when in frame["reading"]:
        others = parse_when(when)
        own = others.pop(choice_id, None)
        kept.append(own is not None and others.items() <= defaults)
    return pd.Series(kept, frame.index, dtype="bool")
