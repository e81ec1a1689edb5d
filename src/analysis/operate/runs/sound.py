"""The data of a run: all of it, or what is left without the programmes whose rows have faults."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.estimates import processed
from analysis.evidence import checks
from analysis.evidence.checks import DataError
from analysis.evidence.dataset import Dataset
from analysis.evidence.folders import NOTEBOOKS, RAW
from analysis.files import write_file
from analysis.operate.runs.inputs import LeftOut, summed_up


@contextmanager
def sound_data(root: Path, *, strict: bool = False) -> Iterator[tuple[Dataset, LeftOut]]:
    """Give the dataset of a project, and the programmes that it had to be left without.

    What is left stands in a project folder of its own meanwhile, which every process can read. Raises
    ``DataError`` where a fault concerns all programmes, and with ``strict`` for any.
    """
    try:
        data = processed.load(root)
    except DataError:
        if strict:
            raise
    else:
        yield data, {}
        return
    tables, faults = checks.load_apart(root)
    with tempfile.TemporaryDirectory(prefix="analysis-sound-") as name:
        folder = Path(name).resolve()
        for table in tables.values():
            write_file(folder / RAW / table.table.path, table.text().encode())
        if (root / NOTEBOOKS).is_dir():  # notebooks run there, and may read what stands beside them
            shutil.copytree(root / NOTEBOOKS, folder / NOTEBOOKS)
        yield processed.build(folder), {programme: summed_up(found) for programme, found in faults.items()}
