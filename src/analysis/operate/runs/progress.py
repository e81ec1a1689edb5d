"""How a run goes on, on standard error: a bar on a terminal, a line for each report elsewhere."""

from __future__ import annotations

import sys
from typing import TextIO

from tqdm import tqdm

from analysis.operate.reports import ReportResult

SHOWN = 3
"""How many of the running reports the bar names."""


class Progress:
    """Shows what is running, done and failed, and the time left; shows nothing when ``quiet``."""

    def __init__(
        self, total: int, *, unit: str = "report", quiet: bool = False, stream: TextIO | None = None
    ) -> None:
        self._stream = stream or sys.stderr
        self._lines = not quiet and not self._stream.isatty()
        self._bar = tqdm(
            total=total, unit=unit, file=self._stream, disable=quiet or self._lines, dynamic_ncols=True,
            smoothing=0.1,
        )  # fmt: skip
        self._total, self._done, self._failed = total, 0, 0
        self._running: list[str] = []

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def start(self, name: str) -> None:
        """Show that a report is being made."""
        self._running.append(name)
        self._show()

    def done(self, result: ReportResult) -> None:
        """Show what became of a report."""
        if result.name in self._running:
            self._running.remove(result.name)
        self._done += 1
        self._failed += result.error is not None
        if self._lines:
            print(f"[{self._done}/{self._total}] {result}", file=self._stream, flush=True)
        elif result.error is not None and not self._bar.disable:
            self._bar.write(str(result), file=self._stream)
        self._bar.update()
        self._show()

    def _show(self) -> None:
        names = ", ".join(self._running[:SHOWN])
        more = len(self._running) - SHOWN
        running = f"{names} and {more} more" if more > 0 else names
        failed = f"{self._failed} failed" if self._failed else ""
        self._bar.set_postfix_str("; ".join(part for part in (failed, running) if part))
