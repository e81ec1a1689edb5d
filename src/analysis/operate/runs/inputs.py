"""What a run is asked for, and all that is wrong with it, found before anything runs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from analysis.estimates.prices import price_years
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.evidence.sources import existing_sources
from analysis.show.params import ParameterFault, Parameters, ReportParameters, read_folder

LeftOut = Mapping[str, str]
"""The programmes that a run does without, and what is wrong with each."""


class ClusterError(InputError):
    """A cluster that cannot make the reports; the message says what to do."""


@dataclass(frozen=True)
class Request:
    """What a run is asked for: which reports, from where, to where and how.

    ``names`` are reports (all without any); ``language`` overrides that of the parameter files; ``strict``
    runs nothing where a fault concerns one programme only;
    ``processes`` is how many reports are made at once, ``timeout`` the seconds that each may take and
    ``memory`` the megabytes that it may hold. ``sample`` is how many of the reports that were left although
    the data has changed are made to see that nothing in them has: one where they are many, if not given.
    Notebooks run in ``run_in``, or where they are.
    ``cluster`` is the address of a dask scheduler whose workers make the reports, ``publish`` the URL that
    the reports are copied to. ``with_sentences`` has pages quote the sentences of their figures; such pages
    are not published.
    """

    params_dir: Path
    notebooks: Path
    out_dir: Path
    names: tuple[str, ...] = ()
    language: str | None = None
    force: bool = False
    strict: bool = False
    engine: str = "warm"
    processes: int = 1
    timeout: float | None = 600.0
    memory: float | None = None
    sample: int | None = None
    cluster: str | None = None
    publish: str | None = None
    with_sentences: bool = False
    run_in: Path | None = None


class Checked(NamedTuple):
    """The parameters of the reports that can be made, and why each other one that was asked for cannot."""

    reports: Mapping[str, Parameters]
    refused: Mapping[str, str]


def check_reports(request: Request, data: Dataset, left_out: LeftOut) -> Checked:
    """Return the reports asked for; raises ``ParameterError`` where a fault concerns all, or all have one.

    With ``strict`` any fault is one of all.
    """
    programmes = [*data.programme_ids, *left_out]
    found = read_folder(request.params_dir, programmes, request.names, price_years(data))
    kinds = dict.fromkeys(type(report) for report in found.reports.values()) or [ReportParameters]
    for kind in kinds:
        found.of_all.extend(_notebook_faults(request.notebooks / kind.NOTEBOOK, kind))
    if request.strict or found.of_all or not found.reports:
        found.checked()
    refused = {name: summed_up(faults) for name, faults in found.faults.items()}
    refused |= {
        name: left_out[missing]
        for name, report in found.reports.items()
        if (missing := next((each for each in _programmes_of(report) if each in left_out), None)) is not None
    }
    update: dict[str, object] = {"language": request.language} if request.language else {}
    update |= {"with_sentences": True} if request.with_sentences else {}
    reports = {
        name: report.model_copy(update=update)
        for name, report in found.reports.items()
        if name not in refused
    }
    return Checked(reports, refused)


def check_quotable(request: Request, root: Path) -> None:
    """Raise ``InputError`` where pages are to quote documents that are not there, or would be published."""
    if request.with_sentences and request.publish is not None:
        raise InputError(
            "--with-sentences: pages that quote the documents are not published; leave out --publish or "
            "--with-sentences"
        )
    if request.with_sentences:
        existing_sources(None, root)


def _programmes_of(report: Parameters) -> Sequence[str]:
    named = report.model_dump()
    return [programme for programme in (named.get("programme"), *(named.get("peers") or ())) if programme]


def summed_up(faults: Sequence[object]) -> str:
    """Return the first fault, and how many more there are."""
    more = f" (and {len(faults) - 1} more; analysis check lists all)" if len(faults) > 1 else ""
    return f"{faults[0]}{more}"


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
