"""Many memos at once: the same bytes however they are made, failures apart, nothing half done."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from test_memo_template import with_text
from test_pool import awaited
from word_files import saved

from analysis import commands
from analysis.cli import main
from analysis.operate.memos import write_many
from analysis.show.memo import MemoRequest, checked, file_of, memo_on

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests send signals")


LANGUAGES = ("zh-Hant",)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


@pytest.mark.usefixtures("forked")
def test_memos_have_the_same_bytes_in_any_order_and_number_of_processes(data, tmp_path):
    names = ("weinan", "minjia")
    alone = {
        f"{name}.{language}.docx": file_of(data, memo_on(data, {"programme": name, "language": language}))
        for name in names
        for language in LANGUAGES
    }
    for processes, order in ((1, names), (3, names[::-1])):
        out = tmp_path / str(processes)
        request = checked(data, MemoRequest(order, languages=LANGUAGES))
        summary = write_many(data, request, out, processes=processes)
        assert (summary.exit_status, files(out)) == (0, alone)
        assert [path.name for path in summary.written] == [
            f"{name}.{language}.docx" for language in LANGUAGES for name in order
        ]


def test_a_memo_that_fails_stops_no_other_and_is_named_at_the_end(
    project_root, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(project_root)
    template = tmp_path / "office.docx"
    cost = '{{ estimate(programme, "cost_per_venue", object="village_venue") }}'
    template.write_bytes(saved(with_text(cost)))
    call = ["memo", "ludian", "minjia", "--template", str(template), "--out", str(tmp_path)]
    assert main(call) == commands.FAILED
    told = capsys.readouterr()
    assert told.out == f"{tmp_path / 'ludian.en.docx'}\n"
    assert f"/2] made    {tmp_path / 'ludian.en.docx'} (" in told.err
    assert "/2] failed  minjia.en: template office.docx: paragraph " in told.err
    assert told.err.splitlines()[-1].startswith("memos: 1 made, 1 failed: minjia.en, in ")
    assert {path.name for path in tmp_path.iterdir()} == {"office.docx", "ludian.en.docx"}


def test_a_template_that_fits_no_memo_is_refused_before_any_is_made(
    project_root, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(project_root)
    template = tmp_path / "office.docx"
    template.write_bytes(saved(with_text("{{ tittle }}")))
    call = ["memo", "all", "--template", str(template), "--out", str(tmp_path)]
    assert main(call) == commands.WRONG_INPUT
    assert "{{ tittle }}: 'tittle' is no placeholder" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"office.docx"}


def test_an_interrupted_run_ends_with_whole_memos_and_no_process(project_root, tmp_path):
    call = [sys.executable, "-m", "analysis.cli", "--data", str(project_root), "memo", "all", "--jobs", "1"]
    with subprocess.Popen(
        [*call, "--out", str(tmp_path)], stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        first = process.stderr.readline()
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stderr.read()
    assert first.startswith("[1/5] made    ")
    assert process.returncode == 130
    assert rest.splitlines()[-1] == "interrupted: 4 left"
    assert [path.suffix for path in tmp_path.iterdir()] == [".docx"]
    assert awaited(lambda: not running(process.pid))


def running(group: int) -> list[psutil.Process]:
    """Return the processes of a group that are not over."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
