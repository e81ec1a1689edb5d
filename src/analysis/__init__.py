"""County Party-building programmes compared, every figure traced to the numeral in its source.

``load()`` gives the dataset, and ``explore`` a panel to look around in it; ``CountyReport`` the report on one
programme and ``ComparisonReport`` that on a theme; ``Book`` their charts and ``workbook`` their tables;
``compare``, ``comparisons`` and ``coverage`` what may stand beside what.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from analysis.chartbook import Book as Book
    from analysis.comparison import compare as compare
    from analysis.comparison import comparisons as comparisons
    from analysis.comparison import coverage as coverage
    from analysis.comparison_report import ComparisonReport as ComparisonReport
    from analysis.county import CountyReport as CountyReport
    from analysis.dataset import Dataset as Dataset
    from analysis.panel import explore as explore
    from analysis.processed import load as load
    from analysis.tablekit import workbook as workbook

_HOMES = {"CountyReport": "county", "Dataset": "dataset", "load": "processed"}
_HOMES |= {"Book": "chartbook", "ComparisonReport": "comparison_report"}
_HOMES |= {"explore": "panel", "workbook": "tablekit"}
_HOMES |= dict.fromkeys(("compare", "comparisons", "coverage"), "comparison")
__all__ = [
    "Book",
    "ComparisonReport",
    "CountyReport",
    "Dataset",
    "compare",
    "comparisons",
    "coverage",
    "explore",
    "load",
    "workbook",
]


def __dir__() -> list[str]:
    # What completion offers: the verbs, and none of the modules behind them.
    return sorted([*__all__, "__version__"])


def __getattr__(name: str) -> Any:
    # Drawing and modelling libraries take seconds to import: a command that needs none does not wait.
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"analysis.{_HOMES[name]}"), name)
