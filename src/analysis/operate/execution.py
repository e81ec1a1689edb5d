"""A notebook run under papermill, then rid of what changes from run to run, then made into a page.

Import it with ``lean``: papermill and nbconvert take seconds otherwise.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
import time
import weakref
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import papermill
import zmq
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node, write_ipynb
from traitlets import default

from analysis.evidence.folders import NOTEBOOKS
from analysis.operate.engine.manager import WarmKernelManager, WarmSpecManager
from analysis.operate.engine.owner import LONGEST, Fence
from analysis.operate.engine.provisioner import private_sockets
from analysis.show.page import to_html

CHARTS = "charts"
NOTEBOOK = "report.ipynb"
PAGE = "report.html"


class OwnInterpreter(AsyncKernelManager):
    """Starts kernels with the Python that runs us, whatever kernels the user's folders name ``python3``."""

    @default("kernel_spec_manager")
    def _no_kernel_folders(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])

    @default("transport_encryption")
    def _encrypt_where_possible(self) -> str:
        return "auto" if zmq.has("curve") else "disabled"


class OwnStockInterpreter(OwnInterpreter):
    """The same for the stock engine, on private sockets where their path is not too long.

    Ports are chosen before the kernel starts: one that another process takes meanwhile ends the kernel, and
    jupyter_client may wait for it without end.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if os.name == "posix" and len(tempfile.gettempdir()) + len("/kernel-12345678") <= LONGEST:
            weakref.finalize(self, shutil.rmtree, private_sockets(self), ignore_errors=True)


class OwnWarmInterpreter(WarmKernelManager, OwnInterpreter):
    """The same for the warm engine: forks kernels of the Python that runs us."""

    @default("kernel_spec_manager")
    def _no_kernel_folders(self) -> KernelSpecManager:
        return WarmSpecManager(kernel_dirs=[])


ENGINES: dict[str, tuple[str | None, type[AsyncKernelManager]]] = {
    "stock": (None, OwnStockInterpreter),
    "warm": ("warm", OwnWarmInterpreter),
}


class CellError(Exception):
    """A failed run in one line: the cell it came from, and what went wrong there."""


@dataclass
class _Watch:
    """Knows which cell runs, and how long it still may."""

    timeout: float | None
    end: float = 0.0
    number: int = 0
    source: str = ""

    def note(self, cell: NotebookNode, **_: Any) -> None:
        """Note the cell that begins; the time of a report begins with its first."""
        if not self.number:
            self.end = time.monotonic() + (self.timeout or 0)
        self.number, self.source = self.number + 1, cell.source

    def left(self, _: NotebookNode) -> float | None:
        """Return the seconds left for a cell."""
        return None if self.timeout is None else max(self.end - time.monotonic(), 0.01)

    def error(self, error: Exception) -> CellError:
        """Return an error with the place it came from."""
        if isinstance(error, PapermillExecutionError):
            place = f"cell [{error.exec_count}] {first_line(error.source)}"
            return CellError(f"{place}: {error.ename}: {first_line(error.evalue)}")
        reason = f"{type(error).__name__}: {first_line(str(error))}"
        if isinstance(error, CellTimeoutError) and self.timeout is not None:
            reason = f"the report was not done after {self.timeout:g} s"
        if isinstance(error, (CellTimeoutError, DeadKernelError)) and self.number:
            reason = f"cell [{self.number}] {first_line(self.source)}: {reason}"
        return CellError(reason)


def build(
    notebook: Path,
    parameters: dict[str, Any],
    work: Path,
    title: str,
    run_in: Path,
    *,
    engine: str = "warm",
    timeout: float | None = None,
) -> None:
    """Fill ``work`` with the executed notebook, the page and the charts; raises ``CellError``.

    The page is in the language of the parameter ``language``. The notebook runs in the folder ``run_in``,
    from which it finds the data; its cells may take ``timeout`` seconds. Of a run that fails the notebook is
    there as far as it came.
    """
    # papermill reads a relative path from a folder that all threads of a process share.
    work = work.absolute()
    executed, charts = work / NOTEBOOK, work / CHARTS
    charts.mkdir()
    watch = _Watch(timeout)
    try:
        given = {**parameters, "charts_dir": charts.resolve().as_posix()}
        result = _execute(notebook, executed, given, run_in, engine, watch)
    except Exception as error:
        # A notebook that is half written cannot be read: what went wrong first is what is told.
        with contextlib.suppress(Exception):
            _write(load_notebook_node(str(executed)), executed, run_in)
        raise watch.error(error) from error
    _write(result, executed, run_in)
    if charts.is_symlink() or any(path.is_symlink() for path in charts.rglob("*")):
        raise ValueError(f"the notebook left a link in {CHARTS}/; write the files themselves there")
    html = to_html(result, parameters["language"], title)
    (work / PAGE).write_text(html, encoding="utf-8", newline="\n")
    if not any(charts.iterdir()):
        charts.rmdir()


def _write(result: NotebookNode, executed: Path, run_in: Path) -> None:
    write_ipynb(_portable(result, executed.parent, _project(run_in)), str(executed))


def _project(run_in: Path) -> Path:
    folder = run_in.resolve()
    return folder.parent if folder.name == NOTEBOOKS.name else folder


def _execute(
    notebook: Path, executed: Path, parameters: dict[str, Any], run_in: Path, engine: str, watch: _Watch
) -> NotebookNode:
    """Return the notebook run under papermill."""
    name, manager = ENGINES[engine]
    with tempfile.TemporaryDirectory(prefix="analysis-ipython-") as ipython_dir:
        # A notebook that goes astray harms neither the data nor another report.
        fence = Fence((_project(run_in), executed.parents[1]), (executed.parent, Path(ipython_dir)))
        fenced = {"fence": fence} if issubclass(manager, WarmKernelManager) else {}
        return papermill.execute_notebook(
            notebook,
            executed,
            parameters,
            engine_name=name,
            kernel_name=NATIVE_KERNEL_NAME,
            language="python",
            # The notebook finds the data from this folder, wherever the command was called.
            cwd=str(run_in.resolve()),
            progress_bar=False,
            record_timing=False,
            kernel_manager_class=partial(manager, **fenced) if fenced else manager,
            # The user's IPython profile may hold start-up files that would change the report, and nobody
            # will ask for the history of the cells, which would be a database on disk.
            extra_arguments=[f"--ipython-dir={ipython_dir}", "--HistoryManager.enabled=False"],
            # A report is whole when its last cell is done: there is nothing to wait for.
            shutdown_kernel="immediate",
            timeout_func=watch.left,
            on_cell_execute=watch.note,
        )


def _portable(notebook: NotebookNode, work: Path, project: Path) -> NotebookNode:
    """Return the executed notebook without what changes from run to run: times, ids, paths of the machine."""
    folders = {work: ".", work.resolve(): ".", project: ".", Path.cwd(): ".", Path(sys.prefix): "<python>"}
    signs = {folder.as_posix(): sign for folder, sign in folders.items() if len(folder.parts) > 1}
    # A path stands on its own; the same letters inside a picture in base64 are left alone.
    path = re.compile(rf"(?<![\w+/=])(?:file://)?({'|'.join(map(re.escape, signs))})(?![\w+=-])")

    def clean(text: str) -> str:
        text = path.sub(lambda match: signs[match[1]], text)
        text = re.sub(r"\bat 0x[0-9a-f]+", "at 0x…", text)
        # Quadratic in a picture of a million characters without a space: only where it can match.
        return re.sub(r"\S*/ipykernel_\d+/\d+\.py", "<cell>", text) if "/ipykernel_" in text else text

    for number, cell in enumerate(notebook.cells):
        cell.source = clean(cell.source)
        cell.metadata.pop("papermill", None)
        if {"injected-parameters", "papermill-error-cell-tag"} & set(cell.metadata.get("tags", [])):
            cell.id = f"papermill-{number}"
        for output in cell.get("outputs", []):
            for part in (output, output.get("data", {})):
                for key in part.keys() & {"text", "evalue", "text/plain", "text/html", "text/markdown"}:
                    part[key] = clean(part[key])
            if "traceback" in output:
                output.traceback = [clean(line) for line in output.traceback]
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("papermill", None)
    return notebook


def first_line(text: str) -> str:
    """Return the first line of a text that is not empty, shortened to 200 characters."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 200 else f"{line[:199]}…"
