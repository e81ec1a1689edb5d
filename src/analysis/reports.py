"""Reports: one papermill run and one self-contained HTML page for each parameter file.

Everything is checked before anything runs. A report is built in a folder beside its place and put there by
rename, so that it is whole or absent; a report that fails is named and never stops the others.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill
import zmq
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node, write_ipynb
from tqdm import tqdm
from traitlets import default

from analysis.language import LANGUAGES
from analysis.page import to_html
from analysis.params import (
    PRICE_YEARS,
    ParameterError,
    ParameterFault,
    Parameters,
    ReportParameters,
    did_you_mean,
    load_folder,
)

FAILED = ".failed"
CHARTS = "charts"


@dataclass(frozen=True)
class ReportResult:
    """What became of one report: where it is, how long it took, and the error if it failed."""

    name: str
    path: Path
    seconds: float
    error: str | None = None
    kept: bool = False
    """Whether the report of an earlier run still stands in its place although this one failed."""

    def __str__(self) -> str:
        if self.error is None:
            return f"made    {self.path.as_posix()} ({self.seconds:.1f} s)"
        kept = "; the report of an earlier run was left in place" if self.kept else ""
        return f"failed  {self.name}: {self.error}; executed notebook: {self.path.as_posix()}{kept}"


@dataclass(frozen=True)
class RunSummary:
    """The outcome of a run: one result for each report, or the faults for which nothing was run."""

    results: tuple[ReportResult, ...] = ()
    faults: tuple[ParameterFault, ...] = ()
    seconds: float = 0.0

    @property
    def status(self) -> int:
        """The exit status: 0 all made, 1 some failed, 2 the input is wrong and nothing was run."""
        if self.faults:
            return 2
        return int(any(result.error is not None for result in self.results))

    def __str__(self) -> str:
        if self.faults:
            return "\n".join([*map(str, self.faults), f"faults: {len(self.faults)}; nothing was run"])
        failed = sum(result.error is not None for result in self.results)
        counts = f"{len(self.results) - failed} made, {failed} failed, in {self.seconds:.1f} s"
        return "\n".join([*map(str, self.results), f"reports: {counts}"])


def run(
    names: Collection[str] | None,
    *,
    params_dir: Path,
    notebooks: Path,
    out_dir: Path,
    programmes: Collection[str],
    price_years: range = PRICE_YEARS,
    language: str | None = None,
    progress: bool = True,
) -> RunSummary:
    """Make the reports named (all, if none is named) and return what became of each.

    ``notebooks`` is the folder of the notebooks; the kind of parameters says which one a report runs.
    ``language`` overrides the language of the parameter files. Prints the summary; faults of the input
    go to standard error and nothing is run.
    """
    started = time.monotonic()
    faults: list[ParameterFault] = []
    if language not in (None, *LANGUAGES):
        expected = f"one of the languages {', '.join(LANGUAGES)}"
        remedy = did_you_mean(language, LANGUAGES)
        faults.append(ParameterFault("--language", None, "", repr(language), expected, remedy))
    reports: Mapping[str, Parameters] = {}
    try:
        reports = load_folder(params_dir, programmes, names, price_years)
    except ParameterError as error:
        faults.extend(error.faults)
    for kind in {type(report) for report in reports.values()} or {ReportParameters}:
        faults.extend(_notebook_faults(notebooks / kind.NOTEBOOK, kind))
    if faults:
        summary = RunSummary(faults=tuple(faults))
        print(summary, file=sys.stderr)
        return summary
    if language is not None:
        reports = {name: report.model_copy(update={"language": language}) for name, report in reports.items()}
    out_dir.mkdir(parents=True, exist_ok=True)
    results = []
    # Without a terminal tqdm is off by itself, and each report gets a line of its own.
    bar = tqdm(reports.items(), unit="report", file=sys.stderr, disable=None if progress else True)
    for name, parameters in bar:
        bar.set_postfix_str(name)
        results.append(make(name, parameters, notebook=notebooks / parameters.NOTEBOOK, out_dir=out_dir))
        if progress and bar.disable:
            print(results[-1], file=sys.stderr)
    summary = RunSummary(tuple(results), seconds=time.monotonic() - started)
    print(summary)
    return summary


def make(name: str, parameters: Parameters, *, notebook: Path, out_dir: Path) -> ReportResult:
    """Make one report in ``out_dir/<name>/`` and return what became of it; a failure is a result too."""
    started = time.monotonic()
    target, failed = out_dir / name, out_dir / FAILED / name
    work = target.with_name(f".{name}.new")
    try:
        recover(target)
        work.mkdir(parents=True)
        _build(parameters, notebook, work, name)
        put(work, target)
        _remove(failed)
        return ReportResult(name, target / "report.html", time.monotonic() - started)
    except Exception as error:  # whatever it is, the other reports go on
        for path in work.glob("*"):
            if path.name != "report.ipynb":
                _remove(path)
        put(work, failed)
        seconds = time.monotonic() - started
        return ReportResult(name, failed / "report.ipynb", seconds, _message(error), kept=target.exists())
    finally:
        _remove(work)


def put(new: Path, target: Path) -> None:
    """Put a finished folder in the place of ``target`` by rename, and remove what stood there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = _aside(target)
    if target.exists():
        target.rename(old)
    new.rename(target)
    _remove(old)


