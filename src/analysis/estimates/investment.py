"""Investment: cost per venue and per m², subsidies, venues per village, other money per unit."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.measures import complete, estimates_of
from analysis.evidence.dataset import Dataset


def investment(data: Dataset) -> pd.DataFrame:
    """Return the estimates of investment, one row per programme, measure, dimensions and reading.

    Columns are ``measures.ESTIMATE_COLUMNS``. Money is nominal CNY per unit as ``unit`` says. As a cost
    per venue, a county subsidy (``funder`` is ``county_subsidy``) is a lower bound: its ``upper`` is
    ``inf``, and it is never compared with a total cost.
    """
    return complete(data, "investment", estimates_of(data, "investment"))
