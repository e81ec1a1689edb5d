"""A schedule for ``analysis run``, from one cron expression: systemd units, a crontab or a Windows task.

What a scheduler cannot express is refused by the name of its field, and never approximated.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from analysis.operate.schedule.crontab import crontab
from analysis.operate.schedule.expression import Command as Command
from analysis.operate.schedule.expression import Cron as Cron
from analysis.operate.schedule.expression import ScheduleError as ScheduleError
from analysis.operate.schedule.expression import zone_of
from analysis.operate.schedule.systemd import objections as objections
from analysis.operate.schedule.systemd import service, timer
from analysis.operate.schedule.windows import task

NAME = "analysis-run"
Kind = Literal["systemd", "cron", "windows"]


def files(kind: Kind, cron: Cron, zone_name: str, command: Command) -> dict[str, str]:
    """Return the files of a schedule by name; raises ``ScheduleError`` for what it cannot express."""
    zone = zone_of(zone_name)
    cron.next(zone, 1)
    if kind == "systemd":
        return {f"{NAME}.timer": timer(cron, zone_name), f"{NAME}.service": service(command)}
    if kind == "cron":
        return {f"{NAME}.crontab": crontab(cron, zone_name, zone, command)}
    return {f"{NAME}.xml": task(cron, zone_name, zone, command)}


def shown(contents: Mapping[str, str]) -> str:
    """Return the files as one text, each under its name where there are several."""
    if len(contents) == 1:
        return next(iter(contents.values()))
    return "\n".join(f"# {name}\n{content}" for name, content in contents.items())


def write(contents: Mapping[str, str], folder: Path) -> list[Path]:
    """Write the files into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        # The Task Scheduler reads XML in the encoding that it writes.
        encoding, newline = ("utf-16", "\r\n") if name.endswith(".xml") else ("utf-8", "\n")
        (folder / name).write_text(content, encoding=encoding, newline=newline)
    return [folder / name for name in contents]


def advice(kind: Kind) -> str:
    """Return what to do with the files."""
    return {
        "systemd": (
            f"copy both files to ~/.config/systemd/user, then: systemctl --user enable --now {NAME}.timer"
        ),
        "cron": f"add it to what you have: (crontab -l; cat {NAME}.crontab) | crontab -",
        "windows": f'register it: schtasks /Create /TN "{NAME}" /XML {NAME}.xml',
    }[kind]
