"""Schedules: one cron expression for systemd, cron and the Windows Task Scheduler, or a refusal by name."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cli
from analysis.operate.schedule import Command, Cron, ScheduleError, files, objections, write
from analysis.operate.schedule.systemd import calendars

SHANGHAI = "Asia/Shanghai"
COMMAND = Command(("/srv/py/bin/python", "-m", "analysis.cli", "run"), Path("/srv/project"))
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


@pytest.fixture
def machine_time(monkeypatch):
    """Set the time zone of this machine."""
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of a process cannot be set here")

    def set_zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def systemd_analyze() -> str:
    """The program; a test that needs it is skipped where systemd is not installed."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed: what systemd makes of a calendar is not known")
    return program


# Cron expressions


def test_a_cron_expression_is_its_sets_of_times():
    cron = Cron.parse("*/20  6,18 1-3 JAN,jul 5")
    assert cron == Cron("*/20 6,18 1-3 JAN,jul 5", (0, 20, 40), (6, 18), (1, 2, 3), (1, 7), (4,), either=True)


@pytest.mark.parametrize("sunday", ["0", "7", "SUN"])
def test_sunday_has_three_names(sunday):
    assert Cron.parse(f"0 6 * * {sunday}").weekdays == (6,)


@pytest.mark.parametrize(("days", "either"), [("1 * 1", True), ("* * 1", False), ("*/2 * 1", False)])
def test_either_day_field_may_fit_unless_one_begins_with_a_star(days, either):
    assert Cron.parse(f"0 6 {days}").either is either


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("61 6 * * *", "minute: '61' — expected numbers in its range, *, a-b, a,b or */n (a value outside "
                       "its range, or not cron); write the values out"),
        ("0 24 * * *", "hour: '24'"), ("0 6 0 * *", "day-of-month: '0'"), ("0 6 * 13 *", "month: '13'"),
        ("0 6 * * 8", "day-of-week: '8'"), ("0 6 5-1 * *", "day-of-month: '5-1'"), ("0 x * * *", "hour: 'x'"),
        ("0 6 L * *", "day-of-month: 'L' — expected numbers in its range, *, a-b, a,b or */n (last days and "
                      "numbered weekdays are not cron everywhere); write the values out"),
        ("0 6 15W * *", "day-of-month: '15W'"), ("0 6 * * MON#2", "day-of-week: 'MON#2'"),
        ("0 6 * * 5L", "day-of-week: '5L'"), ("0 6 31 2 *", "day-of-month: '31'"),
        ("@daily", "cron expression '@daily': 1 fields — expected five: minute, hour, day-of-month, month, "
                   "day-of-week; for example '0 6 * * 1' for Mondays at 6"),
        ("0 0 6 * * 1", "cron expression '0 0 6 * * 1': 6 fields"), ("", "cron expression '': 0 fields"),
    ],
)  # fmt: skip
def test_what_is_no_cron_is_refused_by_its_field(text, message):
    with pytest.raises(ScheduleError) as refused:
        Cron.parse(text)
    assert str(refused.value).startswith(message)


def test_next_times_are_in_their_zone():
    now = datetime(2026, 3, 1, 12, tzinfo=ZoneInfo(SHANGHAI))
    [first] = Cron.parse("0 6 * * 1").next(ZoneInfo(SHANGHAI), 1, now)
    assert first.isoformat() == "2026-03-02T06:00:00+08:00"


def test_an_unknown_zone_is_refused():
    with pytest.raises(ScheduleError) as refused:
        files("systemd", Cron.parse("0 6 * * 1"), "Asia/Shangai", COMMAND)
    assert str(refused.value) == (
        "time zone 'Asia/Shangai' is not known here — expected a name such as Asia/Shanghai, or local"
    )


def test_a_line_break_in_a_path_is_refused():
    with pytest.raises(ScheduleError, match=r"'/srv/a\\nb' holds a control character; rename the folder"):
        Command(("python",), Path("/srv/a\nb"))


# systemd


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0 6 * * 1", [f"Mon *-*-* 06:00:00 {SHANGHAI}"]),
        ("*/15 * * * *", [f"*-*-* *:00,15,30,45:00 {SHANGHAI}"]),
        ("30 8-18 * 1,7 1-5,7", [f"Mon..Fri,Sun *-01,07-* 08..18:30:00 {SHANGHAI}"]),
        ("0 6 1,15 * *", [f"*-*-01,15 06:00:00 {SHANGHAI}"]),
        ("0 6 1 * 1", [f"*-*-01 06:00:00 {SHANGHAI}", f"Mon *-*-* 06:00:00 {SHANGHAI}"]),
    ],
)
def test_a_calendar_says_what_cron_says(text, values):
    assert calendars(Cron.parse(text), SHANGHAI) == values


