"""Reference series: consumer prices, rural income, and money in the prices of one year."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from numbers import Integral
from typing import Literal, NamedTuple

import pandas as pd

from analysis.estimates.measures import Estimate, Readings, from_frame, to_frame
from analysis.estimates.reasons import YEAR_OUTSIDE_PRICES
from analysis.estimates.regions import province_of, provincial_prices
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import (
    CPI,
    MEASURES,
    NATION,
    NOMINAL,
    OPEN_YEAR,
    PRICE_INDEX,
    format_when,
    parse_when,
)

NATIONAL = PRICE_INDEX.readings[0]
PRINTED: Literal["printed"] = "printed"
PriceYear = int | Literal["printed"] | None
"""A year, money as the documents print it, or what the reader of this value takes by default."""


def series(data: Dataset, name: str) -> dict[int, float]:
    """Return one reference series as value by year; raises ``KeyError`` naming the known series."""
    if found := values_by_year(data, name):
        return found
    known = data.tables["reference_series"]["series"].unique()
    raise KeyError(f"no reference series {name!r}; known are {', '.join(known)}")


def values_by_year(data: Dataset, name: str) -> dict[int, float]:
    """Return what is there of a reference series: a report is given the years that it reads."""
    frame = data.tables["reference_series"]
    rows = frame[frame["series"] == name]
    return {int(year): float(value) for year, value in zip(rows["year"], rows["value"], strict=True)}


def years_of(year: str) -> list[int]:
    """Return every year that ``2021`` or ``2018/2021`` may mean, and none for empty text."""
    ends = [int(part) for part in year.split("/")] if year else []
    return list(range(ends[0], ends[-1] + 1)) if ends else []


def price_years(data: Dataset, index: str = NATIONAL) -> range:
    """Return the years in whose prices all money can be given, from one year before the first change.

    ``index`` is ``national`` or ``provincial``; the latter reaches as far as the index of every province.
    """
    found = [chain.changes for chain in data.once(_chains, index).values()]
    return range(max(map(min, found)) - 1, min(map(max, found)) + 1)


def checked_price_year(data: Dataset, asked: object) -> PriceYear:
    """Return the year of prices that is asked for; raises ``ValueError`` saying what may be asked for.

    What is not read as a year would fall back on other prices without a word.
    """
    if asked is None or asked == PRINTED:
        return PRINTED if asked else None
    years = price_years(data)
    if isinstance(asked, Integral) and not isinstance(asked, bool) and int(asked) in years:
        return int(asked)
    meant = str(asked)[:4]
    remedy = f"write {meant}" if meant.isdecimal() and int(meant) in years else "choose another year"
    raise ValueError(
        f"price_year: {asked!r} — expected a year of the price series, {years.start} to {years[-1]}, as a "
        f"plain number, {PRINTED!r} or None; {remedy}"
    )


def price_factor(changes: Mapping[int, float], from_year: int, to_year: int) -> float:
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


class _Chain(NamedTuple):
    """Annual changes of consumer prices in percent, and the region that they are of where that is asked."""

    region: str
    changes: Mapping[int, float]


def _chains(data: Dataset, index: str) -> dict[str, _Chain]:
    """Return the consumer prices that convert the money of each programme.

    Where the province of a programme is not known, or has no index, they are those of the whole country.
    """
    if index not in PRICE_INDEX.readings:
        raise ValueError(f"unknown price index {index!r}; allowed are {', '.join(PRICE_INDEX.readings)}")
    national = series(data, CPI)
    if index == NATIONAL:
        return dict.fromkeys(data.programme_ids, _Chain("", national))
    provinces = provincial_prices(data)
    owners = {p: province_of(data.programme(p)["division_code"]) for p in data.programme_ids}
    return {
        programme: _Chain(code, provinces[code]) if code in provinces else _Chain(NATION, national)
        for programme, code in owners.items()
    }


def in_prices_of(data: Dataset, estimates: pd.DataFrame, year: int, index: str = NATIONAL) -> pd.DataFrame:
    """Return the money rows of an estimates frame in constant prices of ``year``.

    ``index`` says whose consumer prices: ``national`` those of the whole country, ``provincial`` those of the
    province of each programme; ``region`` then names it, and is ``CN`` where the province is not known.
    Same columns; ``price_basis`` is ``constant-<year>``. A row whose year is a range becomes one for each
    year, under the readings of the programme's choice ``OPEN_YEAR``. Money without a year is at least its
    conversion from the year in which its document was published: prices have risen since any earlier one.
    Raises ``ValueError`` for a target year outside the series, and for estimates that are not nominal.
    """
    return to_frame(_in_prices_of(data, from_frame(estimates), year, index))


def _in_prices_of(data: Dataset, estimates: Iterable[Estimate], year: int, index: str) -> Iterator[Estimate]:
    """Yield the estimates that are money, as ``in_prices_of`` does."""
    chains, years = data.once(_chains, index), price_years(data, index)
    if year not in years:
        raise ValueError(
            f"no consumer prices for {year}; the series covers {years.start} to {years.stop - 1}"
        )
    money = [estimate for estimate in estimates if _is_money(estimate)]
    if converted := {estimate.price_basis for estimate in money} - {NOMINAL}:
        raise ValueError(f"estimates in {min(converted)} prices; only nominal ones can be converted")
    published = data.once(_published)
    rows = (
        row for estimate in money
        for row in _deflated(estimate, chains[estimate.programme_id], year, published)
    )  # fmt: skip
    yield from with_defaults(data, rows)


def _published(data: Dataset) -> dict[str, int]:
    return published_years(data.figures, data.sources)


def published_years(figures: pd.DataFrame, sources: pd.DataFrame) -> dict[str, int]:
    """Return the last year in which the document of each figure may have been published."""
    dates = zip(sources["source_id"].to_list(), sources["published"].to_list(), strict=True)
    years = {source_id: int(date[:10].split("/")[-1][:4]) for source_id, date in dates}
    owners = zip(figures["figure_id"].to_list(), figures["source_id"].to_list(), strict=True)
    # The figures of a dataset that is limited to some programmes stay whole.
    return {figure_id: years[source_id] for figure_id, source_id in owners if source_id in years}


def at_prices(
    data: Dataset, estimates: pd.DataFrame, year: int | None, index: str = NATIONAL
) -> pd.DataFrame:
    """Return an estimates frame with its money in constant prices of ``year``; as it is without a year.

    What is no money stays as it is. ``index`` and what is raised are as in ``in_prices_of``.
    """
    return estimates if year is None else to_frame(with_prices(data, from_frame(estimates), year, index))


def with_prices(
    data: Dataset, estimates: list[Estimate], year: int | None, index: str = NATIONAL
) -> list[Estimate]:
    """Return estimates with their money in constant prices of ``year``, as ``at_prices`` does."""
    if year is None:
        return estimates
    others = (estimate for estimate in estimates if not _is_money(estimate))
    return [*_in_prices_of(data, estimates, year, index), *others]


def _is_money(estimate: Estimate) -> bool:
    """Return whether the estimate is money; one without a value is, if its measure can be."""
    if estimate.unit:
        return estimate.unit.startswith("CNY")
    return any(form.startswith("CNY") for form in MEASURES[estimate.measure].unit_forms)


def _deflated(estimate: Estimate, chain: _Chain, to: int, published: Mapping[str, int]) -> Iterator[Estimate]:
    row, changes = estimate._replace(price_basis=f"constant-{to}", region=chain.region), chain.changes
    if row.absence:
        yield row
    elif row.year:
        yield from (_times(each, changes, year, to) for year, each in by_year(row))
    else:
        latest = max(published[figure_id] for figure_id in row.figure_ids.split())
        converted = _times(row, changes, latest, to)
        yield converted if converted.absence else converted._replace(upper=math.inf)


def by_year(estimate: Estimate) -> Iterator[tuple[int, Estimate]]:
    """Yield each year that an estimate may be of, with the estimate under that reading of its year."""
    years = years_of(estimate.year)
    if len(years) < 2:
        yield from ((year, estimate) for year in years)
        return
    choice = OPEN_YEAR.id_for(estimate.programme_id, estimate.year)
    for year in years:
        reading = format_when({**parse_when(estimate.reading), choice: str(year)})
        yield year, estimate._replace(reading=reading)


def printed_value(data: Dataset, estimate: Estimate) -> float:
    """Return the value of an estimate in constant prices as its document prints it."""
    _, _, to = estimate.price_basis.partition("constant-")
    if not to or not _is_money(estimate):
        return estimate.value
    answers = parse_when(estimate.reading)
    year = next((int(r) for choice, r in answers.items() if OPEN_YEAR.readings_of(choice)), None)
    if year is None:
        published = data.once(_published)
        known = years_of(estimate.year) or [published[name] for name in estimate.figure_ids.split()]
        year = max(known)
    return estimate.value * price_factor(series(data, CPI), int(to), year)


def with_defaults(data: Dataset, estimates: Iterable[Estimate]) -> Iterator[Estimate]:
    """Yield estimates that know whether the readings of their years are the defaults, too."""
    register = Readings.of(data)
    for estimate in estimates:
        default = estimate.is_default and register.is_default(parse_when(estimate.reading))
        yield estimate._replace(is_default=default)


def _times(row: Estimate, changes: Mapping[int, float], year: int, to: int) -> Estimate:
    if not min(changes) - 1 <= year <= max(changes):
        return row.without_value("not_comparable", YEAR_OUTSIDE_PRICES)
    return row.scaled(price_factor(changes, year, to))
