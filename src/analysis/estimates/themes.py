"""The estimates of each theme, and of all together."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.derivations import derive
from analysis.estimates.measures import estimates_of, to_frame, unreported
from analysis.estimates.series import Timeline
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES
from analysis.evidence.themes import THEMES

__all__ = ["THEMES", "all_estimates", "estimates_and_series", "theme_estimates"]


def theme_estimates(data: Dataset, theme: str) -> pd.DataFrame:
    """Return the nominal estimates of a theme, one row per programme, measure, dimensions and reading.

    Columns are the fields of ``Estimate``. Every programme has every measure, be it as not reported. Where a
    programme has a measure for several years, they are of the latest.
    """
    return _of_theme(data, theme, Timeline(data))[0]


def all_estimates(data: Dataset) -> pd.DataFrame:
    """Return the nominal estimates of all themes; columns are the fields of ``Estimate``."""
    return estimates_and_series(data)[0]


def estimates_and_series(data: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the estimates of all themes, and those of all years of what has several.

    The columns of the second are those of the first and ``time``.
    """
    timeline = Timeline(data)
    found = [_of_theme(data, theme, timeline) for theme in THEMES]
    estimates, series = zip(*found, strict=True)
    return pd.concat(estimates, ignore_index=True), pd.concat(series, ignore_index=True)


def _of_theme(data: Dataset, theme: str, timeline: Timeline) -> tuple[pd.DataFrame, pd.DataFrame]:
    codes = [code for code, measure in MEASURES.items() if measure.theme == theme]
    found = estimates_of(data, theme)
    for code in codes:
        # One that is derived may be what another is derived from.
        found += derive(data, MEASURES[code], list(found), timeline.partners)
    latest, series = timeline.split(found)
    return to_frame([*latest, *unreported(data, latest, codes)]), series
