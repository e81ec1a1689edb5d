"""What has changed in the data, as the site shows it: in the language of the reader, the rest counted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from analysis.curation.changes import EstimateState, Move, RowChange
from analysis.evidence.register import NOMINAL
from analysis.evidence.schema import TABLES
from analysis.operate.runs.ledger import Snapshot
from analysis.operate.runs.snapshots import CHANGES, DataChanges
from analysis.words.labels import Labels
from analysis.words.phrases import price_phrase

SHOWN_COLUMNS = ("printed", "value", "qualifier", "period", "status", "year")


class ChangeLine(NamedTuple):
    """What has changed, as it was and as it is."""

    name: str
    old: str
    new: str


class ChangeList(NamedTuple):
    """What one run found changed against the run before it; ``counts`` are sentences."""

    run: int
    counts: tuple[str, ...]
    moves: tuple[ChangeLine, ...]
    moves_left: int
    figures: tuple[ChangeLine, ...]
    figures_left: int


def describe_changes(labels: Labels, snapshot: Snapshot | None) -> ChangeList | None:
    """Return the latest change of the data; ``None`` where the runs have seen one state only."""
    if snapshot is None or snapshot.changes is None:
        return None
    found = CHANGES.validate_json(snapshot.changes)
    return ChangeList(
        snapshot.run,
        counts=tuple(_counts(labels, found)),
        moves=tuple(_move_line(labels, move) for move in found.moves),
        moves_left=max(0, found.moved - len(found.moves)),
        figures=tuple(line for row in found.figures for line in _cell_lines(labels, row)),
        figures_left=max(0, found.rows.get("figures", {}).get("changed", 0) - len(found.figures)),
    )


def _counts(labels: Labels, found: DataChanges) -> Iterator[str]:
    text = labels.text
    for table, kinds in found.rows.items():
        parts = (text(f"site.{kind}", number=text.number(number)) for kind, number in kinds.items())
        yield text("site.rows", table=TABLES[table].path, counts=labels.attributes(parts))
    numbers = {"moved": found.moved, "gained": found.gained, "lost": found.lost}
    if any(numbers.values()):
        yield text("site.estimates", **{kind: text.number(number) for kind, number in numbers.items()})


def _cell_lines(labels: Labels, row: RowChange) -> Iterator[ChangeLine]:
    for cell in row.cells:
        if cell.column in SHOWN_COLUMNS:
            column = labels.text(f"table.{cell.column}")
            yield ChangeLine(f"{row.key} · {column}", cell.old, cell.new)


def _move_line(labels: Labels, move: Move) -> ChangeLine:
    """Return a moved estimate in the words of the reports; in its codes, where the data has lost a name."""
    assert move.old and move.new
    try:
        return ChangeLine(_name(labels, move), _state(labels, move.old), _state(labels, move.new))
    except (KeyError, ValueError):
        codes = " · ".join(filter(None, move.cell.values()))
        return ChangeLine(codes, move.old.value_text, move.new.value_text)


def _name(labels: Labels, move: Move) -> str:
    prices = "" if move.price_basis == NOMINAL else price_phrase(labels, move.price_basis)
    parts = labels.programme(move.programme_id), labels.measure(move.measure), labels.dimensions(move.cell)
    return " · ".join(filter(None, (*parts, prices)))


def _state(labels: Labels, state: EstimateState) -> str:
    """Return one side of a move in full digits: a value in short may not have moved."""
    text = labels.text
    if state.absence:
        return text.code("absence", state.absence)
    lower = -math.inf if state.lower is None else state.lower
    upper = math.inf if state.upper is None else state.upper
    value = text.interval(state.value, lower, upper, state.unit, short=False)
    if state.low is None or state.high is None or state.low >= state.high:
        return value
    return labels.with_detail(value, [text.span(state.low, state.high, state.unit, short=False)])
