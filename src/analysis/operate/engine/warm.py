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
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import remove_args

from analysis.operate.engine.kernel import run_cells
from analysis.operate.engine.processes import end_children, exit_cause

FINISHING = 10.0
"""Seconds that a notebook which is done may take to close its files."""
MOST_OUTPUT = 10_000_000
"""Characters of output that are kept of a cell."""
CUT = f"\n[output cut: a cell may show {MOST_OUTPUT:,} characters]\n"
PRELOADED = "analysis.operate.worker_preload"
"""The module that imports the libraries as a kernel would."""
_BETWEEN_SAVES = 2.0  # seconds


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


class Cells(PapermillNotebookClient):  # type: ignore[misc]
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
            self.taken = Outputs(self, cell, cell_index)
            self.clear_before_next_output = False
            self.pipe.send(cell.source)
            try:
                reply = self._reply(cell)
            finally:
                self.taken.settle()
            cell.execution_count = reply["execution_count"]
            run_sync(self._check_raise_for_error)(cell, cell_index, {"content": reply})
        return cell

    @contextmanager
    def _process(self, folder: str) -> Iterator[None]:
        context: Any = multiprocessing.get_context(_start_method())
        self.pipe, theirs = context.Pipe()
        pipes = [context.Pipe(duplex=False) for _ in range(2)]
        written = [writer for _, writer in pipes]
        decoder = codecs.getincrementaldecoder("utf-8")
        self.files = {
            reader: (name, decoder("replace")) for (reader, _), name in zip(pipes, _STREAMS, strict=True)
        }
        self.process = context.Process(target=run_cells, args=(theirs, written, folder))
        self.process.start()
        for end in (theirs, *written):
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
            for reader, _ in pipes:
                reader.close()
            self.pipe.close()

    def _reply(self, cell: NotebookNode) -> dict[str, Any]:
        """Take what comes of a cell until its reply, and return that."""
        timeout = self._get_timeout(cell)
        end = time.monotonic() + (timeout or math.inf)
        while (left := end - time.monotonic()) > 0:
            ready = wait([self.pipe, self.process.sentinel, *self.files], None if math.isinf(left) else left)
            self._read([file for file in self.files if file in ready])
            message = self._receive() if {self.pipe, self.process.sentinel} & set(ready) else {}
            if "msg_type" in message:
                self.taken.add(message)
            if "reply" in message:
                self._read(list(self.files))
                reply: dict[str, Any] = message["reply"]
                return reply
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

    def _read(self, files: list[Any]) -> None:
        """Read what programs have written, as much as is there."""
        ready: list[Any] = wait(files, 0)
        for file in ready:
            name, decoder = self.files[file]
            content = os.read(file.fileno(), 1 << 16)
            if text := decoder.decode(content):
                self.taken.add({"msg_type": "stream", "content": {"name": name, "text": text}})
            if not content:
                del self.files[file]


class Outputs:
    """What a cell has shown, up to ``MOST_OUTPUT`` characters; text in a row is one output."""

    def __init__(self, client: Cells, cell: NotebookNode, index: int) -> None:
        self.client, self.cell, self.index = client, cell, index
        self.size = 0
        self.name, self.text = "", list[str]()
        cell.outputs = []

    def add(self, message: dict[str, Any]) -> None:
        """Note a message."""
        kind, content = message["msg_type"], message["content"]
        before = self.size
        self.size += len(content.get("text", "")) + sum(map(len, map(str, content.get("data", {}).values())))
        if self.size > MOST_OUTPUT and kind != "error":
            if before > MOST_OUTPUT:
                return
            kind, content = "stream", {"name": "stderr", "text": CUT}
        if kind != "stream":
            self.settle()
            self.client.process_message(message, self.cell, self.index)
            return
        if content["name"] != self.name:
            self.settle()
        self.name = content["name"]
        self.text.append(content["text"])

    def settle(self) -> None:
        """Make an output of the text so far."""
        text, self.text = "".join(self.text), []
        if text:
            content = {"name": self.name, "text": text}
            kind = {"msg_type": "stream"}
            self.client.process_message(
                {**kind, "header": kind, "parent_header": {}, "content": content}, self.cell, self.index
            )


_STREAMS = ("stdout", "stderr")


def _start_method() -> str:
    """Return how the process starts: forked off one that was made for it, or from nothing."""
    return "fork" if PRELOADED in sys.modules and threading.active_count() == 1 else "spawn"
