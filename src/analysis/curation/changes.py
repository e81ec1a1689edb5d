"""What changed between two states of the raw data: rows, cell by cell, and the estimates that moved.

A state is a folder that holds ``data/raw``, or is it, or a git revision. Rows are compared by their keys, so
a renamed id is one row removed and one added. Estimates are compared in prices as printed; one that moves
only in constant prices (its year or the price index changed) is listed in prices of one year.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from analysis.curation.revisions import open_revision
from analysis.estimates.measures import Estimate
from analysis.estimates.prices import in_prices_of, series
from analysis.estimates.processed import checked
from analysis.estimates.spans import CELL, Span, spans
from analysis.evidence.checks import DataError, Problem
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import CPI, NOMINAL
from analysis.evidence.rows import rows_of
from analysis.evidence.schema import TABLES, Table
from analysis.words.labels import Labels
from analysis.words.language import Text

WORKING_TREE = "the working tree"
NOTES = ("note", "note_zh")
NUMBERS = ("value", "lower", "upper", "low", "high")
_MARKS = {"changed": "~", "added": "+", "removed": "-"}
_SMALL = 1e-9
_TEXT = Text.of("en")
cell_key = attrgetter(*CELL)

CellKey = tuple[str, ...]
RowChangeKind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class CellChange:
    """One column of a row, as it was and as it is."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class RowChange:
    """One row that was added, removed or changed; ``without_note`` points out a figure's silent change."""

    table: str
    key: str
    kind: RowChangeKind
    cells: tuple[CellChange, ...] = ()
    note: str = ""
    without_note: bool = False


@dataclass(frozen=True)
class EstimateState:
    """An estimate on one side: its default value with bounds, its span over readings, or its absence.

    Open bounds and absent values are ``None``; ``by_reading`` gives the estimate under each reading in words.
    """

    value: float | None
    lower: float | None
    upper: float | None
    low: float | None
    high: float | None
    unit: str
    absence: str
    by_reading: Mapping[str, str]
    value_text: str
    span_text: str


_NOTHING = EstimateState(None, None, None, None, None, "", "", {}, "none", "")
States = dict[CellKey, EstimateState]


@dataclass(frozen=True)
class Move:
    """One estimate that moved: what it is, both states (``None``: there is none), and by how much.

    ``cell`` names it by the columns of ``spans.CELL``.
    """

    programme_id: str
    measure: str
    name: str
    price_basis: str
    old: EstimateState | None
    new: EstimateState | None
    cell: Mapping[str, str]

    @property
    def kind(self) -> str:
        """What happened: added, removed, value gained, value lost, absence (another kind of it) or moved."""
        if self.old is None or self.new is None:
            return "added" if self.old is None else "removed"
        if bool(self.old.absence) != bool(self.new.absence):
            return "value gained" if self.old.absence else "value lost"
        return "absence" if self.old.absence != self.new.absence else "moved"

    @property
    def absolute(self) -> float | None:
        """New minus old value; ``None`` where one of them has none or their units differ."""
        old, new = self.old or _NOTHING, self.new or _NOTHING
        if old.value is None or new.value is None or old.unit != new.unit:
            return None
        return new.value - old.value

    @property
    def percent(self) -> float | None:
        """New minus old value in per cent of the old one; ``None`` without one or where it was zero."""
        old = self.old.value if self.old else None
        return None if self.absolute is None or not old else 100 * self.absolute / abs(old)

    @property
    def size(self) -> float:
        """The largest relative change of value, bounds or span; infinite for a value gained or lost."""
        if not self.old or not self.new or self.kind != "moved" or self.old.unit != self.new.unit:
            return math.inf
        return _largest_change(self.old, self.new)


