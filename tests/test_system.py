"""What file system, terminal and machine may be like: a sentence and status 2, no traceback and no hang."""

from __future__ import annotations

import errno
import io
import os
import resource
import sqlite3
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from qingxi import VALID, as_csv
from running import MAKER, NAMES, causes, maker, run, write_parameters

from analysis import cli
from analysis.evidence.raw import parse_csv
from analysis.evidence.schema import TABLES
from analysis.files import write_file
from analysis.operate.reports import one_line
from analysis.operate.runs import machine
from analysis.operate.runs.ledger import open_ledger

posix = pytest.mark.skipif(sys.platform == "win32", reason="the rights and limits of POSIX")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOLCK, "No locks available"), "[Errno 37] No locks available"),
        (NotImplementedError("FileSystem does not appear to support flock"), "FileSystem does not appear to"),
    ],
)
def test_a_folder_without_locks(run_project, made, monkeypatch, capsys, error, said):
    def acquire(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(FileLock, "acquire", acquire)
    assert cli.main(["run"]) == 2
    told = capsys.readouterr().err
    assert said in told and "nothing was run. Name a folder of a local disk with --out" in told
    assert made == []


def test_a_folder_that_cannot_be_written_to(run_project, made, monkeypatch, capsys):
    def mkdir(self: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "mkdir", mkdir)
    assert cli.main(["run"]) == 2
    assert capsys.readouterr().err == (
        f"{run_project.as_posix()}/reports: Read-only file system; name a place that can be written to with "
        "--out, or work in a copy of the project\n"
    )


def test_a_file_that_cannot_be_written_is_named_and_no_option_that_a_command_lacks(
    run_project, monkeypatch, capsys
):
    def replace(self: Path, target: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", replace)
    assert cli.main(["questions", "qingxi", "--letter", "letter.docx"]) == 2
    assert capsys.readouterr().err == (
        "letter.docx: Read-only file system; name a place that can be written to, or work in a copy of the "
        "project\n"
    )
    assert not Path("letter.docx").exists()


def test_a_file_that_is_not_there(run_project, capsys):
    assert cli.main(["memo", "qingxi", "--template", "lost.docx"]) == 2
    assert capsys.readouterr().err == "lost.docx: No such file or directory; check the name\n"


def test_a_project_folder_that_is_not_there_is_not_one_above_it(run_project, capsys):
    assert cli.main(["--data", "misspelt", "check"]) == 2
    assert capsys.readouterr().err == ("misspelt: no such folder; name the project folder with --data DIR\n")


def test_a_file_in_place_of_the_folder(run_project, made, capsys):
    Path("taken").touch()
    assert cli.main(["run", "--out", "taken"]) == 2
    said = "File exists; a file stands where a folder is to be; name another with --out\n"
    assert capsys.readouterr().err == f"taken: {said}"


@posix
@pytest.mark.parametrize(
    ("jobs", "needed", "remedy"), [("2", 96, ", or make fewer reports at once (--jobs)"), ("1", 80, "")]
)
def test_too_few_open_files(run_project, made, monkeypatch, capsys, jobs, needed, remedy):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (30, 40))
    assert cli.main(["run", "--jobs", jobs]) == 2
    assert capsys.readouterr().err == (
        f"a process may open 40 files, and the run needs {needed}; allow more (ulimit -n {needed}){remedy}\n"
    )


@posix
def test_open_files_are_allowed_where_they_may_be(run_project, made, monkeypatch):
    allowed: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (30, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: allowed.append(limits))
    assert run(processes=2).exit_status == 0
    assert allowed == [(96, 4096)]


def test_a_folder_for_scratch_whose_name_is_too_long(run_project, made, monkeypatch, capsys):
    scratch = "/" + "x" * machine.LONGEST
    monkeypatch.setattr(machine.tempfile, "gettempdir", lambda: scratch)
    assert cli.main(["run"]) == 2
    assert capsys.readouterr().err == (
        f"TMPDIR={scratch}: 76 bytes long, and processes cannot meet in a folder of more than 75; name "
        "another, such as TMPDIR=/tmp\n"
    )


@pytest.mark.parametrize("encoding", ["gbk", "latin-1", "ascii", "cp1252"])
def test_a_terminal_that_cannot_show_a_character_is_shown_an_escape(run_project, monkeypatch, encoding):
    printed = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", printed)
    assert cli.main(["figure", "qingxi.venues.amount"]) == 0
    assert cli.main(["figure", "qingxi.venues.amount", "--language", "zh-Hant"]) == 0
    printed.flush()
    said = printed.buffer.getvalue().decode(encoding)
    assert "Figure qingxi.venues.amount" in said
    assert ("≤" if encoding == "gbk" else "\\u2264") in said


@posix
@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o600), (0o002, 0o664), (0o022, 0o644)])
def test_who_may_read_a_file_is_for_the_umask_to_say(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        assert write_file(tmp_path / "new", b"x").stat().st_mode & 0o777 == mode
    finally:
        os.umask(before)


@posix
def test_the_group_may_write_the_ledger_where_the_umask_lets_it(run_project, made):
    before = os.umask(0o002)
    try:
        run()
    finally:
        os.umask(before)
    files = [path for path in Path("reports").iterdir() if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o664}
    assert Path("reports/runs.sqlite") in files


def test_a_file_is_written_in_the_place_of_a_link_and_not_through_it(tmp_path):
    (tmp_path / "table").write_text("kept")
    (tmp_path / "page").symlink_to("table")
    write_file(tmp_path / "page", b"new")
    assert ((tmp_path / "table").read_text(), (tmp_path / "page").read_text()) == ("kept", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page", "table"]


# Leavings of spreadsheets


@pytest.mark.parametrize(
    "leave",
    [
        lambda text: text + ",,,,\n" * 5,
        lambda text: "".join(f"{line},,,\n" for line in text.splitlines()),
        lambda text: text.replace("\n", ",,\n", 1),
        lambda text: "".join(
            f"{line}{',' * (number % 3)}\n" for number, line in enumerate(text.splitlines())
        ),
        lambda text: "".join(f",{line}\n" for line in text.splitlines()),
    ],
    ids=["rows", "columns", "heads", "ends", "first"],
)
def test_rows_and_columns_in_which_nothing_stands_are_left_out(leave):
    text = as_csv("terms", VALID["terms"])
    whole, left = (parse_csv(TABLES["terms"], each) for each in (text, leave(text)))
    assert (left.header, left.rows, left.lines) == (whole.header, whole.rows, whole.lines)


def test_a_column_without_a_name_in_which_something_stands_is_kept():
    found = parse_csv(TABLES["terms"], "field,,code\na,,b\nc,x,d\n")
    assert found.header == ["field", "", "code"]


# Names that are not UTF-8


@pytest.mark.skipif(sys.platform != "linux", reason="file names are UTF-8 there")
def test_a_parameter_file_whose_name_is_not_utf_8_is_named_and_the_others_are_made(run_project, made, capsys):
    Path(os.fsdecode(b"params/\xff\xfe.yaml")).write_text("programme: qingxi\n")
    assert cli.main(["run"]) == 1
    assert made == [*NAMES]
    assert "params/\\udcff\\udcfe.yaml: file name: " in capsys.readouterr().out
    assert causes() == {}


@pytest.mark.skipif(sys.platform != "linux", reason="file names are UTF-8 there")
def test_a_report_with_a_file_whose_name_is_not_utf_8_stands_in_the_ledger(run_project, monkeypatch):
    def make_all(tasks, request, root, *, on_start, on_done):
        def done(result):
            folder = request.out_dir / result.name
            Path(folder, os.fsdecode(b"\xff.txt")).touch()
            on_done(result)

        maker([])(tasks, request, root, on_start=on_start, on_done=done)

    monkeypatch.setattr(MAKER, make_all)
    assert run().problems == ()
    assert causes() == {}


@pytest.mark.skipif(sys.platform != "linux", reason="file names are UTF-8 there")
def test_a_folder_whose_name_is_not_utf_8_is_refused_before_anything_runs(run_project, made, capsys):
    assert cli.main(["run", "--out", os.fsdecode(b"out\xff")]) == 2
    assert capsys.readouterr().err == (
        "out\\udcff: the name of the folder, or of one above, is not UTF-8, and a notebook cannot hold it; "
        "name another with --out\n"
    )
    assert made == []


def test_an_error_that_is_no_text_is_entered(run_project, monkeypatch):
    error = one_line(ValueError("\x1b]0;title\x07 \udcff"))
    assert error == "ValueError: \\x1b]0;title\\x07 \\udcff"
    monkeypatch.setattr(MAKER, maker([], {"second": error}))
    assert run().problems == ()


def test_a_ledger_that_another_program_holds(run_project, made, monkeypatch, capsys):
    run()
    monkeypatch.setattr("analysis.operate.runs.ledger.WAIT", 0.1)
    holder = sqlite3.connect("reports/runs.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert cli.main(["run"]) == 2
    finally:
        holder.close()
    assert capsys.readouterr().err == (
        f"{run_project.as_posix()}/reports/runs.sqlite: another program has held the ledger for 0.1 s; wait "
        "for its end, or end it, and start again\n"
    )
    with open_ledger(Path("reports")) as ledger:
        assert len(ledger.runs()) == 1


@pytest.mark.parametrize("ending", [".YAML", ".yml", ".yaml.txt"])
def test_a_parameter_file_with_another_ending_is_not_ignored(run_project, made, capsys, ending):
    Path("params/second.yaml").rename(f"params/second{ending}")
    write_parameters("fourth")
    assert cli.main(["run"]) == 1
    assert made == ["first", "fourth", "third"]
    assert (
        f"second{ending}: file — expected the ending .yaml, so that no two files make the same report; "
        "rename it to second.yaml"
    ) in capsys.readouterr().out
