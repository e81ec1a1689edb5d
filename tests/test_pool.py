"""Many reports at once: each succeeds or fails alone, and however a run ends nothing is left behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.operate import pool, reports
from analysis.operate.engine import fence, owner
from analysis.operate.pool import Job, make_many
from analysis.show.params import ReportParameters

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tests send signals")

PARAMETERS = "programme = ''\nlanguage = 'en'\nprice_year = None\npeers = None\ncharts_dir = None"


@pytest.fixture
def job(tmp_path) -> Callable[..., Job]:
    """Makes a job whose notebook has the parameters and the cells given."""

    def make(name: str, *cells: str) -> Job:
        notebook = tmp_path / "notebooks" / f"{name}.ipynb"
        notebook.parent.mkdir(exist_ok=True)
        first = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
        nbformat.write(new_notebook(cells=[first, *map(new_code_cell, cells)]), notebook)
        return Job(name, ReportParameters(programme=name), notebook, tmp_path / "reports")

    return make


@pytest.fixture
def elsewhere(tmp_path_factory) -> Path:
    """A folder outside of the project, where a notebook may write."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module", autouse=True)
def _zygote() -> Iterator[None]:
    """Most tests share one, because it takes seconds to start."""
    owner.start()
    yield
    owner.close()


@pytest.fixture(autouse=True)
def _nothing_left(tmp_path) -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []
    assert [path.name for path in (tmp_path / "reports").glob(".*") if path.name != reports.FAILED] == []


def errors(jobs: list[Job], **options: object) -> dict[str, str | None]:
    return {result.name: result.error for result in make_many(jobs, **options)}


def test_each_report_is_made_or_fails_alone(job, tmp_path):
    owner.close()
    jobs = [job("ludian", "print(programme)"), job("minjia", "1 / 0"), job("wushan", "print(language)")]
    begun, done = [], []
    results = list(make_many(jobs, processes=2, on_start=begun.append, on_done=done.append))
    assert begun == ["ludian", "minjia", "wushan"]
    assert results == done
    by_name = {result.name: result for result in results}
    assert by_name["ludian"].path == tmp_path / "reports/ludian/report.html"
    assert "ludian" in by_name["ludian"].path.read_text()
    assert by_name["minjia"].error == "cell [3] 1 / 0: ZeroDivisionError: division by zero"
    assert by_name["minjia"].path == tmp_path / "reports/.failed/minjia/report.ipynb"
    assert by_name["wushan"].error is None
    assert not owner.runs()


def test_warm_kernels_find_the_data_read_and_stay_apart(job, project_root):
    owner.close()
    change = f"""
import analysis
from analysis.estimates import processed
[remembered] = processed._remembered.values()
data = analysis.load({str(project_root)!r})
assert data is remembered and data.figures['value'].notna().all()
data.figures.loc[:, 'value'] = float('nan')
"""
    jobs = [job("ludian", change), job("wushan", change)]
    assert errors(jobs, processes=1, data=project_root) == {"ludian": None, "wushan": None}


@pytest.mark.skipif(not fence.version(), reason="this system has no Landlock")
def test_a_notebook_that_goes_astray_harms_neither_the_data_nor_another_report(job, tmp_path):
    data, other = tmp_path / "data/raw/figures.csv", tmp_path / "reports/wushan/report.html"
    for path in (data, other):
        path.parent.mkdir(parents=True)
        path.write_text("whole")
    may = "import pathlib, tempfile; pathlib.Path(charts_dir, 'a.svg').touch(); tempfile.TemporaryFile()"
    jobs = [
        job("ludian", may, f"pathlib.Path({str(data)!r}).write_text('')"),
        job("minjia", may, f"import shutil; shutil.rmtree({str(other.parent)!r})"),
        job("weinan", may),
    ]
    found = errors(jobs, processes=1)
    astray = {name: str(error)[:60] for name, error in found.items() if error}
    assert astray == {
        "ludian": f"cell [4] pathlib.Path({str(data)!r})"[:60],
        "minjia": f"cell [4] import shutil; shutil.rmtree({str(other.parent)!r})"[:60],
    }
    assert all("PermissionError: [Errno 13] Permission denied" in str(found[name]) for name in astray)
    assert (data.read_text(), other.read_text()) == ("whole", "whole")
    assert (tmp_path / "reports/weinan/charts/a.svg").exists()


