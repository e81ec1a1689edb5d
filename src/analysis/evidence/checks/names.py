"""Names that become files, on any system: no device of Windows, not too long, unlike beyond capitals."""

from __future__ import annotations

import os
from collections.abc import Iterator

from analysis.evidence.checks.problems import Problem, RawData

LONGEST = 100  # bytes: beside an ending and the folders above, what every file system takes
DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}
_FILED = (("programmes", "programme_id"), ("sources", "source_id"), ("sources", "file"))


def file_name_fault(name: str) -> str:
    """Return what is expected instead of a name that not every system can give a file; else nothing."""
    if name.partition(".")[0].lower() in DEVICES:
        return "a name that Windows does not keep for a device (con, aux, nul, com1, …)"
    if len(os.fsencode(name)) > LONGEST:
        return f"a name of at most {LONGEST} bytes"
    if name.endswith("."):
        return "a name that does not end in a dot"
    return ""


def file_names(data: RawData) -> Iterator[Problem]:
    """Yield the ids and file names that cannot name a file everywhere, or differ in case only."""
    for table, column in _FILED:
        seen: dict[str, str] = {}
        for row in data.rows[table]:
            name = row[column]
            other = seen.setdefault(name.casefold(), name)
            expected = file_name_fault(name)
            if not expected and other != name:
                expected = f"a name that differs from {other!r} in more than capitals"
            if expected:
                yield row.problem("file-name", column, expected, "choose another")
