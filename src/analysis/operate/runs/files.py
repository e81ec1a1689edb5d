"""The files of a finished report as a run left them, and whether they still are what they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from analysis.files import hash_folder

Stat = tuple[int, int]


class Files(NamedTuple):
    """The files of a report folder: size in bytes and time of change (ns) of each, and a hash over all."""

    stats: dict[str, Stat]
    content: str

    @staticmethod
    def of(folder: Path) -> Files:
        """Return the files that stand in ``folder``; none where there is no folder."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        stats = {path.relative_to(folder).as_posix(): _stat(path) for path in paths}
        return Files(stats, hash_folder(folder, stats))

    @staticmethod
    def from_json(text: str) -> Files:
        """Return what ``to_json`` has written."""
        found = json.loads(text)
        return Files({name: tuple(stat) for name, stat in found["stats"].items()}, found["content"])

    def to_json(self) -> str:
        """Return the files as JSON text."""
        return json.dumps(self._asdict(), separators=(",", ":"))

    def find_alteration(self, folder: Path) -> str:
        """Return what has become of the files since, ``missing: report.html``; empty if nothing has.

        A file counts as the same by size and time; only where a time differs are the files read. A link is
        another file, whatever it leads to. Further files in the folder are nobody's business.
        """
        touched = []
        for name, (size, time) in self.stats.items():
            if _is_linked(folder, name):
                return f"altered: {name}"
            try:
                size_now, time_now = _stat(folder / name)
            except OSError:
                return f"missing: {name}"
            if size_now != size:
                return f"altered: {name}"
            if time_now != time:
                touched.append(name)
        if touched and hash_folder(folder, self.stats) != self.content:
            return f"altered: {', '.join(touched)}"
        return ""


def _stat(path: Path) -> Stat:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _is_linked(folder: Path, name: str) -> bool:
    """Whether a file of a folder is reached through a link."""
    path = folder / name
    return any(each.is_symlink() for each in (path, *path.parents) if each.is_relative_to(folder))
