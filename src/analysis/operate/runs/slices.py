"""What of the data a report reads, as hashes: its own rows, what it shows of others, and what all share.

A report on a programme shows its own rows, and the series of its regions; of the others their names and what
is estimated of them. A comparison shows of all what estimates rest on, too: not where a figure stands in its
document, nor how it is described. No report shows the numerals that are no figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
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
# What a report on one programme leaves out of the others: they stand beside it as estimates.
_BESIDE = {
    "programmes": ["parent", "parent_zh", "province", "province_zh", "programme_name", "programme_name_zh",
                   "note", "note_zh"],
    "sources": ["author", "publisher", "date_note", "date_note_zh", "script", "file", "encoding", "sha256",
                "paragraphs", "url", "accessed", "archive"],
    "choices": ["question", "question_zh", "note", "note_zh"],
    "readings": ["rank", "label", "label_zh", "requires", "reason", "reason_zh"],
    "codings": ["numerator", "denominator", "when", "status"],
}  # fmt: skip
_NOT_BESIDE = ("figures", "identities")
# What a comparison leaves out of all of them.
_COMPARED = {
    "figures": ["paragraph", "start", "end", "subject", "subject_zh", "note", "note_zh"],
    "programmes": ["note", "note_zh"],
    "sources": ["file", "encoding", "paragraphs", "script", "date_note", "date_note_zh"],
}
_NOT_COMPARED = ("identities",)


class Slices:
    """The rows of a dataset by whose they are, hashed when they are first asked for."""

    def __init__(self, data: Dataset) -> None:
        self.data = data

    def of(self, parameters: Parameters) -> dict[str, str]:
        """Return the hashes of what the report with those parameters reads."""
        if not isinstance(parameters, ReportParameters):
            return {"own": "", "others": _sum(self._compared.values()), "shared": self._shared}
        own, beside = parameters.programme, self._beside
        others = beside.keys() if parameters.peers is None else {*parameters.peers}
        found = _sum(beside[name] for name in others - {own})
        return {"own": self._whole.get(own, ""), "others": found, "shared": self._shared}

    @cached_property
    def _whole(self) -> Mapping[str, str]:
        """The hash of all rows of each programme."""
        return self._by_owner(self._owned)

    @cached_property
    def _beside(self) -> dict[str, int]:
        """What a report on another programme may show of each."""
        return self._numbers(_BESIDE, _NOT_BESIDE)

    @cached_property
    def _compared(self) -> dict[str, int]:
        """What a comparison may show of each."""
        return self._numbers(_COMPARED, _NOT_COMPARED)

    def _numbers(self, columns: Mapping[str, list[str]], tables: Collection[str]) -> dict[str, int]:
        """Return the hash of each programme without some columns and tables, as a number to be summed."""
        shown = {
            name: frame.drop(columns=columns.get(name, []))
            for name, frame in self._owned.items()
            if name not in tables
        }
        found = self._by_owner(shown)
        return {name: int(_hash([name, digest]), 16) for name, digest in found.items() if name != SHARED}

    @cached_property
    def _shared(self) -> str:
        """The hash of what belongs to all, and of which programmes there are."""
        rows = [digest for name in _OF_ALL for digest in _rows(self.data.tables[name])]
        return _hash([*self.data.programme_ids, self._whole.get(SHARED, ""), *rows])

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


def _sum(numbers: Iterable[int]) -> str:
    return f"{sum(numbers) % SUMS:064x}"


def _rows(frame: pd.DataFrame) -> list[str]:
    """Return a hash of each row: what it says, whatever stands before and after it."""
    if frame.empty:
        return []
    return list(map(str, pd.util.hash_pandas_object(frame.reset_index(drop=True), index=False).to_list()))


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
