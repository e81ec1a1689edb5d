"""A commented template for a scheduler of this machine, filled with the command of ``analysis run``.

It translates no time: cron's own goes into the crontab, and the other templates say where to write it.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

from cronsim import CronSim, CronSimError

from analysis.evidence.errors import InputError

TEMPLATES = Path(__file__).parent / "templates"
FILES = {"systemd": "systemd.sh", "cron": "crontab", "windows": "windows.ps1"}
FIELDS = ("minute", "hour", "day-of-month", "month", "day-of-week")


class ScheduleError(InputError):
    """A schedule that cannot be written; the message names the field and the remedy."""


def schedule(kind: str, cron: str, words: Sequence[str], folder: Path) -> str:
    """Return the template of a scheduler for a command that is called in ``folder``."""
    for word in (*words, str(folder)):
        if not word.isprintable():
            raise ScheduleError(f"{word!r} holds a control character; rename the folder")
    template = (TEMPLATES / FILES[kind]).read_text(encoding="utf-8")
    when = "\n# ".join([_explain(cron), *_summer_time(datetime.now(UTC))])
    return template.format(when=when, cron=" ".join(cron.split()), **_quote(kind, words, str(folder)))


def _explain(cron: str) -> str:
    """Return what a cron expression means and its next times; raises ``ScheduleError``."""
    fields = cron.split()
    if len(fields) != len(FIELDS):
        raise ScheduleError(
            f"cron expression {cron!r} — expected five fields: {', '.join(FIELDS)}; "
            "for example '0 6 * * 1' for Mondays at 6"
        )
    try:
        times = CronSim(cron, datetime.now())
        shown = ", ".join(f"{time:%Y-%m-%d %H:%M}" for time in islice(times, 3))
    except CronSimError as error:
        name = str(error).removeprefix("Bad ")
        field = dict(zip(FIELDS, fields, strict=True)).get(name, cron)
        raise ScheduleError(
            f"{name}: {field!r} — expected numbers in its range, *, a-b, a,b or */n; correct the expression"
        ) from error
    return f"{' '.join(fields)}: {times.explain()}; next by the clock of this machine: {shown}"


def _summer_time(start: datetime) -> Iterator[str]:
    """Yield a warning where the clock of this machine is changed in the year after ``start``."""
    first = start.replace(minute=0, second=0, microsecond=0)
    hours = [(first + timedelta(hours=number)).astimezone() for number in range(366 * 24)]
    changed = [
        (after, sorted((after.replace(tzinfo=None), (before + timedelta(hours=1)).replace(tzinfo=None))))
        for before, after in pairwise(hours)
        if before.utcoffset() != after.utcoffset()
    ]
    if changed:
        days = " and ".join(f"{after:%Y-%m-%d}" for after, _ in changed)
        since, until = (f"{end:%H:%M}" for end in changed[0][1])
        yield (
            f"The clock of this machine has summer time, and is changed on {days}: a run due from {since} to "
            f"{until} may be left out then, or come twice. Take another hour."
        )


def _quote(kind: str, words: Sequence[str], folder: str) -> dict[str, str]:
    """Return command and folder as the scheduler reads them."""
    if kind == "systemd":
        return {"command": " ".join(map(_systemd_word, words)), "folder": folder.replace("%", "%%")}
    if kind == "cron":
        # In a crontab an unescaped % ends the command, even between quotes.
        command = f"cd {shlex.quote(folder)} && {shlex.join(words)}".replace("%", "\\%")
        return {"command": command}
    arguments = subprocess.list2cmdline(words[1:])
    named = {"program": words[0], "arguments": arguments, "folder": folder}
    return {name: "'" + text.replace("'", "''") + "'" for name, text in named.items()}


def _systemd_word(word: str) -> str:
    """Return a word of a command with specifiers, variables and quotes made literal."""
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word, re.ASCII) else f'"{word}"'
