"""The papermill engine ``warm``: papermill as it is, with the cells in a process forked off its own."""

from __future__ import annotations

import codecs
import math
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from papermill.engines import Engine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import remove_args

from analysis.operate.engine.bounded import BoundedClient, stream
from analysis.operate.engine.kernel import run_cells
from analysis.operate.engine.processes import adopt_orphans, children, end_children, end_orphans, exit_cause

FINISHING = 10.0
"""Seconds that a notebook which is done may take to close its files."""
PRELOADED = "analysis.operate.worker_preload"
"""The module that imports the libraries as a kernel would."""
_BETWEEN_SAVES = 2.0  # seconds
_PIPE = 1 << 16  # bytes that a pipe holds


class SavingAtTheEnd(NotebookExecutionManager):  # type: ignore[misc]
    """Saves the notebook at its begin and its end, whatever that is, and on the way only if it takes long.

    papermill saves before and after each cell: sixty times for a report that takes a second.
    """

    saved = False

    def save(self, **kwargs: Any) -> None:
        """Save the notebook if it was never saved, if it is done, or if the last time is a while ago."""
        since = (self.now() - self.last_save_time).total_seconds()
        if not self.saved or self.end_time is not None or since >= _BETWEEN_SAVES:
            super().save(**kwargs)
            self.saved = True


class WarmEngine(Engine):  # type: ignore[misc]
    """Runs the cells of a notebook in a process of their own, without a kernel behind sockets."""

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, progress_bar: Any = True,
        log_output: bool = False, autosave_cell_every: int = 30, **kwargs: Any,
    ) -> NotebookNode:  # fmt: skip
        """Return the executed notebook; the arguments are those of papermill's own engine."""
        manager = SavingAtTheEnd(nb, output_path, log_output, progress_bar, autosave_cell_every)
        manager.notebook_start()
        try:
            options = remove_args(["input_path", "start_timeout", "execution_timeout"], **kwargs)
            options["timeout"] = kwargs.get("execution_timeout") or kwargs.get("timeout")
            Cells(manager, log=logger, log_output=log_output, **options).execute()
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb


class Cells(BoundedClient):
    """papermill's client with a process of ours as its kernel; raises ``DeadKernelError`` where that ends."""

    def execute(self, **_: Any) -> NotebookNode:
        """Run all cells, until one fails, and return the notebook."""
        self.reset_execution_trackers()
        with tempfile.TemporaryDirectory(prefix="analysis-ipython-") as folder, self._process(folder):
            self.nb.metadata["language_info"] = self._receive()
            self.papermill_execute_cells()
            self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_: Any) -> NotebookNode:
        """Run a cell and note its outputs; raises an error of nbclient if it fails or takes too long."""
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type == "code" and cell.source.strip() and not skipped:
            cell.outputs = []
            self.clear_before_next_output = False
            self.pipe.send(cell.source)
            reply = self._reply(cell, cell_index)
            cell.execution_count = reply["execution_count"]
            run_sync(self._check_raise_for_error)(cell, cell_index, {"content": reply})
        return cell

    @contextmanager
    def _process(self, folder: str) -> Iterator[None]:
        """Start the process that runs the cells, and end it with all that it has started."""
        context: Any = multiprocessing.get_context(_start_method())
        self.pipe, theirs = context.Pipe()
        (taken, self.taken), (out, theirs_out), (err, theirs_err) = (context.Pipe(False) for _ in range(3))
        decoder = codecs.getincrementaldecoder("utf-8")
        self.printed = {out: ("stdout", decoder("replace")), err: ("stderr", decoder("replace"))}
        adopt_orphans()
        given = theirs, taken, (theirs_out, theirs_err), folder
        self.process = context.Process(target=run_cells, args=given)
        self.process.start()
        known = children()
        for end in (theirs, taken, theirs_out, theirs_err):
            end.close()
        try:
            yield
            if self.shutdown_kernel == "graceful":
                self.pipe.send(None)
                self.process.join(FINISHING)
        finally:
            end_children(self.process.pid)
            self.process.kill()
            self.process.join()
            end_orphans(known)
            for end in (self.pipe, self.taken, out, err):
                end.close()

    def _reply(self, cell: NotebookNode, index: int) -> dict[str, Any]:
        """Take what comes of a cell until its reply, and return that."""
        timeout = self._get_timeout(cell)
        end = time.monotonic() + (timeout or math.inf)
        while (left := end - time.monotonic()) > 0:
            ends = [self.pipe, self.process.sentinel, *self.printed]
            ready = wait(ends, None if math.isinf(left) else left)
            # A message was sent after what stands in the pipes by then.
            self._read(cell, index)
            message = self._receive() if {self.pipe, self.process.sentinel} & set(ready) else {}
            if "reply" in message:
                reply: dict[str, Any] = message["reply"]
                return reply
            if message:
                self._show(message, cell, index)
                with suppress(OSError):
                    self.taken.send_bytes(b"")
        raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", timeout, cell)

    def _receive(self) -> dict[str, Any]:
        """Return the next message of the process; raises ``DeadKernelError`` where it has ended."""
        try:
            if self.pipe.poll(None if self.process.is_alive() else 0):
                message: dict[str, Any] = self.pipe.recv()
                return message
        except (EOFError, OSError):
            pass
        self.process.join()
        raise DeadKernelError(f"Kernel died ({exit_cause(self.process.exitcode)})")

    def _read(self, cell: NotebookNode, index: int) -> None:
        """Take what was printed, as much as a pipe holds."""
        ready: list[Any] = wait(list(self.printed), 0)
        for end in ready:
            name, decoder = self.printed[end]
            content = os.read(end.fileno(), _PIPE)
            if text := decoder.decode(content):
                self._show(stream(name, text), cell, index)
            if not content:
                del self.printed[end]

    def _show(self, message: dict[str, Any], cell: NotebookNode, index: int) -> None:
        """Add a message to the outputs of a cell; text in a row is one output."""
        self.process_message(message, cell, index)
        if [each.get("name", each) for each in cell.outputs[-2:]] in _IN_A_ROW:
            last = cell.outputs.pop()
            cell.outputs[-1].text += last.text


_IN_A_ROW = (["stdout", "stdout"], ["stderr", "stderr"])


def _start_method() -> str:
    """Return how the process starts: forked off one that was made for it, or from nothing."""
    return "fork" if PRELOADED in sys.modules and threading.active_count() == 1 else "spawn"
