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
    Term,
    Wanted,
    for_comparison,
    for_place,
    in_order,
    is_told,
    measures_by_programme,
    measures_of_rows,
    owners_of,
    regions_of,
    terms_of,
)
from analysis.show.params import ComparisonParameters, Parameters, ReportParameters

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
        self._around_all = cache(self._hash_around_all)
        self._terms = cache(self._read_terms)
        self._national = cache(self._hash_national)
        self._regional = cache(self._hash_regional)

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
            return for_place(self.data, name, parameters.peers, parameters.language, self._measured[name])
        assert isinstance(parameters, ComparisonParameters)
        return for_comparison(self.data, parameters.theme, parameters.language)

    def _others(self, wanted: Wanted) -> int:
        """Return the sum of what is told of other places; of all of them by what is told of all."""
        parts, measures = self._parts(wanted.telling), (None, *wanted.measures)
        if wanted.beside is not None:
            return sum(parts[name, measure] for name in wanted.beside for measure in measures)
        totals = self._totals(wanted.telling)
        return sum(totals[measure] - parts[wanted.own, measure] for measure in measures)

    def _around(self, wanted: Wanted) -> Iterable[str]:
        """Yield which places stand beside each other, in which order, and the series of their regions."""
        language = wanted.telling.language
        yield self._national(language)
        if wanted.beside is None:
            yield self._around_all(language)
            return
        owners = (wanted.own, SHARED, *wanted.beside)
        runs = sorted((run, owner) for owner in owners for run in self._runs[owner])
        yield from (
            f"{table}:{place}" for (table, place), _ in groupby((run[0], place) for run, place in runs)
        )
        yield from self._of_all(language, (wanted.own, *wanted.beside))

    def _hash_around_all(self, language: str) -> str:
        runs = sorted((run, place) for place, found in self._runs.items() for run in found)
        order = (f"{table}:{place}" for (table, _), place in runs)
        return _hash([*order, *self._of_all(language, self.data.programme_ids)])

    def _of_all(self, language: str, places: Collection[str]) -> Iterable[str]:
        """Yield what is told of series and terms to a report on some places."""
        regions = regions_of(self.data.programme(name)["division_code"] for name in places)
        regional = self._regional(language)
        yield from (regional[region] for region in sorted(regions & regional.keys()))
        used = frozenset[Term]().union(*(self._used[place] for place in places))
        told = [row for row in self._terms(language) if is_told(row[:2], used)]
        yield from (hashed for _, _, _, hashed in told)
        ranked = sorted((field, rank, code) for field, code, rank, _ in told)
        for _, same in groupby(ranked, key=lambda row: row[:2]):
            yield " ".join(code for _, _, code in same)

    @cached_property
    def _used(self) -> Mapping[str, frozenset[Term]]:
        return terms_of(self.data.tables)

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

    def _hash_national(self, language: str) -> str:
        """Return the hash of the series of the whole country, which are told alike to all."""
        return _hash(self._rows(Telling(language, compared=False), "reference_series", own=True))

    def _hash_regional(self, language: str) -> dict[str, str]:
        """Return the hash of the series of each region, which are told alike to all."""
        name = "regional_series"
        found: dict[str, list[str]] = defaultdict(list)
        rows = self._rows(Telling(language, compared=False), name, own=True)
        for region, digest in zip(self.data.tables[name]["region_code"], rows, strict=True):
            found[region].append(digest)
        return {region: _hash([region, *digests]) for region, digests in found.items()}

    def _rows(self, telling: Telling, table: str, *, own: bool, but: Collection[str] = ()) -> list[str]:
        """Return a hash of each row as it is told: what it says, whatever stands before and after it."""
        frame = in_order(table, self.data.tables[table]).drop(columns=list(but)).reset_index(drop=True)
        if frame.empty:
            return []
        told = telling.told(table, frame, np.full(len(frame), own))
        return list(map(str, pd.util.hash_pandas_object(told, index=False).to_list()))


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
