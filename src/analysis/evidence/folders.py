"""Where a project keeps its things: the folder of it, and those below."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from analysis.evidence.schema import TABLES

CHECKOUT = Path(__file__).resolve().parents[3]
"""The project that the package is installed from, where it is a checkout; any folder elsewhere."""
RAW = Path("data/raw")
PROCESSED = Path("data/processed")
DATABASE = PROCESSED / "county-programmes.sqlite"
PARAMS = Path("params")
NOTEBOOKS = Path("notebooks")


def find_root(start: Path | None = None) -> Path:
    """Return the project folder: ``start`` or the working folder, or the nearest parent, with ``data/raw``.

    Without ``start`` it may also be the folder that ``ANALYSIS_DATA`` names, or else the checkout that the
    package is installed from. The checkout does not stand in for a project that has lost its data: a folder
    with ``data/raw``, ``data/processed`` or parameter files. Raises ``FileNotFoundError`` saying where it
    looked, and for a ``start`` that is no folder, whatever stands above it.
    """
    if start is not None and not start.is_dir():
        raise FileNotFoundError(f"{start}: no such folder; name the project folder with --data DIR")
    try:
        here = (start or Path.cwd()).resolve()
    except FileNotFoundError:
        raise FileNotFoundError("the working folder has been removed; change to one that is there") from None
    candidates, looked = [here, *here.parents], f"{here} or above"
    if start is None:
        if named := os.environ.get("ANALYSIS_DATA"):
            candidates.append(Path(named).resolve())
            looked += f", nor in {candidates[-1]}, which ANALYSIS_DATA names"
        elif lost := next(filter(_is_a_project, candidates), None):
            looked += f", although {lost} looks like a project"
        else:
            candidates.append(CHECKOUT)
    for folder in candidates:
        if (folder / RAW / TABLES["figures"].path).is_file():
            return folder
    raise FileNotFoundError(
        f"no data/raw/figures.csv in {looked}; change to the project folder, or name it with "
        "--data DIR or ANALYSIS_DATA"
    )


def check_folder(name: str, asked: object) -> None:
    """Raise ``ValueError`` for what cannot name a folder; ``None`` names none."""
    if asked is not None and not isinstance(asked, str | os.PathLike):
        raise ValueError(f"{name}: {asked!r} — expected the name of a folder, or None")


def _is_a_project(folder: Path) -> bool:
    """Whether a folder holds something of a project, with or without its tables."""
    data = (folder / RAW).is_dir() or (folder / PROCESSED).is_dir()
    return data or any((folder / PARAMS).glob("*.yaml"))


def notebooks_of(root: Path) -> Path:
    """Return the folder of the report notebooks: that of the project or, where it has none, the package's."""
    shipped = Path(__file__).parents[1] / NOTEBOOKS
    offered = (root / NOTEBOOKS, shipped, CHECKOUT / NOTEBOOKS)
    return next((folder for folder in offered if folder.is_dir()), root / NOTEBOOKS)


def notebooks_run_in(root: Path) -> Path:
    """Return the folder in which report notebooks run, and from which they find the data of the project."""
    return root / NOTEBOOKS if (root / NOTEBOOKS).is_dir() else root


def hash_files(folder: Path) -> str:
    """Return one SHA-256 over the names and bytes of the raw tables in ``folder``.

    A file that cannot be read counts by its name alone: it is for the checks to report it.
    """
    digest = hashlib.sha256()
    for table in TABLES.values():
        digest.update(table.path.encode() + b"\0")
        path = folder / table.path
        with suppress(OSError):
            if path.is_file():  # a pipe would never end
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
