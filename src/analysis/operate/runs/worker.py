"""What a dask worker does for a run: it checks that it has what the run has, makes a report, and packs it.

The folder of a finished report travels to the calling machine as one archive of a few hundred kilobytes, so
that workers need no folder in common, and the reports appear in one place, by rename.
"""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import get_worker

from analysis.evidence.folders import RAW, find_root, hash_files, notebooks_of, notebooks_run_in
from analysis.operate.pool import make_many
from analysis.operate.reports import FAILED, Job
from analysis.operate.runs.fingerprints import LENGTH, code_hash, library_versions, versions_changed
from analysis.show.navigation import Neighbour
from analysis.show.params import Parameters

INSTALLERS = {"pip", "setuptools", "wheel"}
_loaded = code_hash()


@dataclass(frozen=True)
class Wanted:
    """What a worker must have in common with the calling machine, for its reports to be the same."""

    data: str
    code: str
    notebooks: Mapping[str, str]
    libraries: Mapping[str, str]


@dataclass(frozen=True)
class Delivery:
    """One report, or what there is of one that failed, as it leaves a worker.

    ``refused`` says why this worker must not make it.
    """

    name: str
    worker: str
    seconds: float = 0.0
    error: str | None = None
    archive: bytes = b""
    refused: str = ""


def differences(wanted: Wanted) -> str:
    """Return in what this machine differs from the calling one and what to do; empty where in nothing."""
    try:
        root = find_root()
    except FileNotFoundError as error:
        return str(error)
    found = []
    if hash_files(root / RAW)[:LENGTH] != wanted.data:
        found.append(f"other data in {(root / RAW).as_posix()}: bring it up to date")
    if code_hash.__wrapped__()[:LENGTH] != wanted.code:
        found.append("another version of the code: update it and restart the worker")
    elif _loaded[:LENGTH] != wanted.code:
        found.append("the code has been updated since the worker was started: restart it")
    for name, hashed in wanted.notebooks.items():
        path = notebooks_of(root) / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest()[:LENGTH] != hashed:
            found.append(f"another notebook {path.as_posix()}: bring it up to date")
    if versions := versions_changed(*_in_common(wanted.libraries, library_versions())):
        found.append(f"other versions of libraries ({versions}): install those of constraints.txt")
    return "; ".join(found)


def _in_common(
    ours: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the versions of what both have: tools that only one has, as for tests, change no report."""
    names = (ours.keys() & theirs.keys()) - INSTALLERS
    return {name: ours[name] for name in names}, {name: theirs[name] for name in names}


def make_report(
    name: str,
    parameters: Parameters,
    neighbours: tuple[Neighbour, ...],
    wanted: Wanted,
    *,
    engine: str,
    timeout: float | None,
    memory: float | None,
) -> Delivery:
    """Make one report on this machine, in a scratch folder of the worker, and return it packed."""
    worker = get_worker()
    if refused := differences(wanted):
        return Delivery(name, worker.address, refused=refused)
    # A nanny starts its worker as a process that may have none of its own.
    multiprocessing.current_process().daemon = False
    root = find_root()
    with tempfile.TemporaryDirectory(dir=worker.local_directory) as folder:
        out_dir = Path(folder)
        notebook = notebooks_of(root) / parameters.NOTEBOOK
        job = Job(name, parameters, notebook, out_dir, notebooks_run_in(root), neighbours)
        how: dict[str, Any] = {"engine": engine, "timeout": timeout, "memory": memory, "data": root}
        [result] = make_many([job], processes=1, **how, keep_server=True)
        place = out_dir / name if result.error is None else out_dir / FAILED / name
        return Delivery(name, worker.address, result.seconds, result.error, packed(place))


def packed(folder: Path) -> bytes:
    """Return the files of a folder as one archive; an empty one where there is no folder."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for path in sorted(path for path in folder.rglob("*") if not path.is_symlink()):
            file.write(path, path.relative_to(folder))
    return archive.getvalue()