def recover(target: Path) -> None:
    """Undo what a killed run left: put an old report back that was not replaced, drop unfinished folders."""
    old = _aside(target)
    if old.exists() and not target.exists():
        old.rename(target)
    _remove(old)
    _remove(target.with_name(f".{target.name}.new"))


class OwnInterpreter(AsyncKernelManager):
    """Starts kernels with the Python that runs us, whatever kernels the user's folders name ``python3``."""

    @default("kernel_spec_manager")
    def _no_kernel_folders(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])

    @default("transport_encryption")
    def _encrypt_where_possible(self) -> str:
        return "auto" if zmq.has("curve") else "disabled"


def _build(parameters: Parameters, notebook: Path, work: Path, name: str) -> None:
    """Fill ``work`` with the executed notebook, the page and the charts."""
    executed, charts = work / "report.ipynb", work / CHARTS
    charts.mkdir()
    try:
        _execute(notebook, executed, {**parameters.model_dump(), "charts_dir": charts.resolve().as_posix()})
    finally:
        if executed.exists():
            project = notebook.resolve().parents[1]
            write_ipynb(_portable(load_notebook_node(str(executed)), work, project), str(executed))
    html = to_html(load_notebook_node(str(executed)), parameters.language, name)
    (work / "report.html").write_text(html, encoding="utf-8", newline="\n")
    if not any(charts.iterdir()):
        charts.rmdir()


def _execute(notebook: Path, executed: Path, parameters: dict[str, Any]) -> None:
    """Run the notebook under papermill."""
    with tempfile.TemporaryDirectory() as ipython_dir:
        papermill.execute_notebook(
            notebook,
            executed,
            parameters,
            kernel_name=NATIVE_KERNEL_NAME,
            language="python",
            # The notebook finds the data from its own folder, wherever the command was called.
            cwd=str(notebook.parent.resolve()),
            progress_bar=False,
            record_timing=False,
            kernel_manager_class=OwnInterpreter,
            # The user's IPython profile may hold start-up files that would change the report.
            extra_arguments=[f"--ipython-dir={ipython_dir}"],
        )


def _message(error: Exception) -> str:
    """Return an error in one line, with the cell it came from if there is one."""
    if isinstance(error, PapermillExecutionError):
        cell = f"cell [{error.exec_count}] {_first_line(error.source)}"
        return f"{cell}: {error.ename}: {_first_line(error.evalue)}"
    return f"{type(error).__name__}: {_first_line(str(error))}"


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


def _notebook_faults(notebook: Path, kind: type[Parameters]) -> list[ParameterFault]:
    """Return what keeps the notebook from taking the parameters; papermill would only warn."""
    needed = [*kind.keys(), "charts_dir"]
    file = notebook.as_posix()
    expected = f"a notebook with a cell tagged 'parameters' that sets {', '.join(needed)}"
    try:
        defined = papermill.inspect_notebook(notebook)
    except Exception as error:
        value = f"{type(error).__name__}: {_first_line(str(error))}"
        return [ParameterFault(file, None, "", value, expected, "restore the notebook")]
    missing = [name for name in needed if name not in defined]
    if missing:
        return [ParameterFault(file, None, "", f"{', '.join(missing)} not set", expected, "add to that cell")]
    return []


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 200 else f"{line[:199]}…"
