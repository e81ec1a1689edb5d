"""Fixtures that more than one test module needs."""

import csv
import os
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
import qingxi
import running
from browsers import AXE, axe_in, browser_path
from hypothesis import settings
from jupyter_client.connect import LocalPortCache
from programs import Office

from analysis.estimates.comparable import comparisons
from analysis.estimates.comparison import Comparison
from analysis.estimates.measures import Estimate, from_frame
from analysis.estimates.processed import checked
from analysis.estimates.spans import spans
from analysis.evidence.themes import THEMES
from analysis.operate import pool
from analysis.operate.reports import Job
from analysis.project import Project

# What a test needs, told by its module or by a fixture that it uses; make quick leaves all of these out.
NEEDS = {
    "service": {"test_accessibility", "test_docs_site", "test_faults", "lab", "scheduler", "server"},
    "kernel": {"test_engine", "test_pool", "kernel"},
    "office": {"writer", "calc", "impress"},
    "process": {"test_commands", "test_memos_many", "test_wheel"},
    "slow": {
        "test_chartbook",
        "test_charts",
        "test_chart_kit",
        "test_comparison_summary",
        "test_country",
        "test_county",
        "test_documents",
        "test_explore",
        "test_hostile_data",
        "test_hostile_text",
        "test_inference",
        "test_memo",
        "test_memo_charts",
        "test_memo_hostile",
        "test_memo_numerals",
        "test_memo_template",
        "test_memo_values",
        "test_memos_many",
        "test_notebooks",
        "test_reports",
        "test_runs",
        "test_runs_told",
        "test_series",
        "test_site",
        "test_slides",
        "test_table_kit",
    },
}

settings.register_profile("default", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=1000, deadline=None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what tests need; one worker runs those with processes, and one each module, for its fixtures."""
    for item in items:
        module = item.path.stem
        known = {module, *getattr(item, "fixturenames", ())}
        needs = [name for name, by in NEEDS.items() if known & by]
        for name in needs:
            item.add_marker(name)
        if "service" in needs or item.get_closest_marker("service"):
            item.add_marker(pytest.mark.timeout(1800))  # whole runs, on two slow cores
        item.add_marker(pytest.mark.xdist_group("processes" if {*needs} - {"slow"} else module))


@pytest.fixture(scope="session", autouse=True)
def ports_of_kernels(worker_id: str) -> Iterator[None]:
    """Ports for stock kernels that nobody else is given: not the system's, and other ones in each worker.

    jupyter_client chooses a free port, and the kernel takes it half a second later; one that is gone by then
    ends the kernel, or makes jupyter_client wait without end.
    """
    first = 10_000 + 2_000 * int(worker_id.removeprefix("gw") if worker_id != "master" else 9)
    numbers = count(first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LocalPortCache, "find_available_port", lambda *_: next(numbers))
        yield


@pytest.fixture(scope="session", autouse=True)
def terminal() -> None:
    """Ctrl-C as in a terminal: a shell that starts tests in the background has them and theirs ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def sources_dir(project_root: Path) -> Path:
    """The folder of the source documents; a test that needs it is skipped where there is none."""
    named = os.environ.get("ANALYSIS_SOURCES")
    folder = project_root / (named or "sources")
    with (project_root / "data" / "raw" / "sources.csv").open(encoding="utf-8", newline="") as file:
        registered = [row["file"] for row in csv.DictReader(file)]
    if folder.is_dir() and (named or all((folder / name).is_file() for name in registered)):
        return folder.resolve()
    if named:
        pytest.fail(f"ANALYSIS_SOURCES names {named!r}, which is no folder; name the folder of the documents")
    pytest.skip("not all source documents are in sources/, and ANALYSIS_SOURCES names no folder of them")


@pytest.fixture(scope="session")
def data(project_root: Path) -> Project:
    """The raw data of the project, checked and computed now; read it, never change it."""
    found = checked(project_root)
    return Project(found.root, found.tables, found.data_hash)


@pytest.fixture(scope="session")
def estimates(data: Project) -> list[Estimate]:
    """The estimates of the project's data."""
    return from_frame(data.tables["estimates"])


@pytest.fixture(scope="session")
def compared(data: Project) -> dict[str, list[Comparison]]:
    """The comparisons of each theme."""
    return {theme: comparisons(data, theme) for theme in THEMES}


@pytest.fixture(scope="session")
def all_spans(data: Project) -> pd.DataFrame:
    """The estimates with their spans over readings."""
    return spans(data, data.tables["estimates"])


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that the workers of this session have in common."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="session")
def writer(shared: Path) -> Office:
    """LibreOffice with its part for texts; a test that needs it is skipped where that does not work."""
    return Office("libreoffice-writer", shared)


@pytest.fixture(scope="session")
def calc(shared: Path) -> Office:
    """LibreOffice with its part for tables; a test that needs it is skipped where that does not work."""
    return Office("libreoffice-calc", shared)


@pytest.fixture(scope="session")
def impress(shared: Path) -> Office:
    """LibreOffice with its part for slides; a test that needs it is skipped where that does not work."""
    return Office("libreoffice-impress", shared)


@pytest.fixture(scope="session")
def chromium() -> str:
    """A Chromium that opens pages; a test that needs it is skipped where there is none."""
    return browser_path()


@pytest.fixture(scope="session")
def axe(request: pytest.FixtureRequest) -> str:
    """The script of axe-core; a test that needs it is skipped where it cannot be fetched."""
    return axe_in(Path(request.config.cache.mkdir(AXE)))


@pytest.fixture
def run_project(tmp_path, monkeypatch) -> Path:
    """A project with three reports on an invented county, as the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    monkeypatch.setattr("analysis.operate.runs.fingerprints.code_hash", lambda: "code")
    monkeypatch.setattr("analysis.operate.runs.fingerprints.library_versions", lambda: {"numpy": "2.1"})
    qingxi.write(tmp_path)
    running.write_notebook()
    for name in running.NAMES:
        running.write_parameters(name)
    return tmp_path


@pytest.fixture
def forked(monkeypatch) -> None:
    """Reports and memos are forked off a process that stays from test to test: to start it takes seconds."""
    pool._start_server(None, Job.preload, "analysis.operate.memo_preload")
    monkeypatch.setattr(pool, "_start_server", lambda *_: None)
    monkeypatch.setattr(pool, "_stop_server", lambda: None)


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The reports that runs have made; nothing is really computed."""
    names: list[str] = []
    monkeypatch.setattr(running.MAKER, running.maker(names))
    return names


@pytest.fixture(scope="session")
def memos(data) -> dict[str, bytes]:
    """The memo on Minjia as a Word file in each language."""
    # What draws and writes takes seconds to import, which other tests need not wait for.
    from analysis.show.memo import file_of, memo_on

    languages = ("en", "zh-Hans", "zh-Hant")
    found = {each: memo_on(data, {"programme": "minjia", "language": each}) for each in languages}
    return {language: file_of(data, memo) for language, memo in found.items()}
