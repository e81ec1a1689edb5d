"""The estimates of each theme, and of all together."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.derivations import derive
from analysis.estimates.measures import estimates_of, to_frame, unreported
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES
from analysis.evidence.themes import THEMES

__all__ = ["THEMES", "all_estimates", "theme_estimates"]


def theme_estimates(data: Dataset, theme: str) -> pd.DataFrame:
    """Return the nominal estimates of a theme, one row per programme, measure, dimensions and reading.

    Columns are the fields of ``Estimate``. Every programme has every measure, be it as not reported.
    """
    codes = [code for code, measure in MEASURES.items() if measure.theme == theme]
    found = estimates_of(data, theme)
    for code in codes:
        # One that is derived may be what another is derived from.
        found += derive(data, MEASURES[code], list(found))
    return to_frame([*found, *unreported(data, found, codes)])


def all_estimates(data: Dataset) -> pd.DataFrame:
    """Return the nominal estimates of all themes; columns are the fields of ``Estimate``."""
    return pd.concat([theme_estimates(data, theme) for theme in THEMES], ignore_index=True)