def test_the_time_of_the_machine_has_no_zone():
    assert calendars(Cron.parse("0 6 * * *"), "local") == ["*-*-* 06:00:00"]


def some(first: int, last: int) -> st.SearchStrategy[str]:
    chosen = st.lists(st.integers(first, last), min_size=1, max_size=3, unique=True)
    return st.one_of(st.just("*"), chosen.map(lambda values: ",".join(map(str, sorted(values)))))


@settings(max_examples=20, deadline=None)
@given(st.tuples(some(0, 59), some(0, 23), some(1, 28), some(1, 12), some(0, 7)))
def test_systemd_finds_the_times_that_cron_finds(fields):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed: what systemd makes of a calendar is not known")
    cron = Cron.parse(" ".join(fields))
    found = set()
    for value in calendars(cron, SHANGHAI):
        words = [program, "calendar", "--iterations=3", "--base-time=2026-01-31 00:00:00 UTC", value]
        shown = subprocess.run(
            words, capture_output=True, text=True, check=True, env={"TZ": "UTC", "LANG": "C"}
        )
        found |= set(re.findall(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC$", shown.stdout, re.M))
    now = datetime(2026, 1, 31, tzinfo=UTC).astimezone(ZoneInfo(SHANGHAI))
    expected = [f"{each.astimezone(UTC):%Y-%m-%d %H:%M:%S}" for each in cron.next(ZoneInfo(SHANGHAI), 3, now)]
    assert sorted(found)[:3] == expected


def test_systemd_accepts_the_units(systemd_analyze, tmp_path):
    folder = tmp_path / 'a "new" 50% $HOME'
    folder.mkdir()
    command = Command((sys.executable, "-m", "analysis.cli", "--data", str(folder), "run"), folder)
    made = files("systemd", Cron.parse("0 6 1 * 1"), SHANGHAI, command)
    assert objections(made) == ""
    service = made["analysis-run.service"]
    assert 'a \\"new\\" 50%% $$HOME" run\n' in service
    assert f'WorkingDirectory={tmp_path}/a "new" 50%% $HOME\n' in service


def test_what_systemd_objects_to_is_told(systemd_analyze):
    made = files("systemd", Cron.parse("0 6 * * 1"), SHANGHAI, COMMAND)
    assert "/srv/py/bin/python" in (objections(made) or "")
    assert "Nonday" in (objections({"analysis-run.timer": "[Timer]\nOnCalendar=Nonday *-*-*\n"}) or "")


def test_without_systemd_nothing_is_said(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert objections({}) is None


# cron


def test_a_crontab_on_a_machine_that_keeps_the_time_of_the_zone(machine_time):
    machine_time(SHANGHAI)
    [line] = [line for line in crontab("0 6 * * 1").splitlines() if not line.startswith("#")]
    assert line == "0 6 * * 1 cd /srv/project && /srv/py/bin/python -m analysis.cli run"


def test_a_crontab_elsewhere_names_the_zone_and_who_does_not_know_it(machine_time):
    machine_time("UTC")
    text = crontab("0 6 * * 1")
    assert "CRON_TZ=Asia/Shanghai\n0 6 * * 1 cd" in text
    assert "The cron of Debian and Ubuntu does not know it" in text


def crontab(text: str, command: Command = COMMAND) -> str:
    return files("cron", Cron.parse(text), SHANGHAI, command)["analysis-run.crontab"]


@pytest.mark.skipif(os.name != "posix", reason="there is no sh here")
def test_a_path_reaches_the_shell_as_it_is(tmp_path):
    folder = tmp_path / "a 'new' 50% $HOME"
    folder.mkdir()
    words = (sys.executable, "-c", "import os, sys; print(os.getcwd(), sys.argv[1])", "100%")
    line = crontab("0 6 * * 1", Command(words, folder)).splitlines()[-1]
    assert not re.search(r"(?<!\\)%", line)
    # cron takes the backslash away and hands the rest to the shell.
    shell = line.removeprefix("0 6 * * 1 ").replace("\\%", "%")
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True)
    assert done.stdout == f"{folder.resolve()} 100%\n"
    assert shlex.split(shell)[:3] == ["cd", str(folder), "&&"]


# Windows


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("0 6 * * *", "ScheduleByDay"),
        ("0 6 * * 1", "ScheduleByWeek"),
        ("0 6 1 * *", "ScheduleByMonth"),
        ("0 6 * 3 1", "ScheduleByMonthDayOfWeek"),
    ],
)
def test_a_task_for_each_kind_of_day(machine_time, text, shape):
    machine_time(SHANGHAI)
    [trigger] = triggers(text)
    assert trigger.find(f"{TASK}StartBoundary").text.endswith("T06:00:00")
    assert trigger.find(f"{TASK}{shape}") is not None


