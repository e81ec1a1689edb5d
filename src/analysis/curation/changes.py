"""What changed between two states of the raw data: rows, cell by cell, and the estimates that moved.

A state is a folder that holds ``data/raw``, or is it, or a git revision. Rows are compared by their keys, so
a renamed id is one row removed and one added. Estimates are compared in prices as printed; one that moves
only in constant prices (its year or the price index changed) is listed in prices of one year.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from analysis.curation.revisions import state
from analysis.estimates.prices import in_prices_of, series
from analysis.estimates.processed import checked
from analysis.estimates.spans import CELL, spans
from analysis.evidence.checks import DataError, Problem
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import CPI, NOMINAL
from analysis.evidence.schema import TABLES, Table
from analysis.words.labels import Labels
from analysis.words.language import Text

WORKING_TREE = "the working tree"
NOTES = ("note", "note_zh")
NUMBERS = ("value", "lower", "upper", "low", "high")
_MARKS = {"added": "+", "removed": "-", "changed": "~"}
_SMALL = 1e-9
Cells = tuple[str, ...]
Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Cell:
    """One column of a row, as it was and as it is."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class RowChange:
    """One row that was added, removed or changed; ``without_note`` points out a figure's silent change."""

    table: str
    key: str
    kind: Kind
    cells: tuple[Cell, ...] = ()
    note: str = ""
    without_note: bool = False


@dataclass(frozen=True)
class State:
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


_NOTHING = State(None, None, None, None, None, "", "", {}, "none", "")


@dataclass(frozen=True)
class Move:
    """One estimate that moved: what it is, both states (``None``: there is none), and by how much.

    ``cell`` names it by the columns of ``readings.CELL``.
    """

    programme_id: str
    measure: str
    name: str
    price_basis: str
    old: State | None
    new: State | None
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
        if not self.old or not self.new or self.old.unit != self.new.unit:
            return None
        return _minus(self.new.value, self.old.value)

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
        return max(_relative(getattr(self.old, name), getattr(self.new, name)) for name in NUMBERS)


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
            rows = [row for row in self.rows if row.table == table]
            if rows:
                lines += [
                    "",
                    f"{table}: {_counted(rows)}",
                    *(line for row in rows for line in _row_lines(row)),
                ]
        if not self.rows:
            lines += ["", "no row of the raw data changed"]
        if silent := self.without_note:
            plural = "figures" if len(silent) > 1 else "figure"
            lines += [
                "",
                f"! {len(silent)} {plural} changed without a note: say in its note what was corrected",
            ]
            lines += [f"  {figure_id}" for figure_id in silent]
        lines += ["", f"estimates that moved: {len(self.moves)} of {self.estimates}"]
        return "\n".join([*lines, *(line for move in self.moves for line in _move_lines(move))])


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
        with state(name, side, root) as folder:
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
    old, new = _rows(table, before), _rows(table, after)
    for key, row in new.items():
        note = row.get("note", "")
        if key not in old:
            yield RowChange(table.name, key, "added", note=note)
        elif cells := tuple(
            Cell(name, old[key][name], row[name]) for name in row if old[key][name] != row[name]
        ):
            silent = table.name == "figures" and not any(cell.column in NOTES for cell in cells)
            yield RowChange(table.name, key, "changed", cells, note, silent)
    for key in old.keys() - new.keys():
        yield RowChange(table.name, key, "removed", note=old[key].get("note", ""))


def _rows(table: Table, data: Dataset) -> dict[str, dict[str, str]]:
    frame = data.tables[table.name][table.columns]
    rows = ({name: _cell(value) for name, value in row.items()} for row in records(frame))
    return {" ".join(row[name] for name in table.key): row for row in rows}


def _cell(value: Any) -> str:
    """Return a typed cell as text: numbers without a superfluous fraction, so that 8 and 8.0 are equal."""
    if pd.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _counted(rows: Iterable[RowChange]) -> str:
    kinds = [row.kind for row in rows]
    return ", ".join(
        f"{kinds.count(kind)} {kind}" for kind in ("changed", "added", "removed") if kind in kinds
    )


def _row_lines(row: RowChange) -> Iterator[str]:
    columns = ", ".join(cell.column for cell in row.cells)
    short = row.table != "figures" and columns
    yield f"  {_MARKS[row.kind]} {row.key}" + (f": {columns}" if short else "")
    if row.table == "figures":
        yield from (
            f"      {cell.column}: {cell.old or 'empty'} → {cell.new or 'empty'}" for cell in row.cells
        )


