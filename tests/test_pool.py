"""Many reports at once: each succeeds or fails alone, and however a run ends nothing is left behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing import forkserver
from pathlib import Path
from threading import Thread

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.operate import pool, reports
from analysis.operate.pool import make_many
from analysis.operate.reports import Job
from analysis.show.params import ReportParameters

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the tests send signals and look at processes"
)

PARAMETERS = (
    "programme = ''\nlanguage = 'en'\nprice_year = None\nwith_sentences = False\npeers = None\n"
    "charts_dir = None"
)


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


@pytest.fixture(scope="module", autouse=True)
def _server(project_root) -> Iterator[None]:
    """The tests share the process that is forked, because it takes seconds to start."""
    pool._stop_server()  # another module may have left one that has not read the data
    pool._start_server(project_root, Job.preload)
    yield
    pool._stop_server()


@pytest.fixture(autouse=True)
def _nothing_left(tmp_path) -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []
    assert [path.name for path in (tmp_path / "reports").glob(".*") if path.name != reports.FAILED] == []


def errors(jobs: list[Job], **options: object) -> dict[str, str | None]:
    return {result.name: result.error for result in make_many(jobs, **{"keep_server": True, **options})}


def test_a_report_finds_the_data_read_and_the_next_run_reads_it_anew(job, project_root):
    change = f"""
