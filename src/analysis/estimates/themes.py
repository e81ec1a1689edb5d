"""The three themes together: every estimate of a dataset."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.estimates.branches import branches
from analysis.estimates.investment import investment
from analysis.estimates.stipends import stipends
from analysis.evidence.dataset import Dataset

__all__ = ["THEMES", "all_estimates", "branches", "investment", "stipends"]

THEMES: dict[str, Callable[[Dataset], pd.DataFrame]] = {
    "investment": investment,
    "stipends": stipends,
    "branches": branches,
}


def all_estimates(data: Dataset) -> pd.DataFrame:
    """Return the nominal estimates of all themes; columns are ``measures.ESTIMATE_COLUMNS``."""
    return pd.concat([measure(data) for measure in THEMES.values()], ignore_index=True)
