"""Runs that are killed, meet a full disk or each other: never half a report, and the next run completes."""

from __future__ import annotations

import ctypes
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import qingxi
import running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

KILLS = int(os.environ.get("ANALYSIS_KILLS", "6"))
"""Moments at which a run is killed; the seed is fixed, so that a failure can be repeated."""
SEED = 20260302
MARK = "ANALYSIS_TEST_OF_FAULTS"
DRAW = "from pathlib import Path\nPath(charts_dir, 'a.svg').write_text('<svg/>')\nprint('end of', programme)"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with three reports on an invented county, as the working folder; every process is marked."""
    root = tmp_path / "project"
    root.mkdir()
    # Sockets have short paths only.
    scratch = tempfile.mkdtemp(prefix="f")
    monkeypatch.chdir(root)
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    monkeypatch.setenv("TMPDIR", scratch)
    monkeypatch.setenv(MARK, str(tmp_path))
    qingxi.write(root)
    running.write_notebook(DRAW)
    for name in running.NAMES:
        running.write_parameters(name)
    yield root
    assert awaited(lambda: not marked(str(tmp_path))), "a process is left"
    assert not list(Path(scratch).glob("analysis-*")), "scratch is left"
    shutil.rmtree(scratch)


def marked(mark: str) -> list[int]:
    """Return the processes that were started with the mark in their environment, but for this one."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"{MARK}={mark}".encode() in variables and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def awaited(condition: Callable[[], object], seconds: float = 60.0) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def start(*arguments: str, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "analysis.cli", "--data", ".", "run", "--jobs", "2", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, **pipes, **options)  # type: ignore[call-overload,no-any-return]


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    output = run.communicate()[0]
    return run.returncode, output


def assert_whole(*names: str) -> None:
    """Assert that of these reports each is whole or absent, whatever became of the run."""
    for name in names or running.NAMES:
        folder = Path("reports", name)
        if folder.exists():
            page = (folder / "report.html").read_text(encoding="utf-8")
            assert "end of qingxi" in page and page.rstrip().endswith("</html>")
            assert json.loads((folder / "report.ipynb").read_text(encoding="utf-8"))["nbformat"] == 4
            assert (folder / "charts/a.svg").read_text() == "<svg/>"


def assert_complete() -> None:
    """Assert that the next run makes all reports, and leaves nothing else."""
    status, output = ended(start())
    assert status == 0, output
    assert {path.name for path in Path("reports").iterdir() if path.is_dir()} - {".failed"} == {
        *running.NAMES
    }
    assert_whole()


def test_a_run_killed_at_any_moment(project: Path, tmp_path: Path) -> None:
    begun = time.monotonic()
    assert_complete()
    lasted = time.monotonic() - begun
    moments = random.Random(SEED)
    for _ in range(KILLS):
        run = start("--force")
        time.sleep(moments.uniform(0, lasted))
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert awaited(lambda: not marked(str(tmp_path))), "a process is left"
        assert_whole()
    assert_complete()


def test_a_file_that_is_too_large_fails_its_report_only(project: Path) -> None:
    running.write_notebook(DRAW, "if language == 'zh-Hans': print('很长' * 2_000_000)")
    running.write_parameters("second", "programme: qingxi\nlanguage: zh-Hans\n")
    most = 4_000_000
    status, output = ended(start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))))
    assert status == 1 and "failed  second: " in output, output
    assert "Traceback" not in output
    assert_whole("first", "third")
    assert not Path("reports/second").exists()
    running.write_notebook(DRAW)
    assert_complete()


def mount(kind: str, place: Path, options: str, flags: int = 0) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (kind.encode(), str(place).encode(), kind.encode(), flags, options.encode())
    return libc.mount(*arguments) == 0


REMOUNT = 32


@pytest.fixture
def small_disk(project: Path) -> Iterator[Path]:
    """The folder of the reports as a disk of its own, which holds next to nothing."""
    place = project / "reports"
    place.mkdir()
    if os.geteuid() != 0 or not mount("tmpfs", place, "size=128k"):
        pytest.skip("a small disk can be mounted by root only")
    yield place
    ctypes.CDLL(None).umount2(str(place).encode(), 2)


def test_a_full_disk(small_disk: Path) -> None:
    status, output = ended(start())
    assert status != 0 and re.search("No space left on device|disk is full", output), output
    assert "Traceback" not in output
    assert_whole()
    assert mount("tmpfs", small_disk, "size=64m", REMOUNT)
    assert_complete()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into every folder")
def test_a_folder_that_cannot_be_written_to(project: Path) -> None:
    Path("reports").mkdir(mode=0o555)
    status, output = ended(start())
    assert status == 2 and "reports" in output and "Traceback" not in output, output
    Path("reports").chmod(0o755)
    assert_complete()


def test_the_data_goes_away_in_the_middle(project: Path) -> None:
    raw = project / "data"
    running.write_notebook(
        f"import os\nif os.path.exists({str(raw)!r}): os.rename({str(raw)!r}, 'gone')", DRAW
    )
    status, output = ended(start())
    assert status in (0, 1) and "Traceback" not in output, output
    assert_whole()
    status, output = ended(start())
    assert status == 2 and "no data/raw/figures.csv in" in output
    (project / "notebooks/gone").rename(raw)
    running.write_notebook(DRAW)
    assert_complete()


def test_two_runs_at_once(project: Path) -> None:
    end = project / "end"
    running.write_notebook(f"import os, time\nwhile not os.path.exists({str(end)!r}): time.sleep(0.02)", DRAW)
    first = start()
    assert awaited(Path("reports/.run.holder").exists)
    status, output = ended(start("--force"))
    assert status == 2 and f"the run with process id {first.pid} on " in output, output
    end.touch()
    status, output = ended(first)
    assert status == 0, output
    assert_complete()