@dataclass(frozen=True)
class Changes:
    """Everything that differs between two states of the raw data; ``str`` lists it, largest moves first."""

    old: str
    new: str
    rows: tuple[RowChange, ...]
    moves: tuple[Move, ...]
    estimates: int

    @property
    def without_note(self) -> tuple[str, ...]:
        """Ids of the figures that changed without a change of their note."""
        return tuple(row.key for row in self.rows if row.without_note)

    def to_json(self) -> str:
        """Return the changes as JSON; open bounds and missing values are null."""
        moves = [
            {**asdict(move), "kind": move.kind, "absolute": move.absolute, "percent": move.percent}
            for move in self.moves
        ]
        content = {
            "old": self.old, "new": self.new, "without_note": self.without_note,
            "rows": [asdict(row) for row in self.rows], "estimates": self.estimates, "moves": moves,
        }  # fmt: skip
        return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)

    def __str__(self) -> str:
        lines = [f"{self.old} → {self.new}"]
        for table in TABLES:
            if rows := [row for row in self.rows if row.table == table]:
                lines += [
                    "",
                    f"{table}: {_count_kinds(rows)}",
                    *(line for row in rows for line in _list_row(row)),
                ]
        if not self.rows:
            lines += ["", "no row of the raw data changed"]
        if silent := self.without_note:
            count = f"{len(silent)} {'figures' if len(silent) > 1 else 'figure'}"
            lines += ["", f"! {count} changed without a note: say in its note what was corrected"]
            lines += [f"  {figure_id}" for figure_id in silent]
        lines += ["", f"estimates that moved: {len(self.moves)} of {self.estimates}"]
        return "\n".join([*lines, *(line for move in self.moves for line in _list_move(move))])


def changes(old: str, new: str | None, root: Path) -> Changes:
    """Return what changed from ``old`` to ``new``; without ``new``, to the working tree of ``root``.

    Each is a folder that holds ``data/raw``, that folder itself, or a git revision of the project in
    ``root``. Raises ``FileNotFoundError`` for a name that is none of these, and ``DataError`` with the faults
    of both, each naming its side.
    """
    sides = {"OLD": (old, old), "NEW": (new or str(root), new or WORKING_TREE)}
    loaded: dict[str, Dataset] = {}
    problems: list[Problem] = []
    for side, (name, shown) in sides.items():
        with open_revision(name, side, root) as folder:
            try:
                loaded[side] = checked(folder)
            except DataError as error:
                where = f"{side} ({shown}): "
                problems += [replace(problem, file=where + problem.file) for problem in error.problems]
    if problems:
        raise DataError(problems)
    return between(loaded["OLD"], loaded["NEW"], old, new or WORKING_TREE)


def between(before: Dataset, after: Dataset, old: str = "before", new: str = "after") -> Changes:
    """Return what changed from one dataset to another; ``old`` and ``new`` are their names."""
    rows = tuple(row for table in TABLES.values() for row in _row_changes(table, before, after))
    moves, estimates = _moves(before, after)
    return Changes(old, new, rows, moves, estimates)


def _row_changes(table: Table, before: Dataset, after: Dataset) -> Iterator[RowChange]:
    """Yield the rows of one table that differ: changed and added ones in the new order, then removed ones."""
    old, new = (_rows_by_key(table, data) for data in (before, after))
    for key, row in new.items():
        note, was = row.get("note", ""), old.get(key)
        if was is None:
            yield RowChange(table.name, key, "added", note=note)
        elif was != row:
            cells = tuple(CellChange(name, was[name], row[name]) for name in row if was[name] != row[name])
            silent = table.name == "figures" and not any(cell.column in NOTES for cell in cells)
            yield RowChange(table.name, key, "changed", cells, note, silent)
    for key in old.keys() - new.keys():
        yield RowChange(table.name, key, "removed", note=old[key].get("note", ""))


def _rows_by_key(table: Table, data: Dataset) -> dict[str, dict[str, str]]:
    frame = data.tables[table.name][table.columns]
    rows = ({name: _cell_text(value) for name, value in row.items()} for row in records(frame))
    return {" ".join(row[name] for name in table.key): row for row in rows}


