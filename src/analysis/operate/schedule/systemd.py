"""A systemd timer and its service."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from analysis.operate.schedule.expression import LOCAL, Command, Cron

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def calendars(cron: Cron, zone_name: str) -> list[str]:
    """Return the ``OnCalendar`` values of a cron expression: two where either day field may fit."""
    suffix = "" if zone_name == LOCAL else f" {zone_name}"
    time = f"{_listed(cron.hours, range(24))}:{_listed(cron.minutes, range(60))}:00{suffix}"
    months = _listed(cron.months, range(1, 13))
    date = f"*-{months}-{_listed(cron.days, range(1, 32))}"
    weekdays = "" if cron.every_weekday else _ranges(cron.weekdays, lambda day: WEEKDAYS[day]) + " "
    if cron.either:
        return [f"{date} {time}", f"{weekdays}*-{months}-* {time}"]
    return [f"{weekdays}{date} {time}"]


def _listed(values: Sequence[int], all_values: range) -> str:
    return "*" if len(values) == len(all_values) else _ranges(values, lambda value: f"{value:02d}")


def _ranges(values: Sequence[int], shown: Callable[[int], str]) -> str:
    """Return ``1..3,5`` for the values 1, 2, 3 and 5."""
    starts = [value for value in values if value - 1 not in values]
    ends = [value for value in values if value + 1 not in values]
    pairs = zip(starts, ends, strict=True)
    return ",".join(shown(a) if a == b else f"{shown(a)}..{shown(b)}" for a, b in pairs)


def timer(cron: Cron, zone_name: str) -> str:
    """Return the timer unit."""
    lines = "\n".join(f"OnCalendar={value}" for value in calendars(cron, zone_name))
    return (
        f"[Unit]\nDescription=County reports on schedule ({cron.text}, {zone_name})\n\n"
        # A run that was missed while the machine was off is made up for.
        f"[Timer]\n{lines}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )


def service(command: Command) -> str:
    """Return the service unit: one run, which is told to end as Ctrl-C would tell it."""
    folder = str(command.folder).replace("%", "%%")
    words = " ".join(_systemd_word(word) for word in command.words)
    return (
        "[Unit]\nDescription=Make the county reports that are not up to date\n\n"
        f"[Service]\nType=oneshot\nWorkingDirectory={folder}\nExecStart={words}\n"
        # The run ends its workers itself, then says in its ledger and summary that it was interrupted.
        "KillMode=mixed\nTimeoutStopSec=120\nSuccessExitStatus=143\nNice=10\n"
    )


def _systemd_word(word: str) -> str:
    """Return a word of a command as systemd reads it: specifiers, variables and quotes made literal."""
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word, re.ASCII) else f'"{word}"'


def objections(units: Mapping[str, str]) -> str | None:
    """Return what ``systemd-analyze`` objects to, empty if nothing; ``None`` where it is not installed."""
    program = shutil.which("systemd-analyze")
    if program is None:
        return None
    values = re.findall(r"^OnCalendar=(.*)$", "\n".join(units.values()), re.M)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in units]
        for path in paths:
            path.write_text(units[path.name], encoding="utf-8")
        found = [
            _complaint([program, "verify", "--man=no", *map(str, paths)]),
            *(_complaint([program, "calendar", value]) for value in values),
        ]
        return "\n".join(filter(None, found)).replace(f"{folder}/", "")


def _complaint(words: Sequence[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return (done.stderr or done.stdout or f"exit status {done.returncode}").strip() if done.returncode else ""
