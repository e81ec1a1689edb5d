"""Files that are whole or absent, and one hash over many."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_file(path: Path, content: bytes) -> Path:
    """Write a file beside its place and rename it there, so that it is whole or absent; return its path."""
    with beside(path) as temporary, temporary.open("xb") as file:
        file.write(content)
    return path


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a name beside a file to write to, and rename what is written there when all went well.

    What stood there is replaced, also a link, and nothing is written through it. Who may read the file is for
    the umask to say. An error names the file, not what stood beside it for a moment.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{secrets.token_hex(4)}.new")
    try:
        yield temporary
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None
        raise


def links_in(folder: Path) -> list[str]:
    """Return the names of all links in a folder, or below it, and of the folder itself if it is one."""
    if folder.is_symlink():
        return ["."]
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_symlink()]


def hash_folder(folder: Path, names: Iterable[str]) -> str:
    """Return one SHA-256 over the names and bytes of files in ``folder``."""
    digest = hashlib.sha256()
    for name in names:
        digest.update(os.fsencode(name) + b"\0")
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()
