"""The site of all reports: one static page beside them, made after each run, that loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.evidence.dataset import Dataset
from analysis.files import write_file
from analysis.operate.reports import PAGE
from analysis.operate.runs.failures import failure_page, write_failure
from analysis.operate.runs.key_figures import COLUMNS
from analysis.operate.runs.ledger import Ledger, Report, Run, local_time
from analysis.operate.runs.site_changes import ChangeList, describe_changes
from analysis.operate.runs.site_figures import figures_packed
from analysis.operate.runs.site_rows import (
    Filter,
    Link,
    ProgrammeRow,
    changed_reports,
    filters,
    programme_rows,
    report_link,
)
from analysis.operate.runs.summary import RunSummary, Said
from analysis.show.foreign import with_languages
from analysis.show.navigation import INDEX, MEMOS, memo_file
from analysis.show.style import TEMPLATES, base_style
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.languages import Language

FOLDER = TEMPLATES / "site"
RUNS_SHOWN = 10


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
    filters: tuple[Filter, ...] = ()
    figures: str = ""
    """What the search knows of figures; see ``figures_packed``."""


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
    changed = changed_reports(ledger, changes.run) if changes else frozenset()
    on_programmes = {each: tuple(_memo(labels.text, memos, each)) for each in data.programme_ids}
    rows = tuple(programme_rows(labels, reports, standing, changed, on_programmes))
    return Site(
        language=language,
        lead=_lead(labels.text, summary, len(data.programme_ids), len(standing)),
        data=labels.text("site.data", hash=(summary.data_hash or "")[:12]),
        rows=rows,
        comparisons=tuple(_comparisons(labels.text, standing, memos)),
        failures=tuple(
            Failure(each.name, each.error, failure_page(each.name)) for each in reports if each.error
        ),
        changed=changes,
        changed_when=_when(labels.text, started[changes.run]) if changes else "",
        runs=tuple(_run_cells(labels.text, run) for run in runs[:RUNS_SHOWN]),
        filters=filters(labels, rows),
        figures=figures_packed(labels),
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
    options = (option.code for each in shown.filters for option in each.options)
    codes = {code: str(number) for number, code in enumerate(options)}

    def kept(row: ProgrammeRow) -> str:
        return " ".join(codes[code] for code in row.kept_by if code in codes)

    page = environment.get_template("index.html.j2").render(
        view=shown, text=text, codes=codes, kept=kept, columns=[column.name for column in COLUMNS],
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


def _comparisons(text: Text, standing: Sequence[Report], memos: Path | None) -> Iterable[Link]:
    for report in standing:
        if theme := report.parameters.get("theme"):
            title = text("comparison.title", theme=text(f"report.section_{theme}"))
            language = report.parameters["language"]
            own = language == text.rules.code
            yield report_link(report, title if own else f"{title} · {Language.parse(language).name}")
            if own:
                yield from _memo(text, memos, "", theme)


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
