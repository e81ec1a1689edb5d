"""What the readings of a figure do to an estimate: its default, and its span over the feasible ones."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from analysis.dataset import Dataset
from analysis.measures import Estimate, format_when, from_frame, parse_when
from analysis.schema import DIMENSIONS

CELL = ("programme_id", "theme", "measure", *DIMENSIONS, "price_basis")


def default_definitions(data: Dataset) -> dict[str, str]:
    """Return the default reading of each definitional choice: what the analyst has decided."""
    kinds = dict(zip(data.choices["choice_id"], data.choices["kind"], strict=True))
    rows = data.readings[data.readings["is_default"]]
    pairs = zip(rows["choice_id"], rows["reading"], strict=True)
    return {choice: reading for choice, reading in pairs if kinds[choice] == "definitional"}


def decided(data: Dataset, estimates: Iterable[Estimate]) -> list[Estimate]:
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
    definitions = default_definitions(data)
    cells: dict[tuple[str, ...], list[Estimate]] = {}
    for estimate in from_frame(estimates):
        readings = parse_when(estimate.reading)
        if all(definitions.get(choice, reading) == reading for choice, reading in readings.items()):
            cells.setdefault(tuple(getattr(estimate, name) for name in CELL), []).append(estimate)
    rows = [_span(found) for found in cells.values() if any(estimate.feasible for estimate in found)]
    return pd.DataFrame(rows, columns=[*Estimate._fields, "low", "high", "n_readings", "n_values"])


def _span(estimates: Iterable[Estimate]) -> tuple[object, ...]:
    feasible = [estimate for estimate in estimates if estimate.feasible]
    default = next((estimate for estimate in feasible if estimate.is_default), feasible[0])
    found = [estimate for estimate in feasible if estimate.has_value]
    if not found:
        return (*default, float("nan"), float("nan"), len(feasible), 0)
    # A reading that only bounds the value stretches the span to its bound; one reading alone has no span.
    several = len(found) > 1
    ends = [bound for e in found for bound in (e.value, *((e.lower, e.upper) if several else ()))]
    finite = [bound for bound in ends if math.isfinite(bound)]
    return (*default, min(finite), max(finite), len(feasible), len(found))
