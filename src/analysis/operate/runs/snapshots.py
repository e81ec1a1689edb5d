"""The data of the last run, kept in the ledger to say what has changed in it since."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd
from pydantic import TypeAdapter

from analysis.curation.changes import Move, RowChange, between
from analysis.evidence.dataset import Dataset
from analysis.operate.runs.ledger import Ledger, Snapshot

SHARED = ""
"""The programme of a choice that holds for all."""
KEPT = 100
"""How many changed figures, and how many moved estimates, are kept to be named; all are counted."""


@dataclass(frozen=True)
class DataChanges:
    """What changed in the data between two runs: changed rows, and estimates that moved."""

    rows: dict[str, dict[str, int]]
    """The number of rows by table and kind of change."""
    figures: tuple[RowChange, ...]
    """The changed figures, as many as are kept."""
    moves: tuple[Move, ...]
    """The estimates that stand on both sides, largest move first, as many as are kept."""
    moved: int
    gained: int
    lost: int


CHANGES = TypeAdapter(DataChanges)


def record(ledger: Ledger, run: int, data: Dataset) -> None:
    """Enter the data of a run if it differs from that of the run before, with what has changed."""
    last = ledger.latest_snapshot()
    if last is not None and last.data_hash == data.data_hash:
        return
    changes = None
    if last is not None and last.tables is not None:
        changes = CHANGES.dump_json(compare(_unpack(last.tables, data), data)).decode()
    ledger.add_snapshot(Snapshot(run, data.data_hash, _pack(data), changes))


def _pack(data: Dataset) -> bytes:
    """Return the tables of a dataset as one archive of Parquet files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, frame in data.tables.items():
            file.writestr(name, frame.to_parquet(index=False, compression="zstd"))
    return archive.getvalue()


def _unpack(archive: bytes, data: Dataset) -> Dataset:
    """Return the dataset of an archive; its tables are those that ``data`` has."""
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        tables = {name: _frame(file.read(name)) for name in file.namelist()}
    return replace(data, tables={**{name: frame.iloc[:0] for name, frame in data.tables.items()}, **tables})


def _frame(parquet: bytes) -> pd.DataFrame:
    frame = pd.read_parquet(io.BytesIO(parquet))
    return frame.astype(dict.fromkeys(frame.select_dtypes("integer").columns, "Int64"))


def compare(before: Dataset, after: Dataset) -> DataChanges:
    """Return what changed from one dataset to the other."""
    found = between(*_restrict(before, after))
    rows: dict[str, Counter[str]] = {}
    for row in found.rows:
        rows.setdefault(row.table, Counter())[row.kind] += 1
    figures = [row for row in found.rows if row.table == "figures" and row.kind == "changed"]
    moves = [move for move in found.moves if move.old and move.new]
    gained = sum(move.old is None for move in found.moves)
    return DataChanges(
        rows={table: dict(counts) for table, counts in rows.items()},
        figures=tuple(figures[:KEPT]),
        moves=tuple(moves[:KEPT]),
        moved=len(moves),
        gained=gained,
        lost=len(found.moves) - len(moves) - gained,
    )


def _restrict(before: Dataset, after: Dataset) -> tuple[Dataset, Dataset]:
    """Return both with the estimates of those programmes alone in which any can have moved.

    Thousands of programmes take minutes to compare, and few of them change. Where what all share has changed
    (a price index, a choice that holds for every programme) any estimate may have moved.
    """
    differ: set[str] = set()
    for rows in (lambda data: data.tables["estimates"], _choices):
        old, new = (dict(list(rows(data).groupby("programme_id", sort=False))) for data in (before, after))
        differ |= {name for name in old.keys() | new.keys() if not _equal(old.get(name), new.get(name))}
    series = (data.tables["reference_series"] for data in (before, after))
    if SHARED in differ or not _equal(*series):
        return before, after
    return _only(before, differ), _only(after, differ)


def _choices(data: Dataset) -> pd.DataFrame:
    """Return the readings with the programme and the kind of their choice."""
    kinds = data.choices[["choice_id", "programme_id", "kind"]]
    return data.readings[["choice_id", "reading", "is_default", "feasible"]].merge(kinds, on="choice_id")


def _equal(old: pd.DataFrame | None, new: pd.DataFrame | None) -> bool:
    if old is None or new is None:
        return old is new
    return old.reset_index(drop=True).equals(new.reset_index(drop=True))


def _only(data: Dataset, programmes: Iterable[str]) -> Dataset:
    estimates = data.tables["estimates"]
    kept = estimates[estimates["programme_id"].isin(list(programmes))]
    return replace(data, tables={**data.tables, "estimates": kept})
