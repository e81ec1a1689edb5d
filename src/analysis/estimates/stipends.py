"""Stipends: yearly pay by post, ladder, rise, pay against rural income; operating funds per place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from operator import truediv

import pandas as pd

from analysis.estimates.measures import Estimate, absent, complete, derived, estimates_of
from analysis.estimates.prices import series, years_of
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import RURAL_INCOME

HEAD = "head_split"
YEAR_UNKNOWN = ("The year of the pay is not known.", "待遇年份不详。")
YEAR_A_RANGE = ("The pay is known for a range of years only.", "待遇年份仅知区间。")
NO_EARLIER_PAY = ("The pay before the reform is not printed.", "未报告改革前待遇。")
NO_INCOME = ("The income series has no value for the year.", "收入序列无该年数值。")


def stipends(data: Dataset) -> pd.DataFrame:
    """Return the estimates of pay and operating funds, one row per programme, measure and reading.

    Columns are ``measures.ESTIMATE_COLUMNS``. ``yearly_pay`` is CNY per person per year: a monthly rate is
    multiplied by 12 under the definitional reading ``annualisation=twelve`` and has no value under
    ``as-printed``. Ratios: ``pay_to_head`` = pay ÷ pay of a head with one post (same place, stage and
    readings); ``pay_rise`` = pay after ÷ before; ``pay_to_rural_income`` = yearly pay ÷ national rural
    disposable income per head of the same year (National Bureau of Statistics).
    """
    coded = estimates_of(data, "stipends")
    pay = [estimate for estimate in coded if estimate.measure == "yearly_pay"]
    derived = [*_ladder(pay), *_rise(pay), *_income_ratio(pay, series(data, RURAL_INCOME))]
    return complete(data, "stipends", [*coded, *derived])


def _ladder(pay: list[Estimate]) -> Iterator[Estimate]:
    heads = defaultdict(list)
    for estimate in pay:
        if estimate.post == HEAD:
            heads[(estimate.programme_id, estimate.place, estimate.stage)].append(estimate)
    for estimate in pay:
        if estimate.post in (HEAD, ""):
            continue
        for head in heads[(estimate.programme_id, estimate.place, estimate.stage)]:
            ratio = derived("pay_to_head", estimate, head, truediv)
            if ratio:
                yield ratio


def _rise(pay: list[Estimate]) -> Iterator[Estimate]:
    before = defaultdict(list)
    for estimate in pay:
        if estimate.stage == "before":
            before[(estimate.programme_id, estimate.place, estimate.post)].append(estimate)
    for estimate in pay:
        if estimate.stage != "after":
            continue
        earlier = before[(estimate.programme_id, estimate.place, estimate.post)]
        for base in earlier:
            rise = derived("pay_rise", estimate, base, truediv)
            if rise:
                yield rise._replace(stage="")
        if not earlier:
            unknown = estimate._replace(measure="pay_rise", stage="", unit="ratio", coding_id="")
            yield absent(unknown, "not_reported", NO_EARLIER_PAY)


def _income_ratio(pay: list[Estimate], income: dict[int, float]) -> Iterator[Estimate]:
    for estimate in pay:
        ratio = estimate._replace(measure="pay_to_rural_income", unit="ratio", coding_id="")
        if estimate.absence:
            yield ratio
            continue
        years = years_of(estimate.year)
        if len(years) != 1:
            yield absent(ratio, "not_comparable", YEAR_A_RANGE if years else YEAR_UNKNOWN)
        elif years[0] not in income:
            yield absent(ratio, "not_comparable", NO_INCOME)
        else:
            base = income[years[0]]
            yield ratio._replace(value=ratio.value / base, lower=ratio.lower / base, upper=ratio.upper / base)
