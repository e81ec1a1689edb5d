"""The files of a finished report as a run left them, and whether they still are what they were."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPORT = "report.html"


@dataclass(frozen=True)
class Files:
    """The files of a report folder: size in bytes and time of change (ns) of each, and a hash over all."""

    stats: dict[str, tuple[int, int]]
    content: str

    @staticmethod
    def of(folder: Path) -> Files:
        """Return the files that stand in ``folder``; none where there is no folder."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        names = [path.relative_to(folder).as_posix() for path in paths]
        return Files({name: _stat(folder / name) for name in names}, _content(folder, names))

    @staticmethod
    def from_json(text: str) -> Files:
        """Return what ``to_json`` has written."""
        content = json.loads(text)
        return Files(
            {name: (size, time) for name, (size, time) in content["stats"].items()}, content["content"]
        )

    def to_json(self) -> str:
        """Return the files as JSON text."""
        return json.dumps({"stats": self.stats, "content": self.content}, separators=(",", ":"))

    def altered(self, folder: Path) -> str:
        """Return what has become of the files since, ``missing: report.html``; empty if nothing has.

        A file counts as the same by size and time; only where a time differs are the files read. Further
        files in the folder are nobody's business.
        """
        touched = False
        for name, (size, time) in self.stats.items():
            try:
                found = _stat(folder / name)
            except OSError:
                return f"missing: {name}"
            if found[0] != size:
                return f"altered: {name}"
            touched |= found[1] != time
        if touched and _content(folder, list(self.stats)) != self.content:
            return "altered: " + ", ".join(
                name for name in self.stats if _stat(folder / name) != self.stats[name]
            )
        return ""


def _stat(path: Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns


def _content(folder: Path, names: list[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + b"\0")
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write a text file beside its place and rename it there, so that it is whole or as it was."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
