"""County Party-building programmes compared, every figure traced to the numeral in its source.

``load()`` gives the dataset; ``CountyReport`` the report on one programme; ``investment``, ``stipends`` and
``branches`` the estimates of a theme.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from analysis.county import CountyReport as CountyReport
    from analysis.dataset import Dataset as Dataset
    from analysis.processed import load as load
    from analysis.themes import branches as branches
    from analysis.themes import investment as investment
    from analysis.themes import stipends as stipends

_HOMES = {"CountyReport": "county", "Dataset": "dataset", "load": "processed"}
_HOMES |= dict.fromkeys(("investment", "stipends", "branches"), "themes")
__all__ = ["CountyReport", "Dataset", "branches", "investment", "load", "stipends"]


def __getattr__(name: str) -> Any:
    # Drawing and modelling libraries take seconds to import: a command that needs none does not wait.
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"analysis.{_HOMES[name]}"), name)