def _moves(before: Dataset, after: Dataset) -> tuple[tuple[Move, ...], int]:
    """Return the estimates that moved, largest first, and how many there are on either side."""
    old, new = (_states(data, data.tables["estimates"]) for data in (before, after))
    nominal = _differing(old, new)
    moved = {cell[:-1] for cell, *_ in nominal}
    year = min(max(series(data, CPI)) for data in (before, after))
    constant = (_states(d, in_prices_of(d, d.tables["estimates"], year)) for d in (before, after))
    rest = [each for each in _differing(*constant) if each[0][:-1] not in moved]
    moves = [_move(after if now else before, cell, was, now) for cell, was, now in [*nominal, *rest]]
    return tuple(sorted(moves, key=lambda move: -move.size)), len(old.keys() | new.keys())


def _move(data: Dataset, cell: Cells, was: State | None, now: State | None) -> Move:
    named = dict(zip(CELL, cell, strict=True))
    return Move(cell[0], cell[2], _name(data, named), cell[-1], was, now, named)


def _differing(
    old: dict[Cells, State], new: dict[Cells, State]
) -> list[tuple[Cells, State | None, State | None]]:
    cells = dict.fromkeys([*new, *old])
    pairs = ((cell, old.get(cell), new.get(cell)) for cell in cells)
    return [(cell, was, now) for cell, was, now in pairs if not _same(was, now)]


def _same(old: State | None, new: State | None) -> bool:
    if old is None or new is None:
        # One that came or went without a value has not moved.
        present = old or new
        return bool(present and present.absence)
    near = all(_relative(getattr(old, name), getattr(new, name)) <= _SMALL for name in NUMBERS)
    return near and (old.unit, old.absence, old.by_reading) == (new.unit, new.absence, new.by_reading)


def _states(data: Dataset, estimates: pd.DataFrame) -> dict[Cells, State]:
    """Return the state of every estimate that has a feasible reading."""
    text = Text.of("en")
    by_reading: dict[Cells, dict[str, str]] = {}
    for row in records(estimates):
        shown = _value(text, row) + ("" if row["feasible"] else " (ruled out)")
        by_reading.setdefault(_key(row), {})[row["reading"]] = shown
    return {_key(row): _state_of(text, row, by_reading[_key(row)]) for row in records(spans(data, estimates))}


def _state_of(text: Text, row: dict[str, Any], by_reading: dict[str, str]) -> State:
    numbers = {name: _finite(row[name]) for name in NUMBERS}
    spread = row["low"] < row["high"]
    span = text.span(row["low"], row["high"], row["unit"], short=False) if spread else ""
    value = _value(text, row)
    return State(**numbers, unit=row["unit"], absence=row["absence"], by_reading=by_reading,
                 value_text=value, span_text=span)  # fmt: skip


def _key(row: Mapping[str, Any]) -> Cells:
    return tuple(row[name] for name in CELL)


def _value(text: Text, row: Mapping[str, Any]) -> str:
    if row["absence"]:
        return text.code("absence", row["absence"])
    return text.interval(row["value"], row["lower"], row["upper"], row["unit"], short=False)


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _minus(new: float | None, old: float | None) -> float | None:
    return None if new is None or old is None else new - old


def _relative(old: float | None, new: float | None) -> float:
    if old is None or new is None:
        return 0.0 if old is new else math.inf
    return 0.0 if old == new else abs(new - old) / abs(old) if old else math.inf


def _name(data: Dataset, row: Mapping[str, str]) -> str:
    labels = Labels(data, Text.of("en"))
    prices = "" if row["price_basis"] == NOMINAL else f"prices of {row['price_basis'].split('-')[1]}"
    parts = (labels.measure(row["measure"]), labels.dimensions(row), prices)
    return f"{labels.programme(row['programme_id'])}: {' · '.join(part for part in parts if part)}"


def _move_lines(move: Move) -> Iterator[str]:
    old, new = (state or _NOTHING for state in (move.old, move.new))
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
    text, sign = Text.of("en"), "+" if move.absolute > 0 else "−"
    absolute = sign + text.quantity(abs(move.absolute), move.new.unit)
    return f" ({absolute})" if move.percent is None else f" ({absolute}, {sign}{abs(move.percent):.1f}%)"