def test_the_kernels_of_all_reports_are_forked_off_one_process(job, elsewhere):
    owner.close()
    note = f"import os, pathlib; pathlib.Path({str(elsewhere)!r}, f'{{programme}}.{{os.getppid()}}').touch()"
    names = ["ludian", "minjia", "wushan"]
    assert set(errors([job(name, note) for name in names], processes=1).values()) == {None}
    noted = [path.name.split(".") for path in elsewhere.iterdir()]
    assert sorted(name for name, _ in noted) == names
    assert len({parent for _, parent in noted}) == 1


@pytest.mark.skipif(not fence.version(), reason="this system has no Landlock")
def test_a_report_is_made_in_a_home_where_nothing_has_been_run_yet(job, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path.parent))
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    assert errors([job("ludian", "print(programme)")], processes=1) == {"ludian": None}
    assert not (tmp_path.parent / ".ipython").exists()


def test_no_job_is_no_work():
    assert list(make_many([])) == []


def test_each_way_to_die_is_a_failure_that_names_its_cell(job):
    deaf = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)"
    greedy = "import resource as r\nr.setrlimit(r.RLIMIT_AS, (4 << 30, 4 << 30))\nfull = bytearray(8 << 30)"
    jobs = [
        job("hangs", "while True: pass"),
        job("deaf", "x = 1", deaf),
        job("exits", "import os; os._exit(3)"),
        job("killed", "import os; os.kill(os.getpid(), 9)"),
        job("greedy", greedy),
        job("endless", "from time import sleep", "while True: sleep(0.001); print(1)"),
    ]
    assert errors(jobs, processes=2, timeout=2) == {
        "hangs": "cell [3] while True: pass: the report was not done after 2 s",
        "deaf": "cell [4] import signal, time: the report was not done after 2 s",
        "exits": "cell [3] import os; os._exit(3): "
        "DeadKernelError: Kernel died (it ended itself, with exit status 3)",
        "killed": "cell [3] import os; os.kill(os.getpid(), 9): "
        "DeadKernelError: Kernel died (ended by SIGKILL; was there too little memory?)",
        "greedy": "cell [3] import resource as r: MemoryError: ",
        "endless": "cell [4] while True: sleep(0.001); print(1): the report was not done after 2 s",
    }


def test_warm_and_stock_runs_make_the_same_report_to_the_byte(project_root, tmp_path, monkeypatch):
    monkeypatch.chdir(project_root)
    parameters = ReportParameters(programme="minjia", language="zh-Hans", price_year=2024)
    notebook = project_root / "notebooks/county_report.ipynb"
    for engine in ("warm", "stock"):
        jobs = [Job("minjia", parameters, notebook, tmp_path / engine)]
        assert errors(jobs, processes=1, engine=engine) == {"minjia": None}
    warm, stock = (contents(tmp_path / engine) for engine in ("warm", "stock"))
    assert any(name.endswith(".svg") for name in warm)
    assert warm == stock


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Workers


def test_a_worker_that_is_killed_fails_its_report_only(job, tmp_path, elsewhere):
    running = elsewhere / "running"
    hang = f"import pathlib, time\npathlib.Path({str(running)!r}).touch()\ntime.sleep(600)"

    def kill(name: str) -> None:
        if name == "lost":
            Thread(target=lambda: awaited(running.exists) and signal_workers(signal.SIGKILL)).start()

    jobs = [job("lost", hang), job("next", "1")]
    assert errors(jobs, processes=1, on_start=kill) == {
        "lost": "the process that made it was ended by signal 9; was there too little memory?",
        "next": None,
    }
    kept = nbformat.read(tmp_path / "reports/.failed/lost/report.ipynb", 4)
    assert 'programme = "lost"' in kept.cells[1].source


def test_a_worker_that_hangs_is_ended_and_replaced(job, monkeypatch):
    monkeypatch.setattr(pool, "ENDING", 0.1)

    def stop(name: str) -> None:
        monkeypatch.setattr(pool, "GRACE", 0.1 if name == "hangs" else 60.0)
        if name == "hangs":
            signal_workers(signal.SIGSTOP)

    jobs = [job("first", "1"), job("hangs", "1"), job("next", "1")]
    assert errors(jobs, processes=1, timeout=2, on_start=stop) == {
        "first": None,
        "hangs": "it hung: the process that made it was ended",
        "next": None,
    }


