"""The page of a report that failed: its error in a sentence, the cell it came from, the error in full."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.files import write_file
from analysis.operate.reports import FAILED, NOTEBOOK, PAGE
from analysis.operate.runs.ledger import Report
from analysis.show.style import TEMPLATES, base_style
from analysis.words.language import Text

MOST = 20_000
"""Characters of an error in full that are shown from its begin, and from its end."""
CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")


class FailedCell(NamedTuple):
    """The cell that an error came from, and the error as Python tells it."""

    source: str
    traceback: str


def failure_page(name: str) -> str:
    """Return where the page of a failed report is in the folder of all reports."""
    return f"{FAILED}/{name}/{PAGE}"


def write_failure(out_dir: Path, report: Report, text: Text) -> Path:
    """Write the page of a failed report beside what there is of its notebook, and return its path."""
    path = out_dir / failure_page(report.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = path.with_name(NOTEBOOK)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "failure"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = environment.get_template("page.html.j2").render(
        name=report.name, error=report.error, text=text, style=base_style(),
        cell=failed_cell(notebook), notebook=NOTEBOOK if notebook.is_file() else "",
        earlier=f"../../{report.name}/{PAGE}" if (out_dir / report.name / PAGE).is_file() else "",
    )  # fmt: skip
    return write_file(path, page.encode())


def failed_cell(notebook: Path) -> FailedCell | None:
    """Return the cell of a notebook that ended in an error; none where it has none or is half written."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        found = (
            FailedCell("".join(cell["source"]), _cut(CONTROL.sub("", "\n".join(output["traceback"]))))
            for cell in cells
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        )
        return next(found, None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _cut(text: str) -> str:
    """Return a text without its middle where it is long."""
    return text if len(text) <= 2 * MOST else f"{text[:MOST]}\n…\n{text[-MOST:]}"
