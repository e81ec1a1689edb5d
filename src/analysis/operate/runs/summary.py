"""The outcome of a run: in words for people, as JSON for programs, and in ``summary.json`` for monitors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.operate.runs.files import write_whole
from analysis.operate.runs.ledger import now
from analysis.show.params import ParameterFault
from analysis.version import __version__

if TYPE_CHECKING:
    from analysis.operate.reports import ReportResult

SUMMARY = "summary.json"


@dataclass(frozen=True)
class RunSummary:
    """What became of a run: its reports, or the faults for which nothing was run."""

    results: tuple[ReportResult, ...] = ()
    up_to_date: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """The reports that an interrupted run did not come to."""
    faults: tuple[ParameterFault, ...] = ()
    problems: tuple[str, ...] = ()
    """What went wrong beside the reports: the site or the ledger could not be written."""
    interrupted: int | None = None
    """The exit status of an interrupted run."""
    run: int | None = None
    started: str = field(default_factory=now)
    finished: str = field(default_factory=now)
    seconds: float = 0.0
    data_hash: str | None = None
    engine: str | None = None
    processes: int | None = None
    site: Path | None = None

    @property
    def failed(self) -> tuple[ReportResult, ...]:
        """The reports that failed."""
        return tuple(result for result in self.results if result.error is not None)

    @property
    def exit_status(self) -> int:
        """0 all made or up to date, 1 some failed, 2 the input is wrong, 130 or 143 interrupted."""
        if self.faults:
            return 2
        return self.interrupted or int(bool(self.failed or self.problems))

    @property
    def status(self) -> str:
        """The exit status in a word: done, failed, wrong input or interrupted."""
        return {0: "done", 1: "failed", 2: "wrong input"}.get(self.exit_status, "interrupted")

    def to_json(self) -> str:
        """Return what a monitor needs, as JSON."""
        return _json(
            status=self.status,
            exit_status=self.exit_status,
            run=self.run,
            started=self.started,
            finished=self.finished,
            seconds=round(self.seconds, 1),
            counts={
                "made": len(self.results) - len(self.failed),
                "failed": len(self.failed),
                "up_to_date": len(self.up_to_date),
                "left": len(self.left),
            },
            failed=[
                {
                    "name": result.name,
                    "error": result.error,
                    "notebook": result.path.as_posix(),
                    "kept": result.kept,
                }
                for result in self.failed
            ],
            problems=[*map(str, self.faults), *self.problems],
            data_hash=self.data_hash,
            version=__version__,
            engine=self.engine,
            processes=self.processes,
        )

    def __str__(self) -> str:
        if self.faults:
            return "\n".join([*map(str, self.faults), f"faults: {len(self.faults)}; nothing was run"])
        made = len(self.results) - len(self.failed)
        counts = f"{made} made, {len(self.failed)} failed, {len(self.up_to_date)} up to date"
        lines = [*map(str, self.failed), *self.problems, f"reports: {counts}, in {self.seconds:.1f} s"]
        if self.interrupted:
            lines.append(f"interrupted: {len(self.left)} left; the next run goes on with them")
        if self.site:
            lines.append(f"site: {self.site.as_posix()}")
        return "\n".join(lines)

    def write(self, out_dir: Path) -> None:
        """Write the summary file, whole; nowhere where there is no such folder."""
        if out_dir.is_dir():
            write_whole(out_dir / SUMMARY, self.to_json() + "\n")


def write_wrong_input(out_dir: Path, problems: Sequence[str]) -> None:
    """Write the summary file of a run whose data has faults, so that a monitor hears of it."""
    if out_dir.is_dir():
        content = _json(status="wrong input", exit_status=2, finished=now(), problems=list(problems),
                        version=__version__)  # fmt: skip
        write_whole(out_dir / SUMMARY, content + "\n")


def _json(**content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
