"""A sample of the reports that a run has left as they were, made again to see that they would be the same."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import hash_folder
from analysis.operate.runs.files import Files
from analysis.operate.runs.inputs import Request
from analysis.operate.runs.plan import Task

if TYPE_CHECKING:
    from analysis.operate.reports import ReportResult

MANY = 20


def wrongly_left(
    left: Sequence[Task], request: Request, root: Path, make_all: Callable[..., None]
) -> list[str]:
    """Return the names of those reports of a random sample that would not be what they are."""
    asked = int(len(left) >= MANY) if request.sample is None else request.sample
    chosen = random.SystemRandom().sample(list(left), min(asked, len(left)))
    found: list[str] = []
    with tempfile.TemporaryDirectory(dir=request.out_dir, prefix=".sample-") as folder:

        def compare(result: ReportResult) -> None:
            made, stands = Path(folder) / result.name, request.out_dir / result.name
            if result.error is not None or Files.of(made).content != _content(stands, made):
                found.append(result.name)

        how = replace(request, out_dir=Path(folder), processes=min(request.processes, asked or 1))
        make_all(chosen, how, root, on_start=lambda _: None, on_done=compare)
    return found


def _content(stands: Path, made: Path) -> str:
    """Return the hash over the files of a report that stands, those which one made anew has."""
    try:
        return hash_folder(stands, Files.of(made).stats)
    except OSError:
        return ""
