"""Reference series: consumer prices, rural income, and money in the prices of one year."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from analysis.estimates.measures import Estimate, Readings, from_frame, to_frame
from analysis.estimates.reasons import MONEY_WITHOUT_YEAR, YEAR_OUTSIDE_PRICES
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import CPI, MEASURES, NOMINAL, PRICE_YEAR, format_when, parse_when


def series(data: Dataset, name: str) -> dict[int, float]:
    """Return one reference series as value by year; raises ``KeyError`` naming the known series."""
    frame = data.tables["reference_series"]
    rows = frame[frame["series"] == name]
    if rows.empty:
        raise KeyError(f"no reference series {name!r}; known are {', '.join(frame['series'].unique())}")
    return {int(year): float(value) for year, value in zip(rows["year"], rows["value"], strict=True)}


def years_of(year: str) -> list[int]:
    """Return ``2021`` as one year, ``2018/2021`` as its two ends, and empty text as none."""
    return [int(part) for part in year.split("/")] if year else []


def price_years(data: Dataset) -> range:
    """Return the years in whose prices money can be given, from one year before the first change."""
    changes = series(data, CPI)
    return range(min(changes) - 1, max(changes) + 1)


def price_factor(changes: dict[int, float], from_year: int, to_year: int) -> float:
    """Return what money of one year is worth in prices of another: the product of the yearly changes.

    ``changes`` are annual changes of the consumer price index in percent. Raises ``ValueError`` for a
    year that the chain does not reach: it begins one year before the first change.
    """
    first, last = min(changes) - 1, max(changes)
    for year in (from_year, to_year):
        if not first <= year <= last:
            raise ValueError(f"no consumer prices for {year}; the series covers {first} to {last}")
    low, high = sorted((from_year, to_year))
    factor = 1.0
    for year in range(low + 1, high + 1):
        factor *= 1 + changes[year] / 100
    return factor if from_year <= to_year else 1 / factor


def in_prices_of(data: Dataset, estimates: pd.DataFrame, year: int, index: str = CPI) -> pd.DataFrame:
    """Return the money rows of an estimates frame in constant prices of ``year``.

    Same columns; ``price_basis`` is ``constant-<year>``. A row whose year is a range becomes two, under the
    readings of the programme's choice ``PRICE_YEAR``. A row whose year is
    unknown has no value (``not_comparable``). Raises ``ValueError`` for a target year outside the series, and
    for estimates that are not nominal.
    """
    changes = series(data, index)
    price_factor(changes, year, year)
    if converted := set(estimates["price_basis"]) - {NOMINAL}:
        raise ValueError(f"estimates in {min(converted)} prices; only nominal ones can be converted")
    money = (estimate for estimate in from_frame(estimates) if _is_money(estimate))
    defaults = Readings.of(data).defaults
    return to_frame(row for estimate in money for row in _deflated(estimate, changes, year, defaults))


def at_prices(data: Dataset, estimates: pd.DataFrame, year: int | None) -> pd.DataFrame:
    """Return an estimates frame with its money in constant prices of ``year``; as it is without a year.

    What is no money stays as it is. Raises ``ValueError`` as ``in_prices_of`` does.
    """
    if year is None:
        return estimates
    others = to_frame(estimate for estimate in from_frame(estimates) if not _is_money(estimate))
    return pd.concat([in_prices_of(data, estimates, year), others], ignore_index=True)


def _is_money(estimate: Estimate) -> bool:
    """Return whether the estimate is money; one without a value is, if its measure can be."""
    if estimate.unit:
        return estimate.unit.startswith("CNY")
    return any(form.startswith("CNY") for form in MEASURES[estimate.measure].unit_forms)


def _deflated(
    estimate: Estimate, changes: dict[int, float], to: int, defaults: Collection[tuple[str, str]]
) -> Iterator[Estimate]:
    row = estimate._replace(price_basis=f"constant-{to}")
    years = years_of(row.year)
    if row.absence:
        yield row
    elif not years:
        yield row.without_value("not_comparable", MONEY_WITHOUT_YEAR)
    elif len(years) == 1:
        yield _times(row, changes, years[0], to)
    else:
        choice = PRICE_YEAR.id_for(row.programme_id)
        for reading, year in zip(PRICE_YEAR.readings, years, strict=True):
            both = format_when({**parse_when(row.reading), choice: reading})
            default = row.is_default and (choice, reading) in defaults
            yield _times(row._replace(reading=both, is_default=default), changes, year, to)


def _times(row: Estimate, changes: dict[int, float], year: int, to: int) -> Estimate:
    if not min(changes) - 1 <= year <= max(changes):
        return row.without_value("not_comparable", YEAR_OUTSIDE_PRICES)
    factor = price_factor(changes, year, to)
    return row._replace(value=row.value * factor, lower=row.lower * factor, upper=row.upper * factor)
