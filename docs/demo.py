"""Writes the demo: the reports of the project in every language, as pages to look at. ``make demo`` runs it.

It is one run over parameter files that name each report in each language; what the run publishes is the demo.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import yaml

from analysis.cli import main as analysis
from analysis.words.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]


def parameters(folder: Path, names: list[str]) -> dict[str, str]:
    """Return the parameter files of the reports in each language, by name; of all reports without names."""
    files = [path for path in sorted(folder.glob("*.yaml")) if not names or path.stem in names]
    return {
        f"{path.stem}-{language.lower()}.yaml": yaml.safe_dump(
            yaml.safe_load(path.read_text(encoding="utf-8")) | {"language": language}
        )
        for path in files
        for language in LANGUAGES
    }


def write(out: Path, names: list[str]) -> int:
    """Make the reports, publish them to the folder, and return the exit status of the run."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name in ("data", "notebooks"):
            shutil.copytree(ROOT / name, project / name)
        for name in ("params", "sources"):
            (project / name).mkdir()
        os.environ["ANALYSIS_SOURCES"] = str(project / "sources")  # the demo holds no text of the documents
        for name, content in parameters(ROOT / "params", names).items():
            (project / "params" / name).write_text(content, encoding="utf-8")
        return analysis(["--data", str(project), "run", "--publish", str(out)])


if __name__ == "__main__":
    sys.exit(write(Path(sys.argv[1]), sys.argv[2:]))
