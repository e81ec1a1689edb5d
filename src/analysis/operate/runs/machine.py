"""What this machine must allow for reports to be made, asked first: without it a run hangs, or ends late."""

from __future__ import annotations

import tempfile
from pathlib import Path

from analysis.evidence.errors import InputError

FILES, FILES_EACH = 64, 16
"""Open files that a run needs, and those that each report made at once needs."""
LONGEST = 75
"""Bytes of the folder for scratch: below it processes meet in a socket, whose path has at most 107."""


class MachineError(InputError):
    """The machine does not allow what a run needs; the message says what to change."""


def check_machine(processes: int) -> None:
    """Allow so many reports at once as many open files as they need; raises ``MachineError``."""
    scratch = tempfile.gettempdir()
    if (length := len(scratch.encode(errors="surrogateescape"))) > LONGEST:
        raise MachineError(
            f"TMPDIR={scratch}: {length} bytes long, and processes cannot meet in a folder of more than "
            f"{LONGEST}; name another, such as TMPDIR=/tmp"
        )
    _allow_files(FILES + FILES_EACH * processes)


def check_utf8(out: Path) -> None:
    """Raise ``MachineError`` for a folder of reports that no notebook can be told of."""
    if (name := str(out.resolve())) != name.encode(errors="replace").decode():
        raise MachineError(
            f"{out.as_posix()}: the name of the folder, or of one above, is not UTF-8, and a notebook cannot "
            "hold it; name another with --out"
        )


def _allow_files(needed: int) -> None:
    try:
        import resource
    except ModuleNotFoundError:  # Windows has no such limit
        return
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY or allowed >= needed:
        return
    if most != resource.RLIM_INFINITY and most < needed:
        fewer = ", or make fewer reports at once (--jobs)" if needed > FILES + FILES_EACH else ""
        raise MachineError(
            f"a process may open {most} files, and the run needs {needed}; allow more (ulimit -n {needed})"
            f"{fewer}"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, most))
