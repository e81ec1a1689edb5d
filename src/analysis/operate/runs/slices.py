"""What of the data a report is given, as hashes: its own rows, those of places beside it, and what all share.

A report sees nothing of the data but what ``show.given`` gives it, and that is what is hashed here.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache, cached_property
from itertools import groupby

import numpy as np
import pandas as pd

from analysis.evidence.dataset import Dataset
from analysis.show.given import (
    SHARED,
    Measures,
    Telling,
    Wanted,
    for_comparison,
    for_place,
    measures_by_programme,
    measures_of_rows,
    owners_of,
)
from analysis.show.params import ComparisonParameters, Parameters, ReportParameters
from analysis.show.shared import Uses, in_order, regions_of, series_read, uses_of_rows

SUMS = 2**256
Part = tuple[str, str | None]
"""A place, and the measure that rows of it speak of; ``None`` for those told whatever the measures."""


class Slices:
    """The rows of a dataset by whose they are, hashed when they are first asked for."""

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self._own = cache(self._hash_own)
        self._parts = cache(self._hash_parts)
        self._totals = cache(self._sum_up)
        self._terms = cache(self._read_terms)
        self._series = cache(self._read_series)
        self._used_beside = cache(self._find_used_beside)

    def of(self, parameters: Parameters) -> dict[str, str]:
        """Return the hashes of what the report with those parameters is given."""
        wanted = self._wanted(parameters)
        own = self._own(wanted.telling)
        return {
            "own": own[wanted.own] if wanted.own else "",
            "others": f"{self._others(wanted) % SUMS:064x}",
            "shared": _hash([own[SHARED], *self._around(wanted)]),
        }

    def _wanted(self, parameters: Parameters) -> Wanted:
        if isinstance(parameters, ReportParameters):
            name = parameters.programme
            language, year = parameters.language, parameters.price_year
            return for_place(self.data, name, parameters.peers, language, year, self._measured[name])
        assert isinstance(parameters, ComparisonParameters)
        return for_comparison(self.data, parameters.theme, parameters.language, parameters.price_year)

    def _others(self, wanted: Wanted) -> int:
        """Return the sum of what is told of other places; of all of them by what is told of all."""
        parts, measures = self._parts(wanted.telling), (None, *wanted.measures)
        if wanted.beside is not None:
            return sum(parts[name, measure] for name in wanted.beside for measure in measures)
        totals = self._totals(wanted.telling)
        return sum(totals[measure] - parts[wanted.own, measure] for measure in measures)

    def _around(self, wanted: Wanted) -> Iterable[str]:
        """Yield which places stand beside each other, in which order, and what is told of terms, series."""
        uses = self._uses(wanted)
        yield from self._told_terms(wanted.telling.language, uses)
        if wanted.beside is None:
            yield self._around_all
            regions = self._all_regions
        else:
            owners = (wanted.own, SHARED, *wanted.beside)
            runs = sorted((run, owner) for owner in owners for run in self._runs[owner])
            yield from (
                f"{table}:{place}" for (table, place), _ in groupby((run[0], place) for run, place in runs)
            )
            regions = self._regions((wanted.own, *wanted.beside))
        yield from self._told_series(wanted, uses, regions)

    @cached_property
    def _around_all(self) -> str:
        runs = sorted((run, place) for place, found in self._runs.items() for run in found)
        return _hash(f"{table}:{place}" for (table, _), place in runs)

    @cached_property
    def _all_regions(self) -> set[str]:
        return self._regions(self.data.programme_ids)

    def _regions(self, places: Iterable[str]) -> set[str]:
        return regions_of(self.data.programme(name)["division_code"] for name in places if name)

    def _told_terms(self, language: str, uses: Uses) -> Iterable[str]:
        """Yield what is told of the terms that are used, and in which order they stand."""
        told = [row for row in self._terms(language) if row[:2] in uses]
        yield from (hashed for _, _, _, hashed in told)
        ranked = sorted((field, rank, code) for field, code, rank, _ in told)
        for _, same in groupby(ranked, key=lambda row: row[:2]):
            yield " ".join(code for _, _, code in same)

    def _told_series(self, wanted: Wanted, uses: Uses, regions: Collection[str]) -> Iterable[str]:
        """Yield what is told of series, of the whole country and of regions, by the years that are read."""
        for name in ("reference_series", "regional_series"):
            frame = self.data.tables[name]
            read = series_read(frame, uses, wanted.price_year)
            for each, region, hashes in zip(read, *self._series(wanted.telling.language, name), strict=True):
                if each is not False and (region is None or region in regions):
                    yield hashes[bool(each)]

    def _uses(self, wanted: Wanted) -> Uses:
        """Return the terms and years that are used by the own place, and by what is told of others."""
        beside, measures = self._used_beside(wanted.telling), (None, *wanted.measures)
        places = (None,) if wanted.beside is None else wanted.beside
        own = (self._used[place] for place in (wanted.own, SHARED) if place in self._used)
        return Uses().union(*own, *(beside[place, each] for place in places for each in measures))

    @cached_property
    def _of_rows(self) -> Mapping[str, list[Uses]]:
        return dict(uses_of_rows(self._owned, self.data.tables["terms"]))

    @cached_property
    def _owned(self) -> Mapping[str, pd.DataFrame]:
        return {name: self.data.tables[name] for name in self._owners}

    @cached_property
    def _used(self) -> Mapping[str, Uses]:
        """Return what the rows of each place use."""
        found: dict[str, set[Uses]] = defaultdict(set)
        for name, rows in self._of_rows.items():
            for owner, uses in zip(self._owners[name], rows, strict=True):
                found[owner].add(uses)
        return {owner: Uses().union(*uses) for owner, uses in found.items()}

    def _find_used_beside(self, telling: Telling) -> Mapping[tuple[str | None, str | None], Uses]:
        """Return what is used by what is told of each place (``None``: of all) to others, by measure."""
        found: dict[tuple[str | None, str | None], set[Uses]] = defaultdict(set)
        told = {
            name: telling.told(name, self.data.tables[name], np.zeros(len(owners), bool))
            for name, owners in self._owners.items() if telling.of_others(name)
        }  # fmt: skip
        for name, rows in uses_of_rows(told, self.data.tables["terms"]):
            spoken_of = self._spoken_of.get(name) or [None] * len(rows)
            for owner, each, uses in zip(self._owners[name], spoken_of, rows, strict=True):
                for measure in (None,) if each is None else each:
                    found[owner, measure].add(uses)
                    found[None, measure].add(uses)
        return defaultdict(Uses, {part: Uses().union(*uses) for part, uses in found.items()})

    def _read_terms(self, language: str) -> list[tuple[str, str, int, str]]:
        """Return field, code and rank of each term, and the hash of what is told of it but for its rank."""
        frame = self.data.tables["terms"]
        rows = self._rows(Telling(language, compared=False), "terms", own=True, but=("rank",))
        return list(zip(frame["field"], frame["code"], frame["rank"], rows, strict=True))

    @cached_property
    def _measured(self) -> Mapping[str, frozenset[str]]:
        return measures_by_programme(self.data.tables["estimates"])

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        return owners_of(self.data.tables)

    @cached_property
    def _spoken_of(self) -> dict[str, list[Measures]]:
        return self.data.once(measures_of_rows)

    @cached_property
    def _runs(self) -> Mapping[str, list[tuple[str, int]]]:
        """Where the rows of each place stand: whose rows follow whose, by table."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for name, owners in self._owners.items():
            for number, (owner, _) in enumerate(groupby(owners)):
                found[owner].append((name, number))
        return found

    def _hash_own(self, telling: Telling) -> Mapping[str, str]:
        """Return the hash of all that is told of each place to its own report, and of what all share."""
        found: dict[str, list[str]] = {name: [name] for name in (SHARED, *self.data.programme_ids)}
        for name, owners in self._owners.items():
            for owner, digest in zip(owners, self._rows(telling, name, own=True), strict=True):
                found[owner].append(f"{name}:{digest}")
        return {owner: _hash(rows) for owner, rows in found.items()}

    def _hash_parts(self, telling: Telling) -> Mapping[Part, int]:
        """Return the hash of what is told of each place to others, by measure."""
        found: dict[Part, list[str]] = defaultdict(list)
        for name, owners in self._owners.items():
            if not telling.of_others(name):
                continue
            spoken_of = self._spoken_of.get(name) or [None] * len(owners)
            rows = zip(owners, spoken_of, self._rows(telling, name, own=False), strict=True)
            for owner, each, digest in rows:
                for measure in (None,) if each is None else each:
                    if owner != SHARED:
                        found[owner, measure].append(f"{name}:{digest}")
        found.pop((SHARED, None), None)
        hashes = {part: int(_hash([*map(str, part), *rows]), 16) for part, rows in found.items()}
        return defaultdict(int, hashes)

    def _sum_up(self, telling: Telling) -> Mapping[str | None, int]:
        """Return the sum over all places of what is told of them, by measure."""
        found: dict[str | None, int] = defaultdict(int)
        for (_, measure), hashed in self._parts(telling).items():
            found[measure] += hashed
        return found

    def _read_series(self, language: str, table: str) -> tuple[list[str | None], list[tuple[str, str]]]:
        """Return the region of each row of series, and its hashes: without its value, and with it."""
        frame = self.data.tables[table]
        regions = frame["region_code"].to_list() if "region_code" in frame.columns else [None] * len(frame)
        telling = Telling(language, compared=False)
        hashes = (self._rows(telling, table, own=True, but=but) for but in (("value",), ()))
        return regions, list(zip(*hashes, strict=True))

    def _rows(self, telling: Telling, table: str, *, own: bool, but: Collection[str] = ()) -> list[str]:
        """Return a hash of each row as it is told: what it says, whatever stands before and after it."""
        frame = in_order(table, self.data.tables[table]).drop(columns=list(but)).reset_index(drop=True)
        if frame.empty:
            return []
        told = telling.told(table, frame, np.full(len(frame), own))
        return list(map(str, pd.util.hash_pandas_object(told, index=False).to_list()))


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
