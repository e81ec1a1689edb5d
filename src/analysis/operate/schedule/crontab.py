"""A line for a crontab."""

from __future__ import annotations

import shlex
from datetime import UTC, tzinfo

from analysis.operate.schedule.expression import Command, Cron, is_time_of_machine


def crontab(cron: Cron, zone_name: str, zone: tzinfo, command: Command) -> str:
    """Return the line, with what has to stand above it."""
    words = f"cd {shlex.quote(str(command.folder))} && {shlex.join(command.words)}"
    # In a crontab an unescaped % ends the command, even between quotes.
    line = f"{cron.text} {words}".replace("%", "\\%")
    times = (time.astimezone(UTC) for time in cron.next(zone, 3))
    shown = ", ".join(f"{time:%Y-%m-%d %H:%M} UTC" for time in times)
    head = [f"# County reports on schedule ({cron.text}, {zone_name}); next: {shown}"]
    if not is_time_of_machine(zone):
        head += [
            "# This machine keeps another time. CRON_TZ holds for the lines below it and is known to cronie",
            "# (Fedora, RHEL, SUSE, Arch). The cron of Debian and Ubuntu does not know it and would run this",
            "# at the time of the machine: use --kind systemd there.",
            f"CRON_TZ={zone_name}",
        ]
    return "\n".join([*head, line]) + "\n"
