"""The rows of the site: a programme each, with what it is filtered and found by."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from analysis.evidence.dataset import Dataset
from analysis.evidence.rows import Programme, rows_of
from analysis.operate.reports import PAGE
from analysis.operate.runs.failures import failure_page
from analysis.operate.runs.fingerprints import NAMES
from analysis.operate.runs.key_figures import KeyFigure, key_figures
from analysis.operate.runs.ledger import Ledger, Report, local_time
from analysis.words.findings.opening import opening
from analysis.words.labels import Labels

STATUSES = ("failed", "changed", "none")


class Link(NamedTuple):
    """A report that stands in its folder: what the link says, where it leads, and the day it was made."""

    text: str
    href: str
    made: str


class ProgrammeRow(NamedTuple):
    """One programme: its names, its reports and its key figures.

    ``search`` is what else finds it, ``kept_by`` the options of the filters that keep it, ``status`` what is
    to be said of its report, and ``failure`` where the page of a failed one is.
    """

    name: str
    place: str
    search: str
    links: tuple[Link, ...]
    figures: tuple[KeyFigure, ...]
    kept_by: tuple[str, ...] = ()
    status: str = ""
    failure: str = ""
    headline: str = ""
    messages: tuple[str, ...] = ()


class Option(NamedTuple):
    """One thing that a filter keeps: its code, what it says, and how many programmes it keeps."""

    code: str
    text: str
    number: int


class Filter(NamedTuple):
    """A filter of the rows: its name, and its options."""

    name: str
    options: tuple[Option, ...]


def report_link(report: Report, text: str) -> Link:
    """Return the link to a report that stands."""
    assert report.made is not None
    return Link(text, f"{report.name}/{PAGE}", local_time(report.made).date().isoformat())


def programme_rows(
    labels: Labels, reports: Sequence[Report], standing: Sequence[Report], changed: frozenset[str],
    memos: Mapping[str, tuple[Link, ...]],
) -> Iterator[ProgrammeRow]:  # fmt: skip
    """Yield the row of each programme; ``changed`` are the reports that the latest change of data moved."""
    figures, themes = key_figures(labels.data, labels), _themes(labels.data)
    alone = dict(labels.data.each_alone())
    stand, all_of = _by_programme(standing), _by_programme(reports)
    for row in rows_of(Programme, labels.data.programmes):
        programme = row.programme_id
        own = sorted(stand[programme], key=lambda report: (report.name != programme, report.name))
        failed = [report.name for report in all_of[programme] if report.error is not None]
        states = {
            "failed": bool(failed),
            "changed": any(report.name in changed for report in all_of[programme]),
            "none": not own,
        }
        status = next((name for name, holds in states.items() if holds), "")
        province = labels.of(row, "province")
        parts = (labels.of(row, "parent"), province)
        # A place without a report has nothing to read; and of the others no name is read.
        single = alone[programme].limited_to([programme])
        opened = opening(Labels(single, labels.text), programme) if own else None
        yield ProgrammeRow(
            name=labels.of(row, "label"),
            place=labels.attributes([labels.term("admin_level", row.admin_level), *parts]),
            search=f"{programme} {row.label} {row.label_zh}",
            links=(*(report_link(report, report.name) for report in own), *memos.get(programme, ())),
            figures=figures[programme],
            kept_by=(
                f"province:{province}",
                f"level:{row.admin_level}",
                *(f"theme:{theme}" for theme in themes[programme]),
                *(f"status:{name}" for name, holds in states.items() if holds),
            ),
            status=labels.text(f"site.status_{status}") if status else "",
            failure=failure_page(failed[0]) if failed else "",
            headline=opened.headline if opened else "",
            messages=tuple(message.words for message in opened.messages) if opened else (),
        )


def _by_programme(reports: Sequence[Report]) -> dict[str, list[Report]]:
    found = defaultdict(list)
    for report in reports:
        found[report.parameters.get("programme", "")].append(report)
    return found


def _themes(data: Dataset) -> dict[str, list[str]]:
    """Return the themes in which each programme reports something."""
    estimates = data.tables["estimates"]
    pairs = estimates.loc[(estimates["absence"] == "") & estimates["feasible"], ["programme_id", "theme"]]
    found = defaultdict(list)
    for programme, theme in pairs.drop_duplicates().itertuples(index=False):
        found[programme].append(theme)
    return found


def changed_reports(ledger: Ledger, run: int) -> frozenset[str]:
    """Return the reports that a run has made because rows of their programme had changed."""
    cause = f"{NAMES['own']} changed"
    return frozenset(result.name for result in ledger.results(run) if cause in result.cause)


def filters(labels: Labels, rows: Sequence[ProgrammeRow]) -> tuple[Filter, ...]:
    """Return the filters that tell the rows apart, each with its options in the order of reports."""
    counts = Counter(code for row in rows for code in row.kept_by)
    found = []
    for name, words in _options(labels, counts).items():
        options = [
            Option(f"{name}:{code}", text, counts[f"{name}:{code}"])
            for code, text in words.items()
            if counts[f"{name}:{code}"]
        ]
        if any(option.number < len(rows) for option in options):
            found.append(Filter(name, tuple(options)))
    return tuple(found)


def _options(labels: Labels, counts: Mapping[str, int]) -> dict[str, dict[str, str]]:
    text = labels.text
    provinces = sorted(code.partition(":")[2] for code in counts if code.startswith("province:"))
    levels = [code for field, code in labels.data.terms if field == "admin_level"]
    themes = [code for field, code in labels.data.terms if field == "theme"]
    return {
        "province": {each: each or text("site.no_province") for each in (*filter(None, provinces), "")},
        "level": {code: labels.term("admin_level", code) for code in levels},
        "theme": {code: labels.term("theme", code) for code in themes},
        "status": {code: text(f"site.status_{code}") for code in STATUSES},
    }
