"""A programme taken out of the project: its rows, its parameters and its report, after a question."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from analysis import cli
from analysis.curation.draft import IntakeError
from analysis.curation.removal import removal
from analysis.evidence import checks


@pytest.fixture
def root(project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's tables and parameters, with a report that was made."""
    for folder in ("data/raw", "params"):
        shutil.copytree(project_root / folder, tmp_path / folder)
    (tmp_path / "reports/weinan").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("builtins.input", lambda question: text)


def test_a_programme_is_removed_when_that_is_confirmed(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "y")
    assert cli.main(["remove", "weinan"]) == 0
    assert capsys.readouterr().out == (
        "weinan: rows of programmes 1, sources 1, figures 11, exclusions 35, choices 1, readings 2, "
        "codings 10, identities 1\n"
        "  params/weinan.yaml\n"
        "  reports/weinan/\n"
        "removed; next: analysis build, then: analysis run\n"
    )
    left = [path.read_text(encoding="utf-8") for path in root.rglob("*.csv")]
    assert not [text for text in left if "\nweinan" in text]
    assert not (root / "params/weinan.yaml").exists() and not (root / "reports/weinan").exists()
    assert checks.problems_of(root) == []


def test_nothing_is_removed_without_a_yes(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    answer(monkeypatch, "")
    assert cli.main(["remove", "weinan"]) == 1
    assert capsys.readouterr().out.endswith("nothing removed\n")
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    monkeypatch.undo()
    monkeypatch.chdir(root)
    for closed in (None, io.StringIO()):
        monkeypatch.setattr("sys.stdin", closed)
        assert cli.main(["remove", "weinan"]) == 1, "nobody can be asked"
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_a_working_folder_that_is_gone_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()
    assert cli.main(["check"]) == 2
    said = "the working folder has been removed; change to one that is there\n"
    assert capsys.readouterr().err == said


def test_what_only_a_programme_asked_goes_with_it(root: Path) -> None:
    """The choice of what office money is has no meaning without the one place that prints its parts."""
    found = removal("shangzhou", root, root / "reports")
    found.carry_out()
    assert (found.rows["choices"], found.rows["regional_series"]) == (4, 2)
    assert checks.problems_of(root) == []


def test_rows_of_others_that_need_it_keep_a_programme(root: Path) -> None:
    path = root / "data/raw/codings.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(",ludian.village-venues.count,,", ",weinan.rented-venues,,"), encoding="utf-8"
    )
    with pytest.raises(IntakeError) as caught:
        removal("weinan", root, root / "reports")
    first, fault = str(caught.value).split("\n")[:2]
    assert first == "other rows need this programme; nothing was removed:"
    assert "'weinan.rented-venues'" in fault


def test_a_programme_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(
        IntakeError, match=r"^no programme 'x'; there are shangzhou, ludian, wushan, weinan, minjia$"
    ):
        removal("x", root, root / "reports")
