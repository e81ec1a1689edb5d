"""The Prefect flow: what it makes of an exit status, and a scheduled run on a real server, to its history."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import qingxi
from running import end_all, write_notebook, write_parameters

FLOW = Path(__file__).resolve().parents[1] / "deploy" / "prefect_flow.py"

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("prefect") is None, reason="the extra prefect is not installed"
    ),
    pytest.mark.skipif(sys.platform == "win32", reason="the tests send signals"),
]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory) -> ModuleType:
    """The module of the flow, imported where Prefect writes nothing into the home of the user."""
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    spec = importlib.util.spec_from_file_location("prefect_flow", FLOW)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# What the flow makes of an exit status

SUMMARY = {
    "run": 7,
    "counts": {"made": 1, "failed": 1, "up_to_date": 3, "left": 0},
    "failed": [{"name": "minjia", "error": "cell [3]: no"}],
    "problems": ["site: disk full"],
}
TOLD = "run 7: 1 made, 1 failed, 3 up to date, 0 left\nminjia: cell [3]: no\nsite: disk full"


@pytest.fixture
def ending(deployed, tmp_path, monkeypatch) -> Callable[..., Callable[[], Any]]:
    """Gives a run whose command ends with a status, after output and errors."""

    def ending(status: int, output: str = "", errors: str = "") -> Callable[[], Any]:
        python = tmp_path / "python"
        (tmp_path / "output").write_text(output)
        python.write_text(f"#!/bin/sh\necho \"$@\" >{tmp_path}/called\ncat {tmp_path}/output\n"
                          f"echo '{errors}' >&2\nexit {status}\n")  # fmt: skip
        python.chmod(0o755)
        monkeypatch.setattr(deployed, "PYTHON", str(python))
        return lambda: deployed.run_reports(tmp_path, ["--jobs", "2"])

    return ending


def test_a_run_that_did_all_returns_its_summary(ending, tmp_path):
    assert ending(0, json.dumps(SUMMARY))() == SUMMARY
    called = (tmp_path / "called").read_text()
    assert called == f"-m analysis.cli --data {tmp_path} run --json --jobs 2\n"


def test_failed_reports_are_worth_another_attempt(ending, deployed):
    with pytest.raises(deployed.ReportsFailed) as error:
        ending(1, json.dumps(SUMMARY))()
    assert str(error.value) == TOLD
    assert deployed.is_worth_another_attempt(None, None, failed_with(error.value))


@pytest.mark.parametrize(
    ("status", "output", "errors", "message"),
    [
        (2, "", "no data", "analysis run ended with status 2: no data"),
        (143, json.dumps(SUMMARY), "ended", "analysis run ended with status 143: ended"),
        (1, "", "Traceback", "analysis run ended with status 1: Traceback"),
    ],
    ids=["wrong input", "ended", "broken"],
)
def test_what_another_attempt_would_not_change_fails_at_once(
    ending, deployed, status, output, errors, message
):
    with pytest.raises(deployed.NothingRun) as error:
        ending(status, output, errors)()
    assert str(error.value) == message
    assert not deployed.is_worth_another_attempt(None, None, failed_with(error.value))


def failed_with(error: Exception) -> SimpleNamespace:
    return SimpleNamespace(result=lambda raise_on_failure: error)


def test_nothing_is_told_to_the_makers_of_prefect(deployed):
    from prefect.settings import get_current_settings

    assert os.environ["DO_NOT_TRACK"] == "1"
    assert get_current_settings().server.analytics_enabled is False


# A real server

FAILS_ONCE = """#!/bin/sh
if mkdir {folder}/attempted 2>/dev/null; then
  cat {folder}/summary
  exit 1
fi
exec {python} "$@"
"""


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project with one report, and a Python that fails at the first attempt."""
    monkeypatch.chdir(tmp_path)
    qingxi.write(tmp_path)
    write_notebook()
    write_parameters("first")
    Path("summary").write_text(json.dumps(SUMMARY))
    Path("python").write_text(FAILS_ONCE.format(folder=tmp_path, python=sys.executable))
    Path("python").chmod(0o755)
    return tmp_path


class Server:
    """A Prefect server of this test, and what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.environment = {
            **os.environ,
            "ANALYSIS_PYTHON": str(folder / "python"),
            "DO_NOT_TRACK": "1",
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{self.port}/api",
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
            "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "1",
        }
        self.processes: list[subprocess.Popen] = []

    def start(self, *arguments: str) -> None:
        with (self.folder / f"prefect-{len(self.processes)}.log").open("wb") as log:
            command = [sys.executable, *arguments]
            started = subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=log, stderr=log)
        self.processes.append(started)

    def ask(self, path: str, **body: object) -> Any:
        """Return the answer of the server, ``None`` while it does not answer."""
        content = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/{path}", content)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return None

    def wait_for(self, *question: str, seconds: float = 180, **body: object) -> Any:
        """Return the answer when there is one that is not empty."""
        end = time.monotonic() + seconds
        while not (answer := self.ask(*question, **body)):
            assert all(process.poll() is None for process in self.processes), self.logs()
            assert time.monotonic() < end, self.logs()
            time.sleep(0.2)
        return answer

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("prefect-*.log")))

    def end(self) -> None:
        end_all(self.processes)


@pytest.fixture
def server(project) -> Iterator[Server]:
    server = Server(project)
    try:
        arguments = ("--host", "127.0.0.1", "--port", str(server.port), "--analytics-off")
        server.start("-m", "prefect", "server", "start", *arguments)
        server.wait_for("health")
        yield server
    finally:
        server.end()


def test_a_scheduled_run_is_triggered_tried_again_and_found_in_the_history(project, server):
    # With seconds as a sixth field, so that nobody waits for the next minute.
    schedule = ["--cron", "* * * * * */5", "--timezone", "Asia/Shanghai", "--retry-delay", "0"]
    server.start(str(FLOW), *schedule, "--project", str(project), "--", "--engine", "stock")
    completed = {"state": {"type": {"any_": ["COMPLETED"]}}}
    run = server.wait_for("flow_runs/filter", flow_runs=completed, sort="START_TIME_ASC")[0]
    assert (run["auto_scheduled"], run["created_by"]["type"]) == (True, "SCHEDULE")
    assert run["parameters"]["arguments"] == ["--engine", "stock"]

    deployment = server.ask("deployments/name/county-reports/scheduled")
    assert deployment["id"] == run["deployment_id"]
    [timed] = deployment["schedules"]
    assert (timed["schedule"]["cron"], timed["schedule"]["timezone"]) == ("* * * * * */5", "Asia/Shanghai")

    [attempts] = server.ask("task_runs/filter", flow_runs={"id": {"any_": [run["id"]]}})
    assert (attempts["state_type"], attempts["run_count"]) == ("COMPLETED", 2)
    [artifact] = server.ask("artifacts/filter", flow_runs={"id": {"any_": [run["id"]]}})
    assert artifact["data"] == "```\nrun 1: 1 made, 0 failed, 0 up to date, 0 left\n```"
    assert (project / "reports/first/report.html").is_file()
    assert server.ask("admin/settings")["server"]["analytics_enabled"] is False
