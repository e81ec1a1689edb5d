"""Fixtures that more than one test module needs."""

import csv
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
import qingxi
import running
from jupyter_client.connect import LocalPortCache

from analysis.estimates.measures import Estimate, from_frame
from analysis.estimates.processed import checked
from analysis.estimates.spans import spans
from analysis.evidence.dataset import Dataset

# These start servers, browsers and kernels of their own: one worker runs them, one after another.
SERVICES = {"test_cluster", "test_faults", "test_lab", "test_prefect"}
HEAVY = {"test_commands", "test_engine", "test_pool", "test_wheel"} | SERVICES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that need the machine for themselves into one group; those with services on demand."""
    wanted = os.environ.get("ANALYSIS_SERVICES")
    for item in items:
        if item.path.stem in SERVICES and not wanted:
            item.add_marker(pytest.mark.skip(reason="starts services: make services"))
        if item.path.stem in HEAVY:
            item.add_marker(pytest.mark.xdist_group("heavy"))


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
def data(project_root: Path) -> Dataset:
    """The raw data of the project, checked and computed now; read it, never change it."""
    return checked(project_root)


@pytest.fixture(scope="session")
def estimates(data: Dataset) -> list[Estimate]:
    """The estimates of the project's data."""
    return from_frame(data.tables["estimates"])


@pytest.fixture(scope="session")
def all_spans(data: Dataset) -> pd.DataFrame:
    """The estimates with their spans over readings."""
    return spans(data, data.tables["estimates"])


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
def made(monkeypatch) -> list[str]:
    """The reports that runs have made; nothing is really computed."""
    names: list[str] = []
    monkeypatch.setattr(running.MAKER, running.maker(names))
    return names


@pytest.fixture(scope="session")
def memos(data: Dataset) -> dict[str, bytes]:
    """The memo on Minjia as a Word file in each language."""
    # What draws and writes takes seconds to import, which other tests need not wait for.
    from analysis.show.memo import file_of, memo_on

    languages = ("en", "zh-Hans", "zh-Hant")
    found = {each: memo_on(data, {"programme": "minjia", "language": each}) for each in languages}
    return {language: file_of(data, memo) for language, memo in found.items()}
