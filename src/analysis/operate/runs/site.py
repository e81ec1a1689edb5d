"""The site of all reports: one static page beside them, made after each run, that loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.evidence.dataset import Dataset, records
from analysis.operate.runs.changed import Changed, changed
from analysis.operate.runs.files import REPORT, write_whole
from analysis.operate.runs.key_figures import COLUMNS, Figure, key_figures
from analysis.operate.runs.ledger import Ledger, Report
from analysis.show.page import font_rules
from analysis.words.labels import Labels
from analysis.words.language import Text

if TYPE_CHECKING:
    from analysis.operate.runs.summary import RunSummary

SITE = "index.html"
TEMPLATES = Path(__file__).parents[2] / "show" / "templates" / "site"


@dataclass(frozen=True)
class Link:
    """A report that stands in its folder: what the link says, where it leads, and the day it was made."""

    text: str
    href: str
    made: str


@dataclass(frozen=True)
class Row:
    """One programme: its names, its reports and its key figures; ``search`` is what else finds it."""

    name: str
    place: str
    search: str
    links: tuple[Link, ...]
    figures: tuple[Figure, ...]
    status: str = ""


@dataclass(frozen=True)
class Failure:
    """One report that failed when it was last made, and where its executed notebook is."""

    name: str
    error: str
    href: str
    run: int


@dataclass(frozen=True)
class View:
    """All that the page shows, in words."""

    language: str
    lead: tuple[str, ...]
    rows: tuple[Row, ...]
    comparisons: tuple[Link, ...]
    failures: tuple[Failure, ...]
    changed: Changed | None
    changed_when: str


def write_site(
    out_dir: Path, data: Dataset, ledger: Ledger, summary: RunSummary, language: str | None
) -> Path:
    """Write ``index.html`` into the folder of the reports, whole, and return its path.

    Without ``language`` it speaks that of most reports.
    """
    path = out_dir / SITE
    write_whole(path, page(view(out_dir, data, ledger, summary, language)))
    return path


def view(
    out_dir: Path, data: Dataset, ledger: Ledger, summary: RunSummary, language: str | None = None
) -> View:
    """Return what the page shows of the reports as they stand in the ledger and in their folder."""
    reports = list(ledger.reports().values())
    languages = Counter(report.parameters["language"] for report in reports)
    language = language or next((name for name, _ in languages.most_common(1)), "en")
    labels = Labels(data, Text.of(language))
    standing = [report for report in reports if report.made and (out_dir / report.name / REPORT).is_file()]
    latest = changed(labels, ledger.states())
    return View(
        language=language,
        lead=_lead(labels.text, summary, len(data.programme_ids), len(standing)),
        rows=tuple(_rows(labels, reports, standing)),
        comparisons=tuple(_comparisons(labels, standing)),
        failures=tuple(_failures(out_dir, reports)),
        changed=latest,
        changed_when=_when(labels.text, _started(ledger, latest.run)) if latest else "",
    )


def page(shown: View) -> str:
    """Return the page: one HTML file whose one script and one style its policy knows by their hashes."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    script, style = ((TEMPLATES / name).read_text(encoding="utf-8") for name in ("site.js", "site.css"))
    style = style.replace("/* fonts of languages */", font_rules())
    return environment.get_template("index.html.j2").render(
        view=shown, text=Text.of(shown.language), columns=[column.name for column in COLUMNS],
        script=script, script_hash=_hash(script), style=style, style_hash=_hash(style),
    )  # fmt: skip


def _hash(content: str) -> str:
    """Return a hash as a content-security policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _rows(labels: Labels, reports: list[Report], standing: list[Report]) -> list[Row]:
    figures = key_figures(labels.data, labels)
    links = _by_programme(standing)
    failed = _by_programme([report for report in reports if report.error is not None])
    rows = []
    for row in records(labels.data.programmes):
        programme = row["programme_id"]
        own = sorted(links.get(programme, []), key=lambda report: (report.name != programme, report.name))
        parts = (labels.of(row, "parent"), labels.of(row, "province"))
        place = [labels.term("admin_level", row["admin_level"]), *parts]
        status = "failed" if programme in failed else "" if own else "none"
        rows.append(
            Row(
                name=labels.of(row, "label"),
                place=labels.attributes(place),
                search=f"{programme} {row['label']} {row['label_zh']}",
                links=tuple(_link(report, report.name) for report in own),
                figures=figures[programme],
                status=labels.text(f"site.status_{status}") if status else "",
            )
        )
    return rows


def _by_programme(reports: list[Report]) -> dict[str, list[Report]]:
    found: dict[str, list[Report]] = {}
    for report in reports:
        found.setdefault(report.parameters.get("programme", ""), []).append(report)
    return found


def _comparisons(labels: Labels, standing: list[Report]) -> list[Link]:
    themes = [report for report in standing if "theme" in report.parameters]
    return [
        _link(
            report,
            labels.text(
                "comparison.title", theme=labels.text(f"report.section_{report.parameters['theme']}")
            ),
        )
        for report in themes
    ]


def _link(report: Report, text: str) -> Link:
    assert report.made is not None
    return Link(text, f"{report.name}/{REPORT}", _local(report.made).date().isoformat())


def _failures(out_dir: Path, reports: list[Report]) -> list[Failure]:
    found = []
    for report in reports:
        if report.error is not None:
            notebook = f".failed/{report.name}/report.ipynb"
            href = notebook if (out_dir / notebook).is_file() else ""
            found.append(Failure(report.name, report.error, href, report.failed_run or 0))
    return found


def _lead(text: Text, summary: RunSummary, programmes: int, reports: int) -> tuple[str, ...]:
    """Return what there is, and what the last run did."""
    failed = len(summary.failed)
    number = {
        "made": len(summary.results) - failed, "failed": failed,
        "up_to_date": len(summary.up_to_date), "left": len(summary.left),
    }  # fmt: skip
    counts: Mapping[str, Any] = {name: text.number(value) for name, value in number.items()}
    lines = [
        text("site.contents", programmes=text.number(programmes), reports=text.number(reports)),
        text("site.run", run=summary.run, date=_when(text, summary.finished), **counts),
    ]
    if summary.interrupted:
        lines.append(text("site.interrupted", left=counts["left"]))
    return (*lines, text("site.data", hash=(summary.data_hash or "")[:12]))


def _started(ledger: Ledger, run: int) -> str:
    return next(row["started"] for row in ledger.runs() if row["id"] == run)


def _when(text: Text, time: str) -> str:
    """Return a point of time in the zone of this machine: ``2 March 2026, 06:00 (UTC+08:00)``."""
    local = _local(time)
    zone = local.isoformat()[-6:]
    return text("site.time", date=text.date(local.date()), time=f"{local:%H:%M}", zone=f"UTC{zone}")


def _local(time: str) -> datetime:
    return datetime.fromisoformat(time).astimezone()
