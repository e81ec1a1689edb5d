"""One report: a notebook run under papermill, rid of what changes from run to run, and made into a page.

Import it with ``lean``: papermill and nbconvert take seconds otherwise.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import shutil
import sys
import tempfile
import time
import weakref
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import papermill
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import LocalHandler, load_notebook_node, papermill_io, write_ipynb
from traitlets import default

from analysis.evidence.folders import NOTEBOOKS
from analysis.files import links_in, write_file
from analysis.operate.engine.bounded import StockEngine
from analysis.operate.reports import (
    CHARTS,
    NOTEBOOK,
    PAGE,
    Job,
    ReportError,
    ReportResult,
    first_line,
    one_line,
    place,
)
from analysis.show.page import to_html

ENGINES = {"warm": "warm" if hasattr(os, "fork") else "stock", "stock": "stock"}
"""The engines, by the names that papermill knows them by."""
papermill_engines.register("stock", StockEngine)
LONGEST = 80
"""Characters of the folder of sockets: one of a kernel has a path of at most 107."""


WHOLE = "whole:"


class WholeFiles(LocalHandler):  # type: ignore[misc]
    """Writes notebooks beside their place and renames them there: a notebook may have left a link in it."""

    def write(self, buf: str, path: str) -> None:
        """Write a notebook to a path of the scheme ``whole:``."""
        write_file(Path(path.removeprefix(WHOLE)), buf.encode())


papermill_io.register(WHOLE, WholeFiles())


class OwnInterpreter(AsyncKernelManager):
    """Starts stock kernels with the Python that runs us, on sockets that nobody else can take.

    Ports are chosen before the kernel starts: one that another process takes meanwhile ends the kernel, and
    jupyter_client may wait for it without end.
    """

    @default("kernel_spec_manager")
    def _no_kernel_folders(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        folder = tempfile.mkdtemp(prefix="kernel-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        if os.name == "posix" and len(folder) <= LONGEST:
            self.transport, self.ip = "ipc", f"{folder}/s"
            self.connection_file = f"{folder}/kernel.json"

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]  # as its parent
        """Start the kernel; it repeats all that is printed, which is not for the terminal of the run."""
        await super().start_kernel(**{"stdout": DEVNULL, "stderr": DEVNULL, **options})


def make(job: Job, *, engine: str = "warm", timeout: float | None = None) -> ReportResult:
    """Make one report in its folder of ``out_dir`` and return what became of it; a failure is a result too.

    ``engine`` is ``warm`` (the cells run in a process forked off this one) or ``stock`` (in a kernel). The
    cells may take ``timeout`` seconds altogether.
    """
    return place(job.name, job.out_dir, lambda work: build(job, work, engine, timeout))


def build(job: Job, work: Path, engine: str, timeout: float | None) -> None:
    """Fill ``work`` with the executed notebook, the page and the charts; raises ``ReportError``.

    Of a run that fails the notebook is there as far as it came.
    """
    # papermill reads a relative path from a folder that all threads of a process share.
    work = work.absolute()
    executed, charts = work / NOTEBOOK, work / CHARTS
    run_in = (job.run_in or job.notebook.parent).resolve()
    project = run_in.parent if run_in.name == NOTEBOOKS.name else run_in
    charts.mkdir()
    try:
        given = {**job.parameters.model_dump(), "charts_dir": charts.resolve().as_posix()}
        result = _execute(job.notebook, executed, given, run_in, engine, timeout)
    except Exception as error:
        # A notebook that is half written cannot be read: what went wrong first is what is told.
        reached = new_notebook()  # type: ignore[no-untyped-call]
        with contextlib.suppress(Exception):
            reached = load_notebook_node(str(executed))
        failure = _cell_error(error, reached, timeout)
        with contextlib.suppress(Exception):
            write_ipynb(_portable(reached, work, project), f"{WHOLE}{executed}")
        raise failure from error
    if links := links_in(work):
        raise ValueError(f"the notebook left the link {links[0]}; write the file itself there")
    write_ipynb(_portable(result, work, project), f"{WHOLE}{executed}")
    html = to_html(result, job.parameters.language, job.name, job.neighbours)
    write_file(work / PAGE, html.encode())
    if not any(charts.iterdir()):
        charts.rmdir()


def _execute(
    notebook: Path, executed: Path, parameters: dict[str, Any], run_in: Path, engine: str,
    timeout: float | None,
) -> NotebookNode:  # fmt: skip
    """Return the notebook run under papermill."""
    end = math.inf if timeout is None else time.monotonic() + timeout
    with tempfile.TemporaryDirectory(prefix="analysis-ipython-") as ipython_dir:
        return papermill.execute_notebook(
            notebook,
            f"{WHOLE}{executed}",
            parameters,
            engine_name=ENGINES[engine],
            kernel_name=NATIVE_KERNEL_NAME,
            language="python",
            # The notebook finds the data from this folder, wherever the command was called.
            cwd=str(run_in),
            progress_bar=False,
            record_timing=False,
            kernel_manager_class=OwnInterpreter,
            # The user's IPython profile may hold start-up files that would change the report, and nobody
            # will ask for the history of the cells, which would be a database on disk.
            extra_arguments=[f"--ipython-dir={ipython_dir}", "--HistoryManager.enabled=False"],
            # A report is whole when its last cell is done: there is nothing to wait for.
            shutdown_kernel="immediate",
            timeout_func=lambda _: None if timeout is None else max(end - time.monotonic(), 0.01),
        )


def _cell_error(error: Exception, notebook: NotebookNode, timeout: float | None) -> ReportError:
    """Return an error with the cell that it comes from, by the notebook as it was saved."""
    if isinstance(error, PapermillExecutionError):
        place = f"cell [{error.exec_count}] {first_line(error.source)}"
        return ReportError(f"{place}: {error.ename}: {first_line(error.evalue)}")
    if not isinstance(error, (CellTimeoutError, DeadKernelError)):
        return ReportError(one_line(error))
    late = isinstance(error, CellTimeoutError)
    reason = f"the report was not done after {timeout:g} s" if late else one_line(error)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    begun = [cell for cell in code if cell.metadata.papermill.start_time]
    return ReportError(f"cell [{len(begun)}] {first_line(begun[-1].source)}: {reason}" if begun else reason)


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
