"""The site of all reports: one static page beside them, made after each run, that loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.evidence.dataset import Dataset
from analysis.evidence.rows import Programme, rows_of
from analysis.files import write_file
from analysis.operate.reports import PAGE
from analysis.operate.runs.failures import failure_page, write_failure
from analysis.operate.runs.key_figures import COLUMNS, KeyFigure, key_figures
from analysis.operate.runs.ledger import Ledger, Report, Run, local_time
from analysis.operate.runs.site_changes import ChangeList, describe_changes
from analysis.operate.runs.summary import RunSummary, Said
from analysis.show.foreign import with_languages
from analysis.show.navigation import INDEX, MEMOS, memo_file
from analysis.show.style import TEMPLATES, base_style
from analysis.words.findings.opening import opening
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.languages import Language

FOLDER = TEMPLATES / "site"
RUNS_SHOWN = 10


class Link(NamedTuple):
    """A report that stands in its folder: what the link says, where it leads, and the day it was made."""

    text: str
    href: str
    made: str


class ProgrammeRow(NamedTuple):
    """One programme: its names, its reports and its key figures; ``search`` is what else finds it."""

    name: str
    place: str
    search: str
    links: tuple[Link, ...]
    figures: tuple[KeyFigure, ...]
    status: str = ""
    headline: str = ""
    messages: tuple[str, ...] = ()


class Failure(NamedTuple):
    """One report that failed when it was last made, and where its page is."""

    name: str
    error: str
    href: str


class Site(NamedTuple):
    """All that the page shows, in words."""

    language: str
    lead: tuple[str, ...]
    data: str
    rows: tuple[ProgrammeRow, ...]
    comparisons: tuple[Link, ...]
    failures: tuple[Failure, ...]
    changed: ChangeList | None
    changed_when: str
    runs: tuple[tuple[str, ...], ...] = ()
    """The latest runs, a row of cells each."""


def write_site(
    out_dir: Path,
    data: Dataset,
    ledger: Ledger,
    summary: RunSummary,
    language: str | None,
    *,
    published: bool = False,
) -> tuple[Path, dict[str, Said]]:
    """Write ``index.html`` into the folder of the reports, whole; return its path and what it says of places.

    Each report that failed has a page of its own. Without ``language`` it speaks that of most reports.
    """
    shown = site(out_dir, data, ledger, summary, language, published=published)
    for report in ledger.reports().values():
        if report.error is not None:
            write_failure(out_dir, report, Text.of(shown.language))
    said = zip(data.programme_ids, shown.rows, strict=True)
    path = write_file(out_dir / INDEX, render(shown).encode())
    return path, {programme: Said(row.headline, row.messages) for programme, row in said}


def site(
    out_dir: Path,
    data: Dataset,
    ledger: Ledger,
    summary: RunSummary,
    language: str | None = None,
    *,
    published: bool = False,
) -> Site:
    """Return what the page shows of the reports as they stand in the ledger and in their folder.

    Memos are linked unless it is ``published``: they stay where they are.
    """
    reports = list(ledger.reports().values())
    languages = Counter(report.parameters.get("language", "en") for report in reports)
    language = language or next((name for name, _ in languages.most_common(1)), "en")
    labels = Labels(data, Text.of(language))
    standing = [report for report in reports if report.made and (out_dir / report.name / PAGE).is_file()]
    changes = describe_changes(labels, ledger.latest_snapshot())
    memos = None if published else out_dir.parent / MEMOS
    runs = ledger.runs()
    started = {run.id: run.started for run in runs}
    return Site(
        language=language,
        lead=_lead(labels.text, summary, len(data.programme_ids), len(standing)),
        data=labels.text("site.data", hash=(summary.data_hash or "")[:12]),
        rows=tuple(_rows(labels, reports, standing, memos)),
        comparisons=tuple(_comparisons(labels.text, standing, memos)),
        failures=tuple(
            Failure(each.name, each.error, failure_page(each.name)) for each in reports if each.error
        ),
        changed=changes,
        changed_when=_when(labels.text, started[changes.run]) if changes else "",
        runs=tuple(_run_cells(labels.text, run) for run in runs[:RUNS_SHOWN]),
    )


def render(shown: Site) -> str:
    """Return the page: one HTML file whose one script and one style its policy knows by their hashes."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    script, style = ((FOLDER / name).read_text(encoding="utf-8") for name in ("site.js", "site.css"))
    style = base_style() + style
    text = Text.of(shown.language)
    page = environment.get_template("index.html.j2").render(
        view=shown, text=text, columns=[column.name for column in COLUMNS],
        script=script, script_hash=_hash(script), style=style, style_hash=_hash(style),
    )  # fmt: skip
    return with_languages(page, text)


