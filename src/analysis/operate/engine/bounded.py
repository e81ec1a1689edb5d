"""Clients of papermill that keep so much of what a cell shows and no more, and the stock engine with one."""

from __future__ import annotations

import logging
from typing import Any

from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.utils import remove_args

MOST_OUTPUT = 10_000_000
"""Characters of output that are kept of a cell."""
EACH = 100
"""Characters that a thing shown counts beside its own: an endless row of small things is no less endless."""
CUT = f"\n[output cut: a cell may show {MOST_OUTPUT:,} characters]\n"
_PRINTS_WITH = "--IPKernelApp.outstream_class=analysis.operate.engine.outstream.BoundedStream"
# What fails is told by the result of the report, once.
_QUIET = logging.getLogger("analysis.quiet")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


class BoundedClient(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, which notes what a cell shows up to ``MOST_OUTPUT`` characters."""

    shown_cell, shown = -1, 0

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Note an output and return it; beyond the bound a note in its place, then nothing."""
        content = msg["content"]
        before = self.shown if self.shown_cell == cell_index else 0
        text, data = content.get("text", ""), content.get("data", {})
        added = len(text) + sum(EACH + len(str(value)) for value in data.values())
        self.shown_cell, self.shown = cell_index, before + added
        if self.shown > MOST_OUTPUT and msg["msg_type"] != "error":
            if before > MOST_OUTPUT:
                return None
            if fits := text[: MOST_OUTPUT - before]:
                super().output(outs, stream(content["name"], fits), None, cell_index)
            msg, display_id = stream("stderr", CUT), None
        found: NotebookNode | None = super().output(outs, msg, display_id, cell_index)
        return found


class StockEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine, with a client that keeps so much and no more, and a kernel that sends it."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, log_output: bool = False, start_timeout: int = 60,
        execution_timeout: float | None = None, **kwargs: Any,
    ) -> NotebookNode:  # fmt: skip
        """Return the executed notebook; the arguments are those of papermill's own engine."""
        options = remove_args(["input_path", "timeout", "startup_timeout"], **kwargs)
        options["timeout"] = execution_timeout or kwargs.get("timeout")
        options["extra_arguments"] = [*options.get("extra_arguments", ()), _PRINTS_WITH]
        how = {"kernel_name": kernel_name, "startup_timeout": start_timeout, "log_output": log_output}
        return BoundedClient(nb_man, log=_QUIET, **how, **options).execute()


def stream(name: str, text: str) -> dict[str, Any]:
    """Return a message of what was printed."""
    kind = {"msg_type": "stream"}
    return {**kind, "header": kind, "parent_header": {}, "content": {"name": name, "text": text}}
