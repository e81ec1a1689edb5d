"""Runs on a dask cluster: what workers must have, what is placed, and a real one that loses a worker."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
import qingxi
from running import end_all, run, write_notebook, write_parameters

from analysis import cli
from analysis.estimates import processed
from analysis.operate import runs
from analysis.operate.runs.fingerprints import Ingredients
from analysis.operate.runs.ledger import open_ledger
from analysis.operate.runs.making import ready
from analysis.operate.runs.plan import Task
from analysis.show.params import ReportParameters

pytest.importorskip("distributed", reason="the extra cluster is not installed")
pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the tests send signals, and look at processes"
)

from distributed import Client  # noqa: E402
from distributed.scheduler import KilledWorker  # noqa: E402

from analysis.operate.runs import cluster, worker  # noqa: E402
from analysis.operate.runs.worker import Delivery, Wanted, differences, packed  # noqa: E402

NOWHERE = "tcp://127.0.0.1:1"
HASH = "0" * 16


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project as the working folder, with the code and the libraries as they are."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    qingxi.write(tmp_path)
    write_notebook()
    write_parameters("first")
    return tmp_path


def task(name: str = "first") -> Task:
    parameters = ReportParameters(programme="qingxi")
    data = processed.load(Path.cwd())
    names = [parameters.NOTEBOOK]
    fingerprint = Ingredients.of(data, Path("notebooks"), names).fingerprint(parameters)
    return Task(name, parameters, fingerprint, "forced")


def request(**options: object) -> runs.Request:
    folders = {"params_dir": Path("params"), "notebooks": Path("notebooks"), "out_dir": Path("reports")}
    return runs.Request(**folders, **options)


# What a worker must have


def test_a_worker_with_the_same_project_differs_in_nothing(project):
    assert differences(cluster.wanted([task()])) == ""


def test_every_difference_is_named_with_its_remedy(project, monkeypatch):
    monkeypatch.setattr(worker, "library_versions", lambda: {"numpy": "2.2", "pip": "25", "ruff": "0.17"})
    wanted = Wanted(HASH, HASH, {"county_report.ipynb": HASH}, {"numpy": "2.1", "pip": "26", "mypy": "2"})
    assert differences(wanted).split("; ") == [
        f"other data in {project}/data/raw: bring it up to date",
        "another version of the code: update it and restart the worker",
        f"another notebook {project}/notebooks/county_report.ipynb: bring it up to date",
        "other versions of libraries (numpy 2.1 → 2.2): install those of constraints.txt",
    ]


def test_a_worker_that_was_started_before_an_update_is_to_be_restarted(project, monkeypatch):
    monkeypatch.setattr(worker, "_loaded", "older")
    expected = "the code has been updated since the worker was started: restart it"
    assert differences(cluster.wanted([task()])) == expected


def test_a_worker_without_a_project_says_where_it_looked(project, monkeypatch):
    wanted = cluster.wanted([task()])
    monkeypatch.setenv("ANALYSIS_DATA", "elsewhere")
    monkeypatch.chdir("/")
    assert differences(wanted) == (
        "no data/raw/figures.csv in / or above, nor in /elsewhere, which ANALYSIS_DATA names; change to the "
        "project folder, or name it with --data DIR or ANALYSIS_DATA"
    )


# What a worker delivers


def test_a_delivered_report_takes_the_place_of_the_last(tmp_path):
    made, out_dir = tmp_path / "made", tmp_path / "reports"
    for folder, text in ((made, "new"), (out_dir / "first", "old")):
        (folder / "charts").mkdir(parents=True)
        (folder / "report.html").write_text(text)
    (out_dir / "first/charts/old.svg").touch()
    result = cluster.place_delivery(Delivery("first", "w", 1.5, archive=packed(made)), out_dir)
    assert str(result) == f"made    {out_dir}/first/report.html (1.5 s)"
    assert files_of(out_dir) == {"first/report.html": b"new"}


def test_of_a_report_that_failed_the_notebook_is_kept(tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made/report.ipynb").write_text("{}")
    delivery = Delivery("first", "w", 1.5, "cell [3]: no", packed(tmp_path / "made"))
    result = cluster.place_delivery(delivery, tmp_path / "reports")
    assert (result.error, result.kept) == ("cell [3]: no", False)
    assert files_of(tmp_path / "reports") == {".failed/first/report.ipynb": b"{}"}


def test_a_report_that_cannot_be_put_in_its_place_has_failed(tmp_path, monkeypatch):
    def full(_: Path, target: Path) -> None:
        if target == tmp_path / "reports/first":
            raise OSError("disk full")

    (tmp_path / "made").mkdir()
    monkeypatch.setattr("analysis.operate.reports.put", full)
    result = cluster.place_delivery(
        Delivery("first", "w", archive=packed(tmp_path / "made")), tmp_path / "reports"
    )
    assert (result.error, files_of(tmp_path)) == ("OSError: disk full", {})


def test_an_archive_stays_in_its_folder(tmp_path):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../../report.html", "x")
    cluster.place_delivery(Delivery("first", "w", archive=archive.getvalue()), tmp_path / "reports")
    assert files_of(tmp_path) == {"reports/first/report.html": b"x"}


def files_of(folder: Path) -> dict[str, bytes]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


# What can go wrong with the cluster in the middle


class Cluster:
    """Stands for a client of dask: what comes of a report is the outcome given, ``None`` if it is lost."""

    def __init__(self, outcome: Delivery | BaseException | None = None, threads: int = 1) -> None:
        self.outcome, self.threads = outcome, {"tcp://w": threads} if threads else {}

    def nthreads(self) -> dict[str, int]:
        return self.threads

    def submit(self, *_: object, **__: object) -> "Outcome":
        return Outcome(self.outcome)


class Outcome:
    def __init__(self, outcome: Delivery | BaseException | None) -> None:
        self.outcome = outcome
        failed = isinstance(outcome, BaseException)
        self.status = "cancelled" if outcome is None else "error" if failed else "finished"

    def add_done_callback(self, done: Callable[["Outcome"], None]) -> None:
        done(self)

    def result(self) -> Delivery:
        return self.outcome

    exception = result


@pytest.fixture
def make(project, monkeypatch) -> Callable[..., list[str]]:
    """Makes one report on a cluster that stands for a real one; returns what was begun and done."""
    monkeypatch.setattr(cluster, "LOOKING", 0.01)
    monkeypatch.setattr(cluster, "JOINING", 0.05)

    def make(client: Cluster) -> list[str]:
        @contextmanager
        def connected(_: str) -> Iterator[Cluster]:
            yield client

        told: list[str] = []
        monkeypatch.setattr(cluster, "_connected", connected)
        tell = {"on_start": told.append, "on_done": lambda result: told.append(result.error or "made")}
        cluster.make_on_cluster("tcp://s:8786", [task()], request(), **tell)
        return told

    return make


def test_a_report_that_ends_every_worker_fails(make):
    error = KilledWorker("make_report-1", SimpleNamespace(host="10.0.0.2"), 3)
    assert make(Cluster(error)) == [
        "first", "4 workers ended while they made it, the last on 10.0.0.2; was there too little memory?",
    ]  # fmt: skip


def test_what_a_worker_cannot_even_begin_fails(make):
    assert make(Cluster(ImportError("no papermill"))) == ["first", "ImportError: no papermill"]


@pytest.mark.parametrize(
    ("client", "message"),
    [
        (Cluster(None), "the scheduler is gone"),
        (Cluster(threads=0), "there has been no worker for 0.05 s"),
        (Cluster(Delivery("first", "tcp://late", refused="other data")), "worker tcp://late: other data"),
    ],
    ids=["no scheduler", "no workers", "late worker"],
)
def test_a_cluster_that_is_gone_or_changes_ends_the_run(make, client, message):
    with pytest.raises(runs.ClusterError, match=f"^--cluster tcp://s:8786: {message}$"):
        make(client)


def test_what_was_made_before_the_cluster_was_gone_stays_and_the_next_run_goes_on(project, monkeypatch):
    def gone(*_: object, **__: object) -> None:
        raise runs.ClusterError("--cluster tcp://s:8786: the scheduler is gone")

    monkeypatch.setattr("analysis.operate.runs.runner.make_all", gone)
    summary = run()
    assert (summary.exit_status, summary.left) == (1, ("first",))
    assert summary.problems == (
        "--cluster tcp://s:8786: the scheduler is gone; the next run goes on with what is left",
    )
    with open_ledger(Path("reports")) as ledger:
        assert ledger.runs()[0].status == "failed"


# What is wrong with the call


def test_without_a_scheduler_nothing_runs(project, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "CONNECTING", 0.2)
    assert cli.main(["run", "--cluster", NOWHERE]) == 2
    message = capsys.readouterr().err
    assert message.startswith(f"--cluster {NOWHERE}: no scheduler answers there (")
    assert message.endswith(
        "); start one with 'dask scheduler' and give the address that it prints, or leave --cluster out to "
        "make the reports on this machine\n"
    )
    assert json.loads(Path("reports/summary.json").read_text())["problems"] == [message.strip()]
    with open_ledger(Path("reports")) as ledger:
        assert ledger.runs() == []


def test_an_address_that_is_none_is_named(project, capsys):
    assert cli.main(["run", "--cluster", "smoke://signals"]) == 2
    assert capsys.readouterr().err.startswith("--cluster smoke://signals: no scheduler answers there (")


def test_without_dask_the_extra_is_named(project, monkeypatch):
    monkeypatch.delitem(sys.modules, "analysis.operate.runs.cluster")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(runs.ClusterError) as error:
        ready([task()], request(cluster=NOWHERE))
    assert str(error.value) == (
        "--cluster needs the package distributed; install the extra: pip install --editable '.[cluster]'"
    )


def test_nothing_to_make_asks_no_cluster(project):
    assert ready([], request(cluster=NOWHERE, processes=3)).processes == 3


# A real scheduler with real workers


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts a part of dask in a folder, and ends it."""
    processes: list[subprocess.Popen] = []

    def start(*arguments: str, cwd: Path = tmp_path) -> subprocess.Popen:
        command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
        log = (tmp_path / f"dask-{len(processes)}.log").open("wb")
        processes.append(subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log))
        return processes[-1]

    yield start
    end_all(processes)