def _cell_text(value: Any) -> str:
    """Return a typed cell as text: numbers without a superfluous fraction, so that 8 and 8.0 are equal."""
    if pd.isna(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _count_kinds(rows: Iterable[RowChange]) -> str:
    counts = Counter(row.kind for row in rows)
    return ", ".join(f"{counts[kind]} {kind}" for kind in ("changed", "added", "removed") if counts[kind])


def _list_row(row: RowChange) -> Iterator[str]:
    columns = ", ".join(cell.column for cell in row.cells)
    listed = row.table == "figures"
    yield f"  {_MARKS[row.kind]} {row.key}" + (f": {columns}" if columns and not listed else "")
    for cell in row.cells if listed else ():
        yield f"      {cell.column}: {cell.old or 'empty'} → {cell.new or 'empty'}"


def _moves(before: Dataset, after: Dataset) -> tuple[tuple[Move, ...], int]:
    """Return the estimates that moved, largest first, and how many there are on either side."""
    old, new = (_states(data, data.tables["estimates"]) for data in (before, after))
    found = list(_compare(old, new))
    moved = {cell[:-1] for cell, *_ in found}
    year = min(max(series(data, CPI)) for data in (before, after))
    constant = (_states(d, in_prices_of(d, d.tables["estimates"], year)) for d in (before, after))
    found += [each for each in _compare(*constant) if each[0][:-1] not in moved]
    moves = (_move(after if now else before, cell, was, now) for cell, was, now in found)
    return tuple(sorted(moves, key=lambda move: -move.size)), len(old.keys() | new.keys())


def _move(data: Dataset, key: CellKey, was: EstimateState | None, now: EstimateState | None) -> Move:
    cell, labels = dict(zip(CELL, key, strict=True)), Labels(data, _TEXT)
    basis = cell["price_basis"]
    prices = "" if basis == NOMINAL else f"prices of {basis.split('-')[1]}"
    parts = (labels.measure(cell["measure"]), labels.dimensions(cell), prices)
    name = f"{labels.programme(cell['programme_id'])}: {' · '.join(filter(None, parts))}"
    return Move(cell["programme_id"], cell["measure"], name, basis, was, now, cell)


def _compare(
    old: States, new: States
) -> Iterator[tuple[CellKey, EstimateState | None, EstimateState | None]]:
    """Yield the estimates that differ, as they were and as they are."""
    for cell in dict.fromkeys([*new, *old]):
        was, now = old.get(cell), new.get(cell)
        if not _is_same(was, now):
            yield cell, was, now


def _is_same(old: EstimateState | None, new: EstimateState | None) -> bool:
    if old is None or new is None:
        # One that came or went without a value has not moved.
        present = old or new
        return bool(present and present.absence)
    same = (old.unit, old.absence, old.by_reading) == (new.unit, new.absence, new.by_reading)
    return same and _largest_change(old, new) <= _SMALL


def _largest_change(old: EstimateState, new: EstimateState) -> float:
    """Return the largest relative change of value, bounds or span."""
    return max(_relative_change(getattr(old, name), getattr(new, name)) for name in NUMBERS)


def _relative_change(old: float | None, new: float | None) -> float:
    if old == new:
        return 0.0
    return abs(new - old) / abs(old) if old and new is not None else math.inf


def _states(data: Dataset, estimates: pd.DataFrame) -> States:
    """Return the state of every estimate that has a feasible reading."""
    by_reading: dict[CellKey, dict[str, str]] = {}
    for row in rows_of(Estimate, estimates):
        text = _value_text(row) + ("" if row.feasible else " (ruled out)")
        by_reading.setdefault(cell_key(row), {})[row.reading] = text
    rows = rows_of(Span, spans(data, estimates))
    return {cell_key(row): _state_of(row, by_reading[cell_key(row)]) for row in rows}


def _state_of(row: Span, by_reading: dict[str, str]) -> EstimateState:
    numbers = {name: getattr(row, name) for name in NUMBERS}
    finite = {name: float(n) if math.isfinite(n) else None for name, n in numbers.items()}
    span = _TEXT.span(row.low, row.high, row.unit, short=False) if row.low < row.high else ""
    return EstimateState(
        **finite, unit=row.unit, absence=row.absence, by_reading=by_reading, value_text=_value_text(row),
        span_text=span,
    )  # fmt: skip


def _value_text(row: Estimate | Span) -> str:
    if row.absence:
        return _TEXT.code("absence", row.absence)
    return _TEXT.interval(row.value, row.lower, row.upper, row.unit, short=False)


def _list_move(move: Move) -> Iterator[str]:
    old, new = move.old or _NOTHING, move.new or _NOTHING
    yield f"  {move.name}"
    value = old.value_text, new.value_text
    if value[0] != value[1]:
        yield f"      value: {value[0]} → {value[1]}{_amount(move)}"
    if old.span_text != new.span_text:
        yield f"      span: {old.span_text or 'none'} → {new.span_text or 'none'}"
    for reading in dict.fromkeys([*old.by_reading, *new.by_reading]):
        was, now = (state.by_reading.get(reading, "none") for state in (old, new))
        # The value line has said the default reading; without a value on one side it has said all.
        if move.kind == "moved" and reading and was != now and (was, now) != value:
            yield f"      {reading}: {was} → {now}"


def _amount(move: Move) -> str:
    if not move.absolute or not move.new:
        return ""
    sign = "+" if move.absolute > 0 else "−"
    absolute = sign + _TEXT.quantity(abs(move.absolute), move.new.unit)
    return f" ({absolute})" if move.percent is None else f" ({absolute}, {sign}{abs(move.percent):.1f}%)"
