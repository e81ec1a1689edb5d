"""What a run is asked for, and all that is wrong with it, found before anything runs."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.errors import InputError
from analysis.show.params import ParameterError, ParameterFault, Parameters, ReportParameters, load_folder


class ClusterError(InputError):
    """A cluster that cannot make the reports; the message says what to do."""


@dataclass(frozen=True)
class Request:
    """What a run is asked for: which reports, from where, to where and how.

    ``names`` are reports (all without any); ``language`` overrides that of the parameter files;
    ``processes`` is how many reports are made at once, ``timeout`` the seconds that each may take and
    ``memory`` the megabytes that it may hold. Notebooks
    run in ``run_in``, or where they are.
    ``cluster`` is the address of a dask scheduler whose workers make the reports, ``publish`` the URL that
    the reports are copied to.
    """

    params_dir: Path
    notebooks: Path
    out_dir: Path
    names: tuple[str, ...] = ()
    language: str | None = None
    force: bool = False
    engine: str = "warm"
    processes: int = 1
    timeout: float | None = 600.0
    memory: float | None = None
    cluster: str | None = None
    publish: str | None = None
    run_in: Path | None = None


def check_reports(
    request: Request, programmes: Collection[str], price_years: range
) -> Mapping[str, Parameters]:
    """Return the parameters of each report asked for; raises ``ParameterError`` with every fault."""
    faults: list[ParameterFault] = []
    reports: Mapping[str, Parameters] = {}
    try:
        reports = load_folder(request.params_dir, programmes, request.names, price_years)
    except ParameterError as error:
        faults.extend(error.faults)
    for kind in dict.fromkeys(type(report) for report in reports.values()) or [ReportParameters]:
        faults.extend(_notebook_faults(request.notebooks / kind.NOTEBOOK, kind))
    if faults:
        raise ParameterError(faults)
    if request.language is None:
        return reports
    update = {"language": request.language}
    return {name: report.model_copy(update=update) for name, report in reports.items()}


def _notebook_faults(notebook: Path, kind: type[Parameters]) -> list[ParameterFault]:
    """Return what keeps the notebook from taking the parameters; papermill would only warn."""
    needed = [*kind.keys(), "charts_dir"]
    file = notebook.as_posix()
    expected = f"a notebook with a cell tagged 'parameters' that sets {', '.join(needed)}"
    try:
        defined = _names_assigned(notebook)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        value = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        return [ParameterFault(file, None, "", value, expected, "restore the notebook")]
    missing = [name for name in needed if name not in defined]
    if missing:
        return [ParameterFault(file, None, "", f"{', '.join(missing)} not set", expected, "add to that cell")]
    return []


def _names_assigned(notebook: Path) -> set[str]:
    """Return the names that the cell tagged ``parameters`` sets.

    Read as JSON: papermill, which can tell as well, takes seconds to import.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    sources = ("".join(cell["source"]) for cell in tagged[:1])
    return {name for source in sources for name in re.findall(r"^(\w+)\s*(?::[^=\n]+)?=(?!=)", source, re.M)}