def test_times_and_days_of_a_task(machine_time):
    machine_time(SHANGHAI)
    found = triggers("0,30 6 1 1 6")
    assert [each.find(f"{TASK}StartBoundary").text[-8:] for each in found] == ["06:00:00", "06:30:00"] * 2
    assert [each[-1].tag.removeprefix(TASK) for each in found] == [
        "ScheduleByMonth", "ScheduleByMonth", "ScheduleByMonthDayOfWeek", "ScheduleByMonthDayOfWeek",
    ]  # fmt: skip
    assert [day.tag for day in found[2].iter() if day.tag.endswith("day")] == [f"{TASK}Saturday"]


def triggers(text: str, command: Command = COMMAND) -> list[ElementTree.Element]:
    return ElementTree.fromstring(task(text, command).split("\n", 1)[1]).findall(f".//{TASK}CalendarTrigger")


def task(text: str, command: Command = COMMAND) -> str:
    return files("windows", Cron.parse(text), SHANGHAI, command)["analysis-run.xml"]


def test_paths_of_a_task_are_quoted_and_escaped(machine_time, tmp_path):
    machine_time(SHANGHAI)
    command = Command(("C:\\Program Files\\py.exe", "--data", "C:\\a & b\\", "run"), Path("C:/a & b"))
    made = files("windows", Cron.parse("0 6 * * 1"), SHANGHAI, command)
    [path] = write(made, tmp_path)
    assert path.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
    action = ElementTree.parse(path).find(f".//{TASK}Exec")
    assert [part.text for part in action][:2] == ["C:\\Program Files\\py.exe", '--data "C:\\a & b\\\\" run']


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("*/15 * * * *", "hour and minute: 96 times a day — expected at most 48: the Task Scheduler holds no "
                         "more; choose fewer"),
        ("0 6 */2 * 1", "day-of-month and day-of-week: a day that fits both — expected one of them to be *: "
                        "the Task Scheduler knows days of the month or days of the week; choose one"),
    ],
)  # fmt: skip
def test_what_the_task_scheduler_cannot_do_is_refused(machine_time, text, message):
    machine_time(SHANGHAI)
    with pytest.raises(ScheduleError) as refused:
        task(text)
    assert str(refused.value) == message


def test_a_task_for_a_zone_that_the_machine_does_not_keep_is_refused(machine_time):
    machine_time("Europe/Berlin")
    with pytest.raises(ScheduleError) as refused:
        task("0 6 * * 1")
    assert str(refused.value) == (
        "--timezone: Asia/Shanghai — expected the time of this machine, which is that of the Task Scheduler; "
        "set the time zone of the machine, or write the cron expression in its time, with --timezone local"
    )


# The command


def test_the_command_prints_what_it_would_write(run_project, capsys):
    assert cli.main(["schedule", "--cron", "0 6 * * 1", "--kind", "cron", "--timezone", "local"]) == 0
    out, err = capsys.readouterr()
    root = shlex.quote(str(run_project))
    assert out.splitlines()[-1] == (
        f"0 6 * * 1 cd {root} && {shlex.quote(sys.executable)} -m analysis.cli --data {root} run"
    )
    assert (
        err
        == "not checked here; add it to what you have: (crontab -l; cat analysis-run.crontab) | crontab -\n"
    )


def test_the_command_writes_files_and_carries_arguments_of_the_run(run_project, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "")
    words = ["schedule", "--cron", "0 6 * * 1", "--out", "units", "--", "--jobs", "1", "first"]
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        str(Path("units", name)) for name in ("analysis-run.timer", "analysis-run.service")
    ]
    assert err.startswith("not checked here; copy both files to ")
    service = Path("units/analysis-run.service").read_text(encoding="utf-8")
    assert re.search(r"^ExecStart=.* run --jobs 1 first$", service, re.M)


def test_the_command_refuses_what_cannot_run(run_project, capsys):
    assert cli.main(["schedule", "--cron", "61 6 * * 1"]) == 2
    assert capsys.readouterr().err.startswith("minute: '61' — expected")
    with pytest.raises(SystemExit) as end:
        cli.main(["schedule", "--cron", "0 6 * * 1", "--", "--jobs", "none"])
    assert end.value.code == 2
    assert "'none' is no whole number from 1" in capsys.readouterr().err
