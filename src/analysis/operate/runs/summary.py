"""The outcome of a run: in words for people, as JSON for programs, and in ``summary.json`` for monitors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from analysis.evidence.checks.problems import told
from analysis.files import write_file
from analysis.operate.reports import ReportResult
from analysis.operate.runs.ledger import now
from analysis.version import __version__

SUMMARY = "summary.json"
STATUSES = {0: "done", 1: "failed", 2: "wrong input"}


class Said(NamedTuple):
    """What the site says of one place: its headline and its messages."""

    headline: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class RunSummary:
    """What became of a run: its reports, or the faults for which nothing was run."""

    results: tuple[ReportResult, ...] = ()
    up_to_date: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """The reports that an interrupted run did not come to."""
    faults: tuple[object, ...] = ()
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
    told: frozenset[str] = frozenset()
    """The reports whose failure was told when it happened: words do not repeat it, JSON does."""
    places: Mapping[str, Said] = field(default_factory=dict)

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
        return STATUSES.get(self.exit_status, "interrupted")

    @property
    def counts(self) -> dict[str, int]:
        """How many reports were made, failed, were up to date, and were left by an interruption."""
        failed = len(self.failed)
        return {
            "made": len(self.results) - failed, "failed": failed, "up_to_date": len(self.up_to_date),
            "left": len(self.left),
        }  # fmt: skip

    def to_json(self) -> str:
        """Return what a monitor needs, as JSON."""
        failed = [
            {"name": result.name, "error": result.error, "notebook": result.place,
             "kept": result.kept}
            for result in self.failed
        ]  # fmt: skip
        content = {
            "status": self.status, "exit_status": self.exit_status, "run": self.run,
            "started": self.started, "finished": self.finished, "seconds": round(self.seconds, 1),
            "counts": self.counts, "failed": failed, "problems": [*told(self.faults), *self.problems],
            "data_hash": self.data_hash, "version": __version__, "engine": self.engine,
            "processes": self.processes,
            "places": {programme: said._asdict() for programme, said in self.places.items()},
        }  # fmt: skip
        return json.dumps(content, ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        if self.faults:
            return "\n".join([*told(self.faults), f"faults: {len(self.faults)}; nothing was run"])
        counts = "{made} made, {failed} failed, {up_to_date} up to date".format_map(self.counts)
        untold = [str(result) for result in self.failed if result.name not in self.told]
        lines = [*untold, *self.problems, f"reports: {counts}, in {self.seconds:.1f} s"]
        if self.interrupted:
            lines.append(f"interrupted: {len(self.left)} left; the next run goes on with them")
        if self.site:
            lines.append(f"site: {self.site.as_posix()}")
        return "\n".join(lines)

    def write(self, out_dir: Path) -> None:
        """Write the summary file, whole; nowhere where there is no such folder."""
        if out_dir.is_dir():
            write_file(out_dir / SUMMARY, f"{self.to_json()}\n".encode(errors="backslashreplace"))


def refuse(out_dir: Path, faults: Iterable[object]) -> RunSummary:
    """Return the summary of a run whose input is wrong, and write it so that a monitor hears of it."""
    summary = RunSummary(faults=tuple(faults))
    summary.write(out_dir)
    return summary
