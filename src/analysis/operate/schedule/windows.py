"""A task for the Windows Task Scheduler."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from datetime import tzinfo
from xml.sax.saxutils import escape

from analysis.operate.schedule.expression import Command, Cron, ScheduleError, is_time_of_machine

MOST_TRIGGERS = 48
"""How many triggers the Task Scheduler takes for one task."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def task(cron: Cron, zone_name: str, zone: tzinfo, command: Command) -> str:
    """Return a task as XML for ``schtasks /Create /XML``; its times are those of the machine."""
    if not is_time_of_machine(zone):
        raise ScheduleError(
            f"--timezone: {zone_name} — expected the time of this machine, which is that of the Task "
            "Scheduler; set the time zone of the machine, or write the cron expression in its time, with "
            "--timezone local"
        )
    times = [(hour, minute) for hour in cron.hours for minute in cron.minutes]
    schedules = _schedules(cron)
    if len(times) * len(schedules) > MOST_TRIGGERS:
        raise ScheduleError(
            f"hour and minute: {len(times)} times a day — expected at most "
            f"{MOST_TRIGGERS // len(schedules)}: the Task Scheduler holds no more; choose fewer"
        )
    first = cron.next(zone, 1)[0]
    starts = [f"{first:%Y-%m-%d}T{hour:02d}:{minute:02d}:00" for hour, minute in times]
    triggers = "".join(_trigger(start, schedule) for schedule in schedules for start in starts)
    program, *arguments = command.words
    return TASK.format(
        description=escape(f"County reports on schedule ({cron.text}, {zone_name})"),
        triggers=triggers,
        program=escape(program),
        arguments=escape(subprocess.list2cmdline(arguments)),
        folder=escape(str(command.folder)),
    )


def _trigger(start: str, schedule: str) -> str:
    return (
        f"    <CalendarTrigger>\n      <StartBoundary>{start}</StartBoundary>\n"
        f"      <Enabled>true</Enabled>\n      {schedule}\n    </CalendarTrigger>\n"
    )


def _schedules(cron: Cron) -> list[str]:
    """Return the days of a task: one schedule, or two where either day field may fit."""
    if cron.either:
        return [_by_day(cron), _by_weekday(cron)]
    if cron.every_weekday:
        return [_by_day(cron)]
    if cron.every_day:
        return [_by_weekday(cron)]
    raise ScheduleError(
        "day-of-month and day-of-week: a day that fits both — expected one of them to be *: the Task "
        "Scheduler knows days of the month or days of the week; choose one"
    )


def _by_day(cron: Cron) -> str:
    if cron.every_day and len(cron.months) == 12:
        return "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
    days = "".join(f"<Day>{day}</Day>" for day in cron.days)
    return f"<ScheduleByMonth><DaysOfMonth>{days}</DaysOfMonth>{_months(cron)}</ScheduleByMonth>"


def _by_weekday(cron: Cron) -> str:
    days = f"<DaysOfWeek>{_empty(WEEKDAYS[day] for day in cron.weekdays)}</DaysOfWeek>"
    if len(cron.months) == 12:
        return f"<ScheduleByWeek><WeeksInterval>1</WeeksInterval>{days}</ScheduleByWeek>"
    weeks = "".join(f"<Week>{week}</Week>" for week in (1, 2, 3, 4, "Last"))
    content = f"<Weeks>{weeks}</Weeks>{days}{_months(cron)}"
    return f"<ScheduleByMonthDayOfWeek>{content}</ScheduleByMonthDayOfWeek>"


def _months(cron: Cron) -> str:
    return f"<Months>{_empty(MONTHS[month - 1] for month in cron.months)}</Months>"


def _empty(names: Iterable[str]) -> str:
    return "".join(f"<{name} />" for name in names)


TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{description}</Description>
  </RegistrationInfo>
  <Triggers>
{triggers}  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""
