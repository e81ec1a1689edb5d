"""The raw data as they stand, or stood: in a folder, or at a revision of git."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.evidence.folders import RAW
from analysis.evidence.schema import TABLES


@contextmanager
def state(name: str, side: str, root: Path) -> Iterator[Path]:
    """Yield a folder that holds the state as ``data/raw``: a copy, if it is not in that place already.

    ``name`` is a folder that holds ``data/raw``, that folder itself, or a git revision of the project in
    ``root``. Raises ``FileNotFoundError`` for a name that is none of these, beginning with its ``side``.
    """
    given = Path(name)
    figures = TABLES["figures"].path
    if (given / RAW / figures).is_file():
        yield given
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        contents = _of_folder(given) if (given / figures).is_file() else _of_revision(name, side, root)
        for path, content in contents:
            (folder / RAW / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / RAW / path).write_bytes(content)
        yield folder


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for table in TABLES.values():
        if (folder / table.path).is_file():
            yield table.path, (folder / table.path).read_bytes()


def _of_revision(name: str, side: str, root: Path) -> Iterator[tuple[str, bytes]]:
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit is None:
        raise FileNotFoundError(
            f"{side}: {name!r} is neither a folder with data/raw nor a git revision of the project; "
            "name a folder, a tag, a branch or a commit such as HEAD~1"
        )
    revision, found = commit.decode().strip(), False
    for table in TABLES.values():
        content = _git(root, "show", f"{revision}:./{(RAW / table.path).as_posix()}")
        if content is not None:
            found = True
            yield table.path, content
    if not found:
        raise FileNotFoundError(f"{side}: the revision {name!r} holds no data/raw; name a later one")


def _git(root: Path, *arguments: str) -> bytes | None:
    """Return what git prints in the project folder, or ``None`` where it fails or is not installed."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout
