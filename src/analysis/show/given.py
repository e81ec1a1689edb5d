"""What of the data a report is given: nothing else can reach its page, so it is known what it is made of.

Of its own place a report is given every row. Of places beside it, and in a comparison of all, it is given the
columns that are named here, of rows that speak of its own measures. A comparison in which places have nothing
in common says what each reports of the theme, and is given the rows of that. A column that a report comes to
need is named here, or the report does without: it is blank in what is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimates.prices import PriceYear, price_years, years_of
from analysis.estimates.selection import LABELLED
from analysis.evidence.arithmetic import figure_ids
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, OPEN_YEAR, parse_when
from analysis.evidence.schema import DIMENSIONS
from analysis.show.shared import (
    ESTIMATES,
    Uses,
    in_order,
    regions_of,
    series_used,
    terms_used,
    uses_of_rows,
)
from analysis.words.findings.paragraphs import section_of
from analysis.words.languages import Language

SHARED = ""
"""The programme of rows that belong to all."""
OF_ALL = ("terms", "reference_series", "regional_series")
"""The tables whose rows are of no programme."""
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
    "figures": (
        *_BESIDE["figures"], "paragraph", "start", "end", "printed", "period", "basis", "status",
        "year_basis", "subject", "subject_zh", "theme",
    ),
    "choices": (*_BESIDE["choices"], "question", "question_zh", "matter", "matter_zh"),
    "readings": (*_BESIDE["readings"], "label", "label_zh", "reason", "reason_zh"),
    "codings": (*_BESIDE["codings"], "numerator", "denominator", "when", "note", "note_zh"),
}  # fmt: skip
"""The columns told of other places, by table; estimates are told whole, and nothing of any other table."""
_MANY = _COMPARED | {
    "sources": ("source_id", "programme_id", "published", "date_basis"),
    "figures": _BESIDE["figures"],
    "codings": (*_BESIDE["codings"], "note", "note_zh"),
}
"""The columns told to a comparison of more places than are named one by one."""
_APART = ("figures", "codings", "choices", "readings", "identities")
"""The tables told with all columns where a comparison says what each place reports."""
_TEXTS = {
    "terms": ("label",),
    "programmes": ("note",),
    "sources": ("date_note",),
    "figures": ("note",),  # terms are searched for in the Chinese subject
    "choices": ("question", "matter", "note"),
    "readings": ("label", "reason"),
    "codings": ("note",),
    "identities": ("note",),
    "regional_series": ("region",),
}
"""What is read in one language, by table; of the other it is told whether there is any."""
_UNREAD = {"reference_series": ("unit", "source"), "regional_series": ("unit", "source")}
UNREAD = ("exclusions",)
"""No report shows the numerals that are no figures."""

Measures = frozenset[str] | None
"""The measures and themes that a row speaks of; ``None`` for one that is told whatever these are."""


@dataclass(frozen=True)
class Telling:
    """Which cells of a row are told: in which of the languages of the data, and how much to a comparison.

    A comparison of many places (``many``) names few documents; one in which places have nothing in common
    says what each reports (``apart``).
    """

    language: str
    compared: bool
    many: bool = False
    apart: bool = False

    def of_others(self, table: str) -> bool:
        """Return whether anything of a table is told of other places."""
        return table in ESTIMATES or table in _BESIDE or (self.apart and table in _APART)

    def told(self, table: str, frame: pd.DataFrame, own: np.ndarray) -> pd.DataFrame:
        """Return the rows, blank in cells that are not told; ``own`` says which are of the own place."""
        # A term that texts are searched for is one in the language of the documents, whatever is read.
        read = (frame["field"] == "glossary").to_numpy() if table == "terms" else np.zeros(len(frame), bool)
        columns = [(column, self._cells(table, column, own, read)) for _, column in frame.items()]
        return frame.assign(**{str(column.name): told for column, told in columns if told is not column})

    def _cells(self, table: str, column: pd.Series, own: np.ndarray, read: np.ndarray) -> pd.Series:
        name = str(column.name)
        if name in _UNREAD.get(table, ()):
            return _nothing(column)
        if table in ESTIMATES:
            return column
        if name in self._untranslated(table):
            column = column.mask((column != "") & ~read, "…")
        if own.all() or (self.apart and table in _APART) or name in self._columns.get(table, ()):
            return column
        return column.where(own, _nothing(column))

    @property
    def _columns(self) -> Mapping[str, tuple[str, ...]]:
        if not self.compared:
            return _BESIDE
        return _MANY if self.many else _COMPARED

    def _untranslated(self, table: str) -> set[str]:
        texts = _TEXTS.get(table, ())
        if self.compared and table == "figures":
            texts = (*texts, "subject")
        return {text if self.language == "zh" else f"{text}_zh" for text in texts}


@dataclass(frozen=True)
class Wanted:
    """What a report is to be given; ``beside`` are the other places, all of them if ``None``."""

    own: str
    beside: frozenset[str] | None
    measures: frozenset[str]
    telling: Telling
    price_year: int | None

    def is_own(self, owner: str) -> bool:
        """Return whether a row is of the own place, or of all."""
        return owner in (self.own, SHARED)

    def includes(self, owner: str, measures: Measures) -> bool:
        """Return whether a row is given, by whose it is and the measures that it speaks of."""
        if self.is_own(owner):
            return True
        spoken_of = measures is None or not measures.isdisjoint(self.measures)
        return spoken_of and (self.beside is None or owner in self.beside)


def for_place(
    data: Dataset,
    programme: str,
    peers: Iterable[str] | None,
    language: str,
    price_year: PriceYear = None,
    measures: Measures = None,
) -> Wanted:
    """Return what the report on a place is given; ``measures`` are those that it has a value of, if known."""
    if measures is None:
        estimates = data.tables["estimates"]
        measures = measures_by_programme(estimates[estimates["programme_id"] == programme])[programme]
    beside = None if peers is None else frozenset(peers) - {programme}
    telling = Telling(Language.parse(language).data, compared=False)
    return Wanted(programme, beside, measures, telling, _plain(price_year))


def for_comparison(data: Dataset, theme: str, language: str, price_year: PriceYear = None) -> Wanted:
    """Return what the comparison of all places in a theme is given."""
    measures = frozenset(code for code, measure in MEASURES.items() if measure.theme == theme)
    many, apart = len(data.programme_ids) > LABELLED, not _is_shared(data, theme)
    if apart:
        measures |= data.once(_told_of, theme)
    telling = Telling(Language.parse(language).data, compared=True, many=many, apart=apart)
    return Wanted(SHARED, None, measures, telling, _plain(price_year))


def _plain(price_year: PriceYear) -> int | None:
    return price_year if isinstance(price_year, int) else None


def _told_of(data: Dataset, theme: str) -> frozenset[str]:
    """Return what else findings on a theme speak of: itself, and measures that its figures are used for."""
    found, themes = data.once(measures_of_rows)["figures"], data.figures["theme"]
    own = _theme(theme)
    used = [each for each, of in zip(found, themes, strict=True) if each and section_of(of) == theme]
    return frozenset({own}).union(*used) & {own, *MEASURES}


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
    measures, owned = measures_of(tables), owners_of(tables)
    for name, owners in owned.items():
        frame, always = tables[name], [None] * len(owners)
        rows = zip(owners, measures.get(name, always), strict=True)
        told = wanted.telling.of_others(name)
        found = (wanted.includes(*row) if told else wanted.is_own(row[0]) for row in rows)
        kept, own = np.fromiter(found, bool), np.array([wanted.is_own(owner) for owner in owners], bool)
        tables[name] = wanted.telling.told(name, frame[kept], own[kept])
    of_rows = uses_of_rows({name: tables[name] for name in owned}, tables["terms"])
    uses = Uses().union(*(used for _, rows in of_rows for used in rows))
    tables["terms"] = in_order("terms", terms_used(tables["terms"], uses))
    tables["readings"] = in_order("readings", tables["readings"])
    regional, regions = tables["regional_series"], regions_of(tables["programmes"]["division_code"])
    tables["regional_series"] = regional[regional["region_code"].isin(regions)]
    for name in ("reference_series", "regional_series"):
        tables[name] = series_used(tables[name], uses, wanted.price_year)
    tables["exclusions"] = data.tables["exclusions"].iloc[:0]
    for name in OF_ALL:
        tables[name] = wanted.telling.told(name, tables[name], np.full(len(tables[name]), fill_value=True))
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


def measures_of_rows(data: Dataset) -> dict[str, list[Measures]]:
    """Return what ``measures_of`` does of the tables of a dataset."""
    return measures_of(data.tables)


def measures_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[Measures]]:
    """Return what each row speaks of, by table; of those tables whose rows speak of some measure or theme.

    That of an estimate is its own measure; a figure and a choice speak of what is estimated with them. A
    figure speaks of its theme, too, and with an identity all figures in it of the themes of all.
    """
    figures, choices = _used_by_estimates(tables["estimates"])
    themes = {
        name: {_theme(section_of(theme))} | {_theme(MEASURES[code].theme) for code in figures[name]}
        for name, theme in zip(tables["figures"]["figure_id"], tables["figures"]["theme"], strict=True)
    }
    rows = zip(tables["identities"]["left"], tables["identities"]["right"], strict=True)
    named = [[each for side in row for each in figure_ids(side) if each in themes] for row in rows]
    together = [frozenset[str]().union(*map(themes.__getitem__, each)) for each in named]
    for names, found in zip(named, together, strict=True):
        for name in names:
            themes[name] |= found
    alone = {code: frozenset({code}) for code in MEASURES}
    of_measure = ("codings", *ESTIMATES)
    return {
        **{name: [alone[code] for code in tables[name]["measure"]] for name in of_measure},
        "figures": [frozenset(figures[name] | themes[name]) for name in tables["figures"]["figure_id"]],
        "identities": [*together],
        "choices": [frozenset(choices[choice]) for choice in tables["choices"]["choice_id"]],
        "readings": [frozenset(choices[choice]) for choice in tables["readings"]["choice_id"]],
    }


def _used_by_estimates(estimates: pd.DataFrame) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    """Return the measures that are estimated with each figure, and under each choice."""
    figures, choices = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    columns = ["programme_id", "measure", "figure_ids", "reading", "unit", "year"]
    for programme, measure, names, reading, unit, year in (
        estimates[columns].drop_duplicates().itertuples(index=False)
    ):
        for name in names.split():
            figures[name].add(measure)
        for choice in parse_when(reading):
            choices[choice].add(measure)
        if unit.startswith("CNY") and "/" in year:
            # The year of money is a choice of its estimates once they are converted.
            choices[OPEN_YEAR.id_for(programme, year)].add(measure)
    return figures, choices


def _theme(theme: str) -> str:
    """Return a theme as rows speak of it, beside the measures."""
    return f"theme {theme}"


def _nothing(column: pd.Series) -> pd.Series:
    """Return a column of the same kind without a word or number in it."""
    blank = "" if pd.api.types.is_string_dtype(column) else pd.NA
    return pd.Series(blank, column.index, column.dtype)
