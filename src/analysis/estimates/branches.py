"""Branches: dissolved, established, net, turnover; weak organisations; model branches; new structures."""

from __future__ import annotations

from collections.abc import Iterator
from operator import add, sub

import pandas as pd

from analysis.estimates.measures import Estimate, complete, derived, estimates_of
from analysis.evidence.dataset import Dataset

DISSOLVED, ESTABLISHED = "branches_dissolved", "branches_established"


def branches(data: Dataset) -> pd.DataFrame:
    """Return the estimates of branch restructuring, one row per programme, measure and reading.

    Columns are ``measures.ESTIMATE_COLUMNS``; values count branches or organisations, which are never
    added or divided by each other. ``net_branches`` = established − dissolved and ``branch_turnover`` =
    established + dissolved, where both are printed. Rates exist only where the source prints a
    denominator of the same thing.
    """
    coded = estimates_of(data, "branches")
    return complete(data, "branches", [*coded, *_restructured(coded)])


def _restructured(coded: list[Estimate]) -> Iterator[Estimate]:
    established = [estimate for estimate in coded if estimate.measure == ESTABLISHED]
    for gone in (estimate for estimate in coded if estimate.measure == DISSOLVED):
        for new in (estimate for estimate in established if estimate.programme_id == gone.programme_id):
            for measure, calculate in (("net_branches", sub), ("branch_turnover", add)):
                estimate = derived(measure, new, gone, calculate)
                if estimate:
                    yield estimate
