"""What a report is made from, as hashes with names: a report is made again when one of them has changed.

Of the data it is what the report reads (``slices``), and the hash of all of it beside that: where only this
has changed, the report is left as it is. Its libraries are all that are installed: a notebook may import any.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis.evidence.dataset import Dataset
from analysis.files import hash_folder
from analysis.operate.runs.slices import Slices
from analysis.show.navigation import Neighbour
from analysis.show.params import Parameters

LIBRARIES = "library versions"
DATA = "data"
NAMES = {
    "libraries": LIBRARIES,
    "own": "its own rows",
    "others": "rows of other programmes",
    "shared": "rows that all share",
}
SLICES = ("own", "others", "shared")
LENGTH = 16
"""Characters kept of a hash: enough to tell a change, and thousands of them stand in the ledger."""
Fingerprint = Mapping[str, str]


@dataclass(frozen=True)
class Ingredients:
    """What the reports of one run have in common: the data, the code, the libraries and the notebooks."""

    data: str
    slices: Slices
    code: str
    libraries: Mapping[str, str]
    notebooks: Mapping[str, str]

    @staticmethod
    def of(data: Dataset, notebooks: Path, names: Iterable[str]) -> Ingredients:
        """Return those of this process, with the notebooks of those names in the folder ``notebooks``."""
        hashes = {name: _hash((notebooks / name).read_bytes()) for name in sorted(set(names))}
        return Ingredients(data.data_hash, Slices(data), code_hash(), library_versions(), hashes)

    def fingerprint(self, parameters: Parameters, neighbours: Sequence[Neighbour] = ()) -> Fingerprint:
        """Return the fingerprint of a report: a hash for each thing that it is made of."""
        hashes = {
            "notebook": self.notebooks[parameters.NOTEBOOK],
            "parameters": hash_of(parameters.model_dump()),
            **self.slices.of(parameters),
            "data": self.data,
            "code": self.code,
            "libraries": hash_of(self.libraries),
            "navigation": hash_of(neighbours),
        }
        return {part: hashed[:LENGTH] for part, hashed in hashes.items()}


def changes(old: Fingerprint, new: Fingerprint) -> list[str]:
    """Return what has changed from one fingerprint to another, in words."""
    # Of the same data, parameters choose what a report is given.
    same = {DATA, *(SLICES if old.get(DATA) == new[DATA] and old["parameters"] != new["parameters"] else ())}
    return [
        f"{NAMES.get(part, part)} changed" for part in new if part not in same and old.get(part) != new[part]
    ]


def versions_changed(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return the libraries that changed: ``numpy 2.1 → 2.2, pandas added``; three, then a count."""
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    words = [
        f"{name} added" if name not in old
        else f"{name} removed" if name not in new
        else f"{name} {old[name]} → {new[name]}"
        for name in names
    ]  # fmt: skip
    more = [f"{len(words) - 3} more"] if len(words) > 3 else []
    return ", ".join([*words[:3], *more])


@cache
def library_versions() -> Mapping[str, str]:
    """Return the version of Python and of every installed distribution but this one, by name."""
    found = {each.name: each.version for each in metadata.distributions() if each.name}
    # This suite counts by its code: its version alone changes no report.
    found.pop("county-programme-analysis", None)
    return {"Python": platform.python_version(), **dict(sorted(found.items()))}


@cache
def code_hash() -> str:
    """Return one SHA-256 over the names and bytes of all files of the package, but its notebooks.

    A notebook counts by itself, wherever it is taken from.
    """
    folder = Path(__file__).parents[2]
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    names = (path.relative_to(folder).as_posix() for path in paths if path.suffix not in (".pyc", ".ipynb"))
    return hash_folder(folder, names)


def hash_of(value: Any) -> str:
    """Return the SHA-256 of a value of plain types."""
    return _hash(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
