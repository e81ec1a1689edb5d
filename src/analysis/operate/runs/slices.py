"""What of the data a report reads, as hashes: its own rows, what it shows of others, and what all share.

A report shows its own rows, and the series of its regions. Of the others it shows what they are, what is
estimated of them and what that rests on: not where a figure stands in its document, nor how it is described.
A comparison lists the documents of all. No report shows the numerals that are no figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property

import pandas as pd

from analysis.estimates.regions import wider_regions
from analysis.evidence.dataset import Dataset
from analysis.show.params import Parameters, ReportParameters

SUMS = 2**256
SHARED = ""
"""The programme of rows that belong to all."""
_OF_ALL = ("terms", "reference_series")
_REGIONS = "regional_series"
_UNREAD = ("exclusions",)
_OWN_ONLY = ("identities",)
_NEVER_OF_OTHERS = {
    "figures": ["paragraph", "start", "end", "subject", "subject_zh", "note", "note_zh"],
    "sources": ["author", "publisher", "date_note", "date_note_zh", "script", "file", "encoding", "sha256",
                "paragraphs", "url", "accessed", "archive"],
}  # fmt: skip


class Slices:
    """The rows of a dataset by whose they are, hashed when they are first asked for."""

    def __init__(self, data: Dataset) -> None:
        self.data = data

    def of(self, parameters: Parameters) -> dict[str, str]:
        """Return the hashes of what the report with those parameters reads."""
        own = parameters.programme if isinstance(parameters, ReportParameters) else None
        peers = parameters.peers if isinstance(parameters, ReportParameters) else None
        others = self._all - self._weights.get(own or "", 0)
        if peers is not None:
            others = sum(self._weights[name] for name in {*peers} - {own})
        return {
            "own": self._whole.get(own, "") if own else "",
            "others": f"{others % SUMS:064x}{'' if own else self._documents}",
            "shared": _hash([*map(str, self.data.programme_ids), self._whole.get(SHARED, ""), self._of_all]),
        }

    @cached_property
    def _whole(self) -> Mapping[str, str]:
        """The hash of all rows of each programme."""
        return self._by_owner(self._owned)

    @cached_property
    def _of_others(self) -> Mapping[str, str]:
        """The hash of what a report on another programme may show of each."""
        shown = {
            name: frame.drop(columns=_NEVER_OF_OTHERS.get(name, []))
            for name, frame in self._owned.items()
            if name not in _OWN_ONLY
        }
        return self._by_owner(shown)

    def _by_owner(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
        """Return one hash for the rows of each owner, in their order, with those of its regions."""
        digests: dict[str, list[str]] = {}
        for name, frame in tables.items():
            for owner, digest in zip(self._owners[name], _rows(frame), strict=True):
                digests.setdefault(owner, []).append(f"{name}:{digest}")
        for programme in self.data.programme_ids:
            for region in wider_regions(self.data.programme(programme)["division_code"]):
                digests[programme] += self._regions.get(region, [])
        return {owner: _hash(found) for owner, found in digests.items()}

    @cached_property
    def _regions(self) -> dict[str, list[str]]:
        """The hashes of the rows of each region."""
        frame = self.data.tables[_REGIONS]
        found: dict[str, list[str]] = {}
        for region, digest in zip(frame["region_code"], _rows(frame), strict=True):
            found.setdefault(region, []).append(digest)
        return found

    @cached_property
    def _weights(self) -> dict[str, int]:
        """The same as numbers: the hash of some programmes is their sum, and one is soon taken out of all."""
        return {
            name: int(_hash([name, found]), 16) for name, found in self._of_others.items() if name != SHARED
        }

    @cached_property
    def _all(self) -> int:
        return sum(self._weights.values())

    @cached_property
    def _documents(self) -> str:
        return _hash(_rows(self.data.sources))

    @cached_property
    def _of_all(self) -> str:
        return _hash(digest for name in _OF_ALL for digest in _rows(self.data.tables[name]))

    @cached_property
    def _owned(self) -> dict[str, pd.DataFrame]:
        return {
            name: frame
            for name, frame in self.data.tables.items()
            if name not in (*_OF_ALL, *_UNREAD, _REGIONS)
        }

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
