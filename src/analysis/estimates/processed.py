"""Build ``data/processed`` from ``data/raw``, and read it back as long as it is what the raw data says."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.estimates.series import SERIES
from analysis.estimates.themes import estimates_and_series
from analysis.evidence.dataset import Dataset
from analysis.evidence.folders import DATABASE, PROCESSED, RAW, find_root, hash_files
from analysis.evidence.schema import TABLES
from analysis.files import write_file
from analysis.version import __version__

MANIFEST = "manifest.json"
ESTIMATES = "estimates"


def load(root: str | Path | None = None) -> Dataset:
    """Return the dataset as built, as ``project.load`` says it; builds it anew first where it is stale."""
    folder = find_root(Path(root) if root is not None else None)
    data_hash = hash_files(folder / RAW)
    # Taken away: who reads twice gets what nobody has changed since.
    if (remembered := _remembered.pop(folder, None)) and remembered.data_hash == data_hash:
        return remembered
    if built := _built(folder, data_hash):
        return built
    data = checked(folder)
    with contextlib.suppress(OSError):
        write(data)
    return data


_remembered: dict[Path, Dataset] = {}


def remember(root: Path) -> None:
    """Read the dataset of a project, if it is built, for the next ``load`` here or in a fork of us."""
    if built := _built(root.resolve(), hash_files(root / RAW)):
        built.amounts  # noqa: B018  # kept by the dataset, so that no fork need compute them
        _remembered[built.root] = built


def remembered(root: Path) -> Dataset:
    """Return what is remembered of a project, and leave it for the next ``load``; raises ``KeyError``."""
    return _remembered[root.resolve()]


def build(root: Path) -> Dataset:
    """Check the raw tables, write ``data/processed`` and return the dataset; same bytes on every run.

    Raises ``checks.DataError`` with every fault; then nothing is written.
    """
    data = checked(root)
    write(data)
    return data


def checked(root: Path) -> Dataset:
    """Return the dataset of the raw tables with its estimates; raises ``checks.DataError``."""
    # What is built already is read without it.
    from analysis.evidence import checks

    # Hashed before it is read: what is saved in between must count as changed.
    data_hash = hash_files(root / RAW)
    return replace(estimated(checks.load(root)), data_hash=data_hash)


def estimated(data: Dataset) -> Dataset:
    """Return a dataset of raw tables with all that is computed of them."""
    figures = data.figures.assign(
        programme_id=_programmes_of_figures(data),
        lower=[amount.lower for amount in data.amounts.values()],
        upper=[amount.upper for amount in data.amounts.values()],
    )
    estimates, series = estimates_and_series(data)
    return replace(data, tables={**data.tables, "figures": figures, ESTIMATES: estimates, SERIES: series})


def write(data: Dataset) -> None:
    """Write every table as Parquet and CSV below ``data/processed``; the manifest comes last.

    Each file appears by rename, and a folder without a manifest that fits its files counts as not built:
    one that is half written, or that two processes have written at once. The database goes: it was made of
    other tables, and only ``analysis build`` takes the time to make it.
    """
    folder = data.root / PROCESSED
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    (data.root / DATABASE).unlink(missing_ok=True)
    parquet = {name: _parquet(frame) for name, frame in data.tables.items()}
    for name, frame in data.tables.items():
        _replace(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n").encode())
        _replace(folder / f"{name}.parquet", parquet[name])
    manifest = json.dumps(_manifest(data.data_hash, parquet), indent=2) + "\n"
    _replace(folder / MANIFEST, manifest.encode())


def _programmes_of_figures(data: Dataset) -> pd.Series:
    owners = dict(zip(data.sources["source_id"], data.sources["programme_id"], strict=True))
    return data.figures["source_id"].map(owners).astype("str")


def _parquet(frame: pd.DataFrame) -> bytes:
    sink = pa.BufferOutputStream()
    # Without the pandas metadata the bytes do not depend on the version of pandas.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def _built(root: Path, data_hash: str) -> Dataset | None:
    """Return the dataset as built from raw data of that hash, or ``None`` where it is not there and whole."""
    folder = root / PROCESSED
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        parquet = {name: (folder / f"{name}.parquet").read_bytes() for name in (*TABLES, ESTIMATES, SERIES)}
    except (OSError, ValueError):
        return None
    if manifest != _manifest(data_hash, parquet):
        return None
    return Dataset(root, {name: _frame(content) for name, content in parquet.items()}, data_hash)


def _frame(parquet: bytes) -> pd.DataFrame:
    # Without threads, which a process that is to be forked must not have.
    frame = pq.ParquetFile(pa.BufferReader(parquet)).read(use_threads=False).to_pandas(use_threads=False)
    integers = frame.select_dtypes("integer").columns
    return frame.astype(dict.fromkeys(integers, "Int64"))


def _manifest(data_hash: str, parquet: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what a build is known by: the version of the code, the raw data, and the files themselves."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in parquet.items()}
    return {"version": __version__, "data_hash": data_hash, "parquet": files}


def _replace(path: Path, content: bytes) -> None:
    """Write a file where it is not the same already."""
    if not path.exists() or path.read_bytes() != content:
        write_file(path, content)
