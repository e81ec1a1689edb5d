"""One run at a time for each folder of reports: a lock of the system, which dies with its holder."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.evidence.errors import InputError

LOCK = ".run.lock"
HOLDER = ".run.holder"


class BusyError(InputError):
    """Another run holds the folder; the message says who."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one run; raises ``BusyError`` at once where another run holds it.

    The lock is that of the open file, not the file: one that a killed run left behind blocks nobody.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyError(
            f"{folder.as_posix()}: {_holder(folder)} writes here; nothing was run. Wait for its end, end it, "
            "or name another folder with --out"
        ) from error
    except (OSError, NotImplementedError) as error:
        raise BusyError(
            f"{folder.as_posix()}: no lock can be had there ({error}), and without one two runs would meet; "
            "nothing was run. Name a folder of a local disk with --out, and copy the reports with --publish"
        ) from error
    try:
        since = datetime.now().astimezone().isoformat(" ", "seconds")
        holder = f"the run with process id {os.getpid()} on {platform.node()}, since {since},"
        (folder / HOLDER).write_text(holder, encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    """Return who holds the lock, as far as it has said so."""
    with suppress(OSError, UnicodeDecodeError):
        return (folder / HOLDER).read_text(encoding="utf-8") or "another run"
    return "another run"