@pytest.fixture
def scheduler(start, project) -> str:
    """The address of a scheduler."""
    start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(project / "dask.json"))
    wait_for((project / "dask.json").exists)
    return json.loads((project / "dask.json").read_text())["address"]


def start_workers(start: Callable[..., subprocess.Popen], address: str, *options: str, **where: Path) -> None:
    name = where.get("cwd", Path.cwd()).name
    folder = str(Path.cwd() / f"scratch-{name}")
    start("worker", address, "--local-directory", folder, "--death-timeout", "60", *options, **where)


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


STUCK = """
import os, time
from pathlib import Path
folder = Path("{elsewhere}")
if price_year and not (folder / "stuck").exists():
    (folder / "stuck.new").write_text(f"{{os.getpid()}} {{charts_dir}}")
    (folder / "stuck.new").rename(folder / "stuck")
    time.sleep(600)
"""


def kill_the_stuck_worker(address: str, stuck: Path, killed: list[int]) -> None:
    """Kill the worker that makes the report that is stuck; its folder tells which one that is."""
    wait_for(stuck.exists)
    charts_dir = stuck.read_text().split()[1]
    with Client(address, set_as_default=False) as client:
        pids = client.run(os.getpid)
        for name, each in client.scheduler_info(n_workers=-1)["workers"].items():
            if charts_dir.startswith(each["local_directory"]):
                os.kill(pids[name], signal.SIGKILL)
                killed.append(pids[name])


