"""Schedules: the expression is checked, and the command reaches each scheduler as it is."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis import cli
from analysis.operate.schedule import FILES, ScheduleError, schedule

WORDS = ("/srv/py/bin/python", "-m", "analysis.cli", "run")
PROJECT = Path("/srv/project")


@pytest.mark.parametrize(
    ("cron", "message"),
    [
        ("61 6 * * *", "minute: '61' — expected numbers in its range, *, a-b, a,b or */n; correct the "
                       "expression"),
        ("0 24 * * *", "hour: '24'"), ("0 6 0 * *", "day-of-month: '0'"), ("0 6 * 13 *", "month: '13'"),
        ("0 6 * * 8", "day-of-week: '8'"), ("0 x * * *", "hour: 'x'"), ("0 6 31 2 *", "day-of-month: '31'"),
        ("@daily", "cron expression '@daily' — expected five fields: minute, hour, day-of-month, month, "
                   "day-of-week; for example '0 6 * * 1' for Mondays at 6"),
        ("0 0 6 * * 1", "cron expression '0 0 6 * * 1' — expected"), ("", "cron expression '' — expected"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_cron_is_refused_by_its_field(kind, cron, message):
    with pytest.raises(ScheduleError) as refused:
        schedule(kind, cron, WORDS, PROJECT)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("kind", FILES)
def test_a_template_says_what_the_expression_means(kind):
    assert "# 0 6 * * 1: At 06:00 on Monday; next by the clock of this machine: 20" in schedule(
        kind, "0 6  * * 1", WORDS, PROJECT
    )


@pytest.fixture
def zone(monkeypatch):
    """Puts the clock of this process in another time zone."""

    def put(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(os.name != "posix", reason="the time zone of a process cannot be set here")
@pytest.mark.parametrize("kind", FILES)
def test_a_clock_with_summer_time_is_warned_about(kind, zone):
    zone("Europe/Berlin")
    warned = schedule(kind, "30 2 * * *", WORDS, PROJECT)
    day = r"\d{4}-\d\d-\d\d"
    assert re.search(
        rf"^# The clock of this machine has summer time, and is changed on {day} and {day}: "
        r"a run due from 02:00 to 03:00 may be left out then, or come twice. Take another hour.$",
        warned,
        re.M,
    )
    zone("Asia/Shanghai")
    assert "of this machine has summer time" not in schedule(kind, "30 2 * * *", WORDS, PROJECT)


def test_a_line_break_in_a_path_is_refused():
    with pytest.raises(ScheduleError, match=r"'/srv/a\\nb' holds a control character; rename the folder"):
        schedule("cron", "0 6 * * 1", ("python",), Path("/srv/a\nb"))


def test_a_crontab_ends_with_the_line_of_the_run():
    lines = [line for line in schedule("cron", "0 6 * * 1", WORDS, PROJECT).splitlines() if line[0] != "#"]
    assert lines == ["0 6 * * 1 cd /srv/project && /srv/py/bin/python -m analysis.cli run"]


@pytest.fixture
def odd(tmp_path) -> Path:
    """A folder with a name that every scheduler has to quote."""
    folder = tmp_path / "a 'new' \"one\" 50% $HOME"
    folder.mkdir()
    return folder


@pytest.mark.skipif(os.name != "posix", reason="there is no sh here")
def test_a_path_reaches_the_shell_of_cron_as_it_is(odd):
    words = (sys.executable, "-c", "import os, sys; print(os.getcwd(), sys.argv[1])", "100%")
    line = schedule("cron", "0 6 * * 1", words, odd).splitlines()[-1]
    assert not re.search(r"(?<!\\)%", line)
    # cron takes the backslash away and hands the rest to the shell.
    shell = line.removeprefix("0 6 * * 1 ").replace("\\%", "%")
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True)
    assert done.stdout == f"{odd.resolve()} 100%\n"


@pytest.mark.skipif(os.name != "posix", reason="there is no sh here")
def test_the_template_of_systemd_writes_units_that_systemd_accepts(odd, tmp_path):
    script = schedule("systemd", "0 6 * * 1", (sys.executable, "-m", "x", "--data", str(odd), "run"), odd)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "systemctl").write_text("#!/bin/sh\n")
    (programs / "systemctl").chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "XDG_CONFIG_HOME": str(tmp_path)}
    timed = script.replace("OnCalendar=\n", "OnCalendar=Mon *-*-* 06:00:00 Asia/Shanghai\n")
    subprocess.run(["sh"], input=timed, env=environment, text=True, check=True)
    units = tmp_path / "systemd" / "user"
    service = (units / "analysis-run.service").read_text()
    assert 'a \'new\' \\"one\\" 50%% $$HOME" run\n' in service
    assert f"WorkingDirectory={tmp_path}/a 'new' \"one\" 50%% $HOME\n" in service
    assert "OnFailure=analysis-run-failed.service\n" in service
    assert (units / "analysis-run-failed.service").is_file()
    if program := shutil.which("systemd-analyze"):
        words = [program, "verify", "--man=no", *map(str, units.iterdir())]
        subprocess.run(words, check=True)


def test_a_task_of_windows_has_its_command_quoted():
    words = ("C:\\Program Files\\py.exe", "--data", "C:\\it's a & b\\", "run")
    script = schedule("windows", "0 6 * * 1", words, Path("C:/it's"))
    assert "-Execute 'C:\\Program Files\\py.exe' -WorkingDirectory 'C:/it''s'" in script
    assert "-Argument '--data \"C:\\it''s a & b\\\\\" run'\n" in script


def test_the_command_prints_the_template_with_the_arguments_of_the_run(run_project, capsys):
    words = ["schedule", "--cron", "0 6 * * 1", "--kind", "cron", "--", "--jobs", "1", "first"]
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert out.endswith(f" -m analysis.cli --data {run_project} run --jobs 1 first\n") and err == ""


def test_the_command_refuses_what_cannot_run(run_project, capsys):
    assert cli.main(["schedule", "--cron", "61 6 * * 1"]) == 2
    assert capsys.readouterr().err.startswith("minute: '61' — expected")
    with pytest.raises(SystemExit) as end:
        cli.main(["schedule", "--cron", "0 6 * * 1", "--", "--jobs", "none"])
    assert end.value.code == 2
    assert "must be a positive integer, not 'none'" in capsys.readouterr().err
