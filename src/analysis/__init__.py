"""County Party-building programmes compared, every figure traced to the numeral in its source.

``load()`` gives the project with its data, and ``explore`` a panel to look around in it; ``CountyReport`` the
report on one programme and ``ComparisonReport`` that on a theme; ``Book`` their charts and ``workbook`` their
tables; ``compare``, ``comparisons`` and ``coverage`` what may stand beside what; ``desk`` finishes a draft.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from analysis.version import __version__ as __version__

if TYPE_CHECKING:
    from analysis.estimates.comparable import compare as compare
    from analysis.estimates.comparable import comparisons as comparisons
    from analysis.estimates.comparable import coverage as coverage
    from analysis.evidence.dataset import Dataset as Dataset
    from analysis.project import Project as Project
    from analysis.project import load as load
    from analysis.show.chartbook import Book as Book
    from analysis.show.comparison.report import ComparisonReport as ComparisonReport
    from analysis.show.county import CountyReport as CountyReport
    from analysis.show.desk import desk as desk
    from analysis.show.panel import explore as explore
    from analysis.show.tablekit import workbook as workbook
    from analysis.show.whatif import what_if as what_if

_HOMES = {
    "Book": "show.chartbook",
    "ComparisonReport": "show.comparison.report",
    "CountyReport": "show.county",
    "Dataset": "evidence.dataset",
    "Project": "project",
    "compare": "estimates.comparable",
    "comparisons": "estimates.comparable",
    "coverage": "estimates.comparable",
    "desk": "show.desk",
    "explore": "show.panel",
    "load": "project",
    "what_if": "show.whatif",
    "workbook": "show.tablekit",
}
__all__ = list(_HOMES)


def __dir__() -> list[str]:
    # What completion offers: the verbs, and none of the modules behind them.
    return sorted([*__all__, "__version__"])


def __getattr__(name: str) -> Any:
    # Drawing and modelling libraries take seconds to import: a command that needs none does not wait.
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"analysis.{_HOMES[name]}"), name)