def test_a_worker_is_replaced_before_it_can_grow(job, monkeypatch):
    monkeypatch.setattr(pool, "MOST_REPORTS", 2)
    seen = []
    jobs = [job(f"report-{number}", "1") for number in range(3)]
    errors(jobs, processes=1, on_start=lambda _: seen.append(multiprocessing.active_children()[0].pid))
    assert seen[0] == seen[1] != seen[2]


def test_a_zygote_that_dies_is_replaced(job):
    jobs = [job("lost", "import os, time; os.kill(os.getppid(), 9); time.sleep(600)"), job("next", "1")]
    failed = errors(jobs, processes=1)
    assert failed["lost"].endswith("Kernel died (ended by SIGKILL; was there too little memory?)")
    assert failed["next"] is None


def test_the_stock_engine_takes_over_where_nothing_can_be_forked(job, monkeypatch):
    owner.close()
    monkeypatch.setattr(owner, "unsafe", lambda: "a fork is not safe on darwin")
    monkeypatch.setattr(owner._warmth, "said", set())
    with pytest.warns(owner.ColdKernelWarning, match="^stock kernels run: a fork is not safe on darwin$"):
        assert errors([job("ludian", "1")], processes=1) == {"ludian": None}


# The end of a run


@pytest.mark.parametrize("engine", ["warm", "stock"])
def test_an_interrupted_run_leaves_no_process_and_no_half_of_a_report(job, elsewhere, engine):
    pids = elsewhere
    hang = f"import os, pathlib, time\npathlib.Path({str(pids)!r}, str(os.getpid())).touch()\ntime.sleep(600)"
    jobs = [job("one", hang), job("two", hang), job("three", hang)]
    Thread(
        target=lambda: awaited(lambda: len(os.listdir(pids)) == 2) and os.kill(os.getpid(), signal.SIGINT)
    ).start()
    with pytest.raises(KeyboardInterrupt):
        list(make_many(jobs, processes=2, engine=engine))
    assert all(gone(int(pid)) for pid in os.listdir(pids))


def test_a_run_that_is_left_early_ends_its_workers(job):
    with closing(make_many([job("one", "1"), job("two", "1")], processes=1)) as results:
        assert next(results).error is None


def test_a_run_that_is_killed_leaves_nothing_but_what_it_has_made(job, tmp_path, elsewhere):
    pids = elsewhere
    hang = f"import os, pathlib, time\npathlib.Path({str(pids)!r}, str(os.getpid())).touch()\ntime.sleep(600)"
    jobs = [job("made", "1"), job("cut", hang)]
    script = tmp_path / "run.py"
    script.write_text(
        "from pathlib import Path\n"
        "from analysis.show.params import ReportParameters\n"
        "from analysis.operate.pool import Job, make_many\n"
        "if __name__ == '__main__':\n"
        f"    out = Path({str(tmp_path / 'reports')!r})\n"
        f"    jobs = [Job(name, ReportParameters(programme=name), Path(path), out)\n"
        f"            for name, path in {[(job.name, str(job.notebook)) for job in jobs]!r}]\n"
        "    list(make_many(jobs, processes=1))\n"
    )
    scratch = tmp_path / "t"
    scratch.mkdir()
    run = subprocess.Popen([sys.executable, script], env={**os.environ, "TMPDIR": str(scratch)})
    assert awaited(lambda: os.listdir(pids))
    run.kill()
    run.wait()
    assert all(gone(int(pid)) for pid in os.listdir(pids))
    assert awaited(lambda: os.listdir(tmp_path / "reports") == ["made"])
    assert awaited(lambda: not list(scratch.glob("analysis-*")))


def test_usable_processors_are_those_that_this_process_may_use():
    assert 1 <= pool.usable_processors() <= (os.cpu_count() or 1)


def signal_workers(number: int) -> None:
    for worker in multiprocessing.active_children():
        os.kill(worker.pid, number)


def awaited(condition: Callable[[], object], seconds: float = 60.0) -> object:
    """Return the first true value of a condition; a false one when the time is over."""
    until = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < until:
        time.sleep(0.02)
    return value


def gone(pid: int) -> bool:
    """Wait until a process has ended."""

    def ended() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    return bool(awaited(ended, 20))
