"""Broken data sets and parameter files: every message at once, exactly, and nothing written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hostile import datasets, parameters
from qingxi import VALID, write

from analysis import cli
from analysis.estimates import processed
from analysis.evidence.checks.names import file_name_fault
from analysis.evidence.schema import TABLES

WORDS = ("fault", "faults")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project about an invented county, as the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    write(tmp_path)
    (tmp_path / "params").mkdir()
    (tmp_path / "params/qingxi.yaml").write_text("programme: qingxi\n", encoding="utf-8")
    return tmp_path


def state(root: Path) -> dict[str, object]:
    """Return what stands below a folder: every name, and when it was last changed."""
    return {path.relative_to(root).as_posix(): path.lstat().st_mtime_ns for path in [root, *root.rglob("*")]}


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


@pytest.mark.parametrize("case", datasets.BROKEN)
def test_a_broken_data_set(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil, expected = datasets.BROKEN[case]
    spoil(project)
    before = state(project)
    assert cli.main(["check"]) == 2
    *messages, count = told(capsys)
    assert [message.removeprefix("data/raw/") for message in messages] == expected
    assert count == f"{len(expected)} {WORDS[len(expected) > 1]}"
    assert cli.main(["build"]) == 2
    assert told(capsys)[1:] == messages
    assert state(project) == before


@pytest.mark.parametrize("case", parameters.BROKEN)
def test_a_broken_parameter_file(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, expected = parameters.BROKEN[case]
    processed.build(project)
    (project / "params/report.yaml").write_bytes(content)
    before = state(project)
    assert cli.main(["check"]) == 2
    assert [line.partition("params/report.yaml")[2] for line in told(capsys)[:-1]] == expected
    assert cli.main(["run", "report"]) == cli.main(["run", "qingxi", "report", "--strict"]) == 2
    assert state(project) == before


def test_when_every_table_is_noise_each_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for table in TABLES.values():
        (project / "data/raw" / table.path).write_bytes(b"\x89PNG\r\n\x1a\n\0")
    assert cli.main(["check"]) == 2
    assert told(capsys) == [
        *(
            f"data/raw/{table.path}:1: byte 0x89 — expected text in UTF-8; save the file as CSV UTF-8 "
            "[encoding]"
            for table in TABLES.values()
        ),
        f"{len(TABLES)} faults",
    ]


def test_many_faults_are_counted_by_kind(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"field": "post", "code": "Deputy", "rank": "first", "label": "deputy", "label_zh": "副职"}
    write(project, VALID | {"terms": [*VALID["terms"], *[row] * 5_000]})
    assert cli.main(["check"]) == 2
    lines = told(capsys)
    assert len(lines) == 102
    assert lines[-2:] == ["and 14,899 more: 4,967 duplicate-key, 4,966 form, 4,966 type", "14999 faults"]
    assert cli.main(["run"]) == 2
    assert len(told(capsys)) == 102


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_table_that_may_not_be_read_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "data/raw/terms.csv").chmod(0)
    assert cli.main(["check"]) == 2
    assert told(capsys) == [
        "data/raw/terms.csv: Permission denied — expected a CSV file; make it readable [unreadable-file]",
        "1 fault",
    ]


@pytest.mark.parametrize("name", ["con", "com1", "a" * 101])
def test_a_report_is_not_named_after_a_device_nor_at_length(
    name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / f"params/{name}.yaml").write_text("programme: qingxi\n", encoding="utf-8")
    assert cli.main(["check"]) == 2
    fault, count = told(capsys)
    assert fault.endswith(f"file name: {name!r} — expected {file_name_fault(name)}; rename the file")
    assert count == "1 fault"


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", "CON", "nul", "", "🙂", ".", "..", "x" * 101, "x\n"])
def test_a_document_is_not_taken_in_under_such_a_name(
    name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = project / "article.txt"
    article.write_text("松泉县新建村级活动场所12个。\n", encoding="utf-8")
    before = state(project)
    for arguments in (["--programme", name], ["--programme", "songquan", "--source", name]):
        if name or arguments[-1] == name == arguments[1]:
            assert cli.main(["intake", str(article), *arguments]) == 2
            assert repr(name) in told(capsys)[0] or not name
    assert state(project) == before
