"""Fixtures that more than one test module needs."""

import csv
import os
from pathlib import Path

import pytest


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
