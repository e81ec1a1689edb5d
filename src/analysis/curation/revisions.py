"""The raw data as they stand, or stood: in a folder, or at a revision of git."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.evidence.folders import RAW
from analysis.evidence.schema import TABLES


@contextmanager
def open_revision(name: str, side: str, root: Path) -> Iterator[Path]:
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
        if (given / figures).is_file():
            shutil.copytree(given, Path(temporary) / RAW)
        else:
            _extract(name, side, root, Path(temporary))
        yield Path(temporary)


def _extract(name: str, side: str, root: Path, folder: Path) -> None:
    """Write ``data/raw`` as it was at a revision of git into a folder."""
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit is None:
        raise FileNotFoundError(
            f"{side}: {name!r} is neither a folder with data/raw nor a git revision of the project; "
            "name a folder, a tag, a branch or a commit such as HEAD~1"
        )
    archive = _git(root, "archive", "--format=tar", commit.decode().strip(), RAW.as_posix())
    if archive is None:
        raise FileNotFoundError(f"{side}: the revision {name!r} holds no data/raw; name a later one")
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def _git(root: Path, *arguments: str) -> bytes | None:
    """Return what git prints in the project folder, or ``None`` where it fails or is not installed."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout
