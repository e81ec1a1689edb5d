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
from typing import Any

import papermill
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node, write_ipynb
from traitlets import default

from analysis.evidence.folders import NOTEBOOKS
from analysis.operate.reports import (
    FAILED,
    NOTEBOOK,
    PAGE,
    ReportResult,
    lost,
    put,
    recover,
    remove,
    unfinished,
)
from analysis.show.page import to_html
from analysis.show.params import Parameters

CHARTS = "charts"


ENGINES = {"warm": "warm", "stock": None}
"""The engines, by the names that papermill knows them by."""


LONGEST = 80
"""Characters of the folder of sockets: one of a kernel has a path of at most 107."""


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


class CellError(Exception):
    """A failed run in one line: the cell it came from, and what went wrong there."""


def make(
    name: str,
    parameters: Parameters,
    *,
    notebook: Path,
    out_dir: Path,
    run_in: Path | None = None,
    engine: str = "warm",
    timeout: float | None = None,
) -> ReportResult:
    """Make one report in ``out_dir/<name>/`` and return what became of it; a failure is a result too.

    The notebook runs in the folder ``run_in``, or where it is. ``engine`` is ``warm`` (the cells run in
    a process that is forked off this one) or ``stock`` (in a kernel). The cells may take ``timeout`` seconds
    altogether.
    """
    started = time.monotonic()
    target, work = out_dir / name, unfinished(out_dir / name)
    try:
        recover(target)
        work.mkdir(parents=True)
        folder = run_in or notebook.parent
        build(notebook, parameters.model_dump(), work, name, folder, engine=engine, timeout=timeout)
        put(work, target)
        remove(out_dir / FAILED / name)
        return ReportResult(name, target / PAGE, time.monotonic() - started)
    except Exception as error:  # whatever it is, the other reports go on
        message = str(error) if isinstance(error, CellError) else _one_line(error)
        return lost(name, out_dir, message, time.monotonic() - started)
    finally:
        remove(work)


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
    try:
        given = {**parameters, "charts_dir": charts.resolve().as_posix()}
        result = _execute(notebook, executed, given, run_in, engine, timeout)
    except Exception as error:
        # A notebook that is half written cannot be read: what went wrong first is what is told.
        reached = new_notebook()  # type: ignore[no-untyped-call]
        with contextlib.suppress(Exception):
            reached = load_notebook_node(str(executed))
        failure = _cell_error(error, reached, timeout)
        with contextlib.suppress(Exception):
            _write(reached, executed, run_in)
        raise failure from error
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
    notebook: Path,
    executed: Path,
    parameters: dict[str, Any],
    run_in: Path,
    engine: str,
    timeout: float | None,
) -> NotebookNode:
    """Return the notebook run under papermill."""
    end = math.inf if timeout is None else time.monotonic() + timeout
    with tempfile.TemporaryDirectory(prefix="analysis-ipython-") as ipython_dir:
        return papermill.execute_notebook(
            notebook,
            executed,
            parameters,
            engine_name=ENGINES[engine],
            kernel_name=NATIVE_KERNEL_NAME,
            language="python",
            # The notebook finds the data from this folder, wherever the command was called.
            cwd=str(run_in.resolve()),
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


def _cell_error(error: Exception, notebook: NotebookNode, timeout: float | None) -> CellError:
    """Return an error with the cell that it comes from, by the notebook as it was saved."""
    if isinstance(error, PapermillExecutionError):
        place = f"cell [{error.exec_count}] {first_line(error.source)}"
        return CellError(f"{place}: {error.ename}: {first_line(error.evalue)}")
    if not isinstance(error, (CellTimeoutError, DeadKernelError)):
        return CellError(_one_line(error))
    late = isinstance(error, CellTimeoutError)
    reason = f"the report was not done after {timeout:g} s" if late else _one_line(error)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    begun = [cell for cell in code if cell.metadata.papermill.start_time]
    return CellError(f"cell [{len(begun)}] {first_line(begun[-1].source)}: {reason}" if begun else reason)


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {first_line(str(error))}"


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
