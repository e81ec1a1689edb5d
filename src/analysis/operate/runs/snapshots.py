"""The data of the last run, kept in the ledger to say what has changed in it since."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from analysis.curation.changes import Changes, between
from analysis.evidence.dataset import Dataset
from analysis.operate.runs.ledger import Ledger

SHARED = ""
"""The programme of a choice that holds for all."""
KEPT = 100
"""How many changed figures, and how many moved estimates, are kept to be named; all are counted."""


def note(ledger: Ledger, run: int, data: Dataset) -> None:
    """Enter the data of a run if it differs from that of the run before, with what has changed."""
    last = next(iter(ledger.states()), None)
    if last is not None and last.data_hash == data.data_hash:
        return
    changes = None
    if last is not None and last.tables is not None:
        changes = json.dumps(compared(unpacked(last.tables, data), data), ensure_ascii=False)
    ledger.add_state(run, data.data_hash, packed(data), changes)


def packed(data: Dataset) -> bytes:
    """Return the tables of a dataset as one archive of Parquet files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, frame in data.tables.items():
            file.writestr(name, frame.to_parquet(index=False, compression="zstd"))
    return archive.getvalue()


def unpacked(archive: bytes, data: Dataset) -> Dataset:
    """Return the dataset of an archive; its tables are those that ``data`` has."""
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        tables = {name: _frame(file.read(name)) for name in file.namelist()}
    return replace(data, tables={**{name: frame.iloc[:0] for name, frame in data.tables.items()}, **tables})


def _frame(parquet: bytes) -> pd.DataFrame:
    frame = pd.read_parquet(io.BytesIO(parquet))
    return frame.astype(dict.fromkeys(frame.select_dtypes("integer").columns, "Int64"))


def compared(before: Dataset, after: Dataset) -> dict[str, Any]:
    """Return what changed, as plain values: changed rows and moved estimates, and how many there are.

    Keys: ``rows`` (number by table and kind), ``figures`` (the changed ones), ``moves`` (estimates that stand
    on both sides, largest move first), ``moved``, ``gained`` and ``lost`` (numbers of estimates).
    """
    found = between(*_where_they_differ(before, after))
    figures = [row for row in found.rows if row.table == "figures" and row.kind == "changed"]
    moves = [move for move in found.moves if move.kind not in ("added", "removed")]
    kinds = [move.kind for move in found.moves]
    return {
        "rows": _counts(found),
        "figures": [asdict(row) for row in figures[:KEPT]],
        "moves": [{**asdict(move), "kind": move.kind} for move in moves[:KEPT]],
        "moved": len(moves),
        "gained": kinds.count("added"),
        "lost": kinds.count("removed"),
    }


def _counts(found: Changes) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for row in found.rows:
        kinds = counts.setdefault(row.table, {})
        kinds[row.kind] = kinds.get(row.kind, 0) + 1
    return counts


def _where_they_differ(before: Dataset, after: Dataset) -> tuple[Dataset, Dataset]:
    """Return both with the estimates of those programmes alone in which any can have moved.

    Thousands of programmes take minutes to compare, and few of them change. Where what all share has changed
    (a price index, a choice that holds for every programme) any estimate may have moved.
    """
    differ: set[str] = set()
    for rows in (lambda data: data.tables["estimates"], _choices):
        old, new = (_by_programme(rows(data)) for data in (before, after))
        differ |= {name for name in old.keys() | new.keys() if not _equal(old.get(name), new.get(name))}
    series = (data.tables["reference_series"] for data in (before, after))
    if SHARED in differ or not _equal(*series):
        return before, after
    return _only(before, differ), _only(after, differ)


def _choices(data: Dataset) -> pd.DataFrame:
    """Return the readings with the programme and the kind of their choice."""
    kinds = data.choices[["choice_id", "programme_id", "kind"]]
    return data.readings[["choice_id", "reading", "is_default", "feasible"]].merge(kinds, on="choice_id")


def _by_programme(frame: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    return {str(name): rows for name, rows in frame.groupby("programme_id", sort=False)}


def _equal(old: pd.DataFrame | None, new: pd.DataFrame | None) -> bool:
    if old is None or new is None:
        return old is new
    return old.reset_index(drop=True).equals(new.reset_index(drop=True))


def _only(data: Dataset, programmes: Iterable[str]) -> Dataset:
    estimates = data.tables["estimates"]
    kept = estimates[estimates["programme_id"].isin(list(programmes))]
    return replace(data, tables={**data.tables, "estimates": kept})
