"""What of the data a report reads, as hashes: its own rows, those of places beside it, and what all share.

All columns count: findings of every place and the questions that weigh them rest on figures, codings and
identities of the others, too. No report shows the numerals that are no figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import groupby

import pandas as pd

from analysis.evidence.dataset import Dataset
from analysis.show.params import Parameters, ReportParameters

SUMS = 2**256
SHARED = ""
"""The programme of rows that belong to all."""
_OF_ALL = ("terms", "reference_series", "regional_series")
_UNREAD = ("exclusions",)


class Slices:
    """The rows of a dataset by whose they are, hashed when they are first asked for."""

    def __init__(self, data: Dataset) -> None:
        self.data = data

    def of(self, parameters: Parameters) -> dict[str, str]:
        """Return the hashes of what the report with those parameters reads."""
        own, beside = "", set(self.data.programme_ids)
        if isinstance(parameters, ReportParameters):
            own = parameters.programme
            beside = beside if parameters.peers is None else {*parameters.peers}
        others = sum(int(self._whole[name], 16) for name in beside - {own}) % SUMS
        return {"own": self._whole[own] if own else "", "others": f"{others:064x}", "shared": self._shared}

    @cached_property
    def _whole(self) -> Mapping[str, str]:
        """The hash of all rows of each programme, in their order."""
        digests: dict[str, list[str]] = {name: [name] for name in (SHARED, *self.data.programme_ids)}
        for name, frame in self._owned.items():
            for owner, digest in zip(self._owners[name], _rows(frame), strict=True):
                digests[owner].append(f"{name}:{digest}")
        return {owner: _hash(found) for owner, found in digests.items()}

    @cached_property
    def _shared(self) -> str:
        """The hash of what belongs to all, of which programmes there are, and whose rows follow whose."""
        rows = [digest for name in _OF_ALL for digest in _rows(self.data.tables[name])]
        order = [f"{name}:{owner}" for name, owners in self._owners.items() for owner, _ in groupby(owners)]
        return _hash([*self.data.programme_ids, self._whole[SHARED], *rows, *order])

    @cached_property
    def _owned(self) -> dict[str, pd.DataFrame]:
        return {name: frame for name, frame in self.data.tables.items() if name not in (*_OF_ALL, *_UNREAD)}

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        """The programme of each row, by table."""
        sources = dict(zip(self.data.sources["source_id"], self.data.sources["programme_id"], strict=True))
        choices = dict(zip(self.data.choices["choice_id"], self.data.choices["programme_id"], strict=True))
        through = {"source_id": sources, "choice_id": choices}
        found = {}
        for name, frame in self._owned.items():
            if "programme_id" in frame.columns:
                found[name] = frame["programme_id"].to_list()
            else:
                key = next(column for column in through if column in frame.columns)
                found[name] = [through[key].get(each, SHARED) for each in frame[key]]
        return found


def _rows(frame: pd.DataFrame) -> list[str]:
    """Return a hash of each row: what it says, whatever stands before and after it."""
    if frame.empty:
        return []
    return list(map(str, pd.util.hash_pandas_object(frame.reset_index(drop=True), index=False).to_list()))


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