def test_all_reports_are_made_once_though_a_worker_is_killed(project, start, scheduler, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write_notebook(
        STUCK.format(elsewhere=elsewhere.as_posix()),
        "assert language != 'zh-Hant', 'no figures'",
        "print(programme)",
    )
    names = ["fails", "first", "second", "stuck", "third"]
    for name in names:
        write_parameters(name)
    write_parameters("stuck", "programme: qingxi\nprice_year: 2021\n")
    write_parameters("fails", "programme: qingxi\nlanguage: zh-Hant\n")
    start_workers(start, scheduler, "--nworkers", "2", "--nthreads", "1")
    wait_for(lambda: workers_of(scheduler) == 2)
    killed: list[int] = []
    killer = Thread(target=kill_the_stuck_worker, args=(scheduler, elsewhere / "stuck", killed), daemon=True)
    killer.start()
    summary = run(cluster=scheduler, timeout=300.0)

    assert (summary.problems, len(killed)) == ((), 1)
    assert (summary.exit_status, summary.processes) == (1, 2)
    [failed] = summary.failed
    assert failed.error == "cell [4] assert language != 'zh-Hant', 'no figures': AssertionError: no figures"
    assert sorted(result.name for result in summary.results) == names
    with open_ledger(Path("reports")) as ledger:
        entered = {result.name: result.status for result in ledger.results(1)}
    assert entered == dict.fromkeys(names, "made") | {"fails": "failed"}
    assert sorted(path.name for path in Path("reports").iterdir() if path.is_dir()) == [
        ".failed", "first", "second", "stuck", "third",
    ]  # fmt: skip
    assert Path("reports/.failed/fails/report.ipynb").is_file()
    kernel = int((elsewhere / "stuck").read_text().split()[0])
    wait_for(lambda: not Path(f"/proc/{kernel}").exists())

    on_cluster = without_menu(files_of(Path("reports/first")))
    assert run("first", force=True, processes=1).exit_status == 0
    assert without_menu(files_of(Path("reports/first"))) == on_cluster


def without_menu(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a report, its page without the menu, which leaves out a report that has failed since."""
    page = re.sub(rb"<header>.*?</header>", b"", files["report.html"], flags=re.DOTALL)
    return files | {"report.html": page}


def workers_of(address: str) -> int:
    with Client(address, set_as_default=False) as client:
        return len(client.nthreads())


def test_plain_workers_do_and_those_with_other_data_are_refused(
    project, start, scheduler, monkeypatch, capsys
):
    write_notebook("print(programme)")
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "JOINING", 0.2)
        assert cli.main(["run", "--cluster", scheduler]) == 2
    assert capsys.readouterr().err == (
        f"--cluster {scheduler}: no worker has joined in 0.2 s; start some with 'dask worker {scheduler}' in "
        "the project folder\n"
    )
    start_workers(start, scheduler, "--no-nanny")
    monkeypatch.setattr(cluster, "JOINING", 120.0)
    assert cli.main(["run", "--cluster", scheduler]) == 0
    assert "reports: 1 made, 0 failed" in capsys.readouterr().out

    qingxi.write(project / "other", qingxi.with_cells("figures", 3, subject="venues built"))
    notebook = Path("notebooks/county_report.ipynb")
    Path("other/notebooks").mkdir()
    Path("other", notebook).write_text(f"{notebook.read_text()}\n")
    start_workers(start, scheduler, "--no-nanny", cwd=project / "other")
    wait_for(lambda: workers_of(scheduler) == 2)
    assert cli.main(["run", "--force", "--cluster", scheduler]) == 2
    worker, *rest = capsys.readouterr().err.splitlines()
    assert worker.endswith(
        f": other data in {project}/other/data/raw: bring it up to date; another notebook "
        f"{project}/other/notebooks/county_report.ipynb: bring it up to date"
    )
    assert rest == [f"--cluster {scheduler}: nothing was run"]