import analysis
from analysis.estimates import processed
[remembered] = processed._remembered.values()
data = analysis.load({str(project_root)!r})
assert data.tables is remembered.tables and data.figures['value'].notna().all()
data.figures.loc[:, 'value'] = float('nan')
"""
    jobs = [job("ludian", change), job("wushan", change)]
    assert errors(jobs, processes=1, keep_server=False) == {"ludian": None, "wushan": None}
    fresh = "from analysis.estimates import processed; assert not processed._remembered"
    assert errors([job("ludian", fresh)]) == {"ludian": None}


def test_each_report_is_made_or_fails_alone(job, tmp_path):
    jobs = [job("ludian", "print(programme)"), job("minjia", "1 / 0"), job("wushan", "print(language)")]
    begun: list[str] = []
    results = list(make_many(jobs, processes=2, on_start=begun.append, keep_server=True))
    assert begun == ["ludian", "minjia", "wushan"]
    by_name = {result.name: result for result in results}
    assert by_name["ludian"].path == tmp_path / "reports/ludian/report.html"
    assert "ludian" in by_name["ludian"].path.read_text()
    assert by_name["minjia"].error == "cell [3] 1 / 0: ZeroDivisionError: division by zero"
    assert by_name["minjia"].path == tmp_path / "reports/.failed/minjia/report.ipynb"
    assert by_name["wushan"].error is None


def test_no_job_is_no_work():
    assert list(make_many([])) == []


def test_each_way_to_die_is_a_failure_that_names_its_cell(job):
    deaf = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)"
    jobs = [
        job("deaf", "x = 1", deaf),
        job("exits", "import os; os._exit(3)"),
        job("killed", "import os; os.kill(os.getpid(), 9)"),
        job("endless", "from time import sleep", "while True: print('x' * 1000)"),
    ]
    assert errors(jobs, processes=4, timeout=3) == {
        "deaf": "cell [4] import signal, time: the report was not done after 3 s",
        "exits": "cell [3] import os; os._exit(3): "
        "DeadKernelError: Kernel died (it ended itself, with exit status 3)",
        "killed": "cell [3] import os; os.kill(os.getpid(), 9): "
        "DeadKernelError: Kernel died (ended by SIGKILL; was there too little memory?)",
        "endless": "cell [4] while True: print('x' * 1000): the report was not done after 3 s",
    }


def test_a_report_that_holds_too_much_memory_is_ended(job, tmp_path):
    greedy = job("greedy", "print('before')", "import numpy, time\nfull = numpy.ones(10**8)\ntime.sleep(60)")
    assert errors([greedy, job("next", "1")], processes=1, memory=700) == {
        "greedy": "cell [4] import numpy, time: it held more than 700 MB of memory",
        "next": None,
    }
    kept = nbformat.read(tmp_path / "reports/.failed/greedy/report.ipynb", 4)
    assert kept.cells[2].outputs[0].text == "before\n"


def test_what_a_report_has_started_ends_with_it_even_in_a_session_of_its_own(job, tmp_path):
    pid = tmp_path / "pid"
    start = f"import subprocess as s\ns.run('setsid sleep 600 & echo $! > {pid}', shell=True)"
    assert errors([job("ludian", start)]) == {"ludian": None}
    assert gone(int(pid.read_text()))


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


@pytest.mark.parametrize("engine", ["warm", "stock"])
@pytest.mark.parametrize("place", ["charts/a.svg", "report.html", "other", "deep/er/link"])
def test_a_link_that_a_notebook_leaves_is_refused_and_nothing_is_written_through_it(
    job, tmp_path, engine, place
):
    secret = tmp_path / "secret"
    secret.write_text("kept")
    link = (
        f"from pathlib import Path\np = Path(charts_dir).parent / {place!r}\n"
        f"p.parent.mkdir(exist_ok=True, parents=True)\np.symlink_to({str(secret)!r})"
    )
    assert errors([job("ludian", link)], engine=engine) == {
        "ludian": f"ValueError: the notebook left the link {place}; write the file itself there"
    }
    assert secret.read_text() == "kept"


@pytest.mark.parametrize("engine", ["warm", "stock"])
@pytest.mark.parametrize("way", ["symlink_to", "hardlink_to"])
@pytest.mark.parametrize("name", ["report.ipynb", "report.html"])
def test_a_report_is_not_written_through_what_stands_in_its_place(job, tmp_path, engine, way, name):
    table = tmp_path / "terms.csv"
    table.write_text("kept")
    code = (
        f"from pathlib import Path\np = Path(charts_dir).parent / {name!r}\np.unlink(missing_ok=True)\n"
        f"p.{way}({str(table)!r})"
    )
    errors([job("ludian", code), job("shangzhou", f"{code}\n1 / 0")], engine=engine)
    assert table.read_text() == "kept"
    assert not any(path.is_symlink() for path in (tmp_path / "reports").rglob("*"))


# The processes of reports


def test_a_process_that_is_killed_fails_its_report_only(job, tmp_path):
    jobs = [job("lost", "import os, time; os.kill(os.getppid(), 9); time.sleep(600)"), job("next", "1")]
    assert errors(jobs, processes=1) == {
        "lost": "the process that made it was ended: ended by SIGKILL; was there too little memory?",
        "next": None,
    }
    kept = nbformat.read(tmp_path / "reports/.failed/lost/report.ipynb", 4)
    assert 'programme = "lost"' in kept.cells[1].source


@pytest.mark.parametrize("engine", ["warm", "stock"])
def test_what_a_notebook_has_started_ends_with_the_run_though_all_above_it_are_killed(job, tmp_path, engine):
    start = (
        "import os, pathlib, subprocess, sys\n"
        "for n in range(5):\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],\n"
        "                             start_new_session=True)\n"
        f"    pathlib.Path({str(tmp_path)!r}, f'child-{{child.pid}}').touch()\n"
        "os.kill(os.getppid(), 9)\nos.kill(os.getpid(), 9)"
    )
    assert [result.error is None for result in make_many([job("cut", start)], engine=engine)] == [False]
    pids = [int(path.name.removeprefix("child-")) for path in tmp_path.glob("child-*")]
    assert len(pids) == 5 and all(map(gone, pids))


def test_when_the_process_that_reports_are_forked_off_is_killed_the_others_are_made(job):
    kill = "import os, psutil, time\npsutil.Process(os.getppid()).parent().kill()\ntime.sleep(600)"
    found = errors([job("first", "1"), job("cut", kill), job("next", "1"), job("last", "1")], processes=1)
    assert found.pop("cut").startswith("the process that made it was ended: ")
    assert found == {"first": None, "next": None, "last": None}


def test_a_process_that_hangs_is_ended(job, monkeypatch):
    monkeypatch.setattr(pool, "ENDING", 0.1)
    monkeypatch.setattr(pool, "GRACE", 0.1)
    stop = "import os, signal, time; os.kill(os.getppid(), signal.SIGSTOP); time.sleep(600)"
    assert errors([job("hangs", stop)], timeout=2) == {
        "hangs": "the process that made it was ended: it hung",
    }


# The end of a run


@pytest.mark.parametrize("engine", ["warm", "stock"])
def test_an_interrupted_run_leaves_no_process_and_no_half_of_a_report(job, tmp_path, engine):
    pids = tmp_path / "pids"
    pids.mkdir()
    hang = f"import os, pathlib, time\npathlib.Path({str(pids)!r}, str(os.getpid())).touch()\ntime.sleep(600)"
    jobs = [job("one", hang), job("two", hang), job("three", hang)]
    Thread(
        target=lambda: awaited(lambda: len(os.listdir(pids)) == 2) and os.kill(os.getpid(), signal.SIGINT)
    ).start()
    with pytest.raises(KeyboardInterrupt):
        list(make_many(jobs, processes=2, engine=engine, keep_server=True))
    assert all(gone(int(pid)) for pid in os.listdir(pids))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks reports off a server")
def test_the_process_that_reports_are_forked_off_is_started_deaf_to_ctrl_c(monkeypatch):
    heard = []
    monkeypatch.setattr(forkserver, "ensure_running", lambda: heard.append(signal.getsignal(signal.SIGINT)))
    pool._start_server(None)
    assert heard == [signal.SIG_IGN]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks reports off a server")
def test_a_run_that_is_interrupted_amid_a_start_ends_that_too(job, monkeypatch):
    connect = forkserver.connect_to_new_process

    def interrupted(descriptors):
        found = connect(descriptors)
        os.kill(os.getpid(), signal.SIGINT)
        return found

    monkeypatch.setattr(forkserver, "connect_to_new_process", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(make_many([job("one", "import time\ntime.sleep(600)")], processes=1))


def test_a_run_that_is_left_early_ends_its_processes(job):
    jobs = [job("one", "1"), job("two", "1")]
    with closing(make_many(jobs, processes=1, keep_server=True)) as results:
        assert next(results).error is None


def test_a_run_that_is_killed_leaves_nothing_but_what_it_has_made(job, tmp_path):
    pids = tmp_path / "pids"
    pids.mkdir()
    hang = f"import os, pathlib, time\npathlib.Path({str(pids)!r}, str(os.getpid())).touch()\ntime.sleep(600)"
    jobs = [job("made", "1"), job("cut", hang)]
    script = tmp_path / "run.py"
    script.write_text(
        "from pathlib import Path\n"
        "from analysis.show.params import ReportParameters\n"
        "from analysis.operate.pool import make_many\n"
        "from analysis.operate.reports import Job\n"
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


@pytest.mark.service
def test_runs_that_lose_a_process_leave_nothing_half_done(project_root):
    script = project_root / "benchmarks" / "kills.py"
    subprocess.run([sys.executable, script, "--kills", "4"], cwd=project_root, check=True)


def test_usable_processors_are_those_that_this_process_may_use():
    assert 1 <= pool.usable_processors() <= (os.cpu_count() or 1)


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
