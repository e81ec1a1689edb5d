"""Branches: dissolved, established, net, turnover; weak organisations; model branches; new structures."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.dataset import Dataset
from analysis.measures import Estimate, absent, estimates_of, to_frame
from analysis.stipends import merged_readings

DISSOLVED, ESTABLISHED = "branches_dissolved", "branches_established"


def branches(data: Dataset) -> pd.DataFrame:
    """Return the estimates of branch restructuring, one row per programme, measure and reading.

    Columns are ``measures.ESTIMATE_COLUMNS``; values count branches or organisations, which are never
    added or divided by each other. ``net_branches`` = established − dissolved and ``branch_turnover`` =
    established + dissolved, where both are printed. Rates exist only where the source prints a
    denominator of the same thing.
    """
    coded = estimates_of(data, "branches")
    return to_frame([*coded, *_restructured(coded)])


def _restructured(coded: list[Estimate]) -> Iterator[Estimate]:
    established = [estimate for estimate in coded if estimate.measure == ESTABLISHED]
    for gone in (estimate for estimate in coded if estimate.measure == DISSOLVED):
        for new in (e for e in established if e.programme_id == gone.programme_id):
            readings = merged_readings(new, gone)
            if readings is None:
                continue
            both = new._replace(
                reading=readings,
                is_default=new.is_default and gone.is_default,
                feasible=new.feasible and gone.feasible,
                figure_ids=" ".join(dict.fromkeys(f"{new.figure_ids} {gone.figure_ids}".split())),
                coding_id="",
            )
            missing = next((estimate for estimate in (new, gone) if estimate.absence), None)
            if missing:
                reason = (missing.reason, missing.reason_zh)
                both = absent(both, missing.absence, reason)
            yield both._replace(
                measure="net_branches",
                value=new.value - gone.value,
                lower=new.lower - gone.upper,
                upper=new.upper - gone.lower,
            )
            yield both._replace(
                measure="branch_turnover",
                value=new.value + gone.value,
                lower=new.lower + gone.lower,
                upper=new.upper + gone.upper,
            )
