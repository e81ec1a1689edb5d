"""A cron expression as the sets of times that it names, and time zones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

LOCAL = "local"
FIELDS = ("minute", "hour", "day-of-month", "month", "day-of-week")


class ScheduleError(ValueError):
    """A schedule that cannot be written; the message names the field and the remedy."""


@dataclass(frozen=True)
class Command:
    """What is run on schedule: the words of the command, and the folder it is called in."""

    words: tuple[str, ...]
    folder: Path

    def __post_init__(self) -> None:
        for word in (*self.words, str(self.folder)):
            if re.search(r"[\x00-\x1f]", word):
                raise ScheduleError(f"{word!r} holds a control character; rename the folder")


@dataclass(frozen=True)
class Cron:
    """A cron expression of five fields. Weekdays count from Monday, 0.

    A day fits if both day fields fit; where ``either`` is set, if one of them does.
    """

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either: bool

    @staticmethod
    def parse(text: str) -> Cron:
        """Return the expression; raises ``ScheduleError`` naming the field that is wrong or unusual."""
        fields = text.split()
        if len(fields) != len(FIELDS):
            raise ScheduleError(
                f"cron expression {text!r}: {len(fields)} fields — expected five: {', '.join(FIELDS)}; "
                "for example '0 6 * * 1' for Mondays at 6"
            )
        for name, field in zip(FIELDS, fields, strict=True):
            if name.startswith("day") and re.search(r"[#lw]", re.sub("(?i)jul|wed", "", field), re.I):
                raise _wrong_field(name, field, "last days and numbered weekdays are not cron everywhere")
        try:
            found = CronSim(text, datetime.now())
        except CronSimError as error:
            name = str(error).removeprefix("Bad ")
            field = dict(zip(FIELDS, fields, strict=True)).get(name, text)
            raise _wrong_field(name, field, "a value outside its range, or not cron") from error
        # Cron counts Sunday as 0 and as 7.
        weekdays = {(day - 1) % 7 for day in found.weekdays if isinstance(day, int)}
        return Cron(
            text=" ".join(fields),
            minutes=tuple(sorted(found.minutes)),
            hours=tuple(sorted(found.hours)),
            days=tuple(sorted(found.days)),
            months=tuple(sorted(found.months)),
            weekdays=tuple(sorted(weekdays)),
            either=not found.day_and,
        )

    @property
    def every_day(self) -> bool:
        """Whether any day of a month fits."""
        return len(self.days) == 31

    @property
    def every_weekday(self) -> bool:
        """Whether any day of the week fits."""
        return len(self.weekdays) == 7

    def next(self, zone: tzinfo, count: int, now: datetime | None = None) -> list[datetime]:
        """Return the next times, in that zone; raises ``ScheduleError`` where there are none."""
        times = list(islice(CronSim(self.text, now or datetime.now(zone)), count))
        if not times:
            raise ScheduleError(f"cron expression {self.text!r}: no such day; correct day and month")
        return times


def _wrong_field(name: str, value: str, why: str) -> ScheduleError:
    return ScheduleError(
        f"{name}: {value!r} — expected numbers in its range, *, a-b, a,b or */n ({why}); write the values out"
    )


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its name, or that of this machine for ``local``; raises ``ScheduleError``."""
    if name == LOCAL:
        return datetime.now().astimezone().tzinfo or UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ScheduleError(
            f"time zone {name!r} is not known here — expected a name such as Asia/Shanghai, or local"
        ) from error


def is_time_of_machine(zone: tzinfo) -> bool:
    """Return whether the clock of this machine shows the time of that zone, all through the next year."""
    days = (datetime.now(UTC) + timedelta(days=number) for number in range(366))
    return all(day.astimezone(zone).utcoffset() == day.astimezone().utcoffset() for day in days)