def _memo(text: Text, memos: Path | None, programme: str, theme: str = "") -> Iterable[Link]:
    """Yield the memo on a programme or theme in the language of the page, if there is one."""
    name = memo_file(programme, theme, text.language)
    if memos and (memos / name).is_file():
        yield Link(text("site.memo"), f"../{memos.name}/{name}", "")


def _hash(content: str) -> str:
    """Return a hash as a content-security policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _rows(
    labels: Labels, reports: Sequence[Report], standing: Sequence[Report], memos: Path | None
) -> Iterable[ProgrammeRow]:
    figures = key_figures(labels.data, labels)
    alone = dict(labels.data.each_alone())
    links = defaultdict(list)
    for report in standing:
        links[report.parameters.get("programme")].append(report)
    failed = {report.parameters.get("programme") for report in reports if report.error is not None}
    for row in rows_of(Programme, labels.data.programmes):
        programme = row.programme_id
        own = sorted(links[programme], key=lambda report: (report.name != programme, report.name))
        parts = (labels.of(row, "parent"), labels.of(row, "province"))
        # A place without a report has nothing to read.
        opened = opening(Labels(alone[programme], labels.text), programme) if own else None
        status = "failed" if programme in failed else "" if own else "none"
        yield ProgrammeRow(
            name=labels.of(row, "label"),
            place=labels.attributes([labels.term("admin_level", row.admin_level), *parts]),
            search=f"{programme} {row.label} {row.label_zh}",
            links=(*(_link(report, report.name) for report in own), *_memo(labels.text, memos, programme)),
            figures=figures[programme],
            status=labels.text(f"site.status_{status}") if status else "",
            headline=opened.headline if opened else "",
            messages=tuple(message.words for message in opened.messages) if opened else (),
        )


def _comparisons(text: Text, standing: Sequence[Report], memos: Path | None) -> Iterable[Link]:
    for report in standing:
        if theme := report.parameters.get("theme"):
            title = text("comparison.title", theme=text(f"report.section_{theme}"))
            language = report.parameters["language"]
            own = language == text.rules.code
            yield _link(report, title if own else f"{title} · {Language.parse(language).name}")
            if own:
                yield from _memo(text, memos, "", theme)


def _link(report: Report, text: str) -> Link:
    assert report.made is not None
    return Link(text, f"{report.name}/{PAGE}", local_time(report.made).date().isoformat())


def _lead(text: Text, summary: RunSummary, programmes: int, reports: int) -> tuple[str, ...]:
    """Return what there is, and what the last run did."""
    counts = {name: text.number(value) for name, value in summary.counts.items()}
    lines = [
        text("site.contents", programmes=text.number(programmes), reports=text.number(reports)),
        text("site.run", run=summary.run, date=_when(text, summary.finished), **counts),
    ]
    if summary.interrupted:
        lines.append(text("site.interrupted", left=counts["left"]))
    return tuple(lines)


def _run_cells(text: Text, run: Run) -> tuple[str, ...]:
    """Return what became of a run: its number, when, how it ended, and how many reports."""
    counts = (text.number(number) for number in (run.made, run.failed, run.up_to_date))
    return (text.number(run.id), _when(text, run.started), text(f"site.run_status_{run.status}"), *counts)


def _when(text: Text, time: str) -> str:
    """Return a point of time in the zone of this machine: ``2 March 2026, 06:00 (UTC+08:00)``."""
    local = local_time(time)
    zone = local.isoformat()[-6:]
    return text("site.time", date=text.date(local.date()), time=f"{local:%H:%M}", zone=f"UTC{zone}")
