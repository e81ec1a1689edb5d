"""What a report is given of the tables that are of no place: those terms and years that its rows use."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

import numpy as np
import pandas as pd

from analysis.estimates.prices import published_years, years_of
from analysis.estimates.regions import wider_regions
from analysis.evidence.register import CPI, MEASURES, REGIONAL_CPI
from analysis.evidence.schema import DIMENSIONS, TABLES
from analysis.evidence.theme import RelativeToSeries

Use = tuple[str, str]
"""A field and a code of it, a series and a year of it; or ``CPI`` and a year whose money may be converted."""
Uses = frozenset[Use]

ESTIMATES = ("estimates", "series")
_GLOSSARY = "glossary"
_SEARCHED = {"programmes": "programme_name_zh", "figures": "subject_zh"}
"""The texts in which terms of the glossary are searched for."""
_FIELDS = {
    **{name: [(f.name, f.term) for f in table.fields if f.term] for name, table in TABLES.items()},
    **{name: [(field, field) for field in DIMENSIONS] for name in ESTIMATES},
}
"""The columns that hold codes of terms, with their field, by table."""
_UNSORTED = ("admin_level", _GLOSSARY)
"""Fields by whose order nothing stands in a report."""
_ORDERED = {"terms": ("field", "dense"), "readings": ("choice_id", "first")}
"""Tables whose rows stand in an order within something: the numbers that make it are no matter."""
_DIVIDED_BY = {
    code: measure.derivation.series
    for code, measure in MEASURES.items()
    if isinstance(measure.derivation, RelativeToSeries)
}
_PRICES = (CPI, REGIONAL_CPI)


def uses_of_rows(tables: Mapping[str, pd.DataFrame], terms: pd.DataFrame) -> Iterator[tuple[str, list[Uses]]]:
    """Yield the name of each table that uses any of the terms and years, with what each of its rows uses."""
    published, words = published_years(tables["figures"], tables["sources"]), _words(terms)
    for name, frame in tables.items():
        fields = _FIELDS.get(name, ())
        if name in ESTIMATES:
            yield name, _of_estimates(frame, fields, published)
        elif fields or name in _SEARCHED:
            found = _of_codes(frame, fields)
            texts = frame[_SEARCHED[name]].to_list() if name in _SEARCHED else [""] * len(frame)
            explained = (frozenset(use for word, use in words if word in text) for text in texts)
            yield name, [codes | terms for codes, terms in zip(found, explained, strict=True)]


def _words(terms: pd.DataFrame) -> list[tuple[str, Use]]:
    """Return each word that the glossary explains, and its term."""
    pairs = zip(terms["field"], terms["code"], terms["label_zh"], strict=True)
    return [(searched_for(label), (field, code)) for field, code, label in pairs if field == _GLOSSARY]


def searched_for(label_zh: str) -> str:
    """Return the word that a term of the glossary explains, as documents write it."""
    return re.split("[，：]", label_zh)[0]


def _of_codes(frame: pd.DataFrame, fields: Collection[tuple[str, str]]) -> list[Uses]:
    if not fields:
        return [frozenset()] * len(frame)
    names = [name for _, name in fields]
    rows = zip(*(frame[column].to_list() for column, _ in fields), strict=True)
    of = cache(lambda codes: frozenset(pair for pair in zip(names, codes, strict=True) if pair[1]))
    return [of(codes) for codes in rows]


def _of_estimates(
    frame: pd.DataFrame, fields: Collection[tuple[str, str]], published: Mapping[str, int]
) -> list[Uses]:
    years, found = cache(_years), list[Uses]()
    columns = ("measure", "unit", "absence", "year", "figure_ids")
    rows = zip(*(frame[column].to_list() for column in columns), strict=True)
    for codes, (*what, year, figures) in zip(_of_codes(frame, fields), rows, strict=True):
        undated = (
            () if year else tuple(sorted({published[name] for name in figures.split() if name in published}))
        )
        found.append(codes | years(*what, year, undated))
    return found


def _years(measure: str, unit: str, absence: str, year: str, undated: tuple[int, ...]) -> Uses:
    """Return the years in which an estimate may be converted to other prices, or was divided by a series."""
    series = _DIVIDED_BY.get(measure) or (CPI if unit.startswith("CNY") else "")
    if absence or not series:
        return frozenset()
    return frozenset((series, str(each)) for each in (*years_of(year), *undated))


def in_order(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table with numbers that say their order, and nothing else, where it has any."""
    if table not in _ORDERED or frame.empty:
        return frame
    within, ties = _ORDERED[table]
    rank = frame.groupby(within)["rank"].rank(ties).astype("Int64")
    if table == "terms":
        rank = rank.mask(frame["field"].isin(_UNSORTED), 0)
    return frame.assign(rank=rank)


def terms_used(terms: pd.DataFrame, uses: Uses) -> pd.DataFrame:
    """Return the terms that are used."""
    used = [pair in uses for pair in zip(terms["field"], terms["code"], strict=True)]
    return terms[np.array(used, bool)]


def series_used(frame: pd.DataFrame, uses: Uses, price_year: int | None) -> pd.DataFrame:
    """Return the rows of series that are read where those years are used, and of prices all, blank if unread.

    Prices are chained: to convert money all changes between two years are read. Their first and last year
    say which years can be asked for.
    """
    read = series_read(frame, uses, price_year)
    told = frame[np.array([each is not False for each in read], bool)]
    return told.assign(
        value=told["value"].where(np.array([each for each in read if each is not False], bool))
    )


def series_read(frame: pd.DataFrame, uses: Uses, price_year: int | None) -> list[bool | None]:
    """Return of each row of series whether it is read; ``None`` if the year alone is, as of all prices."""
    money = [int(year) for series, year in uses if series == CPI]
    if money and price_year is not None:
        money.append(price_year)
    chained = range(min(money) + 1, max(money) + 1) if money else range(0)
    return [
        (year in chained or None) if series in _PRICES else (series, str(year)) in uses
        for series, year in zip(frame["series"].to_list(), frame["year"].to_list(), strict=True)
    ]


def regions_of(division_codes: Iterable[str]) -> set[str]:
    """Return the regions whose series places go by: their own, and those that they are in."""
    return {region for code in division_codes for region in wider_regions(code)}
