"""The fence of a kernel: nothing is written where it must not be, and all else is as before."""

import subprocess
import sys
from pathlib import Path

import pytest

from analysis.operate.engine import fence

needs_landlock = pytest.mark.skipif(
    sys.platform != "linux" or not fence.version(), reason="this system has no Landlock"
)
PUT_UP = "from analysis.operate.engine import fence; import os, pathlib, shutil; put_up = fence.put_up\n"


def fenced(closed: list[Path], within: list[Path], attempt: str) -> str:
    """Return the last line that a process says when it attempts something behind a fence."""
    paths = [[str(path) for path in paths] for paths in (closed, within)]
    code = f"{PUT_UP}print(put_up(*{paths!r}))\n{attempt}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()[-1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with data, a report that is being made, one that is finished, and a folder beside it."""
    for folder in ("project/data", "project/reports/new", "project/reports/old", "beside"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "project/data/figures.csv").write_text("figures")
    (tmp_path / "link").symlink_to(tmp_path / "project")
    return tmp_path


@needs_landlock
@pytest.mark.parametrize(
    "attempt",
    [
        "pathlib.Path('project/data/figures.csv').write_text('')",
        "pathlib.Path('link/data/figures.csv').write_text('')",
        "pathlib.Path('project/data/figures.csv').unlink()",
        "os.truncate('project/data/figures.csv', 0)",
        "shutil.move('project/data/figures.csv', 'beside/figures.csv')",
        "os.rename('project/data', 'beside/data')",
        "pathlib.Path('project/reports/old/report.html').touch()",
        "pathlib.Path('project/more').mkdir()",
        "os.symlink('/', 'project/root')",
        "os.mkfifo('project/pipe')",
        "raise OSError(13, 'Permission denied') if os.system('rm -rf project/data') else SystemExit",
    ],
)
def test_nothing_is_written_behind_it(project: Path, attempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    said = fenced([project / "project"], [project / "project/reports/new"], attempt)
    assert "Permission denied" in said or "Invalid cross-device link" in said
    assert (project / "project/data/figures.csv").read_text() == "figures"
    assert sorted(path.name for path in (project / "project").iterdir()) == ["data", "reports"]


@needs_landlock
@pytest.mark.parametrize(
    "attempt",
    [
        "pathlib.Path('project/reports/new/chart.svg').write_text('')",
        "os.makedirs('project/reports/new/a/b'); os.rename('project/reports/new/a/b', 'beside/b')",
        "pathlib.Path('beside/notes.txt').write_text('')",
        "pathlib.Path('/dev/null').write_text('')",
        "pathlib.Path('project/data/figures.csv').read_text()",
    ],
)
def test_all_else_is_as_before(project: Path, attempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    within = [project / "project/reports/new"]
    assert fenced([project / "project"], within, f"{attempt}\nprint('done')") == "done"


@needs_landlock
def test_a_folder_that_is_not_there_needs_no_fence(project: Path) -> None:
    assert fenced([project / "no"], [project / "nothing"], "print('up')") == "up"


def test_without_landlock_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.operate.engine.fence._CREATE", 100_000)  # a call that no system has
    assert fence.version() == 0
    assert fence.put_up(["/"], []) is False
