"""Fixtures that more than one test module needs."""

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
    if folder.is_dir():
        return folder.resolve()
    if named:
        pytest.fail(f"ANALYSIS_SOURCES names {named!r}, which is no folder; name the folder of the documents")
    pytest.skip("no source documents here: put them in sources/ or name their folder in ANALYSIS_SOURCES")
