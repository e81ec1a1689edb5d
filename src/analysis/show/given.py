"""What of the data a report is given: nothing else can reach its page, so it is known what it is made of.

Of its own place a report is given every row. Of places beside it, and in a comparison of all, it is given the
columns that are named here, of rows that speak of its own measures. A column that a report comes to need is
named here, or the report does without: it is blank in what is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimates.prices import price_years, years_of
from analysis.estimates.regions import wider_regions
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, OPEN_YEAR, parse_when
from analysis.evidence.schema import DIMENSIONS
from analysis.words.languages import Language

SHARED = ""
"""The programme of rows that belong to all."""
OF_ALL = ("terms", "reference_series", "regional_series")
"""The tables whose rows are of no programme."""
ESTIMATES = ("estimates", "series")
"""The tables that are told whole, of the places and measures that are."""
_BESIDE = {
    "programmes": ("programme_id", "label", "label_zh", "label_zh_hant", "admin_level", "division_code"),
    "sources": ("source_id", "programme_id", "title", "title_en", "published", "date_basis"),
    "figures": (
        "figure_id", "source_id", "programme_id", "value", "value_to", "unit", "qualifier", "year", "lower",
        "upper",
    ),
    "choices": ("choice_id", "programme_id", "kind"),
    "readings": ("choice_id", "reading", "rank", "is_default", "feasible"),
    "codings": ("coding_id", "programme_id", "measure", *DIMENSIONS, "absence"),
}  # fmt: skip
_COMPARED = {
    "programmes": (*_BESIDE["programmes"], "province", "province_zh"),
    "sources": (*_BESIDE["sources"], "publisher", "sha256"),
    "figures": _BESIDE["figures"],
    "choices": (*_BESIDE["choices"], "question", "question_zh", "matter", "matter_zh"),
    "readings": (*_BESIDE["readings"], "label", "label_zh", "reason", "reason_zh"),
    "codings": (*_BESIDE["codings"], "note", "note_zh"),
}
"""The columns told of other places, by table; estimates are told whole, and nothing of any other table."""
_TEXTS = ("note", "date_note", "question", "matter", "reason")
"""What is read in one language; of the other it is told whether there is any."""
_UNREAD = {"reference_series": ("unit", "source"), "regional_series": ("unit", "source")}
UNREAD = ("exclusions",)
"""No report shows the numerals that are no figures."""

_MANY_TERMS = ("object", "post")
"""Fields with so many terms that those are told alone which a place uses."""

Term = tuple[str, str]
"""A field and a code of it."""
Measures = frozenset[str] | None
"""The measures that a row speaks of; ``None`` for one that is told whatever these are."""


@dataclass(frozen=True)
class Telling:
    """Which cells of a row are told: in which of the languages of the data, and how much to a comparison.

    Where places have nothing in common a comparison says what each reports: then all is told (``whole``).
    """

    language: str
    compared: bool
    whole: bool = False

    def of_others(self, table: str) -> bool:
        """Return whether anything of a table is told of other places."""
        return self.whole or table in ESTIMATES or table in _BESIDE

    def told(self, table: str, frame: pd.DataFrame, own: np.ndarray) -> pd.DataFrame:
        """Return the rows, blank in cells that are not told; ``own`` says which are of the own place."""
        columns = [(column, self._cells(table, column, own)) for _, column in frame.items()]
        return frame.assign(**{str(column.name): told for column, told in columns if told is not column})

    def _cells(self, table: str, column: pd.Series, own: np.ndarray) -> pd.Series:
        name = str(column.name)
        if name in _UNREAD.get(table, ()):
            return _nothing(column)
        columns = (_COMPARED if self.compared else _BESIDE).get(table, ())
        if table in ESTIMATES:
            return column
        if name in self._untranslated:
            column = column.mask(column != "", "…")
        if self.whole or own.all() or name in columns:
            return column
        return column.where(own, _nothing(column))

    @property
    def _untranslated(self) -> set[str]:
        return {text if self.language == "zh" else f"{text}_zh" for text in _TEXTS}


@dataclass(frozen=True)
class Wanted:
    """What a report is to be given; ``beside`` are the other places, all of them if ``None``."""

    own: str
    beside: frozenset[str] | None
    measures: frozenset[str]
    telling: Telling

    def is_own(self, owner: str) -> bool:
        """Return whether a row is of the own place, or of all."""
        return owner in (self.own, SHARED)

    def includes(self, owner: str, measures: Measures) -> bool:
        """Return whether a row is given, by whose it is and the measures that it speaks of."""
        if self.is_own(owner):
            return True
        spoken_of = self.telling.whole or measures is None or not measures.isdisjoint(self.measures)
        return spoken_of and (self.beside is None or owner in self.beside)


def for_place(
    data: Dataset, programme: str, peers: Iterable[str] | None, language: str, measures: Measures = None
) -> Wanted:
    """Return what the report on a place is given; ``measures`` are those that it has a value of, if known."""
    if measures is None:
        estimates = data.tables["estimates"]
        measures = measures_by_programme(estimates[estimates["programme_id"] == programme])[programme]
    beside = None if peers is None else frozenset(peers) - {programme}
    return Wanted(programme, beside, measures, Telling(Language.parse(language).data, compared=False))


def for_comparison(data: Dataset, theme: str, language: str) -> Wanted:
    """Return what the comparison of all places in a theme is given."""
    measures = frozenset(code for code, measure in MEASURES.items() if measure.theme == theme)
    whole = not _is_shared(data, theme)
    return Wanted(SHARED, None, measures, Telling(Language.parse(language).data, compared=True, whole=whole))


def _is_shared(data: Dataset, theme: str) -> bool:
    """Return whether two places report the same by default, in whatever prices: then they are compared."""
    rows = data.tables["estimates"]
    rows = rows[(rows["theme"] == theme) & (rows["absence"] == "") & rows["feasible"] & rows["is_default"]]
    prices = price_years(data)
    known = {
        year: bool(year) and all(each in prices for each in years_of(year)) for year in rows["year"].unique()
    }
    rows = rows[~rows["unit"].str.startswith("CNY") | rows["year"].map(known).astype(bool)]
    cell = ["measure", *DIMENSIONS]
    return bool(rows[[*cell, "programme_id"]].drop_duplicates().duplicated(cell).any())


def measures_by_programme(estimates: pd.DataFrame) -> Mapping[str, frozenset[str]]:
    """Return the measures that each programme has a value of; none for a programme without any."""
    valued = estimates[estimates["absence"] == ""]
    found: dict[str, set[str]] = defaultdict(set)
    for programme, measure in valued[["programme_id", "measure"]].drop_duplicates().itertuples(index=False):
        found[programme].add(measure)
    return defaultdict(frozenset, {name: frozenset(measures) for name, measures in found.items()})


def given(data: Dataset, wanted: Wanted) -> Dataset:
    """Return the dataset that holds what is wanted of another, and nothing else."""
    tables = dict(data.tables) if wanted.beside is None else _of(data, [wanted.own, SHARED, *wanted.beside])
    used = frozenset[Term]().union(*terms_of(tables).values())
    measures = measures_of(tables)
    for name, owners in owners_of(tables).items():
        frame, always = tables[name], [None] * len(owners)
        rows = zip(owners, measures.get(name, always), strict=True)
        told = wanted.telling.of_others(name)
        found = (wanted.includes(*row) if told else wanted.is_own(row[0]) for row in rows)
        kept, own = np.fromiter(found, bool), np.array([wanted.is_own(owner) for owner in owners], bool)
        tables[name] = wanted.telling.told(name, frame[kept], own[kept])
    terms = data.tables["terms"]
    tables["terms"] = terms[[is_told(term, used) for term in zip(terms["field"], terms["code"], strict=True)]]
    regional = data.tables["regional_series"]
    regions = regions_of(tables["programmes"]["division_code"])
    tables["regional_series"] = regional[regional["region_code"].isin(regions)]
    tables["exclusions"] = data.tables["exclusions"].iloc[:0]
    return Dataset(data.root, tables, data.data_hash)


def _of(data: Dataset, programmes: list[str]) -> dict[str, pd.DataFrame]:
    """Return the tables with the rows of some programmes, and those that belong to none."""
    tables = dict(data.tables)
    for name, frame in data.tables.items():
        if "programme_id" in frame.columns:
            tables[name] = frame[frame["programme_id"].isin(programmes)]
    tables["readings"] = data.readings[data.readings["choice_id"].isin(tables["choices"]["choice_id"])]
    identities = data.tables["identities"]
    tables["identities"] = identities[identities["source_id"].isin(tables["sources"]["source_id"])]
    return tables


def owners_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """Return the programme of each row, by table; of those tables that have rows of programmes."""
    sources = dict(zip(tables["sources"]["source_id"], tables["sources"]["programme_id"], strict=True))
    choices = dict(zip(tables["choices"]["choice_id"], tables["choices"]["programme_id"], strict=True))
    through = {"source_id": sources, "choice_id": choices}
    found = {}
    for name, frame in tables.items():
        if name in (*OF_ALL, *UNREAD):
            continue
        if "programme_id" in frame.columns:
            found[name] = frame["programme_id"].to_list()
        else:
            key = next(column for column in through if column in frame.columns)
            found[name] = [through[key].get(each, SHARED) for each in frame[key]]
    return found


def measures_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[Measures]]:
    """Return the measures that each row speaks of, by table; of those tables whose rows speak of some.

    That of an estimate is its own; a figure and a choice speak of what is estimated with them.
    """
    figures, choices = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    used = tables["estimates"][["measure", "figure_ids", "reading"]].drop_duplicates()
    for measure, names, reading in used.itertuples(index=False):
        for name in names.split():
            figures[name].add(measure)
        for choice in parse_when(reading):
            choices[choice].add(measure)

    def of_choice(choice: str) -> Measures:
        # The year of money is a choice of all its estimates once they are converted.
        return None if OPEN_YEAR.readings_of(choice) else frozenset(choices[choice])

    of_measure = ("codings", *ESTIMATES)
    return {
        **{name: [frozenset({code}) for code in tables[name]["measure"]] for name in of_measure},
        "figures": [frozenset(figures[name]) for name in tables["figures"]["figure_id"]],
        "choices": [of_choice(choice) for choice in tables["choices"]["choice_id"]],
        "readings": [of_choice(choice) for choice in tables["readings"]["choice_id"]],
    }


def terms_of(tables: Mapping[str, pd.DataFrame]) -> Mapping[str, frozenset[Term]]:
    """Return the terms of fields with many that each programme uses."""
    found: dict[str, set[Term]] = defaultdict(set)
    for name in ("codings", *ESTIMATES):
        for field in _MANY_TERMS:
            pairs = tables[name][["programme_id", field]].drop_duplicates()
            for programme, code in pairs.itertuples(index=False):
                found[programme].add((field, code))
    return defaultdict(frozenset, {name: frozenset(terms) for name, terms in found.items()})


def is_told(term: Term, used: Collection[Term]) -> bool:
    """Return whether a term is told to a report whose places use those."""
    return term[0] not in _MANY_TERMS or term in used


def regions_of(division_codes: Iterable[str]) -> set[str]:
    """Return the regions whose series places go by: their own, and those that they are in."""
    return {region for code in division_codes for region in wider_regions(code)}


def _nothing(column: pd.Series) -> pd.Series:
    """Return a column of the same kind without a word or number in it."""
    blank = "" if pd.api.types.is_string_dtype(column) else pd.NA
    return pd.Series(blank, column.index, column.dtype)
