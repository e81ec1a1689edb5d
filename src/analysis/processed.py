"""Build ``data/processed`` from ``data/raw``, and read it back as long as it is what the raw data says."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import __version__, checks
from analysis.dataset import PROCESSED, RAW, Dataset, amounts_of, find_root, hash_files
from analysis.themes import all_estimates

MANIFEST = "manifest.json"
ESTIMATES = "estimates"


def load(root: str | Path | None = None) -> Dataset:
    """Return the dataset as built; builds it anew first when the raw data has changed since.

    ``root`` is the project folder, found from the working folder without it. A folder that cannot be
    written to is read without building. Raises ``checks.DataError`` with every fault of the raw data, and
    ``FileNotFoundError`` where there is no project.
    """
    folder = find_root(Path(root) if root is not None else None)
    if _manifest(folder) == _identity(hash_files(folder / RAW)):
        return _read(folder)
    data = checked(folder)
    if os.access(folder / "data", os.W_OK):
        write(data)
    return data


def build(root: Path) -> Dataset:
    """Check the raw tables, write ``data/processed`` and return the dataset; same bytes on every run.

    Raises ``checks.DataError`` with every fault; then nothing is written.
    """
    data = checked(root)
    write(data)
    return data


def checked(root: Path) -> Dataset:
    """Return the dataset of the raw tables with its estimates; raises ``checks.DataError``."""
    data = checks.load(root)
    figures = data.figures.assign(
        programme_id=_programmes_of_figures(data),
        lower=[amount.lower for amount in amounts_of(data.figures).values()],
        upper=[amount.upper for amount in amounts_of(data.figures).values()],
    )
    tables = {**data.tables, "figures": figures, ESTIMATES: all_estimates(data)}
    return Dataset(data.root, tables, data.data_hash)


def write(data: Dataset) -> None:
    """Write every table as Parquet and CSV below ``data/processed``; the manifest comes last.

    Each file appears by rename, and without its manifest a folder counts as not built.
    """
    folder = data.root / PROCESSED
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    for name, frame in data.tables.items():
        _replace(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n").encode())
        _replace(folder / f"{name}.parquet", _parquet(frame))
    manifest = json.dumps(_identity(data.data_hash), indent=2) + "\n"
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


def _read(folder: Path) -> Dataset:
    frames = {path.stem: _frame(path) for path in sorted((folder / PROCESSED).glob("*.parquet"))}
    return Dataset(folder, frames, str(_manifest(folder)["data_hash"]))


def _frame(path: Path) -> pd.DataFrame:
    frame = pq.read_table(path).to_pandas()
    integers = frame.select_dtypes("integer").columns
    return frame.astype(dict.fromkeys(integers, "Int64"))


def _identity(data_hash: str) -> dict[str, Any]:
    return {"version": __version__, "data_hash": data_hash}


def _manifest(root: Path) -> dict[str, Any]:
    try:
        found = json.loads((root / PROCESSED / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it there, so that it is whole or absent."""
    if path.exists() and path.read_bytes() == content:
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
