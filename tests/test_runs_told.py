"""Runs that are cut off, that meet another one, and what ledger, summary and terminal tell of runs."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from qingxi import with_cells, write
from running import MAKER, NAMES, causes, maker, run, write_notebook, write_parameters

from analysis import cli
from analysis.estimates import processed
from analysis.operate import runs
from analysis.operate.reports import ReportResult
from analysis.operate.runs.history import list_runs, show_run
from analysis.operate.runs.ledger import open_ledger
from analysis.operate.runs.lock import locked
from analysis.operate.runs.progress import Progress
from analysis.operate.signals import Interrupted, interruptible

# Interruptions


@pytest.mark.parametrize(
    ("signal_", "status"),
    [(KeyboardInterrupt(), 130), (Interrupted(signal.SIGTERM), 143)],
    ids=["int", "term"],
)
def test_an_interrupted_run_keeps_what_is_done_and_the_next_goes_on(
    run_project, made, monkeypatch, signal_, status
):
    monkeypatch.setattr(MAKER, maker([], {"second": signal_}))
    summary = run()
    assert (summary.exit_status, summary.status, summary.left) == (status, "interrupted", ("second", "third"))
    assert str(summary).splitlines()[1:] == [
        "interrupted: 2 left; the next run goes on with them", "site: reports/index.html",
    ]  # fmt: skip
    with open_ledger(Path("reports")) as ledger:
        assert ledger.runs()[0].status == "interrupted"
    assert json.loads(Path("reports/summary.json").read_text())["counts"] == {
        "made": 1, "failed": 0, "up_to_date": 0, "left": 2,
    }  # fmt: skip
    monkeypatch.setattr(MAKER, maker(made))
    assert (run().exit_status, made) == (0, ["second", "third"])


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with interruptible():
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_of_many_signals_the_first_ends_the_run_and_the_others_change_nothing():
    with interruptible():
        with pytest.raises(Interrupted):
            os.kill(os.getpid(), signal.SIGINT)
        for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
            os.kill(os.getpid(), number)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_run_that_breaks_off_leaves_summary_and_site(run_project, monkeypatch):
    monkeypatch.setattr(MAKER, maker([], {"second": EOFError("unexpected EOF")}))
    summary = run()
    assert (summary.exit_status, summary.left) == (1, ("second", "third"))
    assert summary.problems == (
        "the run broke off: EOFError: unexpected EOF; the next run goes on with what is left",
    )
    assert json.loads(Path("reports/summary.json").read_text())["problems"] == [*summary.problems]
    assert Path("reports/index.html").is_file()
    assert list(causes()) == ["second", "third"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without a signal")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.process
def test_a_process_that_is_told_to_end_says_so_in_its_ledger(run_project, number, status):
    write_notebook("import time\ntime.sleep(600)")
    process = start_run()
    try:
        wait_for(lambda: last_status() == "running" and any(Path("reports").glob(".*.new")))
        process.send_signal(number)
        assert process.wait(120) == status
    finally:
        process.kill()
    assert last_status() == "interrupted"
    assert not list(Path("reports").glob(".*.new")) and not Path("reports/.run.holder").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
@pytest.mark.process
def test_a_killed_run_blocks_nobody_and_is_entered_as_killed(run_project, made):
    write_notebook("import time\ntime.sleep(600)")
    process = start_run()
    try:
        wait_for(lambda: last_status() == "running")
        process.kill()
        process.wait(60)
    finally:
        process.kill()
    write_notebook()
    assert run().exit_status == 0
    with open_ledger(Path("reports")) as ledger:
        assert [each.status for each in ledger.runs()] == ["done", "killed"]


def start_run() -> subprocess.Popen[bytes]:
    package = Path(cli.__file__).parents[1]
    environment = os.environ | {"PYTHONPATH": str(package)}
    words = [sys.executable, "-m", "analysis.cli", "run", "--engine", "stock", "--jobs", "1", "first"]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(words, env=environment, stdout=nowhere, stderr=nowhere)


def last_status() -> str | None:
    with suppress(runs.LedgerError), open_ledger(Path("reports")) as ledger:
        return next((each.status for each in ledger.runs()), None)
    return None


def wait_for(condition) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("the run did not begin within two minutes")


# One run at a time


def test_a_second_run_is_refused_and_told_who_runs(run_project, made, capsys):
    Path("reports").mkdir()
    with locked(Path("reports")):
        assert cli.main(["run"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{run_project.as_posix()}/reports: the run with process id {os.getpid()} on ")
    assert err.endswith(
        ", writes here; nothing was run. Wait for its end, end it, or name another folder with --out\n"
    )
    assert cli.main(["run"]) == 0


def test_runs_into_different_folders_do_not_meet(run_project, made):
    Path("reports").mkdir()
    with locked(Path("reports")):
        assert cli.main(["run", "--out", "elsewhere"]) == 0


# The ledger


def test_the_ledger_tells_each_run_and_each_report(run_project, monkeypatch, capsys):
    monkeypatch.setattr(MAKER, maker([], {"second": "cell [3]: ValueError: no"}))
    run()
    run("first", "second")
    listed = json.loads(list_runs(Path("reports"), as_json=True))
    columns = ("id", "status", "made", "failed", "up_to_date")
    assert [tuple(each[name] for name in columns) for each in listed] == [
        (2, "failed", 0, 1, 1), (1, "failed", 2, 1, 0),
    ]  # fmt: skip
    assert list_runs(Path("reports"), last=1).splitlines()[1].split()[:1] == ["2"]
    shown = show_run(Path("reports"), 1).splitlines()
    assert shown[0].endswith("2 made, 1 failed, 0 up to date")
    assert shown[1:] == [
        "failed  0.1 s  second  no report yet",
        "  cell [3]: ValueError: no",
        "made    0.1 s  first   no report yet",
        "made    0.1 s  third   no report yet",
    ]
    assert cli.main(["runs", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["results"][0]["error"] == "cell [3]: ValueError: no"


def test_the_ledger_can_be_read_while_a_run_goes_on(run_project, monkeypatch):
    seen = []

    def make_all(tasks, request, root, *, on_start, on_done):
        maker([])(tasks[:2], request, root, on_start=on_start, on_done=on_done)
        seen.extend(json.loads(list_runs(request.out_dir, as_json=True)))

    monkeypatch.setattr(MAKER, make_all)
    run()
    assert [(each["status"], each["planned"], each["made"]) for each in seen] == [("running", 3, 2)]


def test_no_runs_yet_and_no_such_run(run_project, capsys):
    assert cli.main(["runs"]) == 0
    assert capsys.readouterr().out == f"no runs yet in {run_project.as_posix()}/reports\n"
    assert cli.main(["runs", "7"]) == 2
    assert capsys.readouterr().err == (
        f"no run 7 in {run_project.as_posix()}/reports/runs.sqlite; there is none yet\n"
    )
    assert not Path("reports").exists()


def test_a_file_that_is_no_ledger_is_not_touched(run_project, made, capsys):
    Path("reports").mkdir()
    Path("reports/runs.sqlite").write_text("no ledger, but longer than the header of one" * 30)
    assert cli.main(["run"]) == 2
    assert capsys.readouterr().err == (
        f"{run_project.as_posix()}/reports/runs.sqlite: file is not a database; look at the folder, or move "
        "the file away: without it all reports are made again\n"
    )
    assert made == []


def test_a_ledger_of_a_later_version_is_not_touched(run_project, made):
    run()
    with sqlite3.connect("reports/runs.sqlite") as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(runs.LedgerError, match="a ledger of version 9; this suite writes version 1"):
        run()


def test_without_its_ledger_a_folder_is_made_anew(run_project, made):
    run()
    Path("reports/runs.sqlite").unlink()
    assert causes() == dict.fromkeys(NAMES, "no report yet")


# What a run tells


def test_a_monitor_reads_the_summary_file(run_project, monkeypatch):
    monkeypatch.setattr(MAKER, maker([], {"second": "cell [3]: ValueError: no"}))
    summary = run()
    told = json.loads(Path("reports/summary.json").read_text(encoding="utf-8"))
    assert told == json.loads(summary.to_json())
    assert (told["status"], told["exit_status"], told["run"]) == ("failed", 1, 1)
    assert told["counts"] == {"made": 2, "failed": 1, "up_to_date": 0, "left": 0}
    assert told["failed"] == [
        {"name": "second", "error": "cell [3]: ValueError: no", "notebook": "reports/second/report.html",
         "kept": False},
    ]  # fmt: skip
    assert told["data_hash"] == processed.load(run_project).data_hash
    assert told["started"] <= told["finished"]


def test_a_monitor_hears_of_wrong_input(run_project, made, capsys):
    run()
    write_parameters("second", "programme: qingx\n")
    assert cli.main(["run", "--strict", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["exit_status"]) == ("wrong input", 2)
    assert "second.yaml:1: programme: 'qingx'" in told["problems"][0]
    write(run_project, with_cells("figures", 2, value="16"))
    assert cli.main(["run"]) == 2
    told = json.loads(Path("reports/summary.json").read_text(encoding="utf-8"))
    assert (told["exit_status"], "value: '16'" in told["problems"][0]) == (2, True)


def test_json_is_all_that_is_printed(run_project, made, capsys):
    assert cli.main(["run", "--json"]) == 0
    out, err = capsys.readouterr()
    assert (json.loads(out)["counts"]["made"], err) == (3, "")


def test_lines_where_there_is_no_terminal(run_project, made, capsys):
    assert cli.main(["run"]) == 0
    out, err = capsys.readouterr()
    assert err.replace("\n", "").isprintable(), "a log file takes no control characters"
    assert [line.split(" (")[0] for line in err.splitlines()] == [
        f"[{number}/3] made    {run_project.as_posix()}/reports/{name}/report.html"
        for number, name in enumerate(NAMES, start=1)
    ]
    assert out.startswith("reports: 3 made, 0 failed, 0 up to date, in ")
    assert out.endswith(f"site: {run_project.as_posix()}/reports/index.html\n")


def test_a_failure_is_told_once(run_project, monkeypatch, capsys):
    monkeypatch.setattr(MAKER, maker([], {"second": "cell [3]: ValueError: no"}))
    assert cli.main(["run"]) == 1
    out, err = capsys.readouterr()
    assert (out + err).count("cell [3]: ValueError: no") == 1
    assert "[2/3] failed  second: cell [3]: ValueError: no" in err


# Notices


def settings(text: str) -> None:
    Path("analysis.toml").write_text(text, encoding="utf-8")


def test_a_command_is_told_of_a_run_that_failed_and_of_no_other(run_project, made, monkeypatch, capsys):
    program = "import pathlib, sys; pathlib.Path('told').write_text(sys.stdin.read())"
    settings(f"[notice]\ncommand = [{sys.executable!r}, '-c', {json.dumps(program)}]\n")
    assert cli.main(["run"]) == 0
    assert not Path("told").exists()
    monkeypatch.setattr(MAKER, maker([], {"second": "cell [3]: ValueError: no"}))
    assert cli.main(["run", "--force"]) == 1
    assert json.loads(Path("told").read_text())["failed"][0]["name"] == "second"
    write(run_project, with_cells("figures", 2, value="16"))
    assert cli.main(["run"]) == 2
    assert json.loads(Path("told").read_text())["status"] == "wrong input"


def test_a_url_is_told_of_a_run_that_failed(run_project, monkeypatch):
    sent = []

    def urlopen(call, timeout):
        sent.append((call.full_url, json.loads(call.data)["status"], timeout))
        return io.BytesIO()

    monkeypatch.setattr("analysis.operate.runs.notice.urlopen", urlopen)
    monkeypatch.setattr(MAKER, maker([], {"second": "no"}))
    settings('[notice]\nurl = "https://example.org/hook"\n')
    assert cli.main(["run"]) == 1
    assert sent == [("https://example.org/hook", "failed", 30.0)]


def test_a_notice_that_cannot_be_given_is_said_and_changes_no_status(run_project, monkeypatch, capsys):
    monkeypatch.setattr(MAKER, maker([], {"second": "no"}))
    settings('[notice]\ncommand = ["nobody-has-this"]\n')
    assert cli.main(["run"]) == 1
    assert (
        "no notice was given: [Errno 2] No such file or directory: 'nobody-has-this'; look at analysis.toml\n"
        in (capsys.readouterr().err)
    )


@pytest.mark.parametrize(
    "text",
    ["[notice]\ncommand = 'mail'\n", "[notice]\nurl = 3\n", "[notices]\n", "[notice]\nmail = 'x'\n",
     "[notice]\ncommand = ['a']\nurl = 'https://b'\n"],
)  # fmt: skip
def test_settings_that_cannot_be_meant_are_refused_before_anything_runs(run_project, made, capsys, text):
    settings(text)
    assert cli.main(["run"]) == 2
    assert capsys.readouterr().err == (
        f"{run_project.as_posix()}/analysis.toml: expected a section [notice] with command = "
        '["mail", "-s", "reports", "desk@example.org"] or url = "https://example.org/hook"\n'
    )
    assert made == []


def test_the_site_tells_the_latest_runs(run_project, made, monkeypatch):
    run()
    monkeypatch.setattr(MAKER, maker([], {"second": "no"}))
    run(force=True)
    rows = BeautifulSoup(Path("reports/index.html").read_text(encoding="utf-8"), "html.parser")
    table = rows.select_one("#runs + div table")
    shown = [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tbody tr")]
    assert [[row[0], *row[2:]] for row in shown] == [
        ["2", "with failures", "2", "1", "0"], ["1", "done", "3", "0", "0"],
    ]  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal_says_what_runs_and_what_failed():
    stream = Terminal()
    with Progress(5, stream=stream) as progress:
        for name in ("a", "b", "c", "d"):
            progress.start(name)
        progress.done(ReportResult("a", Path("a"), 1.0))
        progress.done(ReportResult("b", Path("b/report.ipynb"), 1.0, "ValueError: no"))
        progress.start("e")
    shown = stream.getvalue().split("\r")
    assert "a, b, c and 1 more" in stream.getvalue()
    assert "2/5" in shown[-1] and "1 failed; c, d, e" in stream.getvalue()
    assert "failed  b: ValueError: no; executed notebook: b/report.ipynb\n" in stream.getvalue()
