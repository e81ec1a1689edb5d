"""A fence around folders: what this process may still write is all else, for good; by Landlock of Linux.

The calls and the numbers are those of https://docs.kernel.org/userspace-api/landlock.html.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38
_WRITE, _REMOVE, _MAKE = 1 << 1, 0b11 << 4, 0b1111111 << 6
_MOVE, _TRUNCATE = 1 << 13, 1 << 14
"""Moving to another folder is known since version 2, cutting a file off since version 3."""


def version() -> int:
    """Return the version of Landlock on this system, 0 where there is none."""
    with suppress(OSError, AttributeError):
        return _call(_CREATE, None, 0, _VERSION)
    return 0


def put_up(closed: Iterable[str], within: Iterable[str]) -> bool:
    """Let this process, and all that it starts, write nothing in the folders ``closed`` but ``within``.

    Nor can it make files directly in a folder above a closed one, only in folders that are there. Returns
    whether there is a fence now: not without Landlock. The calling thread must be the only one.
    """
    known = version()
    if not known:
        return False
    file = _WRITE | (_TRUNCATE if known >= 3 else 0)
    folder = file | _REMOVE | _MAKE | (_MOVE if known >= 2 else 0)
    try:
        rules = _call(_CREATE, struct.pack("Q", folder), 8, 0)
        try:
            for path in (*_beside({os.path.realpath(path) for path in closed}), *within):
                _allow(rules, path, file, folder)
            ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
            _call(_RESTRICT, rules, 0)
        finally:
            os.close(rules)
    except OSError:
        return False
    return True


def _beside(closed: set[str], folder: str = "/") -> Iterator[str]:
    """Yield what is outside of the closed folders, with as few paths as will do."""
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if path in closed:
            continue
        if any(other.startswith(f"{path}/") for other in closed):
            yield from _beside(closed, path)
        else:
            yield path


def _allow(rules: int, path: str, file: int, folder: int) -> None:
    """Allow to write a file, or a folder with all below it; a link is left to where it leads."""
    with suppress(FileNotFoundError, PermissionError):  # gone by now, or not ours to write anyway
        opened = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            mode = os.fstat(opened).st_mode
            if not stat.S_ISLNK(mode):
                rights = folder if stat.S_ISDIR(mode) else file
                _call(_ADD, rules, _BENEATH, struct.pack("=Qi", rights, opened), 0)
        finally:
            os.close(opened)


def _call(number: int, *arguments: object) -> int:
    """Return what a call to the kernel of the system returns; raises ``OSError``."""
    library = ctypes.CDLL(None, use_errno=True)
    result: int = library.syscall(number, *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
